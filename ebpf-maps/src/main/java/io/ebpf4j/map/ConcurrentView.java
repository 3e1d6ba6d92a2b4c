// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.UnsupportedException;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** A hash map as {@link BpfMap#asConcurrentMap} describes it. */
final class ConcurrentView<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
    private final BpfMap<K, V> map;
    private volatile boolean takes;

    ConcurrentView(BpfMap<K, V> map) {
        this.map = map;
        this.takes = !map.operations().lookupAndDelete().isEmpty();
    }

    @SuppressWarnings("unchecked") // a key of another class fails in the codec, as get() may
    private K key(Object key) {
        return (K) Objects.requireNonNull(key);
    }

    @Override
    public V get(Object key) {
        return map.get(key(key));
    }

    @Override
    public V getOrDefault(Object key, V otherwise) {
        V value = get(key);
        return value == null ? otherwise : value;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public V put(K key, V value) {
        V before = map.get(key(key));
        map.put(key, Objects.requireNonNull(value));
        return before;
    }

    @Override
    public V putIfAbsent(K key, V value) {
        Objects.requireNonNull(value);
        while (!map.putIfAbsent(key(key), value)) {
            V there = map.get(key);
            if (there != null) {
                return there;
            }
        }
        return null;
    }

    @Override
    public V replace(K key, V value) {
        V before = map.get(key(key));
        return map.replace(key, Objects.requireNonNull(value)) ? before : null;
    }

    @Override
    public V remove(Object key) {
        K removed = key(key);
        if (takes) {
            try {
                return map.lookupAndDelete(removed);
            } catch (UnsupportedException e) {
                takes = false;
            }
        }
        V before = map.get(removed);
        return map.delete(removed) ? before : null;
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> elements) {
        map.putAll(elements);
    }

    @Override
    public void clear() {
        map.clear();
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public boolean isEmpty() {
        return map.nextKey(null) == null;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        map.forEach(action);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new Entries();
    }

    @Override
    public boolean replace(K key, V before, V after) {
        throw notAtomic("replace(key, old, new)");
    }

    @Override
    public boolean remove(Object key, Object value) {
        throw notAtomic("remove(key, value)");
    }

    @Override
    public V compute(K key, BiFunction<? super K, ? super V, ? extends V> function) {
        throw notAtomic("compute");
    }

    @Override
    public V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> function) {
        throw notAtomic("computeIfPresent");
    }

    @Override
    public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> function) {
        throw notAtomic("merge");
    }

    @Override
    public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        throw notAtomic("replaceAll");
    }

    private UnsupportedOperationException notAtomic(String method) {
        return new UnsupportedOperationException(
                method
                        + " on "
                        + map
                        + " cannot be atomic: the kernel compares nothing before it writes, and"
                        + " programs write at any time");
    }

    private final class Entries extends AbstractSet<Map.Entry<K, V>> {
        @Override
        public int size() {
            return map.size();
        }

        @Override
        public void clear() {
            map.clear();
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            Iterator<BpfMap.Entry<K, V>> elements = map.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return elements.hasNext();
                }

                @Override
                public Map.Entry<K, V> next() {
                    BpfMap.Entry<K, V> e = elements.next();
                    return new Written(e.key(), e.value());
                }

                @Override
                public void remove() {
                    elements.remove();
                }
            };
        }
    }

    /** An entry whose value can be set, in the map too. */
    private final class Written extends SimpleEntry<K, V> {
        private static final long serialVersionUID = 1;

        Written(K key, V value) {
            super(key, value);
        }

        @Override
        public V setValue(V value) {
            map.put(getKey(), Objects.requireNonNull(value));
            return super.setValue(value);
        }
    }
}
