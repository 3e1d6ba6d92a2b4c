// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a program is attached to the packets of a network interface.
 *
 * @param anchor its place among the interface's programs. Linux 6.6; a filter's is its priority
 * @param expectedRevision what {@link AttachedPrograms#revision} has to be, or 0 for any. Linux 6.6
 * @param priority of a filter: those of smaller numbers run first; 0 for one that the kernel
 *     chooses, which is before those it chose earlier. Links have none
 * @param handle of a filter, which tells it from others of its priority; 0 for one that the kernel
 *     chooses. Links have none
 * @param mode the mechanism
 */
public record TcOptions(
        Anchor anchor, long expectedRevision, int priority, int handle, NetworkAttachMode mode) {
    static final TcOptions DEFAULT = builder().build();

    private static final int MOST_PRIORITY = 0xffff;

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the priority is none of 0 to 65535, or a filter is given
     *     an anchor or a revision
     */
    public TcOptions {
        if (priority < 0 || priority > MOST_PRIORITY) {
            throw new IllegalArgumentException("priority is not in 0 to 65535: " + priority);
        }
        if (mode == NetworkAttachMode.NETLINK
                && (anchor != Anchor.last() || expectedRevision != 0)) {
            throw new IllegalArgumentException(
                    "a filter has a priority, but no anchor and no revision");
        }
    }

    /**
     * Starts with the defaults: behind the programs that are there, by a {@code bpf_link} if the
     * kernel has one.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    boolean isOrdered() {
        return anchor != Anchor.last() || expectedRevision != 0;
    }

    /** Collects options. */
    public static final class Builder {
        private Anchor anchor = Anchor.last();
        private long expectedRevision;
        private int priority;
        private int handle;
        private NetworkAttachMode mode = NetworkAttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Says where among the interface's programs. Linux 6.6.
         *
         * @param anchor the place
         * @return this
         */
        public Builder anchor(Anchor anchor) {
            this.anchor = anchor;
            return this;
        }

        /**
         * Fails if the interface's programs have changed. Linux 6.6.
         *
         * @param revision what {@link Tc#query} has told
         * @return this
         */
        public Builder expectedRevision(long revision) {
            this.expectedRevision = revision;
            return this;
        }

        /**
         * Gives the filter a priority, where the program is attached by one.
         *
         * @param priority 1 to 65535; those of smaller numbers run first
         * @return this
         */
        public Builder priority(int priority) {
            this.priority = priority;
            return this;
        }

        /**
         * Gives the filter a handle, where the program is attached by one.
         *
         * @param handle not 0; no other filter of the priority may have it
         * @return this
         */
        public Builder handle(int handle) {
            this.handle = handle;
            return this;
        }

        /**
         * Forces a mechanism.
         *
         * @param mode the mechanism
         * @return this
         */
        public Builder mode(NetworkAttachMode mode) {
            this.mode = mode;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if the priority is none of 0 to 65535, or a filter is
         *     given an anchor or a revision
         */
        public TcOptions build() {
            return new TcOptions(anchor, expectedRevision, priority, handle, mode);
        }
    }
}
