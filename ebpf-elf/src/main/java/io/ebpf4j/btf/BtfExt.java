// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ELF section {@code .BTF.ext}: which function, which source line and which CO-RE relocation
 * belongs to an instruction (Documentation/bpf/btf.rst, "ELF File Format Interface").
 *
 * <pre>
 *   header:    magic u16, version u8, flags u8, hdr_len u32, then offset and length (u32 each, the offset counted from
 *              hdr_len) of the function, the line and, when hdr_len is 32 or more, the relocation records
 *   records:   size of a record u32, then for each ELF section: name u32, count u32, count records
 * </pre>
 *
 * <p>Records may be longer than this library knows; what is beyond is passed over. Instances are
 * immutable.
 */
public final class BtfExt {
    private static final int HEADER = 24;
    private static final int HEADER_WITH_RELOCATIONS = 32;
    private static final int SLOT = 8;
    private static final CoreRelocation.Kind[] KINDS = CoreRelocation.Kind.values();

    private final Map<String, List<FuncInfo>> funcInfo;
    private final Map<String, List<LineInfo>> lineInfo;
    private final Map<String, List<CoreRelocation>> coreRelocations;

    private BtfExt(ByteBuffer bytes, int headerLength, Btf btf) {
        this.funcInfo = new Functions(bytes, btf).read(headerLength, 8);
        this.lineInfo = new Lines(bytes, btf).read(headerLength, 16);
        this.coreRelocations =
                headerLength < HEADER_WITH_RELOCATIONS
                        ? Map.of()
                        : new Relocations(bytes, btf).read(headerLength, 24);
    }

    /**
     * Parses the section, in either byte order.
     *
     * @param bytes contents of the ELF section {@code .BTF.ext}
     * @param btf the types and strings of the same object
     * @return the records
     * @throws ObjectFormatException if the bytes are not such a section or are cut off, if a string
     *     is outside that of the BTF, or if a relocation has an unknown kind
     */
    public static BtfExt parse(byte[] bytes, Btf btf) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Header.detectOrder(buffer, HEADER, ".BTF.ext");
        int length = buffer.getInt(4);
        if (length < HEADER || length > bytes.length) {
            throw new ObjectFormatException(
                    ".BTF.ext header says it has "
                            + Integer.toUnsignedString(length)
                            + " bytes; at least 24 were expected and the section has "
                            + bytes.length);
        }
        return new BtfExt(buffer, length, btf);
    }

    /**
     * Returns the functions.
     *
     * @return by name of the ELF section, in the order of the records; slots count from the start
     *     of the section
     */
    public Map<String, List<FuncInfo>> funcInfo() {
        return funcInfo;
    }

    /**
     * Returns the source lines.
     *
     * @return by name of the ELF section, in the order of the records; slots count from the start
     *     of the section
     */
    public Map<String, List<LineInfo>> lineInfo() {
        return lineInfo;
    }

    /**
     * Returns the CO-RE relocations.
     *
     * @return by name of the ELF section, in the order of the records; slots count from the start
     *     of the section
     */
    public Map<String, List<CoreRelocation>> coreRelocations() {
        return coreRelocations;
    }

    /** One of the three tables; its decoder reads what is known of a record. */
    private abstract static class Table<T> {
        final ByteBuffer bytes;
        final Btf btf;
        private final String table;
        private final int known;

        Table(ByteBuffer bytes, Btf btf, String table, int known) {
            this.bytes = bytes;
            this.btf = btf;
            this.table = table;
            this.known = known;
        }

        abstract T decode(int at, int slot);

        Map<String, List<T>> read(int headerLength, int headerOffset) {
            int length = bytes.getInt(headerOffset + 4);
            if (length == 0) {
                return Map.of();
            }
            int at =
                    Header.section(
                            table, headerLength, bytes.getInt(headerOffset), length, bytes.limit());
            int end = at + length;
            need(at, end, 4);
            int recordSize = bytes.getInt(at);
            if (recordSize < known || recordSize % 4 != 0) {
                throw new ObjectFormatException(
                        table
                                + " says its records have "
                                + Integer.toUnsignedString(recordSize)
                                + " bytes; a multiple of 4, at least "
                                + known
                                + ", was expected");
            }
            return sections(at + 4, end, recordSize);
        }

        private Map<String, List<T>> sections(int start, int end, int recordSize) {
            Map<String, List<T>> sections = new LinkedHashMap<>();
            int at = start;
            while (at < end) {
                need(at, end, 8);
                String name = btf.string(stringOffset(at, 0));
                long count = Integer.toUnsignedLong(bytes.getInt(at + 4));
                at += 8;
                need(at, end, count * recordSize);
                List<T> records = sections.get(name);
                if (records == null) {
                    records = new ArrayList<>((int) count);
                    sections.put(name, records);
                }
                for (long i = 0; i < count; i++, at += recordSize) {
                    records.add(decode(at, slot(at)));
                }
            }
            for (Map.Entry<String, List<T>> section : sections.entrySet()) {
                section.setValue(Collections.unmodifiableList(section.getValue()));
            }
            return Collections.unmodifiableMap(sections);
        }

        private int slot(int at) {
            int offset = bytes.getInt(at);
            if (offset < 0 || offset % SLOT != 0) {
                throw new ObjectFormatException(
                        place(at)
                                + " is for the instruction at "
                                + Integer.toUnsignedString(offset)
                                + ", which is not a multiple of 8 bytes");
            }
            return offset / SLOT;
        }

        private void need(int at, int end, long length) {
            if (length < 0 || length > end - at) {
                throw new ObjectFormatException(
                        place(at) + " needs " + length + " bytes and " + (end - at) + " are left");
            }
        }

        final int stringOffset(int at, int field) {
            int offset = bytes.getInt(at + field);
            if (!btf.strings().contains(offset)) {
                throw new ObjectFormatException(
                        place(at)
                                + " refers to a string at "
                                + Integer.toUnsignedString(offset)
                                + ", outside the string section of .BTF");
            }
            return offset;
        }

        final String place(int at) {
            return table + ": record at byte 0x" + Integer.toHexString(at);
        }
    }

    private static final class Functions extends Table<FuncInfo> {
        Functions(ByteBuffer bytes, Btf btf) {
            super(bytes, btf, ".BTF.ext function table", 8);
        }

        @Override
        FuncInfo decode(int at, int slot) {
            return new FuncInfo(slot, bytes.getInt(at + 4));
        }
    }

    private static final class Lines extends Table<LineInfo> {
        Lines(ByteBuffer bytes, Btf btf) {
            super(bytes, btf, ".BTF.ext line table", 16);
        }

        @Override
        LineInfo decode(int at, int slot) {
            return new LineInfo(
                    slot, stringOffset(at, 4), stringOffset(at, 8), bytes.getInt(at + 12));
        }
    }

    private static final class Relocations extends Table<CoreRelocation> {
        Relocations(ByteBuffer bytes, Btf btf) {
            super(bytes, btf, ".BTF.ext relocation table", 16);
        }

        @Override
        CoreRelocation decode(int at, int slot) {
            int kind = bytes.getInt(at + 12);
            if (kind < 0 || kind >= KINDS.length) {
                throw new ObjectFormatException(
                        place(at)
                                + " has the unknown kind "
                                + Integer.toUnsignedString(kind)
                                + "; a newer release of this library may know it");
            }
            return new CoreRelocation(
                    slot, bytes.getInt(at + 4), btf.string(stringOffset(at, 8)), KINDS[kind]);
        }
    }
}
