// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.Arrays;
import java.util.List;

/**
 * How many uprobes of a binary are attached by one link.
 *
 * @param returning whether the program runs when the functions return (uretprobes) instead of when
 *     they are entered; not for sessions, which run at both
 * @param pid the process to watch: {@link UprobeOptions#EVERY_PROCESS}, 0 for this one, or a
 *     process id; Linux 6.10 for one process
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program for every place; 0
 *     when there is none
 * @param cookies a value for each symbol or offset of a list, in its order, in place of {@code
 *     cookie}; empty when there are none
 * @param refCtrOffsets for each symbol or offset of a list the file offset in bytes of a 16-bit
 *     counter that the kernel raises while the probe is there (a USDT semaphore), 0 for none; empty
 *     when no place has one
 */
public record UprobeMultiOptions(
        boolean returning, int pid, long cookie, List<Long> cookies, List<Long> refCtrOffsets) {
    static final UprobeMultiOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the pid is below -1, or there are both one cookie and one
     *     for each place
     */
    public UprobeMultiOptions {
        cookies = List.copyOf(cookies);
        refCtrOffsets = List.copyOf(refCtrOffsets);
        if (pid < UprobeOptions.EVERY_PROCESS) {
            throw new IllegalArgumentException(
                    "uprobe pid is " + pid + "; -1 means every process, 0 this one");
        }
        if (cookie != 0 && !cookies.isEmpty()) {
            throw new IllegalArgumentException(
                    "both a cookie for every place and one for each were given");
        }
    }

    /**
     * Starts with the defaults: on entry, in every process, no cookies, no counters.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    UprobeMultiOptions withReturning(boolean value) {
        return new UprobeMultiOptions(value, pid, cookie, cookies, refCtrOffsets);
    }

    boolean hasLists() {
        return !cookies.isEmpty() || !refCtrOffsets.isEmpty();
    }

    /** Collects options. */
    public static final class Builder {
        private boolean returning;
        private int pid = UprobeOptions.EVERY_PROCESS;
        private long cookie;
        private List<Long> cookies = List.of();
        private List<Long> refCtrOffsets = List.of();

        private Builder() {}

        /**
         * Makes them uretprobes.
         *
         * @return this
         */
        public Builder returning() {
            this.returning = true;
            return this;
        }

        /**
         * Watches one process. Linux 6.10.
         *
         * @param pid a process id, 0 for this process, {@link UprobeOptions#EVERY_PROCESS} for all
         * @return this
         */
        public Builder pid(int pid) {
            this.pid = pid;
            return this;
        }

        /**
         * Sets the cookie of every place.
         *
         * @param cookie the value {@code bpf_get_attach_cookie} returns in the program
         * @return this
         */
        public Builder cookie(long cookie) {
            this.cookie = cookie;
            return this;
        }

        /**
         * Sets a cookie for each symbol or offset of a list.
         *
         * @param cookies the values, in the order of the list
         * @return this
         */
        public Builder cookies(long... cookies) {
            this.cookies = Arrays.stream(cookies).boxed().toList();
            return this;
        }

        /**
         * Names a counter for each symbol or offset of a list that the kernel raises while the
         * probe is there.
         *
         * @param refCtrOffsets the counters' offsets in the file, in bytes, 0 for none
         * @return this
         */
        public Builder refCtrOffsets(long... refCtrOffsets) {
            this.refCtrOffsets = Arrays.stream(refCtrOffsets).boxed().toList();
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if the pid is below -1, or there are both one cookie and
         *     one for each place
         */
        public UprobeMultiOptions build() {
            return new UprobeMultiOptions(returning, pid, cookie, cookies, refCtrOffsets);
        }
    }
}
