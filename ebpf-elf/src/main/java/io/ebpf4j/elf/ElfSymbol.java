// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

/**
 * One symbol.
 *
 * @param index its place in its symbol table
 * @param name its name; empty for section symbols of relocatable objects
 * @param value offset in the section in relocatable objects, else a virtual address before a load
 *     bias
 * @param size bytes, or 0 when unknown
 * @param sectionIndex index of the section that defines it, below the number of sections; or {@link
 *     #UNDEFINED}, {@link #ABSOLUTE}, {@link #COMMON} or another negative reserved index
 * @param binding who sees it
 * @param type what it names
 * @param visibility how binding is narrowed
 */
public record ElfSymbol(
        int index,
        String name,
        long value,
        long size,
        int sectionIndex,
        Binding binding,
        Type type,
        Visibility visibility) {

    /** The {@link #sectionIndex} of a symbol that another file defines. */
    public static final int UNDEFINED = 0;

    /**
     * The {@link #sectionIndex} of a symbol with an absolute value: SHN_ABS, 0xfff1, as a signed
     * 16-bit number.
     */
    public static final int ABSOLUTE = -15;

    /**
     * The {@link #sectionIndex} of a symbol still to be allocated: SHN_COMMON, 0xfff2, as a signed
     * 16-bit number.
     */
    public static final int COMMON = -14;

    /** Who sees a symbol. */
    public enum Binding {
        /** Seen in its object only. */
        LOCAL,
        /** Seen by all objects. */
        GLOBAL,
        /** Global, and gives way to a global definition. */
        WEAK,
        /** A value specific to a system, such as STB_GNU_UNIQUE. */
        OTHER;

        private static final Binding[] BY_NUMBER = {LOCAL, GLOBAL, WEAK};

        static Binding of(int number) {
            return number < BY_NUMBER.length ? BY_NUMBER[number] : OTHER;
        }
    }

    /** What a symbol names. */
    public enum Type {
        /** Not said; extern declarations have this type. */
        NOTYPE,
        /** Data. */
        OBJECT,
        /** A function. */
        FUNC,
        /** A section. */
        SECTION,
        /** A source file. */
        FILE,
        /** Data still to be allocated. */
        COMMON,
        /** Data of each thread. */
        TLS,
        /** A function that returns the address of the function to use (STT_GNU_IFUNC). */
        GNU_IFUNC,
        /** Another value. */
        OTHER;

        private static final Type[] BY_NUMBER = {NOTYPE, OBJECT, FUNC, SECTION, FILE, COMMON, TLS};
        private static final int STT_GNU_IFUNC = 10;

        static Type of(int number) {
            if (number < BY_NUMBER.length) {
                return BY_NUMBER[number];
            }
            return number == STT_GNU_IFUNC ? GNU_IFUNC : OTHER;
        }
    }

    /** How a symbol's binding is narrowed. */
    public enum Visibility {
        /** As the binding says. */
        DEFAULT,
        /** Hidden, and more: processor specific. */
        INTERNAL,
        /** Not seen outside the linked file. */
        HIDDEN,
        /** Seen outside, but not replaceable. */
        PROTECTED;

        private static final Visibility[] BY_NUMBER = {DEFAULT, INTERNAL, HIDDEN, PROTECTED};

        static Visibility of(int other) {
            return BY_NUMBER[other & 3];
        }
    }

    /**
     * Says whether another file has to define the symbol.
     *
     * @return true when the file itself does not
     */
    public boolean isUndefined() {
        return sectionIndex == UNDEFINED;
    }

    /**
     * Says whether a section of the file defines the symbol.
     *
     * @return true when {@link #sectionIndex} is the index of a section, false when undefined or
     *     reserved
     */
    public boolean inSection() {
        return sectionIndex > 0;
    }
}
