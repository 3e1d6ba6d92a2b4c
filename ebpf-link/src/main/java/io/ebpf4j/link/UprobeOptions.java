// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a uprobe is attached.
 *
 * @param returning whether the program runs when the function returns (a uretprobe) instead of when
 *     it is entered
 * @param pid the process to watch: {@link #EVERY_PROCESS}, 0 for this one, or a process id
 * @param offset bytes added to the symbol's place, on an instruction boundary; 0 for a uretprobe
 * @param refCtrOffset file offset in bytes of a 16-bit counter that the kernel raises while the
 *     probe is there (a USDT semaphore); 0 when there is none. Linux 4.20
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program; 0 when there is
 *     none. Linux 5.15
 * @param mode the mechanism
 */
public record UprobeOptions(
        boolean returning, int pid, long offset, long refCtrOffset, long cookie, AttachMode mode) {
    /** The {@link #pid()} that watches every process. */
    public static final int EVERY_PROCESS = -1;

    static final UprobeOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the pid is below -1, the offset is negative, or not 0 for
     *     a uretprobe, or the counter's offset does not fit 32 bits
     */
    public UprobeOptions {
        if (pid < EVERY_PROCESS) {
            throw new IllegalArgumentException(
                    "uprobe pid is " + pid + "; -1 means every process, 0 this one");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("uprobe offset is negative: " + offset);
        }
        if (returning && offset != 0) {
            throw new IllegalArgumentException(
                    "a uretprobe takes no offset, but " + offset + " was given");
        }
        if (refCtrOffset >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException(
                    "the reference counter's file offset does not fit 32 bits: " + refCtrOffset);
        }
    }

    /**
     * Starts with the defaults: on entry, in every process, offset 0, no counter, no cookie, the
     * newest mechanism the kernel has.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    UprobeOptions withReturning(boolean value) {
        return new UprobeOptions(value, pid, offset, refCtrOffset, cookie, mode);
    }

    UprobeOptions withOffset(long value) {
        return new UprobeOptions(returning, pid, value, refCtrOffset, cookie, mode);
    }

    /** Collects options. */
    public static final class Builder {
        private boolean returning;
        private int pid = EVERY_PROCESS;
        private long offset;
        private long refCtrOffset;
        private long cookie;
        private AttachMode mode = AttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Makes it a uretprobe.
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
         * @param pid a process id, 0 for this process, {@link #EVERY_PROCESS} for all
         * @return this
         */
        public Builder pid(int pid) {
            this.pid = pid;
            return this;
        }

        /**
         * Probes an instruction inside the function.
         *
         * @param offset bytes added to the symbol's place, on an instruction boundary
         * @return this
         */
        public Builder offset(long offset) {
            this.offset = offset;
            return this;
        }

        /**
         * Names a counter that the kernel raises while the probe is there. Linux 4.20.
         *
         * @param refCtrOffset the counter's offset in the file, in bytes, below 4 GiB
         * @return this
         */
        public Builder refCtrOffset(long refCtrOffset) {
            this.refCtrOffset = refCtrOffset;
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
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if the pid is below -1, the offset is negative, or not 0
         *     for a uretprobe, or the counter's offset does not fit 32 bits
         */
        public UprobeOptions build() {
            return new UprobeOptions(returning, pid, offset, refCtrOffset, cookie, mode);
        }
    }
}
