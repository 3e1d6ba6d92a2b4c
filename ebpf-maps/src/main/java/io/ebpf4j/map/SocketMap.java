// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.ChannelDescriptor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.NetworkChannel;

/**
 * The sockets that programs redirect to or choose from: by index ({@code BPF_MAP_TYPE_SOCKMAP},
 * Linux 4.14; {@code BPF_MAP_TYPE_REUSEPORT_SOCKARRAY}, 4.19) or by key ({@code
 * BPF_MAP_TYPE_SOCKHASH}, 4.18).
 *
 * <p>Sockets are named by their descriptor, or by their channel, whose descriptor Java does not
 * give away: it is found by the channel's addresses. A socket leaves the map when it is closed.
 * Safe for use by several threads; it ends with its map.
 *
 * @param <K> type of keys
 */
public final class SocketMap<K> {
    private final BpfMap<K, Long> sockets;

    private SocketMap(BpfMap<K, Long> sockets) {
        this.sockets = sockets;
    }

    /**
     * Opens a map of sockets. The layout of keys is checked as by {@link MapHandle#open(Class,
     * Class)}.
     *
     * @param <K> type of keys
     * @param map a map of type SOCKMAP, SOCKHASH or REUSEPORT_SOCKARRAY; its values have 4 or 8
     *     bytes
     * @param key class of keys; integers unless the type is SOCKHASH
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws UnsupportedException if the map is of another type
     */
    public static <K> SocketMap<K> of(MapHandle map, Class<K> key) {
        View.SOCKETS.check(map.shape());
        int size = map.valueSize() == Long.BYTES ? Long.BYTES : Integer.BYTES;
        return new SocketMap<>(
                Engine.open(View.SOCKETS, map, map.shape().anyKeyCodec(key), new Descriptor(size)));
    }

    /** A descriptor when written, a cookie when read. */
    private record Descriptor(int size) implements Codec<Long> {
        @Override
        public Long decode(MemorySegment segment, long offset) {
            return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        }

        @Override
        public void encode(Long value, MemorySegment segment, long offset) {
            if (size == Long.BYTES) {
                segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
            } else {
                segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) (long) value);
            }
        }
    }

    /**
     * Puts a socket in, in place of what is there.
     *
     * @param key where
     * @param fd the socket's descriptor
     * @throws IllegalArgumentException if the descriptor is negative
     * @throws BpfException if it is no socket that the map takes (errno ENOTSOCK, EOPNOTSUPP or
     *     EINVAL: established or listening TCP, or UDP; for a REUSEPORT_SOCKARRAY one with {@code
     *     SO_REUSEPORT} that is bound), there is no such slot or no room, or the kernel refuses
     */
    public void put(K key, int fd) {
        put(key, fd, UpdateFlag.ANY);
    }

    /**
     * Puts the socket of a channel in, in place of what is there.
     *
     * <p>When several sockets of this process have the channel's addresses, start the JVM with
     * {@code --add-exports java.base/sun.nio.ch=io.ebpf4j.core} ({@code =ALL-UNNAMED} on the class
     * path), which lets it tell the descriptor.
     *
     * @param key where
     * @param channel an open channel, bound to an internet address
     * @throws BpfException if the descriptor cannot be told, or as {@link #put(Object, int)}
     */
    public void put(K key, NetworkChannel channel) {
        put(key, ChannelDescriptor.of(channel));
    }

    /**
     * Puts a socket in.
     *
     * @param key where
     * @param fd the socket's descriptor
     * @param flag whether there must or must not be one
     * @throws IllegalArgumentException if the descriptor is negative
     * @throws BpfException if there is, or is not, one against the flag (errno EEXIST or ENOENT),
     *     or as {@link #put(Object, int)}
     */
    public void put(K key, int fd, UpdateFlag flag) {
        sockets.put(key, (long) Engine.descriptor(fd), flag);
    }

    /**
     * Takes a socket out.
     *
     * @param key where
     * @return false if there was none
     * @throws BpfException if the kernel refuses; for a slot that is empty a SOCKMAP says EINVAL
     */
    public boolean remove(K key) {
        return sockets.delete(key);
    }

    /**
     * Returns the cookie of a socket ({@code SO_COOKIE}), which tells it from all others until the
     * next boot.
     *
     * @param key where
     * @return the cookie, or null if there is no socket
     * @throws UnsupportedException if the map's values have 4 bytes, so that there is no room for
     *     it
     * @throws BpfException if the kernel refuses
     */
    public Long cookie(K key) {
        if (sockets.values().size() != Long.BYTES) {
            throw new UnsupportedException(
                    "reading the cookie of a socket in map " + sockets.handle().name(),
                    "",
                    "declare the map's values with 8 bytes, not 4");
        }
        return sockets.get(key);
    }

    /**
     * Finds the key that follows a key, in the kernel's order.
     *
     * @param key a key, or null for the first
     * @return the next key, whether there is a socket (those of arrays) or not; null after the last
     * @throws UnsupportedException if the map is a REUSEPORT_SOCKARRAY, whose keys are 0 to its
     *     size
     * @throws BpfException if the kernel refuses
     */
    public K nextKey(K key) {
        if (sockets.handle().type() == MapType.REUSEPORT_SOCKARRAY) {
            throw new UnsupportedException(
                    "walking over the keys of map " + sockets.handle().name(),
                    "",
                    "count from 0 to MapHandle.maxEntries");
        }
        return sockets.nextKey(key);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return sockets.toString();
    }
}
