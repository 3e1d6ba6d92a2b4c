// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.program.Program;

import java.util.Objects;

/**
 * A place among the programs of a hook that runs several: before or after all others, or one of
 * them.
 *
 * <p>For cgroups a program that was attached by a kernel link is named by the link, one that was
 * attached without by itself; network interfaces take both for both.
 */
public final class Anchor {
    private static final int F_BEFORE = 1 << 3;
    private static final int F_AFTER = 1 << 4;
    private static final int F_ID = 1 << 5;
    private static final int F_LINK = 1 << 13;

    private static final Anchor FIRST = new Anchor(F_BEFORE, null, null, 0);
    private static final Anchor LAST = new Anchor(F_AFTER, null, null, 0);

    private final int flag;
    private final Program program;
    private final Link link;
    private final int id;

    private Anchor(int flag, Program program, Link link, int id) {
        this.flag = flag;
        this.program = program;
        this.link = link;
        this.id = id;
    }

    /**
     * Puts it before all others.
     *
     * @return the place
     */
    public static Anchor first() {
        return FIRST;
    }

    /**
     * Puts it after all others.
     *
     * @return the place
     */
    public static Anchor last() {
        return LAST;
    }

    /**
     * Puts it before a program.
     *
     * @param program a program that is attached without a kernel link
     * @return the place
     */
    public static Anchor before(Program program) {
        return new Anchor(F_BEFORE, Objects.requireNonNull(program, "program"), null, 0);
    }

    /**
     * Puts it after a program.
     *
     * @param program a program that is attached without a kernel link
     * @return the place
     */
    public static Anchor after(Program program) {
        return new Anchor(F_AFTER, Objects.requireNonNull(program, "program"), null, 0);
    }

    /**
     * Puts it before a program.
     *
     * @param link the kernel link of that program
     * @return the place
     */
    public static Anchor before(Link link) {
        return new Anchor(F_BEFORE, null, Objects.requireNonNull(link, "link"), 0);
    }

    /**
     * Puts it after a program.
     *
     * @param link the kernel link of that program
     * @return the place
     */
    public static Anchor after(Link link) {
        return new Anchor(F_AFTER, null, Objects.requireNonNull(link, "link"), 0);
    }

    /**
     * Puts it before a program.
     *
     * @param id the id of that program
     * @return the place
     */
    public static Anchor beforeProgram(int id) {
        return new Anchor(F_BEFORE | F_ID, null, null, id);
    }

    /**
     * Puts it after a program.
     *
     * @param id the id of that program
     * @return the place
     */
    public static Anchor afterProgram(int id) {
        return new Anchor(F_AFTER | F_ID, null, null, id);
    }

    /**
     * Puts it before a program.
     *
     * @param id the id of the kernel link of that program
     * @return the place
     */
    public static Anchor beforeLink(int id) {
        return new Anchor(F_BEFORE | F_LINK | F_ID, null, null, id);
    }

    /**
     * Puts it after a program.
     *
     * @param id the id of the kernel link of that program
     * @return the place
     */
    public static Anchor afterLink(int id) {
        return new Anchor(F_AFTER | F_LINK | F_ID, null, null, id);
    }

    /** Returns the {@code BPF_F_*} that say so. */
    int flags() {
        return link == null ? flag : flag | F_LINK;
    }

    /** Returns the descriptor or id to name, held until {@link #release}; 0 for none. */
    int acquire() {
        if (program != null) {
            return program.descriptor().acquire();
        }
        return link == null ? id : link.kernelLink().acquire();
    }

    void release() {
        if (program != null) {
            program.descriptor().release();
        } else if (link != null) {
            link.kernelLink().release();
        }
    }

    @Override
    public String toString() {
        String place = (flag & F_BEFORE) != 0 ? "before " : "after ";
        if (program != null || link != null) {
            return place + (link == null ? program : link);
        }
        String kind = (flag & F_LINK) != 0 ? "the link with id " : "the program with id ";
        return place + ((flag & F_ID) != 0 ? kind + id : "all others");
    }
}
