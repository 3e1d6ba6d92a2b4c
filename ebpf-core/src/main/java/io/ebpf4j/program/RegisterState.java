// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the verifier knows of the registers and the stack of the current frame, put together from
 * what its log says bit by bit.
 *
 * <p>Since Linux 5.18 a line says what its instruction changed; before, a state is printed seldom,
 * and what an instruction writes after it is not known any more.
 */
final class RegisterState {
    private static final int REGISTERS = 11;
    private static final int LAST_CLOBBERED = 5;

    private final String[] registers = new String[REGISTERS];
    private final Map<String, String> others = new LinkedHashMap<>();

    /** Forgets everything: another path or another frame follows. */
    void clear() {
        Arrays.fill(registers, null);
        others.clear();
    }

    /** Reads {@code R1_w=ctx(off=0) R10=fp0 fp-8=mmmm???? refs=2}; other words are ignored. */
    void read(String text) {
        int at = 0;
        while (at < text.length()) {
            int end = endOfWord(text, at);
            put(text.substring(at, end));
            at = end + 1;
        }
    }

    private static int endOfWord(String text, int start) {
        int depth = 0;
        int end = start;
        while (end < text.length() && (depth > 0 || text.charAt(end) != ' ')) {
            char c = text.charAt(end++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return end;
    }

    private void put(String word) {
        int equals = word.indexOf('=');
        if (equals < 2) {
            return;
        }
        String name = word.substring(0, equals);
        // _w, _r and _rw mark what was written and read; since 6.18 they are gone
        int mark = name.indexOf('_');
        name = mark > 0 ? name.substring(0, mark) : name;
        int register = name.charAt(0) == 'R' ? number(name, 1) : -1;
        if (register >= 0) {
            String state = word.substring(equals + 1);
            registers[register] = state.isEmpty() ? null : state;
        } else if (name.startsWith("fp-") || name.equals("refs")) {
            others.put(name, word.substring(equals + 1));
        }
    }

    /** Returns the register whose number begins at an index, or -1. */
    private static int number(String text, int start) {
        int number = 0;
        int at = start;
        while (at < text.length() && at < start + 2 && Character.isDigit(text.charAt(at))) {
            number = number * 10 + (text.charAt(at++) - '0');
        }
        return at > start && number < REGISTERS ? number : -1;
    }

    /**
     * Forgets what an instruction changes, in the verifier's words: {@code r1 += -4}, {@code call
     * bpf_ktime_get_ns#5}, {@code if w0 > 0x1 goto pc+1}, {@code *(u64 *)(r10 -8) = r1}.
     */
    void execute(String instruction) {
        if (instruction.startsWith("call ")) {
            Arrays.fill(registers, 0, LAST_CLOBBERED + 1, null);
        } else if (instruction.startsWith("*(") || instruction.startsWith("lock ")) {
            others.keySet().removeIf(name -> name.startsWith("fp-"));
        } else if (instruction.startsWith("if ")) {
            for (String word : instruction.split(" ", -1)) {
                forget(word);
            }
        } else {
            forget(instruction);
        }
    }

    private void forget(String operand) {
        if (operand.startsWith("r") || operand.startsWith("w")) {
            int register = number(operand, 1);
            if (register >= 0) {
                registers[register] = null;
            }
        }
    }

    /**
     * Forgets a register whose state is no longer of a kind: calls make pointers invalid without a
     * word, which the verifier says only when one is used.
     */
    void keepIf(int register, String kind) {
        String state = register < REGISTERS ? registers[register] : null;
        if (state != null && !state.startsWith(kind)) {
            // known numbers stand alone since Linux 5.18
            boolean number = kind.equals("scalar") && "-0123456789".indexOf(state.charAt(0)) >= 0;
            registers[register] = number ? state : null;
        }
    }

    /** Says what is known, registers first. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < REGISTERS; i++) {
            if (registers[i] != null) {
                out.append(out.isEmpty() ? "R" : " R").append(i).append('=').append(registers[i]);
            }
        }
        for (Map.Entry<String, String> other : others.entrySet()) {
            out.append(out.isEmpty() ? "" : " ").append(other.getKey());
            out.append('=').append(other.getValue());
        }
        return out.toString();
    }
}
