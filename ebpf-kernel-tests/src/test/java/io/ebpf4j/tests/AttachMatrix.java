// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.spec.SectionDefinition;

import java.util.Optional;

/**
 * What tests saw to work: a program of a section attached in some way. The lines that this prints
 * are what {@code .ci/attach-matrix} writes docs/attach-matrix.md from.
 *
 * <p>A test calls {@code seen} once its program has run, such as {@code AttachMatrix.seen("tc",
 * By.NETLINK)}.
 */
final class AttachMatrix {
    /** The mechanisms, newest first, as the table names them. */
    enum By {
        /** A {@code bpf_link}. */
        LINK("link"),
        /** {@code BPF_PROG_ATTACH}. */
        PROG_ATTACH("attach"),
        /** The value of a struct_ops map, or a program in another map. */
        MAP("map"),
        /** A perf event or another descriptor, by {@code ioctl}. */
        IOCTL("ioctl"),
        /** An event written to tracefs. */
        TRACEFS("tracefs"),
        /** A netlink message. */
        NETLINK("netlink"),
        /** {@code setsockopt}. */
        SETSOCKOPT("setsockopt"),
        /** {@code BPF_PROG_TEST_RUN}: it has no hook, and runs when it is told to. */
        RUN("run"),
        /** Nothing: the running kernel was built without it. */
        NOTHING("none");

        private final String text;

        By(String text) {
            this.text = text;
        }

        /** What a probe is attached by where there are no links. */
        static By older(AttachMode mode) {
            return mode == AttachMode.LEGACY ? TRACEFS : IOCTL;
        }
    }

    private AttachMatrix() {}

    /**
     * Notes that a program of a section ran, and no longer once it was detached; or that it cannot,
     * by {@link By#NOTHING}.
     *
     * @param section such as {@code kprobe} or {@code cgroup_skb/egress}; what is behind its family
     *     does not matter
     * @param by how it was attached
     */
    static void seen(String section, By by) {
        // begins a line, whatever was printed before
        System.out.println("\nattach " + family(section) + " " + by.text);
    }

    /** Notes the same, by a link of the kernel if it is one, and by an older mechanism if not. */
    static void seen(String section, Link link, By older) {
        seen(section, link.info().type() == LinkType.UNSPEC ? older : By.LINK);
    }

    private static String family(String section) {
        Optional<SectionDefinition> definition = SectionDefinition.lookup(section);
        if (definition.isEmpty()) {
            throw new AssertionError("there is no section " + section);
        }
        return name(definition.get());
    }

    /** Returns the name of a row. */
    static String name(SectionDefinition definition) {
        String pattern = definition.pattern();
        return pattern.endsWith("+") ? pattern.substring(0, pattern.length() - 1) : pattern;
    }
}
