// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks the format and licence header of every source file changed since the last check that
 * passed: {@code Sources check|write ROOT STAMP}. The stamp file tells when that was.
 */
final class Sources extends SimpleFileVisitor<Path> {
    private static final String HEADER =
            """
            // Copyright 2026 The ebpf4j authors
            // SPDX-License-Identifier: Apache-2.0
            """;
    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", ".git", ".idea");

    private final FileTime lastCheck;
    private final List<String> javaFiles = new ArrayList<>();
    private final List<Path> withoutHeader = new ArrayList<>();

    private Sources(FileTime lastCheck) {
        this.lastCheck = lastCheck;
    }

    public static void main(String[] args) throws Exception {
        boolean write = args[0].equals("write");
        Path stamp = Path.of(args[2]);
        FileTime start = FileTime.from(Instant.now());
        boolean stamped = Files.exists(stamp);
        Sources sources =
                new Sources(
                        stamped ? Files.getLastModifiedTime(stamp) : FileTime.from(Instant.EPOCH));
        Files.walkFileTree(Path.of(args[1]), sources);

        for (Path file : sources.withoutHeader) {
            if (write) {
                Files.writeString(file, HEADER + "\n" + Files.readString(file));
            } else {
                System.err.println(file + ": no licence header");
            }
        }
        boolean passed = sources.format(write) && (write || sources.withoutHeader.isEmpty());
        if (passed) {
            if (!stamped) {
                Files.createFile(stamp);
            }
            Files.setLastModifiedTime(stamp, start);
        } else if (!write) {
            System.err.println("The files above need: mvn -q -N validate -Dformat=write");
        }
        System.exit(passed ? 0 : 1);
    }

    private boolean format(boolean write) throws Exception {
        if (javaFiles.isEmpty()) {
            return true;
        }
        List<String> command = new ArrayList<>(List.of("--aosp"));
        command.addAll(
                write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        command.addAll(javaFiles);
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        return new Main(out, err, System.in).format(command.toArray(String[]::new)) == 0;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
        boolean skipped = SKIPPED_FOLDERS.contains(dir.getFileName().toString());
        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.lastModifiedTime().compareTo(lastCheck) < 0) {
            return FileVisitResult.CONTINUE;
        }
        String name = file.getFileName().toString();
        if (name.endsWith(".java")) {
            javaFiles.add(file.toString());
        }
        if ((name.endsWith(".java") || name.endsWith(".bpf.c"))
                && !Files.readString(file).startsWith(HEADER)) {
            withoutHeader.add(file);
        }
        return FileVisitResult.CONTINUE;
    }
}
