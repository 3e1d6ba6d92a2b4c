// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.asm.Instructions;

/**
 * Puts the helpers that read any memory in the place of those that say whose memory they read,
 * which came with Linux 5.5 (kernel commit 6ae08ae3dea2). On x86 and before 5.5 both read alike.
 */
final class LegacyReads {
    /** The opcode BPF_JMP | BPF_CALL. */
    private static final int CALL = 0x85;

    private static final int PROBE_READ = 4;
    private static final int PROBE_READ_STR = 45;
    private static final int PROBE_READ_USER = 112;
    private static final int PROBE_READ_KERNEL = 113;
    private static final int PROBE_READ_USER_STR = 114;
    private static final int PROBE_READ_KERNEL_STR = 115;

    private LegacyReads() {}

    /** Says whether there is a call to replace. */
    static boolean apply(Instructions code) {
        for (int slot = 0; slot < code.slotCount(); slot++) {
            if (legacy(code, slot) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns a copy without such calls. */
    static Instructions rewrite(Instructions code) {
        Instructions rewritten = code.copy();
        for (int slot = 0; slot < code.slotCount(); slot++) {
            int helper = legacy(code, slot);
            if (helper != 0) {
                rewritten.setImm(slot, helper);
            }
        }
        return rewritten;
    }

    /** Returns the helper that stands in for the one that is called, or 0. */
    private static int legacy(Instructions code, int slot) {
        if (code.opcode(slot) != CALL || code.src(slot) != 0 || code.dst(slot) != 0) {
            return 0;
        }
        return switch (code.imm(slot)) {
            case PROBE_READ_KERNEL, PROBE_READ_USER -> PROBE_READ;
            case PROBE_READ_KERNEL_STR, PROBE_READ_USER_STR -> PROBE_READ_STR;
            default -> 0;
        };
    }
}
