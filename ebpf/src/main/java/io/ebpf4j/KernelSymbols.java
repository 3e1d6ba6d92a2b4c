// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kallsyms;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.relocation.TypeComparison;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ExternSpec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds {@code extern ... __ksym} in the running kernel: variables and functions by name and type
 * in its BTF, what is declared without a type by name among its symbols.
 */
final class KernelSymbols {

    /** A symbol of every kernel, by which hidden addresses are told from an address of 0. */
    private static final String ANCHOR = "_stext";

    private final CollectionSpec spec;
    private final Kernel kernel;
    private final Map<String, String> users;
    private final Map<String, KernelBtf.Target> targets = new LinkedHashMap<>();
    private final Map<String, Long> addresses = new LinkedHashMap<>();
    private final List<ExternSpec> untyped = new ArrayList<>();

    /**
     * Begins with nothing found.
     *
     * @param users for each extern, a program to name in errors
     */
    KernelSymbols(CollectionSpec spec, Kernel kernel, Map<String, String> users) {
        this.spec = spec;
        this.kernel = kernel;
        this.users = users;
    }

    /** Returns where typed externs were found, in the order they were asked for. */
    Map<String, KernelBtf.Target> targets() {
        return targets;
    }

    /** Returns the addresses of those without a type. */
    Map<String, Long> addresses() {
        return addresses;
    }

    /** Finds a typed extern, and puts others down for {@link #resolveAddresses}. */
    void resolve(ExternSpec extern) {
        if (extern.kind() == ExternSpec.Kind.KSYM_UNTYPED) {
            untyped.add(extern);
        } else if (extern.kind() == ExternSpec.Kind.KFUNC) {
            resolveFunction(extern);
        } else {
            resolveVariable(extern);
        }
    }

    private void resolveVariable(ExternSpec extern) {
        Optional<KernelBtf.Target> found = kernel.btf().variable(extern.name());
        if (found.isEmpty()) {
            requireWeak(extern, "variable \"" + extern.name() + "\" in its BTF");
            return;
        }
        Btf theirs = kernel.btf().types(found.get());
        BtfType.Var declared = (BtfType.Var) types().type(extern.typeId());
        BtfType.Var defined = (BtfType.Var) theirs.type(found.get().id());
        if (!compatible(extern, declared.type(), theirs, defined.type())) {
            throw new RelocationException(
                    where(extern)
                            + "the object declares it as "
                            + types().resolve(declared.type())
                            + ", but in the kernel it is "
                            + theirs.resolve(defined.type()));
        }
        targets.put(extern.name(), found.get());
    }

    private void resolveFunction(ExternSpec extern) {
        String name = Btf.essentialName(extern.name());
        Optional<KernelBtf.Target> found = kernel.btf().function(name);
        if (found.isEmpty()) {
            requireWeak(extern, "function \"" + name + "\" in its BTF or that of a loaded module");
            return;
        }
        Btf theirs = kernel.btf().types(found.get());
        BtfType.Func declared = (BtfType.Func) types().type(extern.typeId());
        BtfType.Func defined = (BtfType.Func) theirs.type(found.get().id());
        if (compatible(extern, declared.type(), theirs, defined.type())) {
            targets.put(extern.name(), found.get());
        } else if (!extern.weak()) {
            throw new RelocationException(
                    where(extern)
                            + "the kernel's function "
                            + name
                            + " has other parameters or returns something else: "
                            + theirs.type(defined.type())
                            + "; declare it as in the kernel's vmlinux.h, or __weak, and under a"
                            + " name such as "
                            + name
                            + "___old where kernels differ");
        }
    }

    private boolean compatible(ExternSpec extern, int declared, Btf theirs, int defined) {
        try {
            return TypeComparison.compatible(types(), declared, theirs, defined);
        } catch (RelocationException e) {
            RelocationException located = new RelocationException(where(extern) + e.getMessage());
            located.initCause(e);
            throw located;
        }
    }

    /** Looks for all externs without a type in one pass over the kernel's symbols. */
    void resolveAddresses() {
        if (untyped.isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>();
        names.add(ANCHOR);
        for (ExternSpec extern : untyped) {
            names.add(extern.name());
        }
        Map<String, Kallsyms.Symbol> found = kernel.kallsyms().find(names);
        Kallsyms.Symbol anchor = found.get(ANCHOR);
        boolean hidden = anchor != null && anchor.address() == 0;
        for (ExternSpec extern : untyped) {
            Kallsyms.Symbol symbol = found.get(extern.name());
            if (symbol == null) {
                requireWeak(extern, "symbol \"" + extern.name() + "\" in /proc/kallsyms");
            } else {
                addresses.put(extern.name(), address(extern, symbol, hidden));
            }
        }
    }

    private long address(ExternSpec extern, Kallsyms.Symbol symbol, boolean hidden) {
        if (symbol.ambiguous()) {
            throw new RelocationException(
                    where(extern)
                            + "the kernel has several symbols of that name, at "
                            + Long.toHexString(symbol.address())
                            + " and elsewhere; use one whose name stands for one address");
        }
        if (hidden) {
            throw new BpfException(
                    where(extern)
                            + "/proc/kallsyms hides addresses; set the sysctl"
                            + " kernel.kptr_restrict to 0 or 1, and run with CAP_SYSLOG");
        }
        return symbol.address();
    }

    private void requireWeak(ExternSpec extern, String what) {
        if (!extern.weak()) {
            throw new UnsupportedException(
                    where(extern) + "the running kernel has no " + what,
                    "",
                    "declare it __weak and ask bpf_ksym_exists("
                            + extern.name()
                            + ") before it is used, or leave the program out with"
                            + " autoload(false)");
        }
    }

    private Btf types() {
        return spec.btf().orElseThrow();
    }

    private String where(ExternSpec extern) {
        return spec.source()
                + ": program \""
                + users.get(extern.name())
                + "\": extern \""
                + extern.name()
                + "\": ";
    }
}
