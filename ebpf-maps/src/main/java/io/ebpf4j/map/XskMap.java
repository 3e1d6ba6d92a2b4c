// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

/**
 * The AF_XDP sockets that XDP programs redirect frames to ({@code BPF_MAP_TYPE_XSKMAP}, Linux
 * 4.18), usually by the number of the receive queue.
 *
 * <p>A socket leaves the map when it is closed. What is in a slot cannot be read. Safe for use by
 * several threads; it ends with its map.
 */
public final class XskMap {
    private final BpfMap<Integer, Integer> sockets;

    private XskMap(BpfMap<Integer, Integer> sockets) {
        this.sockets = sockets;
    }

    /**
     * Opens a map of AF_XDP sockets.
     *
     * @param map a map of type XSKMAP
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static XskMap of(MapHandle map) {
        return new XskMap(Engine.slots(View.XSK_SOCKETS, map, Engine.INT));
    }

    /**
     * Puts a socket into a slot, in place of what is there.
     *
     * @param index 0 to {@link #size} - 1
     * @param fd the socket's descriptor
     * @throws IllegalArgumentException if the descriptor is negative
     * @throws BpfException if there is no such slot, it is no AF_XDP socket (errno EOPNOTSUPP), or
     *     the kernel refuses
     */
    public void set(int index, int fd) {
        sockets.put(index, Engine.descriptor(fd));
    }

    /**
     * Empties a slot.
     *
     * @param index 0 to {@link #size} - 1
     * @throws BpfException if there is no such slot (errno EINVAL), or the kernel refuses
     */
    public void remove(int index) {
        sockets.delete(index);
    }

    /**
     * Returns how many slots there are.
     *
     * @return the number of slots, filled or not
     */
    public int size() {
        return sockets.handle().maxEntries();
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return sockets.toString();
    }
}
