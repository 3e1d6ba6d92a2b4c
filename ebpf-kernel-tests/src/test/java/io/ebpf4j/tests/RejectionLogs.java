// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.spec.CollectionSpec;

import java.io.PrintStream;
import java.util.List;

/**
 * Writes what the running kernel's verifier says of each program that is to be rejected, in the
 * form of {@code rejections/*.log}: {@code === PROGRAM ERRNO}, and the log.
 */
public final class RejectionLogs {
    private static final PrintStream OUT = System.out;
    private static final int MAX_LINES = 70;
    private static final int HEAD = 10;
    private static final int TAIL = 50;

    private RejectionLogs() {}

    /**
     * Loads the programs.
     *
     * @param objects which objects, such as {@code rejected}
     */
    public static void main(String[] objects) {
        for (String object : objects) {
            for (String name : Objects.spec(object).programs().keySet()) {
                write(object, name);
            }
        }
        OUT.flush();
    }

    private static void write(String object, String name) {
        CollectionSpec spec = Objects.spec(object);
        spec.programs().values().forEach(p -> p.autoload(p.name().equals(name)));
        try (Collection c = Collection.load(spec)) {
            OUT.println("=== " + c.program(name).name() + " 0");
        } catch (VerifierException e) {
            OUT.println("=== " + name + " " + e.errno());
            write(e.log().lines().toList());
        } catch (BpfException e) {
            OUT.println("=== " + name + " without a log: " + e.getMessage());
        }
    }

    private static void write(List<String> lines) {
        boolean whole = lines.size() <= MAX_LINES;
        for (int i = 0; i < lines.size(); i++) {
            if (whole || i < HEAD || i >= lines.size() - TAIL) {
                OUT.println(lines.get(i));
            } else if (i == HEAD) {
                OUT.println("[" + (lines.size() - HEAD - TAIL) + " lines]");
            }
        }
    }
}
