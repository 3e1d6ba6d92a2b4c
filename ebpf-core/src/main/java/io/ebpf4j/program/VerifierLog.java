// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.VerifierException;

/**
 * What a rejected program's log says at its end: why, about which instruction, in which line of C,
 * and with what in the registers.
 *
 * <p>The format is nobody's contract and has changed often: {@code inv} became {@code scalar},
 * states moved behind their instruction (5.18), source lines got a file (6.10). So lines are told
 * apart by how they begin, from the end backwards; what is not recognised is taken for the reason.
 */
record VerifierLog(String text, String reason, String source, String registers, int slot) {
    private static final String[] STATISTICS = {
        "processed ",
        "verification time",
        "stack depth",
        "peak_states",
        "max_states",
        "total_states",
        "mark_read",
        "insns processed",
        "-- ",
    };
    private static final String[] TRACES = {
        "mark_precise:",
        "last_idx",
        "regs=",
        "parent ",
        "parent didn't",
        "propagating",
        "func#",
        "from ",
        "caller:",
        "callee:",
        "returning from callee",
        "to caller",
        "Live regs",
        "Func#",
        "Validating ",
        "frame",
        "; ",
    };

    /** Reads a log from its end. */
    static VerifierLog parse(String text) {
        String reason = "";
        String last = "";
        String source = "";
        String registers = "";
        int slot = -1;
        int end = text.length();
        while (end > 0
                && (reason.isEmpty() || source.isEmpty() || registers.isEmpty() || slot < 0)) {
            int start = text.lastIndexOf('\n', end - 1) + 1;
            String line = text.substring(start, end).strip();
            end = start - 1;
            if (line.isEmpty() || startsWithAny(line, STATISTICS)) {
                continue;
            }
            last = last.isEmpty() ? line : last;
            String state = registers(line);
            int at = slot(line);
            if (line.startsWith("; ")) {
                source = source.isEmpty() ? line.substring(2).strip() : source;
            } else if (at >= 0 || !state.isEmpty() || startsWithAny(line, TRACES)) {
                registers = registers.isEmpty() ? state : registers;
                slot = slot < 0 ? at : slot;
            } else if (reason.isEmpty() && slot < 0) {
                reason = line;
            }
        }
        return new VerifierLog(text, reason.isEmpty() ? last : reason, source, registers, slot);
    }

    VerifierException explain(ProgramLoad load, int errno) {
        String line = source.contains(" @ ") ? source : sourceFromRecords(load);
        return new VerifierException(load.name(), reason, slot, line, registers, text, errno);
    }

    /**
     * Logs before Linux 6.10 print the line's text at best; the line records know its file and
     * number.
     */
    private String sourceFromRecords(ProgramLoad load) {
        Btf types = load.btf() == null ? null : load.btf().types();
        LineInfo found = null;
        for (LineInfo info : load.lineInfo()) {
            if (info.slot() <= slot) {
                found = info;
            }
        }
        if (types == null || found == null) {
            return source;
        }
        String file = types.string(found.fileOffset());
        String text = types.string(found.lineOffset()).strip();
        return text + " @ " + file.substring(file.lastIndexOf('/') + 1) + ":" + found.line();
    }

    private static boolean startsWithAny(String line, String[] beginnings) {
        for (String beginning : beginnings) {
            if (line.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the number before the colon of {@code 7: (79) r1 = ...} or {@code 7: R1=...}; -1 for
     * another line.
     */
    private static int slot(String line) {
        int at = 0;
        int number = 0;
        while (at < line.length() && at < 8 && Character.isDigit(line.charAt(at))) {
            number = number * 10 + (line.charAt(at++) - '0');
        }
        return at > 0 && at < line.length() && line.charAt(at) == ':' ? number : -1;
    }

    /**
     * Returns the line from its first register with a value, such as {@code R1=ctx() R10=fp0};
     * empty when there is none.
     */
    private static String registers(String line) {
        for (int at = line.indexOf('R'); at >= 0; at = line.indexOf('R', at + 1)) {
            int next = at + 1;
            while (next < line.length() && Character.isDigit(line.charAt(next))) {
                next++;
            }
            boolean marked = line.startsWith("_w", next) || line.startsWith("_r", next);
            int equals = marked ? line.indexOf('=', next) : next;
            boolean begins = at == 0 || line.charAt(at - 1) == ' ';
            if (begins
                    && next > at + 1
                    && equals > 0
                    && equals < line.length()
                    && line.charAt(equals) == '=') {
                return line.substring(at);
            }
        }
        return "";
    }
}
