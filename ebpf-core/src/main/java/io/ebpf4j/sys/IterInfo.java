// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * What an iterator goes over: {@code union bpf_iter_link_info}, include/uapi/linux/bpf.h. Each kind
 * of iterator reads its own member.
 */
public final class IterInfo {
    private IterInfo() {}

    /**
     * Describes a map whose elements are gone over (Linux 5.9).
     *
     * @param arena where
     * @param fd the map
     * @return the union
     */
    public static MemorySegment map(Arena arena, int fd) {
        return new Writer(arena, LinkLayout.IterMap.BYTES)
                .set(LinkLayout.IterMap.MAP_FD, fd)
                .memory;
    }

    /**
     * Describes tasks (Linux 6.1). At most one number is not 0.
     *
     * @param arena where
     * @param tid a thread
     * @param pid a process
     * @param pidfd a descriptor of a process
     * @return the union
     */
    public static MemorySegment task(Arena arena, int tid, int pid, int pidfd) {
        return new Writer(arena, LinkLayout.IterTask.BYTES)
                .set(LinkLayout.IterTask.TID, tid)
                .set(LinkLayout.IterTask.PID, pid)
                .set(LinkLayout.IterTask.PID_FD, pidfd)
                .memory;
    }

    /**
     * Describes cgroups (Linux 6.1).
     *
     * @param arena where
     * @param order {@code BPF_CGROUP_ITER_*}
     * @param fd the cgroup to begin with, or 0 for the root of version 2
     * @return the union
     */
    public static MemorySegment cgroup(Arena arena, int order, int fd) {
        return new Writer(arena, LinkLayout.IterCgroup.BYTES)
                .set(LinkLayout.IterCgroup.ORDER, order)
                .set(LinkLayout.IterCgroup.CGROUP_FD, fd)
                .memory;
    }

    private static final class Writer {
        private final MemorySegment memory;
        private final ByteBuffer bytes;

        Writer(Arena arena, int size) {
            memory = arena.allocate(size, Long.BYTES);
            bytes = NativeText.buffer(memory);
        }

        Writer set(int field, int value) {
            bytes.putInt(AttrLayout.offset(field), value);
            return this;
        }
    }
}
