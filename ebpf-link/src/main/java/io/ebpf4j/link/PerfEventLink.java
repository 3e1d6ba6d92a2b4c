// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A perf event with a program set by ioctl, for kernels before 5.15; it ends with its descriptor.
 */
final class PerfEventLink extends Link {
    private final FileDescriptor event;
    private final ProbeEvent probe;
    private final int programId;

    /** Takes ownership of the descriptor and of the tracefs event, which may be null. */
    PerfEventLink(FileDescriptor event, ProbeEvent probe, int programId) {
        this.event = event;
        this.probe = probe;
        this.programId = programId;
    }

    @Override
    public LinkInfo info() {
        event.fd();
        return new LinkInfo(LinkType.UNSPEC, 0, programId, new LinkInfo.None());
    }

    @Override
    void replace(Program replacement, Program expected) {
        event.fd();
        throw new UnsupportedException(
                "replacing the program of " + event + ", which is a perf event,",
                "",
                "attach the new program and close this link");
    }

    @Override
    public void detach() {
        event.fd();
        close();
    }

    @Override
    public void pin(Path path) {
        event.fd();
        throw new UnsupportedException(
                "pinning " + event + ", which is attached by ioctl",
                "5.15",
                "keep the process that attached it running");
    }

    @Override
    public void unpin() {}

    @Override
    public Optional<Path> pinPath() {
        return Optional.empty();
    }

    @Override
    public boolean isOpen() {
        return event.isOpen();
    }

    // The tracefs event cannot be removed while the perf event uses it, hence the order.
    @Override
    public synchronized void close() {
        event.close();
        if (probe != null) {
            probe.close();
        }
    }

    @Override
    public String toString() {
        return event.toString();
    }
}
