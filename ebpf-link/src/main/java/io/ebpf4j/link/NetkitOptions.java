// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a program is attached to a netkit interface.
 *
 * @param anchor its place among the programs of its side
 * @param expectedRevision what {@link AttachedPrograms#revision} has to be, or 0 for any
 */
public record NetkitOptions(Anchor anchor, long expectedRevision) {
    static final NetkitOptions DEFAULT = builder().build();

    /**
     * Starts with the defaults: behind the programs that are there.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private Anchor anchor = Anchor.last();
        private long expectedRevision;

        private Builder() {}

        /**
         * Says where among the programs of its side.
         *
         * @param anchor the place
         * @return this
         */
        public Builder anchor(Anchor anchor) {
            this.anchor = anchor;
            return this;
        }

        /**
         * Fails if the programs have changed.
         *
         * @param revision what {@link Netkit#query} has told
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
         */
        public NetkitOptions build() {
            return new NetkitOptions(anchor, expectedRevision);
        }
    }
}
