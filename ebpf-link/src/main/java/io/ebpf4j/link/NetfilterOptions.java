// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a program is attached to netfilter.
 *
 * @param priority its place among all that looks at the hook's packets: smaller numbers come first;
 *     0 is where the filter table is. Each may be taken once by programs
 * @param defragmented whether the program sees packets whole that arrive in fragments. Linux 6.6
 */
public record NetfilterOptions(int priority, boolean defragmented) {
    static final NetfilterOptions DEFAULT = builder().build();

    /**
     * Starts with the defaults: priority 0, fragments as they come.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private int priority;
        private boolean defragmented;

        private Builder() {}

        /**
         * Says where among all that looks at the hook's packets.
         *
         * @param priority smaller numbers come first
         * @return this
         */
        public Builder priority(int priority) {
            this.priority = priority;
            return this;
        }

        /**
         * Has fragments put together before the program sees them; the priority has to be greater
         * than -400. Linux 6.6.
         *
         * @return this
         */
        public Builder defragmented() {
            this.defragmented = true;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         */
        public NetfilterOptions build() {
            return new NetfilterOptions(priority, defragmented);
        }
    }
}
