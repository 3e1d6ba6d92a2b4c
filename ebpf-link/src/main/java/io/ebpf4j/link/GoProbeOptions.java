// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a program is attached to a function of a Go program.
 *
 * @param returning whether the program runs when the function returns instead of when it is entered
 * @param pid the process to watch: {@link UprobeOptions#EVERY_PROCESS}, 0 for this one, or a
 *     process id
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program; 0 when there is
 *     none. Linux 5.15
 * @param mode the mechanism
 */
public record GoProbeOptions(boolean returning, int pid, long cookie, AttachMode mode) {
    static final GoProbeOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the pid is below -1
     */
    public GoProbeOptions {
        if (pid < UprobeOptions.EVERY_PROCESS) {
            throw new IllegalArgumentException(
                    "pid of a Go probe is " + pid + "; -1 means every process, 0 this one");
        }
    }

    /**
     * Starts with the defaults: on entry, in every process, no cookie, the newest mechanism the
     * kernel has.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private boolean returning;
        private int pid = UprobeOptions.EVERY_PROCESS;
        private long cookie;
        private AttachMode mode = AttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Probes the function's returns.
         *
         * @return this
         */
        public Builder returning() {
            this.returning = true;
            return this;
        }

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
         * Makes the options.
         *
         * @return the options
         * @throws IllegalArgumentException as {@link GoProbeOptions}
         */
        public GoProbeOptions build() {
            return new GoProbeOptions(returning, pid, cookie, mode);
        }
    }
}
