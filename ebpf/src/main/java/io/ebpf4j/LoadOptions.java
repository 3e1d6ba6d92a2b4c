// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.LogPolicy;

import java.util.Objects;

/**
 * How an object is loaded.
 *
 * @param kernel the kernel to load into, with the types that CO-RE relocations are resolved against
 *     and the caches that loads share
 * @param log when the verifier's log is asked for
 */
public record LoadOptions(Kernel kernel, LogPolicy log) {

    /**
     * Checks that nothing is missing.
     *
     * @throws NullPointerException if {@code kernel} or {@code log} is null
     */
    public LoadOptions {
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(log, "log");
    }

    /**
     * Returns the options that {@code load} uses when none are given: the running kernel and its
     * own types, and a log of rejected programs only.
     *
     * @return the default options
     */
    public static LoadOptions defaults() {
        return builder().build();
    }

    /**
     * Returns a builder that begins with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds {@link LoadOptions}. */
    public static final class Builder {
        private Kernel kernel = Kernel.shared();
        private LogPolicy log = LogPolicy.ON_FAILURE;

        private Builder() {}

        /**
         * Replaces the shared kernel, and with it all caches.
         *
         * @param value the kernel to load into; {@link Kernel#withBtf} gives one with other types,
         *     for kernels that were built without BTF
         * @return this builder
         */
        public Builder kernel(Kernel value) {
            kernel = Objects.requireNonNull(value, "kernel");
            return this;
        }

        /**
         * Says when the verifier's log is asked for.
         *
         * @param value the policy
         * @return this builder
         */
        public Builder log(LogPolicy value) {
            log = Objects.requireNonNull(value, "log");
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         */
        public LoadOptions build() {
            return new LoadOptions(kernel, log);
        }
    }
}
