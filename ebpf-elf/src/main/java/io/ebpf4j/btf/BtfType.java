// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.List;

/**
 * One BTF type, decoded (include/uapi/linux/btf.h, Documentation/bpf/btf.rst).
 *
 * <p>Types refer to each other by id, as in the encoding; {@link Btf#type} follows an id. Id 0 is
 * {@code void}. A name is the empty string when the type has none.
 */
@SuppressWarnings("AvoidCommonTypeNames") // the kinds bear the names the encoding gives them
public sealed interface BtfType {

    /**
     * Returns the name.
     *
     * @return the name, or the empty string
     */
    default String name() {
        return "";
    }

    /** A type with members: {@link Struct} or {@link Union}. */
    sealed interface Composite extends BtfType {
        /**
         * Returns the size.
         *
         * @return bytes
         */
        int size();

        /**
         * Returns the members in declaration order.
         *
         * @return an unmodifiable list
         */
        List<Member> members();
    }

    /** A type that stands for another one: modifiers and {@link Typedef}. */
    sealed interface Alias extends BtfType {
        /**
         * Returns what it stands for.
         *
         * @return a type id
         */
        int type();
    }

    /** An {@link Enum} or {@link Enum64}. */
    sealed interface Enumeration extends BtfType {
        /**
         * Returns the size.
         *
         * @return bytes: 1, 2, 4 or 8
         */
        int size();

        /**
         * Returns whether values are signed.
         *
         * @return the kind_flag of the encoding (meaningful since Linux 6.0)
         */
        boolean signed();

        /**
         * Returns the enumerators in declaration order.
         *
         * @return an unmodifiable list
         */
        List<Enumerator> enumerators();
    }

    /** The type with id 0. */
    record Void() implements BtfType {}

    /**
     * BTF_KIND_INT.
     *
     * @param name such as {@code unsigned int}
     * @param size bytes
     * @param encoding bit set: 1 signed, 2 char, 4 bool
     * @param bitOffset offset in bits inside {@code size} bytes; 0 from today's compilers
     * @param bits number of bits
     */
    record Int(String name, int size, int encoding, int bitOffset, int bits) implements BtfType {
        /** The encoding bit of signed integers. */
        public static final int SIGNED = 1;

        /** The encoding bit of characters. */
        public static final int CHAR = 2;

        /** The encoding bit of {@code bool}. */
        public static final int BOOL = 4;

        /**
         * Returns whether the integer is signed.
         *
         * @return true for signed ones
         */
        public boolean signed() {
            return (encoding & SIGNED) != 0;
        }
    }

    /**
     * BTF_KIND_PTR.
     *
     * @param type id of what it points to
     */
    record Ptr(int type) implements BtfType {}

    /**
     * BTF_KIND_ARRAY.
     *
     * @param type id of the elements' type
     * @param indexType id of the index type
     * @param count number of elements; 0 for a flexible array
     */
    record Array(int type, int indexType, int count) implements BtfType {}

    /**
     * BTF_KIND_STRUCT.
     *
     * @param name the tag, or empty
     * @param size bytes
     * @param members the members in order
     */
    record Struct(String name, int size, List<Member> members) implements Composite {}

    /**
     * BTF_KIND_UNION.
     *
     * @param name the tag, or empty
     * @param size bytes
     * @param members the members in order
     */
    record Union(String name, int size, List<Member> members) implements Composite {}

    /**
     * A member of a struct or union.
     *
     * @param name its name, or empty for an anonymous struct or union
     * @param type its type id
     * @param bitOffset offset in bits from the start of the struct
     * @param bitfieldBits width in bits of a bitfield, 0 for any other member
     */
    record Member(String name, int type, int bitOffset, int bitfieldBits) {}

    /**
     * BTF_KIND_ENUM.
     *
     * @param name the tag, or empty
     * @param size bytes
     * @param signed whether values are signed
     * @param enumerators the enumerators in order; values are sign-extended from 32 bits whatever
     *     {@code signed} says
     */
    record Enum(String name, int size, boolean signed, List<Enumerator> enumerators)
            implements Enumeration {}

    /**
     * BTF_KIND_ENUM64 (Linux 6.0).
     *
     * @param name the tag, or empty
     * @param size bytes
     * @param signed whether values are signed
     * @param enumerators the enumerators in order
     */
    record Enum64(String name, int size, boolean signed, List<Enumerator> enumerators)
            implements Enumeration {}

    /**
     * A named value of an enum.
     *
     * @param name its name
     * @param value its value
     */
    record Enumerator(String name, long value) {}

    /**
     * BTF_KIND_FWD.
     *
     * @param name the tag
     * @param union whether a union, not a struct, is declared
     */
    record Fwd(String name, boolean union) implements BtfType {}

    /**
     * BTF_KIND_TYPEDEF.
     *
     * @param name the new name
     * @param type id of what it stands for
     */
    record Typedef(String name, int type) implements Alias {}

    /**
     * BTF_KIND_VOLATILE.
     *
     * @param type id of the qualified type
     */
    record Volatile(int type) implements Alias {}

    /**
     * BTF_KIND_CONST.
     *
     * @param type id of the qualified type
     */
    record Const(int type) implements Alias {}

    /**
     * BTF_KIND_RESTRICT.
     *
     * @param type id of the qualified type
     */
    record Restrict(int type) implements Alias {}

    /**
     * BTF_KIND_TYPE_TAG (Linux 5.17).
     *
     * @param name the tag's text
     * @param type id of the tagged type
     * @param attribute whether the kind_flag marks it as an attribute rather than a {@code
     *     btf_type_tag} (Linux 6.15)
     */
    record TypeTag(String name, int type, boolean attribute) implements Alias {}

    /**
     * BTF_KIND_FUNC.
     *
     * @param name the function's name
     * @param type id of its {@link FuncProto}
     * @param linkage 0 static, 1 global, 2 extern
     */
    record Func(String name, int type, int linkage) implements BtfType {
        /** Linkage of a function that is static. */
        public static final int STATIC = 0;

        /** Linkage of a function that is global. */
        public static final int GLOBAL = 1;

        /** Linkage of a function that is declared only. */
        public static final int EXTERN = 2;
    }

    /**
     * BTF_KIND_FUNC_PROTO.
     *
     * @param returnType id of the type returned
     * @param parameters the parameters in order; a last one without name and type stands for {@code
     *     ...}
     */
    record FuncProto(int returnType, List<Parameter> parameters) implements BtfType {}

    /**
     * A parameter of a function.
     *
     * @param name its name, or empty
     * @param type its type id
     */
    record Parameter(String name, int type) {}

    /**
     * BTF_KIND_VAR.
     *
     * @param name the variable's name
     * @param type its type id
     * @param linkage 0 static, 1 global, 2 extern
     */
    record Var(String name, int type, int linkage) implements BtfType {
        /** Linkage of a variable that is static. */
        public static final int STATIC = 0;

        /** Linkage of a variable that is global. */
        public static final int GLOBAL = 1;

        /** Linkage of a variable that is declared only. */
        public static final int EXTERN = 2;
    }

    /**
     * BTF_KIND_DATASEC.
     *
     * @param name the ELF section's name
     * @param size bytes; compilers leave 0 for the loader to fill
     * @param variables the variables of the section in order
     */
    record DataSec(String name, int size, List<Section> variables) implements BtfType {}

    /**
     * Where a variable lies in its section ({@code struct btf_var_secinfo}).
     *
     * @param type id of its {@link Var}, or of a {@link Func} in {@code .ksyms}
     * @param offset bytes from the start of the section
     * @param size bytes
     */
    record Section(int type, int offset, int size) {}

    /**
     * BTF_KIND_FLOAT (Linux 5.13).
     *
     * @param name such as {@code double}
     * @param size bytes
     */
    record Float(String name, int size) implements BtfType {}

    /**
     * BTF_KIND_DECL_TAG (Linux 5.16).
     *
     * @param name the tag's text
     * @param type id of the tagged declaration
     * @param component index of the tagged member or parameter, or -1 for the declaration itself
     * @param attribute whether the kind_flag marks it as an attribute rather than a {@code
     *     btf_decl_tag} (Linux 6.15)
     */
    record DeclTag(String name, int type, int component, boolean attribute) implements BtfType {}

    /**
     * A kind this library does not know, passed over by means of the header's layout section (Linux
     * 7.1).
     *
     * @param name its name, or empty
     * @param kind the kind's number
     */
    record Unknown(String name, int kind) implements BtfType {}
}
