// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.Architecture;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

/**
 * Puts a program on an open perf event: by a {@code bpf_link} (Linux 5.15, kernel commit
 * b89fbfbb854c), below that by {@code ioctl}. The event is enabled in either case.
 */
final class PerfAttachment {
    private static final int TYPE = '$';
    private static final int ENABLE = 0;
    private static final int SET_BPF = 8;

    private final Kernel kernel;
    private final Program program;
    private final String where;

    /**
     * Describes the attachment.
     *
     * @param where what the event stands for, such as {@code kprobe do_unlinkat}
     */
    PerfAttachment(Program program, String where) {
        this.kernel = program.kernel();
        this.program = program;
        this.where = where;
    }

    /**
     * Attaches. Takes over the event and the tracefs event behind it (may be null): both end when
     * this throws.
     *
     * @param cookie the cookie, or 0
     */
    Link attach(int eventFd, ProbeEvent probe, long cookie, AttachMode mode) {
        FileDescriptor event = null;
        Link link = null;
        try {
            event = FileDescriptor.adopt(kernel.calls(), eventFd, where);
            int programFd = program.descriptor().acquire();
            try {
                link = attach(programFd, event, probe, cookie, mode);
            } finally {
                program.descriptor().release();
            }
            return link;
        } finally {
            if (link == null) {
                if (event != null) {
                    event.close();
                }
                if (probe != null) {
                    probe.close();
                }
            }
        }
    }

    private Link attach(
            int programFd, FileDescriptor event, ProbeEvent probe, long cookie, AttachMode mode) {
        if (mode.mayUseLink()) {
            Link link = byLink(programFd, event, probe, cookie, mode);
            if (link != null) {
                return link;
            }
        }
        if (cookie != 0) {
            throw new UnsupportedException(
                    "a cookie for " + where,
                    Feature.BPF_COOKIE.since(),
                    "attach one program per cookie's value");
        }
        return byIoctl(programFd, event, probe);
    }

    /** Returns null where the kernel has no links for perf events. */
    private Link byLink(
            int programFd, FileDescriptor event, ProbeEvent probe, long cookie, AttachMode mode) {
        Bpf bpf = kernel.bpf();
        long result =
                bpf.linkCreate(
                        new LinkCreate(
                                programFd,
                                event.fd(),
                                AttachType.PERF_EVENT.number(),
                                0,
                                new LinkCreate.PerfEvent(cookie)));
        if (result == -Errno.EINVAL && kernel.supports(Feature.PERF_LINK) == Support.NO) {
            if (!mode.mayUseIoctl()) {
                throw new UnsupportedException(
                        "a link for " + where,
                        Feature.PERF_LINK.since(),
                        "let the mode be AUTOMATIC");
            }
            return null;
        }
        FileDescriptor link = bpf.own(BpfCommand.LINK_CREATE, result, what(), "cannot create the ");
        try {
            ioctl(event, ENABLE, 0);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
        // The link holds the event; keeping a second descriptor would only keep it from ending with
        // the link.
        event.close();
        return new KernelLink(kernel, link, probe);
    }

    private Link byIoctl(int programFd, FileDescriptor event, ProbeEvent probe) {
        int id = program.info().id();
        ioctl(event, SET_BPF, programFd);
        ioctl(event, ENABLE, 0);
        return new PerfEventLink(event, probe, id);
    }

    private void ioctl(FileDescriptor event, int request, int argument) {
        Architecture machine = Architecture.current();
        boolean set = request == SET_BPF;
        long number =
                set
                        ? machine.ioctlWrite(TYPE, request, Integer.BYTES)
                        : machine.ioctlRequest(TYPE, request);
        long result = kernel.calls().ioctl(event.fd(), number, argument);
        if (result < 0) {
            throw failure(set ? "PERF_EVENT_IOC_SET_BPF" : "PERF_EVENT_IOC_ENABLE", (int) -result);
        }
    }

    private BpfException failure(String call, int errno) {
        return Failure.of(call, errno, "cannot attach " + program.name() + " to " + where);
    }

    private String what() {
        return "link of program " + program.name() + " to " + where;
    }
}
