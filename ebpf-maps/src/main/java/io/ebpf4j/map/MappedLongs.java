// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;

/**
 * The values of an array map of 8 bytes each, in memory that programs share: no access allocates or
 * enters the kernel, and a loop over plain ones is compiled as one over a {@code long[]}.
 *
 * <p>The names of the accesses are those of {@link java.lang.invoke.VarHandle} and mean the same
 * between Java and programs. The read-and-change accesses are atomic with a program's {@code
 * __sync_fetch_and_add} and its siblings (Linux 5.12 for all but the addition without result).
 *
 * <p>Safe for use by several threads. Every access throws {@link IndexOutOfBoundsException} if
 * there is no such element, and {@link IllegalStateException} once the map is closed.
 */
public final class MappedLongs {
    private final String map;
    private final MemorySegment memory;

    private MappedLongs(String map, MemorySegment memory) {
        this.map = map;
        this.memory = memory;
    }

    static MappedLongs of(MapHandle map) {
        MemorySegment memory = map.memory();
        if (map.shape().valueSize() != Long.BYTES) {
            throw new BpfException(
                    map + ": its values have not 8 bytes; use element(index, type) or memory()");
        }
        return new MappedLongs(map.toString(), memory);
    }

    /**
     * Returns how many elements there are.
     *
     * @return the map's {@code max_entries}
     */
    public long size() {
        return memory.byteSize() / Long.BYTES;
    }

    /**
     * Reads an element; plain memory order.
     *
     * @param index which
     * @return the value now
     */
    public long get(long index) {
        return (long) Memory.LONG.get(memory, index * Long.BYTES);
    }

    /**
     * Reads an element before all later accesses; pairs with a program's release store.
     *
     * @param index which
     * @return the value now
     */
    public long getAcquire(long index) {
        return (long) Memory.LONG.getAcquire(memory, index * Long.BYTES);
    }

    /**
     * Reads an element in one order with all volatile and atomic accesses.
     *
     * @param index which
     * @return the value now
     */
    public long getVolatile(long index) {
        return (long) Memory.LONG.getVolatile(memory, index * Long.BYTES);
    }

    /**
     * Writes an element; plain memory order.
     *
     * @param index which
     * @param value the value
     * @throws BpfException if the memory is read-only
     */
    public void set(long index, long value) {
        Memory.LONG.set(writable(), index * Long.BYTES, value);
    }

    /**
     * Writes an element after all earlier accesses; pairs with a program's acquire load.
     *
     * @param index which
     * @param value the value
     * @throws BpfException if the memory is read-only
     */
    public void setRelease(long index, long value) {
        Memory.LONG.setRelease(writable(), index * Long.BYTES, value);
    }

    /**
     * Writes an element in one order with all volatile and atomic accesses.
     *
     * @param index which
     * @param value the value
     * @throws BpfException if the memory is read-only
     */
    public void setVolatile(long index, long value) {
        Memory.LONG.setVolatile(writable(), index * Long.BYTES, value);
    }

    /**
     * Adds to an element atomically, with the order of volatile accesses.
     *
     * @param index which
     * @param delta what to add
     * @return the value before
     * @throws BpfException if the memory is read-only
     */
    public long getAndAdd(long index, long delta) {
        return (long) Memory.LONG.getAndAdd(writable(), index * Long.BYTES, delta);
    }

    /**
     * Exchanges an element atomically, with the order of volatile accesses: what programs counted
     * is taken, and nothing they count is lost.
     *
     * @param index which
     * @param value the value after
     * @return the value before
     * @throws BpfException if the memory is read-only
     */
    public long getAndSet(long index, long value) {
        return (long) Memory.LONG.getAndSet(writable(), index * Long.BYTES, value);
    }

    /**
     * Changes an element atomically if it is as expected, with the order of volatile accesses.
     *
     * @param index which
     * @param expected what it must be
     * @param value the value after
     * @return whether it was as expected
     * @throws BpfException if the memory is read-only
     */
    public boolean compareAndSet(long index, long expected, long value) {
        return Memory.LONG.compareAndSet(writable(), index * Long.BYTES, expected, value);
    }

    private MemorySegment writable() {
        if (memory.isReadOnly()) {
            throw new BpfException(map + " is in memory that can only be read");
        }
        return memory;
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return map;
    }
}
