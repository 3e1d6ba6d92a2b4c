// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.Arrays;
import java.util.List;

/**
 * How a tracing program is attached to many functions by one link.
 *
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program for every function;
 *     0 when there is none
 * @param cookies a value for each function of a list, in its order, in place of {@code cookie};
 *     empty when there are none
 */
public record TracingMultiOptions(long cookie, List<Long> cookies) {
    static final TracingMultiOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if there are both one cookie and one for each function
     */
    public TracingMultiOptions {
        cookies = List.copyOf(cookies);
        if (cookie != 0 && !cookies.isEmpty()) {
            throw new IllegalArgumentException(
                    "both a cookie for every function and one for each were given");
        }
    }

    /**
     * Starts with the defaults: no cookies.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a cookie for each of so many functions; none when none has one. */
    long[] cookiesFor(int count, String where) {
        if (cookies.isEmpty()) {
            long[] same = new long[cookie == 0 ? 0 : count];
            Arrays.fill(same, cookie);
            return same;
        }
        if (cookies.size() != count) {
            throw new IllegalArgumentException(cookies.size() + " cookies were given for " + where);
        }
        return cookies.stream().mapToLong(Long::longValue).toArray();
    }

    /** Collects options. */
    public static final class Builder {
        private long cookie;
        private List<Long> cookies = List.of();

        private Builder() {}

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
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if there are both one cookie and one for each function
         */
        public TracingMultiOptions build() {
            return new TracingMultiOptions(cookie, cookies);
        }
    }
}
