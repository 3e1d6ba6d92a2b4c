// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.ElementCall;
import io.ebpf4j.sys.ElementCalls;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import java.util.Objects;
import java.util.concurrent.ConcurrentMap;

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
public final class BpfMap<K, V> extends BulkOperations<K, V> {
    /** BPF_F_LOCK. */
    static final long LOCK = 4;

    private final MapHandle handle;
    private final FileDescriptor descriptor;
    private final ElementCalls elements;
    private final Bpf bpf;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final int valueOffset;
    private final int bytes;
    private final long flags;
    private final Operations operations;

    BpfMap(MapHandle handle, Codec<K> keys, Codec<V> values) {
        this(handle, keys, values, 0, Operations.of(handle.shape()));
    }

    /**
     * Opens a view.
     *
     * @param flags what every read and write of an element is done with: {@link #LOCK}, or {@link
     *     OneCpu#flags}
     * @param operations what can be done with the elements
     */
    BpfMap(MapHandle handle, Codec<K> keys, Codec<V> values, long flags, Operations operations) {
        this.handle = handle;
        this.descriptor = handle.descriptor();
        this.elements = handle.elements();
        this.bpf = handle.kernel().bpf();
        this.keys = keys;
        this.values = values;
        this.valueOffset = (int) Scratch.align(keys.size());
        this.bytes = Math.addExact(valueOffset, values.size());
        this.flags = flags;
        this.operations = operations;
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
     * Reads an element into an instance of the caller's, and allocates nothing.
     *
     * @param key the key
     * @param target an instance of the {@link Struct} class that the values are read as; left as it
     *     is if there is no element
     * @return false if there is none
     * @throws BpfException if values are not read as such a class, the key cannot be written as
     *     bytes, the value not be read, or the kernel refuses
     */
    public boolean get(K key, V target) {
        if (!(values instanceof RecordCodec filling && filling.fills())) {
            throw new BpfException(
                    handle + ": its values are not read as a @Struct class, which can be filled");
        }
        Objects.requireNonNull(target, "target");
        ElementCall call = elements.take(bytes);
        try {
            long result = look(BpfCommand.MAP_LOOKUP_ELEM, key, call);
            if (result == 0) {
                filling.fill(target, Memory.ALL, call.address() + valueOffset);
            } else if (!absent(result)) {
                throw failure(BpfCommand.MAP_LOOKUP_ELEM, (int) -result);
            }
            return result == 0;
        } finally {
            elements.give(call);
        }
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
        if (operations.lookupAndDelete().isEmpty() || oneCpu()) {
            throw unsupported("read and remove an element at once");
        }
        return fetch(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, key);
    }

    private V fetch(BpfCommand command, K key) {
        ElementCall call = elements.take(bytes);
        try {
            long result = look(command, key, call);
            if (result == 0) {
                return values.decode(Memory.ALL, call.address() + valueOffset);
            }
            if (absent(result)) {
                return null;
            }
            throw failure(command, (int) -result);
        } finally {
            elements.give(call);
        }
    }

    private long look(BpfCommand command, K key, ElementCall call) {
        long at = call.address();
        keys.encode(key, Memory.ALL, at);
        return call.issue(command, at + valueOffset, flags);
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

    /** Says whether an element was written; {@code no} is the errno that means it was not. */
    boolean stored(long result, int no) {
        if (result < 0 && result != -no) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, (int) -result);
        }
        return result >= 0;
    }

    private long store(K key, V value, UpdateFlag flag) {
        if (flag != UpdateFlag.ANY && OneCpu.isView(flags)) {
            // beside BPF_F_CPU the kernel looks at no other flag (kernel/bpf/hashtab.c,
            // check_flags)
            throw unsupported("write one CPU's value if it is there, or is not,");
        }
        ElementCall call = elements.take(bytes);
        try {
            long at = call.address();
            keys.encode(key, Memory.ALL, at);
            values.encode(value, Memory.ALL, at + valueOffset);
            return call.issue(BpfCommand.MAP_UPDATE_ELEM, at + valueOffset, flag.number() | flags);
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
     * @throws BpfException if the key cannot be written as bytes, the map is frozen, or the kernel
     *     refuses
     */
    public boolean delete(K key) {
        checkDelete();
        ElementCall call = elements.take(bytes);
        try {
            long at = call.address();
            keys.encode(key, Memory.ALL, at);
            return deleted(call.issue(BpfCommand.MAP_DELETE_ELEM, 0, 0));
        } finally {
            elements.give(call);
        }
    }

    void checkDelete() {
        if (!operations.delete()) {
            throw unsupported("remove an element");
        }
    }

    /** Writes an element whose key and value are in memory; returns what the kernel does. */
    long storeAt(long key, long value, UpdateFlag flag) {
        int fd = descriptor.acquire();
        try {
            return bpf.mapUpdate(fd, key, value, flag.number() | flags);
        } finally {
            descriptor.release();
        }
    }

    /** Removes an element whose key is in memory; says whether it was there. */
    boolean deleteAt(long key) {
        int fd = descriptor.acquire();
        try {
            return deleted(bpf.mapDelete(fd, key));
        } finally {
            descriptor.release();
        }
    }

    /** Says whether an element was removed. */
    boolean deleted(long result) {
        if (result < 0 && result != -Errno.ENOENT) {
            throw failure(BpfCommand.MAP_DELETE_ELEM, (int) -result);
        }
        return result >= 0;
    }

    /**
     * Finds the key that follows a key, in the kernel's order.
     *
     * @param key a key, or null for the first
     * @return the next key, or null after the last; the first one if the key is not there
     * @throws BpfException if the key cannot be written as bytes, the next one not be read, or the
     *     kernel refuses
     */
    public K nextKey(K key) {
        int next = (int) Scratch.align(keys.size());
        Scratch scratch = Scratch.acquire(2L * next);
        try {
            long at = scratch.address();
            if (key != null) {
                keys.encode(key, scratch.memory(), 0);
            }
            int fd = descriptor.acquire();
            long result;
            try {
                result = bpf.mapNextKey(fd, key == null ? 0 : at, at + next);
            } finally {
                descriptor.release();
            }
            if (result == 0) {
                return keys.decode(scratch.memory(), next);
            }
            if (absent(result)) {
                return null;
            }
            throw failure(BpfCommand.MAP_GET_NEXT_KEY, (int) -result);
        } finally {
            scratch.release();
        }
    }

    /**
     * Opens a view that reads and writes each value under its spin lock ({@code BPF_F_LOCK}, Linux
     * 5.1), so that no half of what a program writes under the lock is seen, and the other way
     * round. The lock itself is neither read nor written.
     *
     * @return another view of the same map; where its values have no {@code struct bpf_spin_lock},
     *     or the map was created without types, its operations fail with errno EINVAL
     */
    public BpfMap<K, V> locked() {
        return new BpfMap<>(handle, keys, values, flags | LOCK, operations);
    }

    /**
     * Looks at a hash map as a {@link ConcurrentMap}. The kernel has no compare-and-set, nor does
     * it return what was there before a write; so not all of that interface can be had.
     *
     * <table>
     * <caption>What the methods of the view guarantee</caption>
     * <tr><th>Method</th><th>Guarantee</th></tr>
     * <tr><td>{@code get getOrDefault containsKey}</td><td>one lookup. While others replace or remove the
     *     element, the kernel may use its memory again as it is copied, and programs may change it in
     *     place: a value longer than 8 bytes can then be part of another (see {@link #locked});
     *     those of iterators and {@code remove} cannot be of another element</td></tr>
     * <tr><td>{@code putIfAbsent computeIfAbsent}</td><td>atomic ({@code BPF_NOEXIST}): exactly one of
     *     several callers creates the element. The existing value that is returned was read
     *     afterwards</td></tr>
     * <tr><td>{@code put}</td><td>the write is atomic; the value that is returned was read before
     *     it, and is not the one that was replaced if somebody else wrote in between</td></tr>
     * <tr><td>{@code replace(key, value)}</td><td>the write is atomic and creates nothing ({@code
     *     BPF_EXIST}); the value that is returned as for {@code put}</td></tr>
     * <tr><td>{@code remove(key)}</td><td>atomic, and exactly one of several callers gets the value, where
     *     the kernel can read and remove at once (Linux 5.14); else a lookup and a
     *     removal, of which only the removal is</td></tr>
     * <tr><td>{@code putAll clear}</td><td>as here: element by element</td></tr>
     * <tr><td>{@code replace(key, old, new)}, {@code remove(key, value)}, {@code compute}, {@code
     *     computeIfPresent}, {@code merge}, {@code replaceAll}</td><td>cannot be atomic, since a program may
     *     write at any time: {@link UnsupportedOperationException}</td></tr>
     * <tr><td>{@code size isEmpty containsValue keySet values entrySet} and their iterators</td><td>walks,
     *     as {@link #iterator}</td></tr>
     * </table>
     *
     * <p>Null is neither a key nor a value. In LRU maps elements may be evicted at any time, also
     * just after they were written. A write to a full map throws {@link BpfException}.
     *
     * @return a view that ends with this one
     * @throws UnsupportedException if the map is no hash map, of which LRU and per-CPU ones are
     *     some
     */
    public ConcurrentMap<K, V> asConcurrentMap() {
        if (!operations.hash()) {
            throw unsupported("find, put and remove by exact keys");
        }
        return new ConcurrentView<>(this);
    }

    @Override
    BpfMap<K, V> map() {
        return this;
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

    long flags() {
        return flags;
    }

    /** Says whether the values are those of one CPU. */
    boolean oneCpu() {
        return OneCpu.isView(flags) || values instanceof OneCpu;
    }

    Operations operations() {
        return operations;
    }

    /**
     * Array lookups past the end say ENOENT as lookups of hash maps do; so nothing else needs to be
     * told apart.
     */
    private static boolean absent(long result) {
        return result == -Errno.ENOENT;
    }

    UnsupportedException unsupported(String what) {
        return ElementFailure.unsupported(handle, what, oneCpu());
    }

    BpfException failure(BpfCommand command, int errno) {
        return ElementFailure.of(handle, operations, command, errno, flags);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return handle.toString();
    }
}
