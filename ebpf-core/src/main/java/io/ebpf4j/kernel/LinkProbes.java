// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Asks for kinds of links with a target that cannot be attached to: a kernel that knows the kind
 * complains about the target.
 */
final class LinkProbes {
    private static final String NO_BINARY = "/";
    private static final int NO_PROCESS = -1;

    private final Kernel kernel;
    private final Trial trial;

    LinkProbes(Kernel kernel) {
        this.kernel = kernel;
        this.trial = new Trial(kernel);
    }

    /** The descriptor, -1, is looked at before anything else there could be a complaint about. */
    Support perfEvent() {
        long program = trial.load(ProgramType.TRACEPOINT, 0, Trial.nothing(), "");
        if (program < 0) {
            return Support.UNKNOWN;
        }
        long link = create((int) program, -1, AttachType.PERF_EVENT, LinkCreate.Options.NONE);
        kernel.calls().close((int) program);
        return link == -Errno.EBADF ? Support.YES : trial.close(link);
    }

    /**
     * A directory is no binary (EBADF), and a process of -1 is refused first (EINVAL) since its
     * meaning was mended.
     */
    Support uprobeMulti() {
        AttachType type = AttachType.TRACE_UPROBE_MULTI;
        long program = trial.load(ProgramType.KPROBE, type.number(), Trial.nothing(), "");
        if (program < 0) {
            return Trial.refused(program);
        }
        try (Arena arena = Arena.ofConfined()) {
            long path = NativeText.string(arena, NO_BINARY).address();
            long offset = arena.allocate(ValueLayout.JAVA_LONG).address();
            long any = create((int) program, 0, type, uprobes(path, offset, 0));
            if (any != -Errno.EBADF) {
                return trial.close(any) == Support.UNKNOWN ? Support.UNKNOWN : Support.NO;
            }
            long ofProcess = create((int) program, 0, type, uprobes(path, offset, NO_PROCESS));
            if (ofProcess >= 0) {
                kernel.calls().close((int) ofProcess);
            }
            return ofProcess == -Errno.EINVAL ? Support.YES : Support.NO;
        } finally {
            kernel.calls().close((int) program);
        }
    }

    private static LinkCreate.Options uprobes(long path, long offset, int process) {
        return new LinkCreate.UprobeMulti(path, offset, 0, 0, 1, 0, process);
    }

    private long create(int program, int target, AttachType type, LinkCreate.Options options) {
        return kernel.bpf().linkCreate(new LinkCreate(program, target, type.number(), 0, options));
    }
}
