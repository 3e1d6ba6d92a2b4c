// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The section {@code .jumptables}, in which a symbol is a table: for each instruction that it leads
 * to its offset in the section of the function, in bytes, as a 64-bit number.
 */
final class JumpTables {
    private final ObjectFile file;
    private final ElfSection section;
    private ByteBuffer bytes;

    JumpTables(ObjectFile file) {
        this.file = file;
        this.section = file.jumpTables();
    }

    /** Returns what a function's instruction that loads a table's address refers to. */
    Reference.JumpTable reference(Functions.Function function, int slot, ElfSymbol symbol) {
        long start = symbol.value();
        long size = symbol.size();
        if (start < 0
                || size <= 0
                || start > section.size() - size
                || (start | size) % Long.BYTES != 0) {
            throw file.bad(
                    section,
                    0,
                    "table "
                            + symbol.name()
                            + " takes "
                            + Long.toUnsignedString(size)
                            + " bytes from "
                            + Long.toUnsignedString(start)
                            + " on; whole entries of 8 bytes within the section's "
                            + section.size()
                            + " were expected");
        }
        if (bytes == null) {
            bytes = ByteBuffer.wrap(section.bytes()).order(file.elf().order());
        }
        List<Integer> targets = new ArrayList<>();
        for (int at = (int) start; at < start + size; at += Long.BYTES) {
            targets.add(target(function, symbol, at));
        }
        return new Reference.JumpTable(slot, targets);
    }

    private int target(Functions.Function function, ElfSymbol symbol, int at) {
        long offset = bytes.getLong(at);
        long slot = offset / Instructions.SLOT_BYTES;
        if (offset < 0
                || offset % Instructions.SLOT_BYTES != 0
                || slot != (int) slot
                || !function.contains((int) slot)) {
            throw file.bad(
                    section,
                    at,
                    "table "
                            + symbol.name()
                            + " leads to "
                            + Long.toUnsignedString(offset)
                            + " in section "
                            + function.section().name()
                            + ", which is no instruction of function "
                            + function.name());
        }
        return (int) slot - function.slot();
    }
}
