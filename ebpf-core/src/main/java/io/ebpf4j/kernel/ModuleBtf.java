// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;

import org.slf4j.LoggerFactory;

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

    ModuleBtf(Kernel kernel, Btf vmlinux, int id, String name) {
        this.kernel = kernel;
        this.vmlinux = vmlinux;
        this.id = id;
        this.name = name;
    }

    static FileDescriptor open(Kernel kernel, int id) {
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
