// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

/**
 * A queue ({@code BPF_MAP_TYPE_QUEUE}) or stack ({@code BPF_MAP_TYPE_STACK}; Linux 4.20).
 *
 * <p>A queue hands out first what was pushed first, a stack what was pushed last. Each operation is
 * one system call, atomic, and allocates nothing but what it returns. Safe for use by several
 * threads; it ends with its map.
 *
 * @param <V> type of values
 */
public final class BpfQueue<V> {
    private static final long ANY = 0;
    private static final long EXIST = 2;
    private static final long NO_KEY = 0;

    private final MapHandle map;
    private final FileDescriptor descriptor;
    private final Bpf bpf;
    private final Codec<V> values;

    private BpfQueue(MapHandle map, Codec<V> values) {
        this.map = map;
        this.descriptor = map.descriptor();
        this.bpf = map.kernel().bpf();
        this.values = values;
    }

    /**
     * Opens a queue or stack. The layout of values is checked as by {@link MapHandle#open(Class,
     * Class)}.
     *
     * @param <V> type of values
     * @param map a map of type QUEUE or STACK
     * @param value class of values
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <V> BpfQueue<V> of(MapHandle map, Class<V> value) {
        View.QUEUE.check(map.shape());
        return new BpfQueue<>(map, map.shape().anyValueCodec(value));
    }

    /**
     * Adds a value.
     *
     * @param value the value
     * @throws BpfException if it is full (errno E2BIG), the value cannot be written as bytes, the
     *     map is frozen, or the kernel refuses
     */
    public void push(V value) {
        long result = write(value, ANY);
        if (result < 0) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, result, "cannot push a value to map ");
        }
    }

    /**
     * Adds a value unless it is full.
     *
     * @param value the value
     * @return false if it is full
     * @throws BpfException if the value cannot be written as bytes, the map is frozen, or the
     *     kernel refuses
     */
    public boolean offer(V value) {
        long result = write(value, ANY);
        if (result < 0 && result != -Errno.E2BIG) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, result, "cannot push a value to map ");
        }
        return result >= 0;
    }

    /**
     * Adds a value; where it is full, the oldest value is dropped ({@code BPF_EXIST}).
     *
     * @param value the value
     * @throws BpfException if the value cannot be written as bytes, the map is frozen, or the
     *     kernel refuses
     */
    public void pushDroppingOldest(V value) {
        long result = write(value, EXIST);
        if (result < 0) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, result, "cannot push a value to map ");
        }
    }

    /**
     * Takes the first value of a queue, or the last of a stack.
     *
     * @return the value, or null if it is empty
     * @throws BpfException if the bytes are no value of the type, or the kernel refuses
     */
    public V pop() {
        return read(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, "cannot take a value from map ");
    }

    /**
     * Reads what {@link #pop} would take.
     *
     * @return the value, or null if it is empty
     * @throws BpfException if the bytes are no value of the type, or the kernel refuses
     */
    public V peek() {
        return read(BpfCommand.MAP_LOOKUP_ELEM, "cannot read a value of map ");
    }

    private long write(V value, long flags) {
        Scratch scratch = Scratch.acquire(values.size());
        try {
            values.encode(value, scratch.memory(), 0);
            int fd = descriptor.acquire();
            try {
                return bpf.mapUpdate(fd, NO_KEY, scratch.address(), flags);
            } finally {
                descriptor.release();
            }
        } finally {
            scratch.release();
        }
    }

    private V read(BpfCommand command, String what) {
        Scratch scratch = Scratch.acquire(values.size());
        try {
            long at = scratch.address();
            int fd = descriptor.acquire();
            long result;
            try {
                result =
                        command == BpfCommand.MAP_LOOKUP_ELEM
                                ? bpf.mapLookup(fd, NO_KEY, at, 0)
                                : bpf.mapLookupAndDelete(fd, NO_KEY, at, 0);
            } finally {
                descriptor.release();
            }
            if (result == -Errno.ENOENT) {
                return null;
            }
            if (result < 0) {
                throw failure(command, result, what);
            }
            return values.decode(scratch.memory(), 0);
        } finally {
            scratch.release();
        }
    }

    private BpfException failure(BpfCommand command, long result, String what) {
        return ElementFailure.of(map, command, (int) -result, what);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return map.toString();
    }
}
