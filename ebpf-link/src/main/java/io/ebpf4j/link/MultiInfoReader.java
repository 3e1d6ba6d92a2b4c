// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes what {@code struct bpf_link_info} says about links of many probes.
 *
 * <pre>
 * kprobe_multi:    16 u64 addrs  24 u32 count    28 u32 flags        32 u64 missed  40 u64 cookies
 * uprobe_multi:    16 u64 path   24 u64 offsets  32 u64 ref_ctr_offsets              40 u64 cookies
 *                  48 u32 path_size  52 u32 count  56 u32 flags  60 u32 pid
 * </pre>
 *
 * <p>The kernel tells the number of probes first, and fills lists of that length when it is asked
 * again.
 */
final class MultiInfoReader {
    private static final int RETURN = 1;
    private static final int ADDRESSES = 16;
    private static final int KPROBES = 24;
    private static final int KPROBE_FLAGS = 28;
    private static final int MISSED = 32;
    private static final int COOKIES = 40;
    private static final int PATH = 16;
    private static final int OFFSETS = 24;
    private static final int COUNTERS = 32;
    private static final int PATH_SIZE = 48;
    private static final int UPROBES = 52;
    private static final int UPROBE_FLAGS = 56;
    private static final int PID = 60;
    private static final int PATH_BYTES = 4096;

    private final Kernel kernel;
    private final int fd;
    private final String what;
    private final MemorySegment memory;
    private final ByteBuffer info;

    /** Reads on from what the kernel said into {@code memory} when it was asked for no list. */
    MultiInfoReader(Kernel kernel, int fd, String what, MemorySegment memory) {
        this.kernel = kernel;
        this.fd = fd;
        this.what = what;
        this.memory = memory;
        this.info = NativeText.buffer(memory);
    }

    LinkInfo.Detail kprobes() {
        int count = info.getInt(KPROBES);
        if (count == 0) {
            return new LinkInfo.None();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment addresses = room(arena, count);
            MemorySegment cookies = room(arena, count);
            memory.fill((byte) 0);
            info.putLong(ADDRESSES, addresses.address())
                    .putInt(KPROBES, count)
                    .putLong(COOKIES, cookies.address());
            LinkInfoReader.ask(kernel, fd, memory, what);
            return new LinkInfo.KprobeMulti(
                    list(addresses),
                    list(cookies),
                    info.getLong(MISSED),
                    (info.getInt(KPROBE_FLAGS) & RETURN) != 0);
        }
    }

    LinkInfo.Detail uprobes() {
        int count = info.getInt(UPROBES);
        if (count == 0) {
            return new LinkInfo.None();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocate(PATH_BYTES);
            MemorySegment offsets = room(arena, count);
            MemorySegment counters = room(arena, count);
            MemorySegment cookies = room(arena, count);
            memory.fill((byte) 0);
            info.putLong(PATH, path.address())
                    .putLong(OFFSETS, offsets.address())
                    .putLong(COUNTERS, counters.address())
                    .putLong(COOKIES, cookies.address())
                    .putInt(PATH_SIZE, PATH_BYTES)
                    .putInt(UPROBES, count);
            LinkInfoReader.ask(kernel, fd, memory, what);
            return new LinkInfo.UprobeMulti(
                    NativeText.string(NativeText.buffer(path), 0, PATH_BYTES),
                    list(offsets),
                    list(counters),
                    list(cookies),
                    info.getInt(PID),
                    (info.getInt(UPROBE_FLAGS) & RETURN) != 0);
        }
    }

    private static MemorySegment room(Arena arena, int count) {
        return arena.allocate((long) Long.BYTES * count, Long.BYTES);
    }

    private static List<Long> list(MemorySegment numbers) {
        ByteBuffer buffer = NativeText.buffer(numbers);
        List<Long> list = new ArrayList<>(buffer.capacity() / Long.BYTES);
        while (buffer.hasRemaining()) {
            list.add(buffer.getLong());
        }
        return list;
    }
}
