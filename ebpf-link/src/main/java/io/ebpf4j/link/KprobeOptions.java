// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * How a kprobe is attached.
 *
 * @param returning whether the program runs when the function returns (a kretprobe) instead of when
 *     it is entered
 * @param offset bytes from the function's first instruction, on an instruction boundary; 0 for a
 *     kretprobe
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program; 0 when there is
 *     none. Linux 5.15
 * @param mode the mechanism
 */
public record KprobeOptions(boolean returning, long offset, long cookie, AttachMode mode) {
    static final KprobeOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the offset is negative, or not 0 for a kretprobe
     */
    public KprobeOptions {
        if (offset < 0) {
            throw new IllegalArgumentException("kprobe offset is negative: " + offset);
        }
        if (returning && offset != 0) {
            throw new IllegalArgumentException(
                    "a kretprobe takes no offset, but " + offset + " was given");
        }
    }

    /**
     * Starts with the defaults: on entry, offset 0, no cookie, the newest mechanism the kernel has.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    KprobeOptions withReturning(boolean value) {
        return new KprobeOptions(value, offset, cookie, mode);
    }

    KprobeOptions withOffset(long value) {
        return new KprobeOptions(returning, value, cookie, mode);
    }

    /** Collects options. */
    public static final class Builder {
        private boolean returning;
        private long offset;
        private long cookie;
        private AttachMode mode = AttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Makes it a kretprobe.
         *
         * @return this
         */
        public Builder returning() {
            this.returning = true;
            return this;
        }

        /**
         * Probes an instruction inside the function.
         *
         * @param offset bytes from the function's first instruction, on an instruction boundary
         * @return this
         */
        public Builder offset(long offset) {
            this.offset = offset;
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
         * @throws IllegalArgumentException if the offset is negative, or not 0 for a kretprobe
         */
        public KprobeOptions build() {
            return new KprobeOptions(returning, offset, cookie, mode);
        }
    }
}
