// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A typed view of a map: hash, array, longest-prefix trie, their LRU and per-CPU kinds.
 *
 * <p>Every operation is one system call on the map in the kernel, atomic for one element, and
 * allocates nothing but what it returns and what its codecs need. The view is safe for use by
 * several threads and ends with its {@link MapHandle}: later calls throw {@link
 * IllegalStateException}.
 *
 * <p>The values of a per-CPU map are {@link PerCpu}.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class BpfMap<K, V> implements Iterable<BpfMap.Entry<K, V>> {
    private final MapHandle handle;
    private final FileDescriptor descriptor;
    private final Bpf bpf;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final int valueOffset;
    private final int bytes;

    BpfMap(MapHandle handle, Codec<K> keys, Codec<V> values) {
        this.handle = handle;
        this.descriptor = handle.descriptor();
        this.bpf = handle.kernel().bpf();
        this.keys = keys;
        this.values = values;
        this.valueOffset = (int) Scratch.align(keys.size());
        this.bytes = Math.addExact(valueOffset, values.size());
    }

    /**
     * A key and the value it had when it was read.
     *
     * @param <K> type of keys
     * @param <V> type of values
     * @param key the key
     * @param value the value
     */
    public record Entry<K, V>(K key, V value) {}

    /**
     * Reads an element.
     *
     * @param key the key
     * @return the value, or null if there is none
     * @throws BpfException if the key cannot be written as bytes, the value not be read, or the
     *     kernel refuses
     */
    public V get(K key) {
        return fetch(BpfCommand.MAP_LOOKUP_ELEM, key);
    }

    /**
     * Reads and removes an element, at once (Linux 5.14).
     *
     * @param key the key
     * @return the value, or null if there was none
     * @throws UnsupportedException if the kernel or the type of map cannot; a lookup and a removal
     *     do the same, but an update in between is lost
     * @throws BpfException if the key cannot be written as bytes, the value not be read, or the
     *     kernel refuses
     */
    public V lookupAndDelete(K key) {
        if (operations().lookupAndDelete().isEmpty()) {
            throw unsupported("read and remove an element at once");
        }
        return fetch(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, key);
    }

    private V fetch(BpfCommand command, K key) {
        Scratch scratch = Scratch.acquire(bytes);
        try {
            keys.encode(key, scratch.memory(), 0);
            long at = scratch.address();
            int fd = descriptor.acquire();
            long result;
            try {
                result =
                        command == BpfCommand.MAP_LOOKUP_ELEM
                                ? bpf.mapLookup(fd, at, at + valueOffset, 0)
                                : bpf.mapLookupAndDelete(fd, at, at + valueOffset, 0);
            } finally {
                descriptor.release();
            }
            if (result == 0) {
                return values.decode(scratch.memory(), valueOffset);
            }
            if (absent(result)) {
                return null;
            }
            throw failure(command, (int) -result);
        } finally {
            scratch.release();
        }
    }

    /**
     * Creates an element or replaces its value.
     *
     * @param key the key
     * @param value the value
     * @throws BpfException if key or value cannot be written as bytes, the map is full or frozen,
     *     or the kernel refuses
     */
    public void put(K key, V value) {
        put(key, value, UpdateFlag.ANY);
    }

    /**
     * Writes an element.
     *
     * @param key the key
     * @param value the value
     * @param flag whether the element must or must not be there
     * @throws BpfException if the element is, or is not, there against the flag (errno EEXIST or
     *     ENOENT); if key or value cannot be written as bytes, the map is full or frozen, or the
     *     kernel refuses
     */
    public void put(K key, V value, UpdateFlag flag) {
        long result = store(key, value, flag);
        if (result < 0) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, (int) -result);
        }
    }

    /**
     * Creates an element unless it is there.
     *
     * @param key the key
     * @param value the value
     * @return false if it was there; always so for arrays
     * @throws BpfException if key or value cannot be written as bytes, the map is full or frozen,
     *     or the kernel refuses
     */
    public boolean putIfAbsent(K key, V value) {
        return stored(store(key, value, UpdateFlag.NOEXIST), Errno.EEXIST);
    }

    /**
     * Replaces the value of an element if it is there.
     *
     * @param key the key
     * @param value the value
     * @return false if it was not there
     * @throws BpfException if key or value cannot be written as bytes, the map is frozen, or the
     *     kernel refuses
     */
    public boolean replace(K key, V value) {
        return stored(store(key, value, UpdateFlag.EXIST), Errno.ENOENT);
    }

    private boolean stored(long result, int no) {
        if (result < 0 && result != -no) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, (int) -result);
        }
        return result >= 0;
    }

    private long store(K key, V value, UpdateFlag flag) {
        Scratch scratch = Scratch.acquire(bytes);
        try {
            keys.encode(key, scratch.memory(), 0);
            values.encode(value, scratch.memory(), valueOffset);
            long at = scratch.address();
            int fd = descriptor.acquire();
            try {
                return bpf.mapUpdate(fd, at, at + valueOffset, flag.number());
            } finally {
                descriptor.release();
            }
        } finally {
            scratch.release();
        }
    }

    /**
     * Removes an element.
     *
     * @param key the key
     * @return false if it was not there
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws BpfException if the key cannot be written as bytes, the map is frozen, or the kernel
     *     refuses
     */
    public boolean delete(K key) {
        if (!operations().delete()) {
            throw unsupported("remove an element");
        }
        Scratch scratch = Scratch.acquire(bytes);
        try {
            keys.encode(key, scratch.memory(), 0);
            return deleteAt(scratch.address());
        } finally {
            scratch.release();
        }
    }

    private boolean deleteAt(long key) {
        int fd = descriptor.acquire();
        long result;
        try {
            result = bpf.mapDelete(fd, key);
        } finally {
            descriptor.release();
        }
        if (result < 0 && result != -Errno.ENOENT) {
            throw failure(BpfCommand.MAP_DELETE_ELEM, (int) -result);
        }
        return result >= 0;
    }

    /**
     * Removes all elements, one by one. Those that others add meanwhile may stay.
     *
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws BpfException if the map is frozen, or the kernel refuses
     */
    public void clear() {
        if (!operations().delete()) {
            throw unsupported("remove all elements");
        }
        ElementCursor cursor = new ElementCursor(this);
        while (cursor.advance(false)) {
            deleteAt(cursor.memory().address() + cursor.keyOffset());
        }
    }

    /**
     * Counts the elements, by a walk over all keys of a hash map.
     *
     * @return how many there are; while others change the map, about how many; {@link
     *     MapHandle#maxEntries} for arrays
     * @throws BpfException if the kernel refuses
     */
    public int size() {
        if (operations().array()) {
            return handle.maxEntries();
        }
        int count = 0;
        ElementCursor cursor = new ElementCursor(this);
        while (cursor.advance(false)) {
            count++;
        }
        return count;
    }

    /**
     * Iterates over the elements.
     *
     * <p>The iteration is weakly consistent. Elements that are removed before their turn are left
     * out, those that are added may be. The loop may remove the element it is at, here or by the
     * iterator. Where others remove elements at the same time, the kernel may lose its place and
     * begin again: elements may then come twice, and the iteration ends after at most as many
     * elements as the map can hold, with some perhaps left out.
     *
     * @return a new iterator, for use by one thread
     */
    @Override
    public Iterator<Entry<K, V>> iterator() {
        return new Entries();
    }

    private final class Entries implements Iterator<Entry<K, V>> {
        private final ElementCursor cursor = new ElementCursor(BpfMap.this);
        private Entry<K, V> next;
        private K last;

        @Override
        public boolean hasNext() {
            if (next == null && cursor.advance(true)) {
                next =
                        new Entry<>(
                                keys.decode(cursor.memory(), cursor.keyOffset()),
                                values.decode(cursor.memory(), cursor.valueOffset()));
            }
            return next != null;
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Entry<K, V> entry = next;
            next = null;
            last = entry.key();
            return entry;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("next() was not called since the last removal");
            }
            delete(last);
            last = null;
        }
    }

    MapHandle handle() {
        return handle;
    }

    Bpf bpf() {
        return bpf;
    }

    Codec<K> keys() {
        return keys;
    }

    Codec<V> values() {
        return values;
    }

    Operations operations() {
        return Operations.of(handle.shape());
    }

    /**
     * Array lookups past the end say ENOENT as lookups of hash maps do; so nothing else needs to be
     * told apart.
     */
    private static boolean absent(long result) {
        return result == -Errno.ENOENT;
    }

    private UnsupportedException unsupported(String what) {
        return new UnsupportedException(
                "cannot " + what + " in map " + handle.name() + " of type " + handle.type(),
                "",
                handle.type() == MapType.LPM_TRIE
                        ? "read it, then remove it"
                        : "write zeros over it");
    }

    BpfException failure(BpfCommand command, int errno) {
        String map = "map " + handle.name();
        if (command == BpfCommand.MAP_UPDATE_ELEM && errno == Errno.E2BIG) {
            String what =
                    operations().array()
                            ? ": the key is not less than "
                            : " is full: it holds at most ";
            return new BpfException(
                    map + what + Integer.toUnsignedString(handle.maxEntries()),
                    command.kernelName(),
                    errno);
        }
        if (command == BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM
                && (errno == Errno.EINVAL || errno == Errno.ENOTSUPP)) {
            return new UnsupportedException(
                    "reading and removing an element at once in "
                            + map
                            + " of type "
                            + handle.type(),
                    operations().lookupAndDelete(),
                    "get and delete it, where nobody updates it in between",
                    command.kernelName(),
                    errno);
        }
        if (command == BpfCommand.MAP_UPDATE_ELEM && errno == Errno.EPERM && handle.frozen()) {
            return new BpfException(
                    map + " is frozen; user space cannot write it", command.kernelName(), errno);
        }
        String what =
                switch (command) {
                    case MAP_LOOKUP_ELEM -> "cannot read an element of ";
                    case MAP_UPDATE_ELEM -> "cannot write an element of ";
                    case MAP_DELETE_ELEM -> "cannot remove an element of ";
                    case MAP_GET_NEXT_KEY -> "cannot walk over the keys of ";
                    default -> "cannot use ";
                };
        return Failure.of(command, errno, what + map);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return handle.toString();
    }
}
