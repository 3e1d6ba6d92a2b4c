// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.util.List;

/**
 * Turns the words of one type into its record. They were copied at once, since in the interpreter a
 * word of an array is one bytecode, and one of mapped memory is ten calls.
 */
final class TypeDecoder {
    /** How often the names in one type may name every byte of the string section. */
    private static final long MOST_READINGS = 4;

    /** What the names in one type may take however small the string section is. */
    private static final long ALWAYS_READ = 1 << 16;

    private final int[] words;
    private final Strings strings;
    private final int id;
    private final int info;
    private final int vlen;
    private long read;

    private TypeDecoder(int[] words, Strings strings, int id) {
        this.words = words;
        this.strings = strings;
        this.id = id;
        this.info = words[1];
        this.vlen = Kind.vlen(info);
    }

    /**
     * Decodes a type.
     *
     * @param words all words of the type; of an unknown kind, the first three
     */
    static BtfType decode(int[] words, Strings strings, int id) {
        return new TypeDecoder(words, strings, id).decode();
    }

    private BtfType decode() {
        Kind kind = Kind.of(Kind.ofInfo(info));
        if (kind == null) {
            return new BtfType.Unknown(name(), Kind.ofInfo(info));
        }
        int third = word(8);
        boolean flag = Kind.flag(info);
        return switch (kind) {
            case VOID -> new BtfType.Void();
            case INT -> integer();
            case PTR -> new BtfType.Ptr(third);
            case ARRAY -> new BtfType.Array(word(12), word(16), unsigned(20, "count"));
            case STRUCT -> new BtfType.Struct(name(), size(), members());
            case UNION -> new BtfType.Union(name(), size(), members());
            case ENUM -> new BtfType.Enum(name(), size(), flag, enumerators());
            case ENUM64 -> new BtfType.Enum64(name(), size(), flag, enumerators64());
            case FWD -> new BtfType.Fwd(name(), flag);
            case TYPEDEF -> new BtfType.Typedef(name(), third);
            case VOLATILE -> new BtfType.Volatile(third);
            case CONST -> new BtfType.Const(third);
            case RESTRICT -> new BtfType.Restrict(third);
            case FUNC -> new BtfType.Func(name(), third, vlen);
            case FUNC_PROTO -> new BtfType.FuncProto(third, parameters());
            case VAR -> new BtfType.Var(name(), third, word(12));
            case DATASEC -> new BtfType.DataSec(name(), size(), sections());
            case FLOAT -> new BtfType.Float(name(), size());
            case DECL_TAG -> new BtfType.DeclTag(name(), third, word(12), flag);
            case TYPE_TAG -> new BtfType.TypeTag(name(), third, flag);
        };
    }

    private int word(int offset) {
        return words[offset / Integer.BYTES];
    }

    private int unsigned(int offset, String what) {
        int value = word(offset);
        if (value < 0) {
            throw new ObjectFormatException(
                    "BTF type ["
                            + id
                            + "] has a "
                            + what
                            + " of "
                            + Integer.toUnsignedString(value)
                            + "; less than 2^31 was expected");
        }
        return value;
    }

    private int size() {
        return unsigned(8, "size");
    }

    private String name() {
        return string(word(0));
    }

    /**
     * Reads a string. A long one that every element of a type names would take far more memory than
     * the bytes that say so.
     */
    private String string(int offset) {
        String string = strings.get(offset);
        read += string.length();
        if (read > ALWAYS_READ + MOST_READINGS * strings.end()) {
            throw new ObjectFormatException(
                    "the names in BTF type ["
                            + id
                            + "] take more than "
                            + MOST_READINGS
                            + " times the string section of "
                            + strings.end()
                            + " bytes");
        }
        return string;
    }

    private BtfType integer() {
        int data = word(12);
        return new BtfType.Int(name(), size(), data >>> 24 & 0xf, data >>> 16 & 0xff, data & 0xff);
    }

    private List<BtfType.Member> members() {
        BtfType.Member[] members = new BtfType.Member[vlen];
        boolean bitfields = Kind.flag(info);
        for (int i = 0, at = 12; i < vlen; i++, at += 12) {
            int bits = 0;
            int offset;
            if (bitfields) {
                bits = word(at + 8) >>> 24;
                offset = word(at + 8) & 0xff_ffff;
            } else {
                offset = unsigned(at + 8, "member offset");
            }
            members[i] = new BtfType.Member(string(word(at)), word(at + 4), offset, bits);
        }
        return List.of(members);
    }

    private List<BtfType.Enumerator> enumerators() {
        BtfType.Enumerator[] enumerators = new BtfType.Enumerator[vlen];
        for (int i = 0, at = 12; i < vlen; i++, at += 8) {
            enumerators[i] = new BtfType.Enumerator(string(word(at)), word(at + 4));
        }
        return List.of(enumerators);
    }

    private List<BtfType.Enumerator> enumerators64() {
        BtfType.Enumerator[] enumerators = new BtfType.Enumerator[vlen];
        for (int i = 0, at = 12; i < vlen; i++, at += 12) {
            long value = Integer.toUnsignedLong(word(at + 4)) | (long) word(at + 8) << 32;
            enumerators[i] = new BtfType.Enumerator(string(word(at)), value);
        }
        return List.of(enumerators);
    }

    private List<BtfType.Parameter> parameters() {
        BtfType.Parameter[] parameters = new BtfType.Parameter[vlen];
        for (int i = 0, at = 12; i < vlen; i++, at += 8) {
            parameters[i] = new BtfType.Parameter(string(word(at)), word(at + 4));
        }
        return List.of(parameters);
    }

    private List<BtfType.Section> sections() {
        BtfType.Section[] sections = new BtfType.Section[vlen];
        for (int i = 0, at = 12; i < vlen; i++, at += 12) {
            sections[i] =
                    new BtfType.Section(
                            word(at),
                            unsigned(at + 4, "variable offset"),
                            unsigned(at + 8, "variable size"));
        }
        return List.of(sections);
    }
}
