// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.RawBtfInfo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The modules that are loaded now and have BTF.
 *
 * <p>Modules come and go, so their ids are walked each time, which takes a microsecond an id; what
 * an id stands for is looked at once, since the kernel does not give an id again before it has
 * given two billion others.
 */
final class LoadedModules {
    private final Kernel kernel;
    private Map<Integer, Optional<ModuleBtf>> known = Map.of();

    LoadedModules(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Lists them; none without CAP_SYS_ADMIN, which walking ids needs. */
    synchronized List<ModuleBtf> now(Btf vmlinux) {
        Map<Integer, Optional<ModuleBtf>> seen = new HashMap<>();
        List<ModuleBtf> modules = new ArrayList<>();
        long next = nextId(0);
        while (next >= 0) {
            int id = (int) next;
            Optional<ModuleBtf> module = known.get(id);
            if (module == null) {
                module = look(id, vmlinux);
            }
            if (module != null) {
                seen.put(id, module);
                module.ifPresent(modules::add);
            }
            next = nextId(id);
        }
        known = seen;
        return List.copyOf(modules);
    }

    private long nextId(int id) {
        return kernel.bpf().nextId(BpfCommand.BTF_GET_NEXT_ID, id);
    }

    /** Returns empty for vmlinux and for a program's BTF, null for one that is gone meanwhile. */
    private Optional<ModuleBtf> look(int id, Btf vmlinux) {
        try (FileDescriptor fd = ModuleBtf.open(kernel, id)) {
            RawBtfInfo info = kernel.bpf().btfInfo(fd.fd());
            return info.kernel() && !"vmlinux".equals(info.name())
                    ? Optional.of(new ModuleBtf(kernel, vmlinux, id, info.name()))
                    : Optional.empty();
        } catch (BpfException e) {
            return null;
        }
    }
}
