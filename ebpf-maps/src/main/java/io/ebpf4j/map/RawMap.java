// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.MemorySegment;

/**
 * A view of a map through memory of the caller's, which the kernel reads keys and values from and
 * writes them to: nothing is copied, decoded or allocated. Opened by {@link MapHandle#openRaw}.
 *
 * <p>Segments must be native memory, such as {@link java.lang.foreign.Arena#allocate(long)} gives
 * or {@link MemorySegment#ofBuffer} of a direct buffer, and stay alive during the call: the arena
 * must not be closed by another thread meanwhile. They may be larger than what is read or written,
 * and need no alignment. Layouts are the object's and are not checked here.
 *
 * <p>The view is safe for use by several threads, each with memory of its own, and ends with its
 * {@link MapHandle}: later calls throw {@link IllegalStateException}.
 */
public final class RawMap {
    private final MapHandle handle;
    private final FileDescriptor descriptor;
    private final Bpf bpf;
    private final Operations operations;
    private final int keySize;
    private final int valueSize;

    RawMap(MapHandle handle) {
        this.operations = Operations.of(handle.shape());
        this.handle = handle;
        this.descriptor = handle.descriptor();
        this.bpf = handle.kernel().bpf();
        this.keySize = handle.keySize();
        this.valueSize =
                operations.perCpu()
                        ? Math.multiplyExact(
                                (int) Scratch.align(handle.valueSize()),
                                handle.kernel().possibleCpus())
                        : handle.valueSize();
    }

    /**
     * Returns the size of a key.
     *
     * @return bytes
     */
    public int keySize() {
        return keySize;
    }

    /**
     * Returns the size of a value. Those of per-CPU maps have a part for each possible CPU, each
     * rounded up to 8 bytes.
     *
     * @return bytes
     */
    public int valueSize() {
        return valueSize;
    }

    /**
     * Reads an element.
     *
     * @param key its key
     * @param value what receives its value
     * @return false if there is none; the value's memory is as it was then
     * @throws BpfException if the kernel refuses
     * @throws IllegalArgumentException if a segment is too small, or the heap's; or the value's is
     *     read-only
     */
    public boolean get(MemorySegment key, MemorySegment value) {
        long from = readable(key, keySize, "key");
        long to = writable(value, valueSize, "value");
        int fd = descriptor.acquire();
        long result;
        try {
            result = bpf.mapLookup(fd, from, to, 0);
        } finally {
            descriptor.release();
        }
        return happened(BpfCommand.MAP_LOOKUP_ELEM, result, Errno.ENOENT);
    }

    /**
     * Reads and removes an element, at once (Linux 5.14).
     *
     * @param key its key
     * @param value what receives its value
     * @return false if there was none
     * @throws UnsupportedException if the kernel or the type of map cannot
     * @throws BpfException if the kernel refuses
     * @throws IllegalArgumentException if a segment is too small, or the heap's; or the value's is
     *     read-only
     */
    public boolean lookupAndDelete(MemorySegment key, MemorySegment value) {
        if (operations.lookupAndDelete().isEmpty()) {
            throw unsupported("read and remove an element at once");
        }
        long from = readable(key, keySize, "key");
        long to = writable(value, valueSize, "value");
        int fd = descriptor.acquire();
        long result;
        try {
            result = bpf.mapLookupAndDelete(fd, from, to, 0);
        } finally {
            descriptor.release();
        }
        return happened(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, result, Errno.ENOENT);
    }

    /**
     * Creates an element or replaces its value.
     *
     * @param key its key
     * @param value its value
     * @throws BpfException if the map is full or frozen, or the kernel refuses
     * @throws IllegalArgumentException if a segment is too small, or the heap's
     */
    public void put(MemorySegment key, MemorySegment value) {
        put(key, value, UpdateFlag.ANY);
    }

    /**
     * Writes an element.
     *
     * @param key its key
     * @param value its value
     * @param flag whether the element must or must not be there
     * @return false if it is, or is not, there against the flag
     * @throws BpfException if the map is full or frozen, or the kernel refuses
     * @throws IllegalArgumentException if a segment is too small, or the heap's
     */
    public boolean put(MemorySegment key, MemorySegment value, UpdateFlag flag) {
        long first = readable(key, keySize, "key");
        long second = readable(value, valueSize, "value");
        int fd = descriptor.acquire();
        long result;
        try {
            result = bpf.mapUpdate(fd, first, second, flag.number());
        } finally {
            descriptor.release();
        }
        int no =
                switch (flag) {
                    case ANY -> 0;
                    case NOEXIST -> Errno.EEXIST;
                    case EXIST -> Errno.ENOENT;
                };
        return happened(BpfCommand.MAP_UPDATE_ELEM, result, no);
    }

    /**
     * Removes an element.
     *
     * @param key its key
     * @return false if it was not there
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws BpfException if the map is frozen, or the kernel refuses
     * @throws IllegalArgumentException if the segment is too small, or the heap's
     */
    public boolean delete(MemorySegment key) {
        if (!operations.delete()) {
            throw unsupported("remove an element");
        }
        long from = readable(key, keySize, "key");
        int fd = descriptor.acquire();
        long result;
        try {
            result = bpf.mapDelete(fd, from);
        } finally {
            descriptor.release();
        }
        return happened(BpfCommand.MAP_DELETE_ELEM, result, Errno.ENOENT);
    }

    /**
     * Finds the first key, in the kernel's order.
     *
     * @param first what receives it
     * @return false if there is none
     * @throws BpfException if the kernel refuses
     * @throws IllegalArgumentException if the segment is too small, the heap's, or read-only
     */
    public boolean firstKey(MemorySegment first) {
        return next(0, writable(first, keySize, "key"));
    }

    /**
     * Finds the key that follows a key, in the kernel's order.
     *
     * @param key a key
     * @param next what receives the next one, the first one if the key is not there; may be the
     *     key's own memory
     * @return false after the last
     * @throws BpfException if the kernel refuses
     * @throws IllegalArgumentException if a segment is too small, or the heap's; or the next one's
     *     is read-only
     */
    public boolean nextKey(MemorySegment key, MemorySegment next) {
        return next(readable(key, keySize, "key"), writable(next, keySize, "next key"));
    }

    private boolean next(long key, long next) {
        int fd = descriptor.acquire();
        long result;
        try {
            result = bpf.mapNextKey(fd, key, next);
        } finally {
            descriptor.release();
        }
        return happened(BpfCommand.MAP_GET_NEXT_KEY, result, Errno.ENOENT);
    }

    private boolean happened(BpfCommand command, long result, int no) {
        if (result < 0 && result != -no) {
            throw ElementFailure.of(handle, operations, command, (int) -result, 0);
        }
        return result >= 0;
    }

    private long readable(MemorySegment segment, int size, String what) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException(
                    handle + ": the " + what + " is on the heap, where the kernel cannot read it");
        }
        if (segment.byteSize() < size) {
            throw new IllegalArgumentException(
                    handle
                            + ": the "
                            + what
                            + " has "
                            + size
                            + " bytes, the segment only "
                            + segment.byteSize());
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the " + what + " belongs to another thread's arena");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the arena of the " + what + " is closed");
        }
        return segment.address();
    }

    private long writable(MemorySegment segment, int size, String what) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(handle + ": the " + what + " is read-only");
        }
        return readable(segment, size, what);
    }

    private UnsupportedException unsupported(String what) {
        return ElementFailure.unsupported(handle, what, false);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return handle.toString();
    }
}
