// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.relocation.TargetTypes;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The types of the running kernel and its modules, or of another kernel a user has the BTF of.
 *
 * <p>vmlinux is read on first use, modules only when something is not in vmlinux; those are found
 * that are loaded at the time. Safe for use by several threads.
 */
public final class KernelBtf implements TargetTypes {
    private final Kernel kernel;
    private final Path file;
    private volatile Btf vmlinux;
    private final LoadedModules modules;

    private KernelBtf(Kernel kernel, Path file) {
        this.kernel = kernel;
        this.file = file;
        this.modules = kernel == null ? null : new LoadedModules(kernel);
    }

    static KernelBtf of(Kernel kernel) {
        return new KernelBtf(kernel, null);
    }

    /**
     * Takes the types from a file, for kernels that carry none (before 5.4, or without
     * CONFIG_DEBUG_INFO_BTF).
     *
     * @param file BTF, or an ELF file with a section {@code .BTF}
     * @return types without modules
     */
    public static KernelBtf from(Path file) {
        return new KernelBtf(null, file);
    }

    /**
     * A type that programs are attached to.
     *
     * @param id the type's id, which BPF_PROG_LOAD takes as {@code attach_btf_id}
     * @param module id of the module's BTF, see {@link #open}; 0 for vmlinux
     */
    public record Target(int id, int module) {}

    /**
     * {@inheritDoc}
     *
     * @throws UnsupportedException if the kernel has no BTF and none of the usual places on disk
     *     has
     * @throws io.ebpf4j.error.ObjectFormatException if the BTF is damaged
     */
    @Override
    public Btf vmlinux() {
        Btf known = vmlinux;
        if (known == null) {
            synchronized (this) {
                known = vmlinux;
                if (known == null) {
                    known =
                            file != null
                                    ? VmlinuxSource.fromFile(file)
                                    : VmlinuxSource.find(kernel);
                    vmlinux = known;
                }
            }
        }
        return known;
    }

    @Override
    public List<Btf> modules() {
        List<Btf> types = new ArrayList<>();
        for (ModuleBtf module : loadedModules()) {
            Btf btf = module.types();
            if (btf != null) {
                types.add(btf);
            }
        }
        return List.copyOf(types);
    }

    @Override
    public String name(Btf types) {
        if (types != vmlinux()) {
            for (ModuleBtf module : loadedModules()) {
                if (module.types() == types) {
                    return module.name();
                }
            }
        }
        return "vmlinux";
    }

    private List<ModuleBtf> loadedModules() {
        return modules == null ? List.of() : modules.now(vmlinux());
    }

    /**
     * Finds a function.
     *
     * @param name its name, or {@code module:name} to look into one module only
     * @return the function, in vmlinux if it is there, else in a module; empty if nowhere
     */
    public Optional<Target> function(String name) {
        return find(name, "", BtfType.Func.class);
    }

    /**
     * Finds a variable; kernels describe those that exist once per CPU, and hardly any others.
     *
     * @param name its name
     * @return the variable, in vmlinux if it is there, else in a module; empty if nowhere
     */
    public Optional<Target> variable(String name) {
        return find(name, "", BtfType.Var.class);
    }

    /**
     * Finds a structure.
     *
     * @param name its name
     * @return the structure, in vmlinux if it is there, else in a module; empty if nowhere
     */
    public Optional<Target> struct(String name) {
        return find(name, "", BtfType.Struct.class);
    }

    /**
     * Returns the types in which an id means something.
     *
     * @param target what was found here
     * @return vmlinux, or the module's types
     * @throws BpfException if no module here has that id
     */
    public Btf types(Target target) {
        if (target.module() == 0) {
            return vmlinux();
        }
        for (ModuleBtf module : loadedModules()) {
            if (module.id() == target.module() && module.types() != null) {
                return module.types();
            }
        }
        throw new BpfException("no module with BTF " + target.module() + " has types");
    }

    /**
     * Finds what a program of an attach type is loaded for: a tracepoint's typedef, a hook's, an
     * iterator's or any function.
     *
     * @param type the attach type
     * @param name the tracepoint, hook, iterator or function, or {@code module:name}
     * @return the type, in vmlinux if it is there, else in a module; empty if nowhere
     */
    public Optional<Target> attachTarget(AttachType type, String name) {
        return switch (type) {
            case TRACE_RAW_TP -> find(name, "btf_trace_", BtfType.Typedef.class);
            case LSM_MAC, LSM_CGROUP -> find(name, "bpf_lsm_", BtfType.Func.class);
            case TRACE_ITER -> find(name, "bpf_iter_", BtfType.Func.class);
            default -> find(name, "", BtfType.Func.class);
        };
    }

    /**
     * Finds a loaded module (Linux 5.11), for programs that are loaded for many of its functions.
     *
     * @param name its name
     * @return the module, with a type id of 0; empty if it is not loaded or has no BTF
     */
    public Optional<Target> module(String name) {
        for (ModuleBtf module : loadedModules()) {
            if (module.name().equals(name)) {
                return Optional.of(new Target(0, module.id()));
            }
        }
        return Optional.empty();
    }

    private Optional<Target> find(String name, String prefix, Class<? extends BtfType> kind) {
        int colon = name.indexOf(':');
        String wanted = prefix.concat(name.substring(colon + 1));
        String onlyIn = colon < 0 ? "" : name.substring(0, colon);
        if (onlyIn.isEmpty() || "vmlinux".equals(onlyIn)) {
            int id = vmlinux().find(wanted, kind);
            if (id >= 0) {
                return Optional.of(new Target(id, 0));
            }
        }
        for (ModuleBtf module : loadedModules()) {
            if (onlyIn.isEmpty() || module.name().equals(onlyIn)) {
                Btf btf = module.types();
                int id = btf == null ? -1 : btf.find(wanted, kind);
                if (id >= 0) {
                    return Optional.of(new Target(id, module.id()));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Opens a module's BTF, which keeps the module loaded meanwhile (Linux 5.11, CAP_SYS_ADMIN);
     * for this library's modules.
     *
     * @param target what {@link #function}, {@link #variable}, {@link #struct} or {@link
     *     #attachTarget} found in a module
     * @return the descriptor, owned by the caller
     * @throws BpfException if the kernel refuses, or the module is gone
     */
    @SuppressWarnings("exports")
    public FileDescriptor open(Target target) {
        long fd = kernel.bpf().openById(BpfCommand.BTF_GET_FD_BY_ID, target.module());
        return kernel.bpf()
                .own(BpfCommand.BTF_GET_FD_BY_ID, fd, "BTF of a module", "cannot open the ");
    }
}
