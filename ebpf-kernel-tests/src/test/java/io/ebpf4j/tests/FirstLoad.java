// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Loads one program in a process of its own.
 *
 * <p>A kernel can be locked up in such a way that a load never comes back, nor can the process that
 * asked for it be ended (Linux 6.18 has been seen like that after thousands of programs had been
 * closed at once). The process of the tests must not be that one: the build would wait for it for
 * ever.
 */
public final class FirstLoad {
    private static final int SOCKET_FILTER = 1;

    /** Seconds: a guest's JVM takes some of them to start. */
    private static final int BOUND = 60;

    private FirstLoad() {}

    /**
     * Tries to load a program; the kernel's answer does not matter, only that there is one.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        BpfCall.tryLoad(SOCKET_FILTER, 0);
    }

    /** Tells whether the kernel answers a process that loads a program. */
    static boolean comesBack() {
        Process process;
        try {
            process = start();
        } catch (IOException e) {
            throw new IllegalStateException("cannot start a JVM", e);
        }
        try {
            if (process.waitFor(BOUND, TimeUnit.SECONDS)) {
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(
                            "the first load ended with status " + process.exitValue());
                }
                return true;
            }
            process.destroyForcibly();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstLoad.class.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
