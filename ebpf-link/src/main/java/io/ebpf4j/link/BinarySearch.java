// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the file a uprobe goes into: a path as it is, a library the way the dynamic loader does, an
 * executable the way a shell does.
 *
 * <p>Libraries: what the watched process has mapped, {@code LD_LIBRARY_PATH}, {@code
 * /etc/ld.so.cache}, musl's {@code /etc/ld-musl-ARCH.path}, the standard directories with the
 * multiarch one. A library of another architecture is passed over. With a watched process these are
 * its files and its environment, and then this system's.
 */
final class BinarySearch {
    // Debian's multiarch triplets, by the os.arch of the JVM.
    private static final Map<String, String> TRIPLETS =
            Map.of(
                    "amd64", "x86_64-linux-gnu",
                    "x86_64", "x86_64-linux-gnu",
                    "aarch64", "aarch64-linux-gnu",
                    "riscv64", "riscv64-linux-gnu",
                    "s390x", "s390x-linux-gnu",
                    "ppc64le", "powerpc64le-linux-gnu",
                    "loongarch64", "loongarch64-linux-gnu");
    private static final List<String> LIBRARY_DIRECTORIES =
            List.of("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib");
    private static final List<String> EXECUTABLE_DIRECTORIES =
            List.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin");
    private static final int ELF_CLASS = 4;
    private static final int ELF_MACHINE = 18;
    private static final int ELF_IDENT_END = 20;

    private final HostFiles files;
    private final Map<String, String> environment;
    private final String architecture;

    BinarySearch(HostFiles files, Map<String, String> environment, String architecture) {
        this.files = files;
        this.environment = environment;
        this.architecture = architecture;
    }

    static BinarySearch ofSystem() {
        return new BinarySearch(HostFiles.SYSTEM, System.getenv(), System.getProperty("os.arch"));
    }

    /**
     * Returns the absolute path of a binary.
     *
     * @param name a path (it has a slash), a soname such as {@code libc.so.6}, a library without
     *     version such as {@code libssl}, or an executable's name
     * @param pid the watched process, whose mapped libraries come first, or 0 or less
     * @throws BpfException if there is no such file; lists where it was looked for
     */
    String find(String name, int pid) {
        if (name.isEmpty()) {
            throw new BpfException("a uprobe needs the path or name of a binary, but it is empty");
        }
        ProcessFiles seen = ProcessFiles.of(files, pid);
        if (name.indexOf('/') >= 0) {
            return existing(name, seen);
        }
        Set<String> tried = new LinkedHashSet<>();
        String found = named(name, pid, seen, tried);
        if (found == null && seen.elsewhere()) {
            found = named(name, -1, new ProcessFiles(files, ""), tried);
        }
        if (found == null) {
            throw new BpfException(
                    "found no "
                            + (isSoname(name) ? "library " : "executable or library ")
                            + name
                            + "; looked in "
                            + String.join(", ", tried)
                            + "; give its path");
        }
        return found;
    }

    private String named(String name, int pid, ProcessFiles seen, Set<String> tried) {
        boolean versioned = isSoname(name);
        String found =
                versioned || name.startsWith("lib")
                        ? library(name, versioned, pid, seen, tried)
                        : null;
        return found == null && !versioned ? executable(name, pid, seen, tried) : found;
    }

    private static boolean isSoname(String name) {
        return name.endsWith(".so") || name.contains(".so.");
    }

    private String existing(String name, ProcessFiles seen) {
        String absolute = Path.of(name).toAbsolutePath().toString();
        int end = BinaryFile.archiveEnd(files, absolute);
        String file = end < 0 ? absolute : absolute.substring(0, end);
        String entry = absolute.substring(file.length());
        if (seen.elsewhere() && !file.startsWith("/proc/")) {
            String inside = seen.resolve(file);
            if (files.exists(inside)) {
                return inside + entry;
            }
        }
        if (!files.exists(file)) {
            throw new BpfException("there is no file " + file + " to put a uprobe into");
        }
        return absolute;
    }

    private String library(
            String name, boolean exact, int pid, ProcessFiles seen, Set<String> tried) {
        if (pid > 0) {
            tried.add("/proc/" + pid + "/maps");
            String mapped = mappedLibrary(name, exact, pid, seen);
            if (mapped != null) {
                return mapped;
            }
        }
        List<String> directories = split(environment("LD_LIBRARY_PATH", pid));
        String found = libraryIn(directories, name, exact, seen, tried);
        if (found == null) {
            found = cachedLibrary(name, exact, seen, tried);
        }
        if (found == null) {
            found = libraryIn(standardDirectories(seen), name, exact, seen, tried);
        }
        return found;
    }

    private List<String> standardDirectories(ProcessFiles seen) {
        List<String> directories = new ArrayList<>();
        String triplet = TRIPLETS.get(architecture);
        if (triplet != null) {
            String musl = "/etc/ld-musl-" + triplet.substring(0, triplet.indexOf('-')) + ".path";
            String paths = files.readOrNull(seen.resolve(musl));
            directories.addAll(split(paths == null ? null : paths.replace('\n', ':')));
            directories.add("/lib/" + triplet);
            directories.add("/usr/lib/" + triplet);
        }
        directories.addAll(LIBRARY_DIRECTORIES);
        return directories;
    }

    // What a process was started with says where it looks; ours does not.
    private String environment(String name, int pid) {
        String theirs = pid > 0 ? files.readOrNull("/proc/" + pid + "/environ") : null;
        if (theirs == null) {
            return environment.get(name);
        }
        for (String variable : theirs.split("\0", -1)) {
            if (variable.startsWith(name + "=")) {
                return variable.substring(name.length() + 1);
            }
        }
        return null;
    }

    private String mappedLibrary(String name, boolean exact, int pid, ProcessFiles seen) {
        String maps = files.readOrNull("/proc/" + pid + "/maps");
        if (maps == null) {
            return null;
        }
        for (String line : maps.split("\n", -1)) {
            int slash = line.indexOf('/');
            if (slash < 0) {
                continue;
            }
            String path = line.substring(slash);
            String file = path.substring(path.lastIndexOf('/') + 1);
            if (matches(file, name, exact)) {
                String there = seen.resolve(path);
                String inside = "/proc/" + pid + "/root" + path;
                return files.exists(there) ? there : files.exists(inside) ? inside : null;
            }
        }
        return null;
    }

    private String cachedLibrary(String name, boolean exact, ProcessFiles seen, Set<String> tried) {
        tried.add("/etc/ld.so.cache");
        LdCache cache = LdCache.readOrNull(files.path(seen.resolve("/etc/ld.so.cache")));
        if (cache == null) {
            return null;
        }
        for (String path : cache.find(name, exact)) {
            String there = path.startsWith("/") ? seen.resolve(path) : "";
            if (!there.isEmpty() && isOurs(there)) {
                return there;
            }
        }
        return null;
    }

    private String libraryIn(
            List<String> directories,
            String name,
            boolean exact,
            ProcessFiles seen,
            Set<String> tried) {
        for (String directory : directories) {
            tried.add(directory);
            String path = seen.resolve(directory + "/" + name);
            if (exact && isOurs(path)) {
                return path;
            }
            if (!exact) {
                path = anyVersion(directory, name, seen);
                if (path != null) {
                    return path;
                }
            }
        }
        return null;
    }

    // The shortest name is the most general: libssl.so before libssl.so.3 before libssl.so.3.0.2.
    private String anyVersion(String directory, String name, ProcessFiles seen) {
        String best = null;
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(files.path(seen.resolve(directory)), name + ".so*")) {
            for (Path entry : entries) {
                String path = directory + "/" + entry.getFileName();
                boolean better = best == null || path.length() < best.length();
                if (better
                        && matches(entry.getFileName().toString(), name, false)
                        && isOurs(seen.resolve(path))) {
                    best = path;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return best == null ? null : seen.resolve(best);
        }
        return best == null ? null : seen.resolve(best);
    }

    private static boolean matches(String file, String name, boolean exact) {
        return exact
                ? file.equals(name)
                : file.equals(name + ".so") || file.startsWith(name + ".so.");
    }

    private String executable(String name, int pid, ProcessFiles seen, Set<String> tried) {
        List<String> directories = new ArrayList<>(split(environment("PATH", pid)));
        directories.addAll(EXECUTABLE_DIRECTORIES);
        for (String directory : directories) {
            tried.add(directory);
            String path = seen.resolve(directory + "/" + name);
            Path file = files.path(path);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return path;
            }
        }
        return null;
    }

    private static List<String> split(String path) {
        List<String> directories = new ArrayList<>();
        if (path != null) {
            for (String directory : path.split(":", -1)) {
                if (directory.startsWith("/")) {
                    directories.add(directory);
                }
            }
        }
        return directories;
    }

    // A 32-bit or foreign library beside ours has the same soname; libc.so is a linker script.
    private boolean isOurs(String path) {
        byte[] header = header(path);
        if (header == null
                || header[0] != 0x7f
                || header[1] != 'E'
                || header[2] != 'L'
                || header[3] != 'F') {
            return false;
        }
        byte[] self = header("/proc/self/exe");
        return self == null
                || header[ELF_CLASS] == self[ELF_CLASS]
                        && header[ELF_MACHINE] == self[ELF_MACHINE]
                        && header[ELF_MACHINE + 1] == self[ELF_MACHINE + 1];
    }

    private byte[] header(String path) {
        try (InputStream in = Files.newInputStream(files.path(path))) {
            byte[] header = in.readNBytes(ELF_IDENT_END);
            return header.length == ELF_IDENT_END ? header : null;
        } catch (IOException e) {
            return null;
        }
    }
}
