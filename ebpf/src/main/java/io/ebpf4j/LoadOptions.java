// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelConfig;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.LogPolicy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How an object is loaded.
 *
 * @param kernel the kernel to load into, with the types that CO-RE relocations are resolved against
 *     and the caches that loads share
 * @param log when the verifier's log is asked for
 * @param kconfig values for {@code extern ... __kconfig} that go before the running kernel's
 * @param pinRoot the folder, in a bpf file system, of maps that are pinned by name
 * @param reused the maps that are taken in place of creating them, by their name in the object
 */
public record LoadOptions(
        Kernel kernel,
        LogPolicy log,
        KernelConfig kconfig,
        Path pinRoot,
        Map<String, MapHandle> reused) {

    private static final Path BPFFS = Path.of("/sys/fs/bpf");

    /**
     * Checks that nothing is missing, and copies the map of reused maps.
     *
     * @throws NullPointerException if anything is null
     */
    public LoadOptions {
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(kconfig, "kconfig");
        Objects.requireNonNull(pinRoot, "pinRoot");
        reused = Map.copyOf(reused);
    }

    /**
     * Returns the options that {@code load} uses when none are given: the running kernel and its
     * own types, a log of rejected programs only, and pins by name in {@code /sys/fs/bpf}.
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
        private Path pinRoot = BPFFS;
        private final Map<String, MapHandle> reused = new LinkedHashMap<>();

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
         * Says where maps are pinned that the object declares with {@code LIBBPF_PIN_BY_NAME}, or
         * whose spec asks for {@link io.ebpf4j.spec.MapSpec.Pinning#BY_NAME}.
         *
         * <p>A map that is pinned there under its name (dots and slashes become underscores) is
         * taken in place of creating one, if it is what the object declares. Whatever a load pinned
         * is unpinned when it fails, and stays otherwise, after the collection is closed too.
         *
         * @param value an existing folder in a bpf file system, {@code /sys/fs/bpf} if never called
         * @return this builder
         */
        public Builder pinRoot(Path value) {
            pinRoot = Objects.requireNonNull(value, "pinRoot");
            return this;
        }

        /**
         * Has the load take a map in place of creating one, if it is what the object declares: of
         * the same type, sizes, number of entries, flags and {@code map_extra}. Its contents stay
         * as they are, except that program arrays get the programs they are declared with. The map
         * is not pinned, whatever the object says.
         *
         * @param mapName the map's name in the object
         * @param map the map; the load opens it a second time, so that the caller keeps this handle
         *     and closes it
         * @return this builder
         */
        public Builder reuse(String mapName, MapHandle map) {
            Objects.requireNonNull(mapName, "mapName");
            reused.put(mapName, Objects.requireNonNull(map, "map"));
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         */
        public LoadOptions build() {
            return new LoadOptions(kernel, log, kconfig, pinRoot, reused);
        }
    }
}
