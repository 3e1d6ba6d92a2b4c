// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.golang.Instruction.Flow;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Decodes aarch64 code, as far as to know where an instruction leads.
 *
 * <p>Every instruction is a word of four bytes, but not every word is an instruction: constants
 * that an instruction loads by its distance lie between them. Source: Arm Architecture Reference
 * Manual for A-profile, C4.1.
 */
final class Aarch64Decoder implements Decoder {
    private static final int WORD = 4;

    private final ByteBuffer code;
    private final long address;
    private final BitSet constants = new BitSet();

    /**
     * Takes a function's code.
     *
     * @param code the bytes, little endian
     * @param address the virtual address of the first one
     */
    Aarch64Decoder(ByteBuffer code, long address) {
        this.code = code;
        this.address = address;
        for (int at = 0; at <= code.limit() - WORD; at += WORD) {
            findConstant(at, code.getInt(at));
        }
    }

    private void findConstant(int at, int word) {
        boolean loadsLiteral = (word & 0x3b00_0000) == 0x1800_0000;
        if (!loadsLiteral || constants.get(at / WORD)) {
            return;
        }
        int size = word >>> 30;
        boolean vector = (word & 1 << 26) != 0;
        int words = vector ? 1 << size : size == 1 ? 2 : 1;
        // the last size is a prefetch, or unused
        long first = at + distance(word, 5, 19);
        for (int i = 0; i < words && size != 3; i++) {
            long place = first + (long) i * WORD;
            if (place >= 0 && place < code.limit()) {
                constants.set((int) place / WORD);
            }
        }
    }

    @Override
    public Instruction decode(int at) {
        if (at > code.limit() - WORD) {
            return null;
        }
        int word = code.getInt(at);
        if (constants.get(at / WORD)) {
            return at(at, Flow.NEXT, 0);
        }
        if ((word & 0xffff_fc1f) == 0xd65f_0000 || word == 0xd65f_0bff || word == 0xd65f_0fff) {
            // ret, retaa, retab
            return at(at, Flow.RETURN, 0);
        }
        if ((word & 0x7c00_0000) == 0x1400_0000) {
            // b, bl
            return at(at, word < 0 ? Flow.CALL : Flow.JUMP, distance(word, 0, 26));
        }
        if ((word & 0xff00_0000) == 0x5400_0000 || (word & 0x7e00_0000) == 0x3400_0000) {
            // b.cond, cbz, cbnz
            return at(at, Flow.BRANCH, distance(word, 5, 19));
        }
        if ((word & 0x7e00_0000) == 0x3600_0000) {
            // tbz, tbnz
            return at(at, Flow.BRANCH, distance(word, 5, 14));
        }
        if ((word & 0xfeff_f000) == 0xd61f_0000) {
            // br, with and without authentication
            return at(at, isFromTable(at, word >> 5 & 31) ? Flow.TABLE : Flow.ELSEWHERE, 0);
        }
        return at(at, Flow.NEXT, 0);
    }

    // What Go makes of a switch: ldr x27, [table, index, lsl #3], then br x27.
    private boolean isFromTable(int at, int register) {
        if (at < WORD) {
            return false;
        }
        int before = code.getInt(at - WORD);
        return (before & 0xffe0_fc00) == 0xf860_7800 && (before & 31) == register;
    }

    private static long distance(int word, int from, int bits) {
        return (long) (word << Integer.SIZE - from - bits >> Integer.SIZE - bits) * WORD;
    }

    private Instruction at(int at, Flow flow, long distance) {
        boolean named = flow == Flow.JUMP || flow == Flow.BRANCH || flow == Flow.CALL;
        return new Instruction(address + at, WORD, flow, named ? address + at + distance : 0);
    }
}
