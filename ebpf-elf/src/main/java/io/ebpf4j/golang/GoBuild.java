// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * How a Go program was built, as its section {@code .go.buildinfo} says.
 *
 * <pre>
 * 0x00 | "\xff Go buildinf:" | u8 pointer size | u8 flags: 1 big endian, 2 texts follow |
 * 0x10 | pointers to two Go strings (pointer and length each); before Go 1.18
 * 0x20 | varint length, bytes | varint length, bytes; with flag 2
 * </pre>
 *
 * <p>The first text is the version, the second one lists modules, between marks of 16 bytes. The
 * format is that of Go's {@code debug/buildinfo}.
 *
 * @param version Go's version, such as {@code go1.22.3}; more may follow it, as in {@code go1.21.1
 *     X:boringcrypto}
 * @param mainPackage the path of the package {@code main}; empty when it is not told
 * @param module the path of the main module; empty when it is not told
 * @param moduleVersion the main module's version, such as {@code v1.2.3} or {@code (devel)}; empty
 *     when it is not told
 * @param abi where functions expect their arguments
 */
public record GoBuild(
        String version, String mainPackage, String module, String moduleVersion, Abi abi) {

    /** Where Go functions expect their arguments and leave their results. */
    public enum Abi {
        /** In registers as long as there are any, {@code ABIInternal}; assembler code differs. */
        REGISTERS,
        /** On the stack, {@code ABI0}. */
        STACK
    }

    private static final String SECTION = ".go.buildinfo";
    private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ALIGNMENT = 16;
    private static final int POINTERS = 0x10;
    private static final int TEXTS = 0x20;
    private static final int MARK = 16;
    private static final int BIG_ENDIAN = 1;
    private static final int INLINE = 2;
    private static final long LONGEST_TEXT = 1 << 24;

    /** The minor version of Go 1 since which arguments are in registers, by machine (e_machine). */
    private static final Map<Integer, Integer> REGISTERS_SINCE =
            Map.of(62, 17, 183, 18, 21, 18, 243, 19, 258, 22, 22, 26);

    /**
     * Reads how a program was built.
     *
     * @param file an executable or shared object
     * @return what it says, or empty when it is no Go program
     * @throws ObjectFormatException if what it says is malformed
     */
    public static Optional<GoBuild> read(ElfFile file) {
        Optional<ElfSection> section = file.section(SECTION);
        if (section.isEmpty() || section.get().size() > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        ByteBuffer info = section.get().data().asByteBuffer().order(file.order());
        for (int at = 0; at <= info.limit() - TEXTS; at += ALIGNMENT) {
            if (isMagic(info, at)) {
                return Optional.of(
                        new Reader(
                                        file,
                                        section.get(),
                                        info.slice(at, info.limit() - at).order(file.order()))
                                .read());
            }
        }
        return Optional.empty();
    }

    private static boolean isMagic(ByteBuffer info, int at) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (info.get(at + i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static final class Reader {
        private final ElfFile file;
        private final ElfSection section;
        private final ByteBuffer info;
        private int next = TEXTS;

        Reader(ElfFile file, ElfSection section, ByteBuffer info) {
            this.file = file;
            this.section = section;
            this.info = info;
        }

        GoBuild read() {
            int pointer = info.get(MAGIC.length);
            int flags = info.get(MAGIC.length + 1);
            boolean inline = (flags & INLINE) != 0;
            if (!inline && (pointer != Long.BYTES || (flags & BIG_ENDIAN) != bigEndian())) {
                throw error("has pointers of another machine");
            }
            String version = text(inline ? inline() : pointed(POINTERS));
            byte[] modules = inline ? inline() : pointed(POINTERS + Long.BYTES);
            return build(version, unmarked(modules));
        }

        private int bigEndian() {
            return file.order() == ByteOrder.BIG_ENDIAN ? BIG_ENDIAN : 0;
        }

        private byte[] inline() {
            long length = 0;
            int shift = 0;
            int piece;
            do {
                if (next >= info.limit() || shift > Integer.SIZE) {
                    throw error("has a text whose length does not end");
                }
                piece = info.get(next++);
                length |= (long) (piece & 0x7f) << shift;
                shift += 7;
            } while (piece < 0);
            if (length > info.limit() - next) {
                throw error("has a text of " + length + " bytes and ends before it does");
            }
            byte[] text = new byte[(int) length];
            info.get(next, text);
            next += text.length;
            return text;
        }

        private byte[] pointed(int at) {
            long string = Memory.pointer(file, section.address() + at);
            // the list of modules is a variable that may never have been set
            if (string == 0 || file.fileOffset(string) < 0) {
                return new byte[0];
            }
            long length = Memory.read(file, string + Long.BYTES, Long.BYTES).getLong(0);
            if (length < 0 || length > LONGEST_TEXT) {
                throw error("points to a text of " + Long.toUnsignedString(length) + " bytes");
            }
            byte[] text = new byte[(int) length];
            Memory.read(file, Memory.pointer(file, string), length).get(0, text);
            return text;
        }

        private GoBuild build(String version, String modules) {
            String path = "";
            String module = "";
            String moduleVersion = "";
            for (String line : modules.split("\n", -1)) {
                String[] words = line.split("\t", -1);
                if (words[0].equals("path") && words.length > 1) {
                    path = words[1];
                } else if (words[0].equals("mod") && words.length > 1) {
                    module = words[1];
                    moduleVersion = words.length > 2 ? words[2] : "";
                }
            }
            return new GoBuild(version, path, module, moduleVersion, abi(file.machine(), version));
        }

        private ObjectFormatException error(String what) {
            return new ObjectFormatException(section.offset(), section + " " + what);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String unmarked(byte[] modules) {
        boolean marked =
                modules.length > 2 * MARK && modules[modules.length - MARK - 1] == (byte) '\n';
        return marked
                ? new String(modules, MARK, modules.length - 2 * MARK, StandardCharsets.UTF_8)
                : "";
    }

    /** Tells the ABI by the version; that of versions without a number is the older one. */
    static Abi abi(int machine, String version) {
        int at = version.indexOf("go1.");
        int since = REGISTERS_SINCE.getOrDefault(machine, Integer.MAX_VALUE);
        int minor = 0;
        for (int i = at + 4; at >= 0 && i < version.length() && minor < 1000; i++) {
            int digit = Character.digit(version.charAt(i), 10);
            if (digit < 0) {
                break;
            }
            minor = 10 * minor + digit;
        }
        return minor >= since ? Abi.REGISTERS : Abi.STACK;
    }
}
