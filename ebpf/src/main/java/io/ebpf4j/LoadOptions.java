// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelConfig;
import io.ebpf4j.program.LogPolicy;

import java.util.Objects;

/**
 * How an object is loaded.
 *
 * @param kernel the kernel to load into, with the types that CO-RE relocations are resolved against
 *     and the caches that loads share
 * @param log when the verifier's log is asked for
 * @param kconfig values for {@code extern ... __kconfig} that go before the running kernel's
 */
public record LoadOptions(Kernel kernel, LogPolicy log, KernelConfig kconfig) {

    /**
     * Checks that nothing is missing.
     *
     * @throws NullPointerException if {@code kernel}, {@code log} or {@code kconfig} is null
     */
    public LoadOptions {
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(kconfig, "kconfig");
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
        private KernelConfig kconfig = KernelConfig.of("");

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
         * Gives values for {@code extern ... __kconfig}, which go before those of the running
         * kernel's configuration (/proc/config.gz, else /boot/config-RELEASE).
         *
         * @param value lines such as {@code CONFIG_HZ=250}, {@code CONFIG_BPF=y} or {@code
         *     CONFIG_LOCALVERSION="-x"}, of which the first for an option counts; others are
         *     ignored
         * @return this builder
         */
        public Builder kconfig(String value) {
            kconfig = KernelConfig.of(value);
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         */
        public LoadOptions build() {
            return new LoadOptions(kernel, log, kconfig);
        }
    }
}
