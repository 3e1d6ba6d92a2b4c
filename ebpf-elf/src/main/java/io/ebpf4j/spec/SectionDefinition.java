// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a section name ({@code SEC("...")}) says about the program inside.
 *
 * <p>The names are a convention shared by all loaders, not something the kernel knows.
 *
 * @param pattern an exact name such as {@code socket}, or a name with a {@code +} behind it, such
 *     as {@code kprobe+}: then the name stands alone or is followed by a slash and a target ({@code
 *     kprobe/do_unlinkat})
 * @param type the program's type
 * @param attachType the attach type to load with
 * @param flags what else the name says
 * @param since the first kernel that can load and attach such a program, such as {@code 5.5}
 */
public record SectionDefinition(
        String pattern, ProgramType type, AttachType attachType, Set<Flag> flags, String since) {

    /** What a section name says beyond types. */
    public enum Flag {
        /** The program may sleep: it is loaded with {@code BPF_F_SLEEPABLE} (Linux 5.10). */
        SLEEPABLE,
        /** The target is a type of the kernel's BTF, and its id is needed to load. */
        ATTACH_BTF,
        /** The attach type may be left out on kernels before 4.17, which do not know it. */
        EXPECTED_ATTACH_OPTIONAL,
        /**
         * The program handles packets in several buffers: {@code BPF_F_XDP_HAS_FRAGS} (Linux 5.18).
         */
        XDP_FRAGS,
        /** The target is a user-level static probe. */
        USDT,
        /** The section names all that attaching needs. */
        AUTO_ATTACH
    }

    /** Makes the set of flags unmodifiable. */
    public SectionDefinition {
        flags = Set.copyOf(flags);
    }

    /**
     * Returns all definitions.
     *
     * @return an unmodifiable list
     */
    public static List<SectionDefinition> all() {
        return SectionTable.ROWS;
    }

    /**
     * Finds the definition that a section name falls under.
     *
     * @param section the section's name; a leading question mark, which means "do not load unless
     *     asked", is passed over
     * @return the definition, or empty when the name says nothing
     */
    public static Optional<SectionDefinition> lookup(String section) {
        String name = section.startsWith("?") ? section.substring(1) : section;
        for (SectionDefinition definition : SectionTable.ROWS) {
            if (definition.matches(name)) {
                return Optional.of(definition);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns what a section name says behind the definition's own name.
     *
     * @param section a section name that falls under this definition
     * @return such as {@code do_unlinkat} of {@code kprobe/do_unlinkat}; empty when the name stands
     *     alone
     */
    public String target(String section) {
        String name = section.startsWith("?") ? section.substring(1) : section;
        int prefix = pattern.length();
        return open() && name.length() > prefix && matches(name) ? name.substring(prefix) : "";
    }

    private boolean open() {
        return pattern.charAt(pattern.length() - 1) == '+';
    }

    private boolean matches(String name) {
        if (!open()) {
            return name.equals(pattern);
        }
        int prefix = pattern.length() - 1;
        return name.regionMatches(0, pattern, 0, prefix)
                && (name.length() == prefix || name.charAt(prefix) == '/');
    }
}
