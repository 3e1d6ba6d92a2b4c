// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The versions of a library's dynamic symbols (Linux Standard Base, "Symbol Versioning").
 *
 * <p>{@code .gnu.version} holds one 16-bit index per dynamic symbol, bit 15 set for all but the
 * default version. {@code .gnu.version_d} is a chain of definitions:
 *
 * <pre>
 * definition: u16 version | u16 flags | u16 index | u16 names | u32 hash | u32 to first name | u32 to next definition
 * name:       u32 offset in the string table | u32 to next name
 * </pre>
 */
final class SymbolVersions {
    private static final int HIDDEN = 0x8000;
    private static final int DEFINITION_BYTES = 20;
    private static final int DEFINITION_INDEX = 4;
    private static final int DEFINITION_NAME = 12;
    private static final int DEFINITION_NEXT = 16;
    private static final int NAME_BYTES = 8;

    private final ByteBuffer indices;
    private final ByteBuffer definitions;
    private final byte[] strings;

    private SymbolVersions(ByteBuffer indices, ByteBuffer definitions, byte[] strings) {
        this.indices = indices;
        this.definitions = definitions;
        this.strings = strings;
    }

    static SymbolVersions of(ElfFile file) {
        Optional<ElfSection> indices = file.section(".gnu.version");
        Optional<ElfSection> definitions = file.section(".gnu.version_d");
        List<ElfSection> sections = file.sections();
        byte[] strings = {};
        if (definitions.isPresent()) {
            int link = definitions.get().link();
            strings = link > 0 && link < sections.size() ? sections.get(link).bytes() : strings;
        }
        return new SymbolVersions(
                buffer(indices, file.order()), buffer(definitions, file.order()), strings);
    }

    private static ByteBuffer buffer(Optional<ElfSection> section, ByteOrder order) {
        return ByteBuffer.wrap(section.isPresent() ? section.get().bytes() : new byte[0])
                .order(order);
    }

    /**
     * Says whether the symbol at that index of {@code .dynsym} is the one that a plain name means.
     */
    boolean isDefault(int symbol) {
        return (index(symbol) & HIDDEN) == 0;
    }

    /** Returns the version of the symbol at that index of {@code .dynsym}, or the empty string. */
    String version(int symbol) {
        int wanted = number(symbol);
        int at = 0;
        while (at >= 0 && at <= definitions.limit() - DEFINITION_BYTES) {
            if (definitions.getShort(at + DEFINITION_INDEX) == (short) wanted) {
                int name = at + definitions.getInt(at + DEFINITION_NAME);
                return name >= 0 && name <= definitions.limit() - NAME_BYTES
                        ? string(definitions.getInt(name))
                        : "";
            }
            int next = definitions.getInt(at + DEFINITION_NEXT);
            if (next <= 0) {
                return "";
            }
            at += next;
        }
        return "";
    }

    /** Returns the number of that symbol's version, the same for symbols of the same version. */
    int number(int symbol) {
        return index(symbol) & ~HIDDEN;
    }

    private int index(int symbol) {
        int at = symbol * Short.BYTES;
        return at >= 0 && at + Short.BYTES <= indices.limit() ? indices.getShort(at) & 0xffff : 0;
    }

    private String string(int offset) {
        if (offset < 0 || offset >= strings.length) {
            return "";
        }
        int end = offset;
        while (end < strings.length && strings[end] != 0) {
            end++;
        }
        return new String(strings, offset, end - offset, StandardCharsets.UTF_8);
    }
}
