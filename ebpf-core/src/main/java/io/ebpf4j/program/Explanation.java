// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.asm.Disassembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.Rejection;
import io.ebpf4j.error.VerifierException;

/**
 * Puts a rejected program's log beside what this library knows of the program: its instructions,
 * and the functions and lines of C they came from.
 */
final class Explanation {
    private static final int MEBIBYTE = 1 << 20;

    private final ProgramLoad load;
    private final VerifierLog log;
    private final Btf types;

    private Explanation(ProgramLoad load, String log) {
        this.load = load;
        this.log = VerifierLog.parse(log);
        this.types = load.btf() == null ? null : load.btf().types();
    }

    /** Explains a rejection by its whole log. */
    static VerifierException of(ProgramLoad load, String text, int errno) {
        Explanation e = new Explanation(load, text);
        Rejection rejection =
                e.rejection(e.log.reason(), VerifierAdvice.on(e.log.reasons()), e.log.slot());
        return new VerifierException(load.name(), rejection, text, errno);
    }

    /**
     * Explains a rejection whose log ends before its reason: kernels before 6.4 keep the beginning
     * of what does not fit.
     */
    static VerifierException ofBeginning(ProgramLoad load, String text, int errno) {
        Rejection rejection =
                new Explanation(load, text)
                        .rejection(
                                "the verifier's log is longer than the "
                                        + text.length() / MEBIBYTE
                                        + " MiB that could be kept, and the reason stands at its"
                                        + " end",
                                VerifierAdvice.onLength(),
                                -1);
        return new VerifierException(load.name(), rejection, text, errno);
    }

    private Rejection rejection(String reason, String advice, int slot) {
        // a reason without an instruction is about a function as a whole, mostly the first
        int blamed = slot < 0 ? start(log.function()) : slot;
        FuncInfo function = FuncInfo.covering(load.funcInfo(), blamed);
        return new Rejection(
                reason,
                advice,
                slot,
                slot < 0 ? "" : instruction(),
                function == null ? "" : name(function),
                function == null ? blamed : blamed - function.slot(),
                sourceLine(blamed),
                slot < 0 ? "" : log.registers());
    }

    private int start(String name) {
        for (FuncInfo function : load.funcInfo()) {
            if (name(function).equals(name)) {
                return function.slot();
            }
        }
        return 0;
    }

    private String name(FuncInfo function) {
        return types != null && types.type(function.type()) instanceof BtfType.Func f
                ? f.name()
                : "";
    }

    /** Returns the verifier's words, unless it does not know the function that is called. */
    private String instruction() {
        String text = log.instruction();
        Instructions code = load.instructions();
        if (log.slot() < 0 || log.slot() >= code.slotCount()) {
            return text;
        }
        return text.isEmpty() || text.contains("unknown#")
                ? Disassembler.text(code, log.slot())
                : text;
    }

    /**
     * Asks the line records first: logs before Linux 6.10 print the line's text at best, and none
     * for what is rejected before the program is walked.
     */
    private String sourceLine(int slot) {
        LineInfo line = LineInfo.covering(load.lineInfo(), slot);
        return types == null || line == null ? log.source() : line.text(types);
    }
}
