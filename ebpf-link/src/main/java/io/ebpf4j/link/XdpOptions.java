// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.program.Program;

/**
 * How an XDP program is attached.
 *
 * @param place where it runs
 * @param replacing whether it takes the place of a program that is there; without it attaching
 *     fails then
 * @param expected the one program that may be replaced, or null for any. Linux 5.7
 * @param mode the mechanism; a {@code bpf_link} replaces nothing
 */
public record XdpOptions(
        XdpMode place, boolean replacing, Program expected, NetworkAttachMode mode) {
    static final XdpOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a link is to replace a program, which only netlink can
     */
    public XdpOptions {
        if (replacing && mode == NetworkAttachMode.LINK) {
            throw new IllegalArgumentException(
                    "a bpf_link cannot replace an XDP program; NetworkAttachMode.NETLINK can");
        }
    }

    /**
     * Starts with the defaults: in the driver if it can do that, beside no other program, by a
     * {@code bpf_link} if the kernel has one.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    boolean mayUseLink() {
        return mode != NetworkAttachMode.NETLINK && !replacing;
    }

    /** Collects options. */
    public static final class Builder {
        private XdpMode place = XdpMode.AUTOMATIC;
        private boolean replacing;
        private Program expected;
        private NetworkAttachMode mode = NetworkAttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Says where the program runs.
         *
         * @param place in the network stack, in the driver or on the card
         * @return this
         */
        public Builder place(XdpMode place) {
            this.place = place;
            return this;
        }

        /**
         * Takes the place of whatever program is there; by netlink.
         *
         * @return this
         */
        public Builder replacing() {
            this.replacing = true;
            return this;
        }

        /**
         * Takes the place of one program, and fails if another or none is there; by netlink. Linux
         * 5.7.
         *
         * @param expected the program that is attached now
         * @return this
         */
        public Builder replacing(Program expected) {
            this.replacing = true;
            this.expected = expected;
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
         * @throws IllegalArgumentException if a link is to replace a program, which only netlink
         *     can
         */
        public XdpOptions build() {
            return new XdpOptions(place, replacing, expected, mode);
        }
    }
}
