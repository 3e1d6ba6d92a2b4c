// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

/**
 * The jar's main class: it loads nothing but what its first argument names, since some of that is
 * measured from the start of the JVM.
 */
final class Start {
    private Start() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "tool" -> Tool.run(args[1]);
            case "bare" -> BareTool.run();
            case "serve" -> Server.run(args[1], args[2]);
            default -> System.exit(Bench.run(args));
        }
    }
}
