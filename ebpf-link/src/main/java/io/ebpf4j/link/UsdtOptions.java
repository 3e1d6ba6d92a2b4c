// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a program is attached to a static probe.
 *
 * @param pid the process to watch: {@link UprobeOptions#EVERY_PROCESS}, 0 for this one, or a
 *     process id
 * @param cookie the value {@code bpf_usdt_cookie} returns in the program; for one whose object does
 *     not include {@code usdt.bpf.h}, what {@code bpf_get_attach_cookie} returns (Linux 5.15)
 */
public record UsdtOptions(int pid, long cookie) {
    static final UsdtOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the pid is below -1
     */
    public UsdtOptions {
        if (pid < UprobeOptions.EVERY_PROCESS) {
            throw new IllegalArgumentException(
                    "USDT pid is " + pid + "; -1 means every process, 0 this one");
        }
    }

    /**
     * Starts with the defaults: in every process, no cookie.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private int pid = UprobeOptions.EVERY_PROCESS;
        private long cookie;

        private Builder() {}

        /**
         * Watches one process.
         *
         * @param pid a process id, 0 for this process, {@link UprobeOptions#EVERY_PROCESS} for all
         * @return this
         */
        public Builder pid(int pid) {
            this.pid = pid;
            return this;
        }

        /**
         * Sets the cookie.
         *
         * @param cookie the value {@code bpf_usdt_cookie} returns in the program
         * @return this
         */
        public Builder cookie(long cookie) {
            this.cookie = cookie;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return the options
         * @throws IllegalArgumentException as {@link UsdtOptions}
         */
        public UsdtOptions build() {
            return new UsdtOptions(pid, cookie);
        }
    }
}
