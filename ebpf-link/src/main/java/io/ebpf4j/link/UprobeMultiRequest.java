// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;

/**
 * A request for one link of many uprobes.
 *
 * @param path the file
 * @param offsets the places in it
 * @param counters the reference counters' places, each 0 for none; empty when no place has one
 * @param cookies the places' cookies; empty when there are none
 * @param pid the process, or 0 for all
 * @param returning whether they are uretprobes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record UprobeMultiRequest(
        String path, long[] offsets, long[] counters, long[] cookies, int pid, boolean returning) {
    /** {@code BPF_F_UPROBE_MULTI_RETURN}. */
    private static final int RETURN = 1;

    /**
     * Asks for the link, by the first attach type of several that the kernel finds valid.
     *
     * @return a descriptor or a negated errno
     */
    long create(Program program, AttachType... types) {
        Kernel kernel = program.kernel();
        int fd = program.descriptor().acquire();
        try (Arena arena = Arena.ofConfined()) {
            LinkCreate.UprobeMulti uprobes =
                    new LinkCreate.UprobeMulti(
                            NativeText.string(arena, path).address(),
                            NativeText.longs(arena, offsets).address(),
                            NativeText.longs(arena, counters).address(),
                            NativeText.longs(arena, cookies).address(),
                            offsets.length,
                            returning ? RETURN : 0,
                            pid);
            long result = -Errno.EINVAL;
            for (int i = 0; i < types.length && result == -Errno.EINVAL; i++) {
                int type = types[i].number();
                result = kernel.bpf().linkCreate(new LinkCreate(fd, 0, type, 0, uprobes));
            }
            return result;
        } finally {
            program.descriptor().release();
        }
    }

    /** Takes ownership of the link. */
    static Link own(Program program, long descriptor, String where) {
        Kernel kernel = program.kernel();
        String what = "link of program " + program.name() + " to " + where;
        return new KernelLink(
                kernel, FileDescriptor.adopt(kernel.calls(), (int) descriptor, what), null);
    }
}
