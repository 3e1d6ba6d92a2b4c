// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a rejected program's exception says: a few lines for a terminal, whatever the length of the
 * log.
 */
final class RejectionMessage {
    private static final int MAX_LENGTH = 400;
    private static final int REGISTERS = 11;
    private static final int ARGUMENTS = 5;

    private RejectionMessage() {}

    static String of(String program, Rejection r, String log) {
        StringBuilder out = new StringBuilder("program ");
        out.append(program).append(" was rejected: ").append(cut(r.reason()));
        line(out, "at ", r.sourceLine());
        if (r.instruction() >= 0) {
            line(out, "instruction ", instruction(r));
        }
        line(out, "with ", concerned(r));
        line(out, "what to do: ", r.advice());
        out.append("\n  full log: VerifierException.log(), ").append(lines(log));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String text) {
        if (!text.isEmpty()) {
            out.append("\n  ").append(name).append(cut(text));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + " ...";
    }

    private static String instruction(Rejection r) {
        StringBuilder text = new StringBuilder().append(r.instruction());
        if (!r.function().isEmpty()) {
            text.append(" (").append(r.function()).append('+').append(r.offset()).append(')');
        }
        if (!r.instructionText().isEmpty()) {
            text.append(": ").append(r.instructionText());
        }
        return text.toString();
    }

    private static String lines(String log) {
        long count = log.lines().count();
        return count == 1 ? "1 line" : count + " lines";
    }

    /** Returns the states of the registers that the instruction or the reason names. */
    private static String concerned(Rejection r) {
        Set<Integer> named = new TreeSet<>();
        collect(named, r.instructionText(), "rw");
        collect(named, r.reason(), "R");
        if (r.instructionText().startsWith("call ")) {
            for (int i = 1; i <= ARGUMENTS; i++) {
                named.add(i);
            }
        }
        if (r.instructionText().equals("exit")) {
            named.add(0);
        }
        StringBuilder out = new StringBuilder();
        for (int number : named) {
            String state = state(r.registerState(), "R" + number + "=");
            if (!state.isEmpty()) {
                out.append(out.isEmpty() ? "" : " ").append(state);
            }
        }
        return out.toString();
    }

    private static void collect(Set<Integer> named, String text, String letters) {
        for (int i = 0; i + 1 < text.length(); i++) {
            boolean begins = i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1));
            if (!begins || letters.indexOf(text.charAt(i)) < 0) {
                continue;
            }
            int end = i + 1;
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
            boolean ends = end == text.length() || !Character.isLetterOrDigit(text.charAt(end));
            if (ends && (end == i + 2 || end == i + 3)) {
                int number = Integer.parseInt(text, i + 1, end, 10);
                if (number < REGISTERS) {
                    named.add(number);
                }
            }
        }
    }

    /** Returns one register from a list such as {@code R1=ctx() R2=scalar(var_off=(0x0; 0xff))}. */
    private static String state(String states, String name) {
        int start = states.startsWith(name) ? 0 : states.indexOf(" " + name) + 1;
        if (!states.startsWith(name, start)) {
            return "";
        }
        int depth = 0;
        int end = start;
        while (end < states.length() && (depth > 0 || states.charAt(end) != ' ')) {
            char c = states.charAt(end++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return states.substring(start, end);
    }
}
