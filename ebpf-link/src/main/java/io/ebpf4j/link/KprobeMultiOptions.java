// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.Arrays;
import java.util.List;

/**
 * How many kprobes are attached by one link.
 *
 * @param returning whether the program runs when the functions return (kretprobes) instead of when
 *     they are entered; not for sessions, which run at both
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program for every function;
 *     0 when there is none
 * @param cookies a value for each function of a list, in its order, in place of {@code cookie};
 *     empty when there are none
 * @param unique whether a pattern has to match one function, no more
 */
public record KprobeMultiOptions(
        boolean returning, long cookie, List<Long> cookies, boolean unique) {
    static final KprobeMultiOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if there are both one cookie and one for each function
     */
    public KprobeMultiOptions {
        cookies = List.copyOf(cookies);
        if (cookie != 0 && !cookies.isEmpty()) {
            throw new IllegalArgumentException(
                    "both a cookie for every function and one for each were given");
        }
    }

    /**
     * Starts with the defaults: on entry, no cookies, any number of functions.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    KprobeMultiOptions withReturning(boolean value) {
        return new KprobeMultiOptions(value, cookie, cookies, unique);
    }

    boolean hasCookies() {
        return cookie != 0 || !cookies.isEmpty();
    }

    /** Collects options. */
    public static final class Builder {
        private boolean returning;
        private long cookie;
        private List<Long> cookies = List.of();
        private boolean unique;

        private Builder() {}

        /**
         * Makes them kretprobes.
         *
         * @return this
         */
        public Builder returning() {
            this.returning = true;
            return this;
        }

        /**
         * Sets the cookie of every function.
         *
         * @param cookie the value {@code bpf_get_attach_cookie} returns in the program
         * @return this
         */
        public Builder cookie(long cookie) {
            this.cookie = cookie;
            return this;
        }

        /**
         * Sets a cookie for each function of a list.
         *
         * @param cookies the values, in the order of the functions
         * @return this
         */
        public Builder cookies(long... cookies) {
            this.cookies = Arrays.stream(cookies).boxed().toList();
            return this;
        }

        /**
         * Refuses a pattern that matches several functions, and a name that several have.
         *
         * @return this
         */
        public Builder unique() {
            this.unique = true;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if there are both one cookie and one for each function
         */
        public KprobeMultiOptions build() {
            return new KprobeMultiOptions(returning, cookie, cookies, unique);
        }
    }
}
