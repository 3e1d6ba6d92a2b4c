// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a tracepoint is attached.
 *
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program; 0 when there is
 *     none. Linux 5.15
 * @param mode the mechanism
 */
public record TracepointOptions(long cookie, AttachMode mode) {
    static final TracepointOptions DEFAULT = builder().build();

    /**
     * Starts with the defaults: no cookie, the newest mechanism the kernel has.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private long cookie;
        private AttachMode mode = AttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Sets the cookie. Linux 5.15.
         *
         * @param cookie the value {@code bpf_get_attach_cookie} returns in the program
         * @return this
         */
        public Builder cookie(long cookie) {
            this.cookie = cookie;
            return this;
        }

        /**
         * Forces a mechanism.
         *
         * @param mode the mechanism
         * @return this
         */
        public Builder mode(AttachMode mode) {
            this.mode = mode;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         */
        public TracepointOptions build() {
            return new TracepointOptions(cookie, mode);
        }
    }
}
