// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.asm.Instructions;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Instructions as text that is the same whoever loads them: one line {@code opcode dst src off imm}
 * for each slot of 8 bytes, the opcode in hexadecimal, without the numbers that a process has for
 * maps and modules.
 */
final class NormalText {
    private static final int LOAD_WIDE = 0x18;
    private static final int PSEUDO_MAP_FD = 1;
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int PSEUDO_BTF_ID = 3;
    private static final int NO_WIDE = -1;
    private static final int DIGEST_BYTES = 8;

    private final Map<Integer, String> maps;

    /** Knows the names of maps by their descriptors. */
    NormalText(Map<Integer, String> maps) {
        this.maps = maps;
    }

    String of(Instructions code) {
        StringBuilder text = new StringBuilder(code.slotCount() * 16);
        int wide = NO_WIDE;
        for (int slot = 0; slot < code.slotCount(); slot++) {
            int opcode = code.opcode(slot);
            text.append(HexFormat.of().toHexDigits((byte) opcode)).append(' ');
            text.append(code.dst(slot)).append(' ');
            text.append(code.src(slot)).append(' ');
            text.append(code.offset(slot)).append(' ');
            text.append(immediate(code, slot, wide)).append('\n');
            wide = wide == NO_WIDE && opcode == LOAD_WIDE ? code.src(slot) : NO_WIDE;
        }
        return text.toString();
    }

    /** Writes the immediate; {@code wide} is the source of the slot whose second half this is. */
    private String immediate(Instructions code, int slot, int wide) {
        int imm = code.imm(slot);
        if (wide == PSEUDO_BTF_ID && imm != 0) {
            return "btf-fd";
        }
        boolean ofMap = code.src(slot) == PSEUDO_MAP_FD || code.src(slot) == PSEUDO_MAP_VALUE;
        if (wide == NO_WIDE && code.opcode(slot) == LOAD_WIDE && ofMap && maps.containsKey(imm)) {
            return "map:" + maps.get(imm);
        }
        return Integer.toString(imm);
    }

    static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the first 16 digits of the SHA-256. */
    static String digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
