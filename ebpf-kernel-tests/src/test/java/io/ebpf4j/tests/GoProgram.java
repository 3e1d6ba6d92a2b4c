// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * A Go program of {@code src/test/resources/go}, built by this machine's Go.
 *
 * <p>What was built is kept beside the classes: guests, where that would take minutes, find what a
 * run on the host built from the same source by the same Go, and say so.
 */
final class GoProgram {
    private static final PrintStream OUT = System.out;

    /** How it is built. */
    enum Form {
        /** As Go builds it. */
        PLAIN,
        /** Without symbols, to be loaded anywhere. */
        STRIPPED;

        private List<String> flags() {
            return this == PLAIN ? List.of() : List.of("-buildmode=pie", "-ldflags=-s -w");
        }
    }

    private static final Map<String, Path> KNOWN = new ConcurrentHashMap<>();

    private GoProgram() {}

    /** Returns the program, built now or before. */
    static Path get(String name, Form form) throws IOException {
        Path program = KNOWN.get(name + form);
        if (program == null) {
            program = build(name, form);
            KNOWN.put(name + form, program);
        }
        return program;
    }

    private static Path build(String name, Form form) throws IOException {
        byte[] source;
        try (InputStream in = GoProgram.class.getResourceAsStream("/go/" + name + ".go")) {
            source = in.readAllBytes();
        }
        Path folder = folder();
        String version = say(List.of("go", "version"), folder).strip();
        CRC32 sum = new CRC32();
        sum.update(source);
        sum.update((version + form + form.flags()).getBytes(StandardCharsets.UTF_8));
        Path program = folder.resolve(name + "-" + Long.toHexString(sum.getValue()));
        boolean there = Files.exists(program);
        OUT.println(
                "Go program "
                        + name
                        + " ("
                        + form
                        + "): "
                        + (there ? "built before, by " : "built now, by ")
                        + version);
        if (!there) {
            Path file = Files.write(folder.resolve(name + ".go"), source);
            Path made = folder.resolve(program.getFileName() + ".new");
            List<String> command = new ArrayList<>(List.of("go", "build", "-o", made.toString()));
            command.addAll(form.flags());
            command.add(file.toString());
            say(command, folder);
            Files.move(made, program, StandardCopyOption.ATOMIC_MOVE);
        }
        return program;
    }

    private static Path folder() throws IOException {
        try {
            Path classes =
                    Path.of(
                            GoProgram.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return Files.createDirectories(classes.resolveSibling("go"));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static String say(List<String> command, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        // nothing is fetched, and nothing of the user's is used or written
        builder.environment()
                .putAll(
                        Map.of(
                                "GOCACHE", folder.resolve("cache").toString(),
                                "GOPATH", folder.resolve("path").toString(),
                                "GO111MODULE", "off",
                                "GOTOOLCHAIN", "local",
                                "GOENV", "off",
                                "GOFLAGS", "",
                                "CGO_ENABLED", "0"));
        return finish(builder.redirectErrorStream(true).start());
    }

    /** Starts a program. */
    static Process start(Path program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Returns what a process says until it ends, which it has to do well. */
    static String finish(Process process) throws IOException {
        String said;
        try (InputStream in = process.getInputStream()) {
            process.getOutputStream().close();
            said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError("ended with status " + status + ": " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new AssertionError(e);
        }
        return said;
    }
}
