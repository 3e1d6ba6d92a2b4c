// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What is done with many elements of a map, or with all of them.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
abstract sealed class BulkOperations<K, V> implements Iterable<BpfMap.Entry<K, V>> permits BpfMap {
    BulkOperations() {}

    abstract BpfMap<K, V> map();

    /**
     * Writes elements, many by one system call where kernel and type can (Linux 5.6; per-CPU arrays
     * and tries 5.13), else one by one. Each is written at once, all of them are not.
     *
     * @param elements the elements; those that are there are replaced
     * @throws BpfException if a key or value cannot be written as bytes, the map is full or frozen,
     *     or the kernel refuses; the message says how many elements were written before
     */
    public void putAll(Map<? extends K, ? extends V> elements) {
        BatchWriter<K, V> writer = BatchWriter.updating(map(), elements.size());
        for (Map.Entry<? extends K, ? extends V> e : elements.entrySet()) {
            writer.put(e.getKey(), e.getValue());
        }
        writer.flush();
    }

    /**
     * Removes elements, many by one system call where kernel and type can, else one by one.
     *
     * @param removed the keys; those that are not there are passed over
     * @return how many were there
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws BpfException if a key cannot be written as bytes, the map is frozen, or the kernel
     *     refuses
     */
    public int deleteAll(Collection<? extends K> removed) {
        if (!map().operations().delete()) {
            throw map().unsupported("remove elements");
        }
        BatchWriter<K, V> writer = BatchWriter.deleting(map(), removed.size());
        for (K key : removed) {
            writer.delete(key);
        }
        return writer.flush();
    }

    /**
     * Walks over the elements in batches.
     *
     * @param size how many elements a batch has at most, as long as a bucket of the map has no more
     * @return a cursor before the first batch
     * @throws IllegalArgumentException if the size is less than 1
     */
    public BatchCursor<K, V> lookupBatch(int size) {
        return BatchCursor.of(map(), size);
    }

    /**
     * Reads and removes all elements in batches. In hash maps each is read and removed at once. In
     * others, and on kernels before 5.6, it is read and then removed: an update in between is lost,
     * and an element that somebody else removes in between is left out. In resizable hash maps an
     * element may come twice, or be left out, while the kernel resizes the table.
     *
     * @param size how many elements a batch has at most, as long as a bucket of the map has no more
     * @return a cursor before the first batch; what is added behind it meanwhile stays
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws IllegalArgumentException if the size is less than 1
     */
    public BatchCursor<K, V> lookupAndDeleteBatch(int size) {
        if (!map().operations().delete() || map().oneCpu()) {
            throw map().unsupported("read and remove elements");
        }
        return BatchCursor.draining(map(), size);
    }

    /**
     * Removes all elements. Those that others add meanwhile may stay.
     *
     * @throws UnsupportedException if elements of this type of map cannot be removed, as those of
     *     arrays
     * @throws BpfException if the map is frozen, or the kernel refuses
     */
    public void clear() {
        if (!map().operations().delete()) {
            throw map().unsupported("remove all elements");
        }
        long most = map().handle().shape().mostElements();
        long removed = 0;
        long before;
        do {
            before = removed;
            ElementCursor cursor = new ElementCursor(map());
            while (cursor.advance(false)) {
                map().deleteAt(cursor.memory().address() + cursor.keyOffset());
                removed++;
            }
            // a walk by keys passes elements over while the kernel resizes the table
        } while (map().operations().order() == Operations.Order.KEYS
                && removed != before
                && removed <= most);
    }

    /**
     * Counts the elements, by a walk over all of a hash map.
     *
     * @return how many there are; while others change the map, about how many; {@link
     *     MapHandle#maxEntries} for arrays
     * @throws BpfException if the kernel refuses
     */
    public int size() {
        if (map().operations().array()) {
            return map().handle().maxEntries();
        }
        int size = 0;
        BatchCursor<K, V> batches = BatchCursor.iterating(map());
        while (batches.next()) {
            size += batches.count();
        }
        return size;
    }

    /**
     * Iterates over the elements.
     *
     * <p>Elements are read in batches where kernel and type can, by {@link BpfMap#lookupBatch},
     * else one by one. The iteration is weakly consistent: it always ends, never fails because an
     * element was removed, and each element has the value it had when its batch was read.
     *
     * <ul>
     *   <li>What is there from beginning to end comes once, while nobody removes anything. In hash
     *       maps that are read in batches it does so whatever others do, and no key comes twice.
     *   <li>What is removed before its batch is read is left out; what is added, and what an LRU
     *       map evicts, may come or not.
     *   <li>In tries, and where elements are read one by one, the kernel may lose its place when
     *       others remove elements, and begin again: elements may then come twice, and the
     *       iteration ends after at most as many elements as the map can hold, with some perhaps
     *       left out. So it is with resizable hash maps while the kernel resizes the table, which
     *       it does by itself some time after elements were added or removed (kernel/bpf/hashtab.c,
     *       bpf_each_rhash_elem).
     *   <li>The loop may remove the element it is at, here or by the iterator.
     * </ul>
     *
     * @return a new iterator, for use by one thread
     */
    @Override
    public Iterator<BpfMap.Entry<K, V>> iterator() {
        return new BatchIterator<>(map());
    }

    /**
     * Hands out each element, as {@link BpfMap#iterator} does.
     *
     * @param action what takes it
     * @throws BpfException if the kernel refuses; what the action throws is passed on
     */
    @Override
    public void forEach(Consumer<? super BpfMap.Entry<K, V>> action) {
        forEach((key, value) -> action.accept(new BpfMap.Entry<>(key, value)));
    }

    /**
     * Hands out the key and value of each element, as {@link BpfMap#iterator} does.
     *
     * @param action what takes them
     * @throws BpfException if the kernel refuses; what the action throws is passed on
     */
    public void forEach(BiConsumer<? super K, ? super V> action) {
        BatchCursor<K, V> batches = BatchCursor.iterating(map());
        while (batches.next()) {
            for (int i = 0; i < batches.count(); i++) {
                action.accept(batches.key(i), batches.value(i));
            }
        }
    }

    /**
     * Streams the elements, as {@link BpfMap#iterator} iterates over them.
     *
     * @return a sequential stream
     */
    public Stream<BpfMap.Entry<K, V>> stream() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        iterator(), Spliterator.NONNULL | Spliterator.IMMUTABLE),
                false);
    }
}
