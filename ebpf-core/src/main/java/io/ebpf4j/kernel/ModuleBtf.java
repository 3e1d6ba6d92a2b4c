// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.RawBtfInfo;

import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * One module's types (Linux 5.11), decoded when they are first looked into; a broken module has
 * none.
 */
final class ModuleBtf {
    private final Kernel kernel;
    private final Btf vmlinux;
    private final int id;
    private final String name;
    private boolean read;
    private Btf types;

    private ModuleBtf(Kernel kernel, Btf vmlinux, int id, String name) {
        this.kernel = kernel;
        this.vmlinux = vmlinux;
        this.id = id;
        this.name = name;
    }

    /** Lists the modules that have BTF; none without CAP_SYS_ADMIN, which walking ids needs. */
    static List<ModuleBtf> list(Kernel kernel, Btf vmlinux) {
        List<ModuleBtf> modules = new ArrayList<>();
        int id = 0;
        while (true) {
            long next = kernel.bpf().nextId(BpfCommand.BTF_GET_NEXT_ID, id);
            if (next < 0) {
                return List.copyOf(modules);
            }
            id = (int) next;
            String name = moduleName(kernel, id);
            if (name != null) {
                modules.add(new ModuleBtf(kernel, vmlinux, id, name));
            }
        }
    }

    /** Returns null for vmlinux, for a program's BTF and for one that is gone meanwhile. */
    private static String moduleName(Kernel kernel, int id) {
        try (FileDescriptor fd = open(kernel, id)) {
            RawBtfInfo info = kernel.bpf().btfInfo(fd.fd());
            return info.kernel() && !"vmlinux".equals(info.name()) ? info.name() : null;
        } catch (BpfException e) {
            return null;
        }
    }

    private static FileDescriptor open(Kernel kernel, int id) {
        long fd = kernel.bpf().openById(BpfCommand.BTF_GET_FD_BY_ID, id);
        return kernel.bpf().own(BpfCommand.BTF_GET_FD_BY_ID, fd, "BTF " + id, "cannot open ");
    }

    int id() {
        return id;
    }

    String name() {
        return name;
    }

    /** Returns the types, or null when they are broken. */
    synchronized Btf types() {
        if (!read) {
            read = true;
            try (FileDescriptor fd = open(kernel, id)) {
                byte[] bytes = kernel.bpf().btfInfo(fd.fd()).types(kernel.bpf(), fd.fd());
                types = Btf.parseSplit(bytes, vmlinux);
            } catch (BpfException e) {
                LoggerFactory.getLogger(KernelBtf.class)
                        .debug("BTF of module {} is left out", name, e);
            }
        }
        return types;
    }
}
