// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Walks over the elements of a map.
 *
 * <p>BPF_MAP_GET_NEXT_KEY begins again at the first key when the key it is given is gone
 * (kernel/bpf/hashtab.c, htab_map_get_next_key). Therefore the key after the current one is fetched
 * before the current one is handed out, so that the caller may remove it; and when the key ahead
 * turns out to be gone, the walk goes on from the last one that was there. Both may be gone: the
 * number of elements handed out, and of keys that were gone, is bounded by the size of the map.
 */
final class ElementCursor {
    private static final long NONE = 0;

    private final BpfMap<?, ?> map;
    private final Bpf bpf;
    private final FileDescriptor descriptor;
    private final boolean array;
    private final MemorySegment memory;
    private final long valueOffset;

    private long current;
    private long ahead;
    private boolean started;
    private boolean more;
    private long handedOut;
    private long gone;

    ElementCursor(BpfMap<?, ?> map) {
        this.map = map;
        this.bpf = map.bpf();
        this.descriptor = map.handle().descriptor();
        this.array = map.operations().array();
        long stride = Scratch.align(map.keys().size());
        this.valueOffset = 2 * stride;
        this.memory = Arena.ofAuto().allocate(valueOffset + map.values().size(), Long.BYTES);
        this.ahead = stride;
        this.more = look(NONE);
    }

    /**
     * Moves to the next element.
     *
     * @param read whether to read its value; a key whose value is gone is passed over
     * @return false after the last
     */
    boolean advance(boolean read) {
        long most = map.handle().shape().mostElements();
        while (more && handedOut < most && gone <= most) {
            if (read && !readAhead()) {
                gone++;
                more = look(started ? memory.address() + current : NONE);
                continue;
            }
            long swap = current;
            current = ahead;
            ahead = swap;
            started = true;
            handedOut++;
            more = handedOut < most && look(memory.address() + current);
            return true;
        }
        more = false;
        return false;
    }

    /** Puts the key after a key into {@link #ahead}. */
    private boolean look(long key) {
        if (array) {
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, ahead, (int) handedOut);
            return map.handle().maxEntries() != 0;
        }
        return present(BpfCommand.MAP_GET_NEXT_KEY, key, memory.address() + ahead);
    }

    /** Reads the value of the key ahead. */
    private boolean readAhead() {
        return present(
                BpfCommand.MAP_LOOKUP_ELEM,
                memory.address() + ahead,
                memory.address() + valueOffset);
    }

    private boolean present(BpfCommand command, long key, long target) {
        int fd = descriptor.acquire();
        long result;
        try {
            result =
                    command == BpfCommand.MAP_LOOKUP_ELEM
                            ? bpf.mapLookup(fd, key, target, map.flags())
                            : bpf.mapNextKey(fd, key, target);
        } finally {
            descriptor.release();
        }
        if (result < 0 && result != -Errno.ENOENT) {
            throw map.failure(command, (int) -result);
        }
        return result >= 0;
    }

    /** Returns where keys and values are. */
    MemorySegment memory() {
        return memory;
    }

    /** Returns the offset of the current key. */
    long keyOffset() {
        return current;
    }

    /** Returns the offset of the current value. */
    long valueOffset() {
        return valueOffset;
    }
}
