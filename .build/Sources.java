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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks the format and licence header of every source file: {@code Sources check|write ROOT}. */
final class Sources extends SimpleFileVisitor<Path> {
    private static final String HEADER =
            """
            // Copyright 2026 The ebpf4j authors
            // SPDX-License-Identifier: Apache-2.0

            """;
    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", ".git", ".idea");

    private final List<String> javaFiles = new ArrayList<>();
    private final List<Path> withoutHeader = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        boolean write = args[0].equals("write");
        Sources sources = new Sources();
        Files.walkFileTree(Path.of(args[1]), sources);

        for (Path file : sources.withoutHeader) {
            if (write) {
                Files.writeString(file, HEADER + Files.readString(file));
            } else {
                System.err.println(file + ": no licence header");
            }
        }
        boolean formatted = sources.format(write) == 0;
        if (!write && !(formatted && sources.withoutHeader.isEmpty())) {
            System.err.println("The files above need: mvn -q -N validate -Dformat=write");
            System.exit(1);
        }
        System.exit(formatted ? 0 : 1);
    }

    private int format(boolean write) throws Exception {
        List<String> command = new ArrayList<>(List.of("--aosp"));
        command.addAll(
                write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        command.addAll(javaFiles);
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        return new Main(out, err, System.in).format(command.toArray(String[]::new));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
        boolean skipped = SKIPPED_FOLDERS.contains(dir.getFileName().toString());
        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
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
