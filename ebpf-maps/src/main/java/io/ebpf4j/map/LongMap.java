// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.ElementCall;
import io.ebpf4j.sys.ElementCalls;
import io.ebpf4j.sys.Errno;

/**
 * A view of a map whose keys and values are integers, without boxes: the operations of {@link
 * BpfMap} that are called most, none of which allocates anything.
 *
 * <p>Keys and values have 1, 2, 4 or 8 bytes in the map. What is narrower than a {@code long} is
 * extended when it is read, with zeros or the sign as the map's BTF says, with zeros without BTF;
 * and what is written must fit. The view is safe for use by several threads and ends with its
 * {@link MapHandle}: later calls throw {@link IllegalStateException}.
 */
public final class LongMap {
    private static final int VALUE = Long.BYTES;
    private static final int ROOM = VALUE + Long.BYTES;

    private final BpfMap<?, ?> map;
    private final ElementCalls elements;
    private final NumberCodecs.Numeric keys;
    private final NumberCodecs.Numeric values;

    LongMap(MapHandle handle, NumberCodecs.Numeric keys, NumberCodecs.Numeric values) {
        this.map = new BpfMap<>(handle, keys, values);
        this.elements = handle.elements();
        this.keys = keys;
        this.values = values;
    }

    /**
     * Reads an element.
     *
     * @param key the key
     * @param absent what is returned when there is no such element
     * @return the value
     * @throws BpfException if the key does not fit, or the kernel refuses
     */
    public long get(long key, long absent) {
        ElementCall call = elements.take(ROOM);
        try {
            long at = call.address();
            keys.put(key, Memory.ALL, at);
            long result = call.issue(BpfCommand.MAP_LOOKUP_ELEM, at + VALUE, 0);
            if (result == 0) {
                return values.get(Memory.ALL, at + VALUE);
            }
            if (result == -Errno.ENOENT) {
                return absent;
            }
            throw map.failure(BpfCommand.MAP_LOOKUP_ELEM, (int) -result);
        } finally {
            elements.give(call);
        }
    }

    /**
     * Creates an element or replaces its value.
     *
     * @param key the key
     * @param value the value
     * @throws BpfException if key or value do not fit, the map is full or frozen, or the kernel
     *     refuses
     */
    public void put(long key, long value) {
        long result = store(key, value, UpdateFlag.ANY);
        if (result < 0) {
            throw map.failure(BpfCommand.MAP_UPDATE_ELEM, (int) -result);
        }
    }

    /**
     * Creates an element unless it is there.
     *
     * @param key the key
     * @param value the value
     * @return false if it was there; always so for arrays
     * @throws BpfException if key or value do not fit, the map is full or frozen, or the kernel
     *     refuses
     */
    public boolean putIfAbsent(long key, long value) {
        return map.stored(store(key, value, UpdateFlag.NOEXIST), Errno.EEXIST);
    }

    /**
     * Replaces the value of an element if it is there.
     *
     * @param key the key
     * @param value the value
     * @return false if it was not there
     * @throws BpfException if key or value do not fit, the map is frozen, or the kernel refuses
     */
    public boolean replace(long key, long value) {
        return map.stored(store(key, value, UpdateFlag.EXIST), Errno.ENOENT);
    }

    private long store(long key, long value, UpdateFlag flag) {
        ElementCall call = elements.take(ROOM);
        try {
            long at = call.address();
            keys.put(key, Memory.ALL, at);
            values.put(value, Memory.ALL, at + VALUE);
            return call.issue(BpfCommand.MAP_UPDATE_ELEM, at + VALUE, flag.number());
        } finally {
            elements.give(call);
        }
    }

    /**
     * Removes an element.
     *
     * @param key the key
     * @return false if it was not there
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws BpfException if the key does not fit, the map is frozen, or the kernel refuses
     */
    public boolean delete(long key) {
        map.checkDelete();
        ElementCall call = elements.take(ROOM);
        try {
            long at = call.address();
            keys.put(key, Memory.ALL, at);
            return map.deleted(call.issue(BpfCommand.MAP_DELETE_ELEM, 0, 0));
        } finally {
            elements.give(call);
        }
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return map.toString();
    }
}
