// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.ObjectKind;

import java.nio.file.Path;
import java.util.Optional;

/** A {@code bpf_link}, with the tracefs event behind it where there is one. */
final class KernelLink extends Link {
    private final Kernel kernel;
    private final FileDescriptor descriptor;
    private final ProbeEvent probe;
    private Path pin;

    /** Takes ownership of the descriptor and of the event, which may be null. */
    KernelLink(Kernel kernel, FileDescriptor descriptor, ProbeEvent probe) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.probe = probe;
    }

    static KernelLink open(Kernel kernel, Path path) {
        FileDescriptor descriptor = kernel.bpf().objGet(path.toString(), 0);
        try {
            ObjectKind kind = ObjectKind.of(kernel.calls(), descriptor.fd());
            if (kind != ObjectKind.LINK) {
                throw new BpfException(
                        path + " is the pin of a " + kind.text() + ", not of a link");
            }
        } catch (Throwable t) {
            descriptor.close();
            throw t;
        }
        KernelLink link = new KernelLink(kernel, descriptor, null);
        link.pin = path;
        return link;
    }

    @Override
    public LinkInfo info() {
        int fd = descriptor.acquire();
        try {
            return LinkInfoReader.read(kernel, fd, descriptor.toString());
        } finally {
            descriptor.release();
        }
    }

    @Override
    public synchronized void pin(Path path) {
        int fd = descriptor.acquire();
        try {
            if (pin != null) {
                throw new BpfException(
                        descriptor + " is pinned to " + pin + " already; unpin it first");
            }
            kernel.bpf().objPin(fd, path.toString());
            pin = path;
        } finally {
            descriptor.release();
        }
    }

    @Override
    public synchronized void unpin() {
        if (pin == null) {
            return;
        }
        long result = kernel.calls().unlink(pin.toString());
        if (result < 0 && result != -Errno.ENOENT) {
            throw Failure.of("unlink", (int) -result, "cannot remove the pin " + pin);
        }
        pin = null;
    }

    @Override
    public synchronized Optional<Path> pinPath() {
        return Optional.ofNullable(pin);
    }

    @Override
    public boolean isOpen() {
        return descriptor.isOpen();
    }

    @Override
    public synchronized void close() {
        descriptor.close();
        if (probe != null && pin == null) {
            probe.close();
        }
    }

    @Override
    public String toString() {
        return descriptor.toString();
    }
}
