// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a tracing program (tp_btf, fentry, fexit, fmod_ret, lsm) is attached.
 *
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program; 0 when there is
 *     none. Linux 5.19
 */
public record TracingOptions(long cookie) {
    static final TracingOptions DEFAULT = builder().build();

    /**
     * Starts with the defaults: no cookie.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private long cookie;

        private Builder() {}

        /**
         * Sets the cookie. Linux 5.19.
         *
         * @param cookie the value {@code bpf_get_attach_cookie} returns in the program
         * @return this
         */
        public Builder cookie(long cookie) {
            this.cookie = cookie;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         */
        public TracingOptions build() {
            return new TracingOptions(cookie);
        }
    }
}
