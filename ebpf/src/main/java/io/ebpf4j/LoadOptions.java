// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.kernel.KernelConfig;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.LogPolicy;
import io.ebpf4j.program.Program;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How an object is loaded.
 *
 * @param kernel the kernel to load into, with the caches that loads share
 * @param types the types that CO-RE relocations are resolved against; empty for the kernel's own
 * @param log when the verifier's log is asked for
 * @param logs the same for single programs, by their name
 * @param kconfig values for {@code extern ... __kconfig} that go before the running kernel's
 * @param pinRoot the folder, in a bpf file system, of maps that are pinned by name
 * @param reused the maps that are taken in place of creating them, by their name in the object
 * @param reusedPrograms the programs that are taken in place of loading them, by their name in the
 *     object
 * @param targets the loaded programs that programs of the object are for, by the latters' names
 * @param token the bpf file system that delegates the right to load; empty to use the process's own
 */
public record LoadOptions(
        Kernel kernel,
        Optional<KernelBtf> types,
        LogPolicy log,
        Map<String, LogPolicy> logs,
        KernelConfig kconfig,
        Path pinRoot,
        Map<String, MapHandle> reused,
        Map<String, Program> reusedPrograms,
        Map<String, ProgramFunction> targets,
        Optional<Path> token) {

    private static final Path BPFFS = Path.of("/sys/fs/bpf");

    /**
     * Checks that nothing is missing, and copies the maps.
     *
     * @throws NullPointerException if anything is null
     */
    public LoadOptions {
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(types, "types");
        Objects.requireNonNull(log, "log");
        Objects.requireNonNull(kconfig, "kconfig");
        Objects.requireNonNull(pinRoot, "pinRoot");
        Objects.requireNonNull(token, "token");
        logs = Map.copyOf(logs);
        reused = Map.copyOf(reused);
        reusedPrograms = Map.copyOf(reusedPrograms);
        targets = Map.copyOf(targets);
    }

    /** Returns the same options for another kernel. */
    LoadOptions in(Kernel other) {
        return new LoadOptions(
                other, types, log, logs, kconfig, pinRoot, reused, reusedPrograms, targets, token);
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
        private Optional<KernelBtf> types = Optional.empty();
        private LogPolicy log = LogPolicy.ON_FAILURE;
        private final Map<String, LogPolicy> logs = new LinkedHashMap<>();
        private KernelConfig kconfig = KernelConfig.of("");
        private Path pinRoot = BPFFS;
        private final Map<String, MapHandle> reused = new LinkedHashMap<>();
        private final Map<String, Program> reusedPrograms = new LinkedHashMap<>();
        private final Map<String, ProgramFunction> targets = new LinkedHashMap<>();
        private Optional<Path> token = Optional.empty();

        private Builder() {}

        /**
         * Replaces the shared kernel, and with it all caches.
         *
         * @param value the kernel to load into
         * @return this builder
         */
        public Builder kernel(Kernel value) {
            kernel = Objects.requireNonNull(value, "kernel");
            return this;
        }

        /**
         * Resolves CO-RE relocations against other types than the running kernel's, such as those
         * of a file, where the kernel was built without BTF. What the kernel looks up in its own
         * types, the targets of fentry programs and externs, is still found in those.
         *
         * @param value the types, of which no modules' are looked into
         * @return this builder
         */
        public Builder types(KernelBtf value) {
            types = Optional.of(value);
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
         * Says when the verifier's log is asked for about one program.
         *
         * @param programName the program's name
         * @param value the policy, which goes before that of {@link #log(LogPolicy)}
         * @return this builder
         */
        public Builder log(String programName, LogPolicy value) {
            logs.put(
                    Objects.requireNonNull(programName, "programName"),
                    Objects.requireNonNull(value, "log"));
            return this;
        }

        /**
         * Gives values for {@code extern ... __kconfig}, which go before those of the running
         * kernel's configuration (/proc/config.gz, else /boot/config-RELEASE).
         *
         * @param value lines such as {@code CONFIG_HZ=250}, {@code CONFIG_BPF=y} or {@code
         *     CONFIG_LOCALVERSION="-x"}, of which the first for an option counts; others, such as
         *     comments, are ignored
         * @return this builder
         * @throws IllegalArgumentException if a line names an option and no value
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
         * Has the load take a program in place of loading one, if it is of the same type. What its
         * instructions refer to stays what it is; of this load's maps it knows nothing. It is what
         * program arrays are filled with, and what {@link Collection#program} returns.
         *
         * @param programName the program's name in the object
         * @param program the program; the load opens it a second time, so that the caller keeps
         *     this one and closes it
         * @return this builder
         */
        public Builder reuse(String programName, Program program) {
            Objects.requireNonNull(programName, "programName");
            reusedPrograms.put(programName, Objects.requireNonNull(program, "program"));
            return this;
        }

        /**
         * Loads a program for the function of another program that its section names: {@code
         * SEC("freplace/FUNCTION")} to replace it (Linux 5.6), {@code SEC("fentry/FUNCTION")} and
         * {@code SEC("fexit/FUNCTION")} to trace it (Linux 5.5).
         *
         * @param programName the program's name in the object
         * @param target the other program, which must be loaded with BTF
         * @return this builder
         */
        public Builder attachTo(String programName, Program target) {
            return attachTo(programName, target, "");
        }

        /**
         * Loads a program for a function of another program.
         *
         * @param programName the program's name in the object
         * @param target the other program, which must be loaded with BTF
         * @param function the function, in place of the one that the section names; the program's
         *     entry, or a subprogram, which must be global to be replaced
         * @return this builder
         */
        public Builder attachTo(String programName, Program target, String function) {
            Objects.requireNonNull(programName, "programName");
            targets.put(programName, new ProgramFunction(target, function));
            return this;
        }

        /**
         * Loads with the rights that a bpf file system delegates to the process's user namespace
         * (Linux 6.9), in place of capabilities outside it.
         *
         * <p>Without this call, a load that the kernel refuses with EPERM to a process in a user
         * namespace of its own is repeated with the rights that {@code /sys/fs/bpf} delegates, if
         * it delegates any.
         *
         * @param bpffs where the file system is mounted
         * @return this builder
         */
        public Builder token(Path bpffs) {
            token = Optional.of(bpffs);
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         */
        public LoadOptions build() {
            return new LoadOptions(
                    kernel,
                    types,
                    log,
                    logs,
                    kconfig,
                    pinRoot,
                    reused,
                    reusedPrograms,
                    targets,
                    token);
        }
    }
}
