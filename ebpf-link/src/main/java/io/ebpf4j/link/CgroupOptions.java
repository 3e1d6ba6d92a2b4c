// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;

/**
 * How a program is attached to a cgroup.
 *
 * @param mode the mechanism, and beside which others the program runs
 * @param attachType the hook; {@link AttachType#NONE} for the one that the program was loaded for
 * @param replaced the program whose place it takes, or null
 * @param anchor the place among the cgroup's programs, or null for the kernel's choice, the last
 * @param preorder whether it runs before those of the cgroups below, not after them
 * @param expectedRevision how often the hook's programs of this cgroup may have been changed, as
 *     {@link Cgroup#query} tells; 0 for any number
 */
public record CgroupOptions(
        CgroupMode mode,
        AttachType attachType,
        Program replaced,
        Anchor anchor,
        boolean preorder,
        long expectedRevision) {
    static final CgroupOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the mode has no order or no replacing, or the revision is
     *     negative
     */
    public CgroupOptions {
        if (replaced != null && mode != CgroupMode.MULTI) {
            throw new IllegalArgumentException(
                    "a program is replaced by mode MULTI, not "
                            + mode
                            + "; links are replaced by Link.update, and the other modes replace"
                            + " what is there");
        }
        boolean single = mode == CgroupMode.OVERRIDE || mode == CgroupMode.EXCLUSIVE;
        if (single && anchor != null) {
            throw new IllegalArgumentException("mode " + mode + " has one program, and no order");
        }
        if (expectedRevision < 0) {
            throw new IllegalArgumentException("revision is negative: " + expectedRevision);
        }
    }

    /**
     * Starts with the defaults: by a link where the kernel has one, after the programs there are.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Says whether it asks for what older kernels do not have (6.17). */
    boolean isOrdered() {
        return anchor != null || expectedRevision != 0;
    }

    /** Collects options. */
    public static final class Builder {
        private CgroupMode mode = CgroupMode.AUTOMATIC;
        private AttachType attachType = AttachType.NONE;
        private Program replaced;
        private Anchor anchor;
        private boolean preorder;
        private long expectedRevision;

        private Builder() {}

        /**
         * Forces a mechanism.
         *
         * @param mode the mechanism
         * @return this
         */
        public Builder mode(CgroupMode mode) {
            this.mode = mode;
            return this;
        }

        /**
         * Names the hook, for programs that do not say it: those in {@code SEC("cgroup/skb")}, and
         * those opened from a pin.
         *
         * @param attachType such as {@link AttachType#CGROUP_INET_EGRESS}
         * @return this
         */
        public Builder attachType(AttachType attachType) {
            this.attachType = attachType;
            return this;
        }

        /**
         * Takes the place of a program that is attached in mode {@link CgroupMode#MULTI}. Linux
         * 5.5.
         *
         * @param replaced the program that is there
         * @return this
         */
        public Builder replace(Program replaced) {
            this.replaced = replaced;
            return this;
        }

        /**
         * Puts it somewhere else than at the end. Linux 6.17.
         *
         * @param anchor the place
         * @return this
         */
        public Builder anchor(Anchor anchor) {
            this.anchor = anchor;
            return this;
        }

        /**
         * Runs it before the programs of the cgroups below. Linux 6.15.
         *
         * @return this
         */
        public Builder preorder() {
            this.preorder = true;
            return this;
        }

        /**
         * Attaches only if nobody changed the hook's programs since they were queried. Linux 6.17.
         *
         * @param revision what {@link AttachedPrograms#revision} said
         * @return this
         */
        public Builder expectedRevision(long revision) {
            this.expectedRevision = revision;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if the mode has no order or no replacing, or the
         *     revision is negative
         */
        public CgroupOptions build() {
            return new CgroupOptions(
                    mode, attachType, replaced, anchor, preorder, expectedRevision);
        }
    }
}
