// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.BatchCursor;
import io.ebpf4j.map.BpfMap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Does the same to a map and to its model, and compares what they answer. */
final class MapOperations<K, V> {
    private static final long RESIZED_AFTER_NANOS = 10_000_000_000L;

    private final BpfMap<K, V> map;
    private final MapModel<K, V> model;
    private final Function<Random, K> keys;
    private final Function<Random, V> values;
    private final List<BiConsumer<Random, StringBuilder>> all = new ArrayList<>();
    private final Set<Integer> tried = new HashSet<>();
    private V zero;

    MapOperations(
            BpfMap<K, V> map,
            MapModel<K, V> model,
            Function<Random, K> keys,
            Function<Random, V> values) {
        this.map = map;
        this.model = model;
        this.keys = keys;
        this.values = values;
        // what comes first is most of what maps are for
        all.add(this::get);
        all.add(this::put);
        all.add(this::put);
        all.add(this::putIfAbsent);
        all.add(this::replace);
        all.add(this::nextKeys);
        all.add((random, done) -> compare(done));
        all.add(this::putAll);
        all.add(this::readInBatches);
        if (!model.array) {
            all.add(this::delete);
            all.add(this::deleteAll);
            all.add(this::removeByIterator);
        }
        if (model.hash && Requirement.atLeast("5.14")) {
            all.add(this::lookupAndDelete);
        }
        if (!model.array) {
            all.add(this::drain);
        }
    }

    /** Empties the map; elements of arrays become what new ones are. */
    void begin() {
        model.elements.clear();
        if (!model.array) {
            map.clear();
            return;
        }
        if (zero == null) {
            // a new array has zeros
            zero = map.iterator().next().value();
        }
        map.forEach((key, value) -> model.elements.put(key, zero));
        map.putAll(model.elements);
    }

    void any(Random random, StringBuilder done) {
        int which = random.nextInt(all.size());
        tried.add(which);
        all.get(which).accept(random, done);
    }

    /** Returns how many kinds of operations were tried. */
    int kinds() {
        return tried.size();
    }

    private void get(Random random, StringBuilder done) {
        K key = keys.apply(random);
        done.append("get ").append(key).append("; ");
        assertThat(map.get(key)).isEqualTo(model.get(key));
    }

    private void put(Random random, StringBuilder done) {
        K key = keys.apply(random);
        V value = values.apply(random);
        done.append("put ").append(key).append("; ");
        if (model.fits(key)) {
            map.put(key, value);
            model.elements.put(key, value);
        } else {
            assertThatThrownBy(() -> map.put(key, value))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining(model.array ? "is not less than" : "is full");
        }
    }

    private void putIfAbsent(Random random, StringBuilder done) {
        K key = keys.apply(random);
        V value = values.apply(random);
        done.append("putIfAbsent ").append(key).append("; ");
        if (!model.fits(key)) {
            return;
        }
        assertThat(map.putIfAbsent(key, value)).isEqualTo(!model.has(key));
        model.elements.putIfAbsent(key, value);
    }

    private void replace(Random random, StringBuilder done) {
        K key = keys.apply(random);
        V value = values.apply(random);
        done.append("replace ").append(key).append("; ");
        if (model.array && !model.fits(key)) {
            return;
        }
        assertThat(map.replace(key, value)).isEqualTo(model.has(key));
        model.elements.replace(key, value);
    }

    private void delete(Random random, StringBuilder done) {
        K key = keys.apply(random);
        done.append("delete ").append(key).append("; ");
        assertThat(map.delete(key)).isEqualTo(model.elements.remove(key) != null);
    }

    private void lookupAndDelete(Random random, StringBuilder done) {
        K key = keys.apply(random);
        done.append("lookupAndDelete ").append(key).append("; ");
        assertThat(map.lookupAndDelete(key)).isEqualTo(model.elements.remove(key));
    }

    private void putAll(Random random, StringBuilder done) {
        Map<K, V> several = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            K key = keys.apply(random);
            if (model.has(key)) {
                several.put(key, values.apply(random));
            }
        }
        done.append("putAll ").append(several.keySet()).append("; ");
        map.putAll(several);
        model.elements.putAll(several);
    }

    private void deleteAll(Random random, StringBuilder done) {
        Set<K> several = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            several.add(keys.apply(random));
        }
        done.append("deleteAll ").append(several).append("; ");
        int before = model.elements.size();
        model.elements.keySet().removeAll(several);
        assertThat(map.deleteAll(several)).isEqualTo(before - model.elements.size());
    }

    /** Walks over the map; where the kernel may be resizing it, until a walk is as expected. */
    private void walk(Runnable walk) {
        long begin = System.nanoTime();
        while (true) {
            try {
                walk.run();
                return;
            } catch (AssertionError e) {
                if (!model.resizable || System.nanoTime() - begin > RESIZED_AFTER_NANOS) {
                    throw e;
                }
            }
        }
    }

    private void nextKeys(Random random, StringBuilder done) {
        done.append("nextKey; ");
        walk(
                () -> {
                    Set<K> seen = new HashSet<>();
                    for (K key = map.nextKey(null); key != null; key = map.nextKey(key)) {
                        assertThat(seen.add(key)).as("%s comes once", key).isTrue();
                    }
                    assertThat(seen).isEqualTo(model.elements.keySet());
                });
    }

    private void readInBatches(Random random, StringBuilder done) {
        int size = 1 + random.nextInt(10);
        done.append("lookupBatch ").append(size).append("; ");
        walk(() -> assertThat(elements(map.lookupBatch(size))).isEqualTo(model.elements));
    }

    /** Returns what a cursor hands out, each key once. */
    private Map<K, V> elements(BatchCursor<K, V> batches) {
        Map<K, V> seen = new HashMap<>();
        while (batches.next()) {
            for (int i = 0; i < batches.count(); i++) {
                V value = batches.value(i);
                V before = seen.put(batches.key(i), value);
                assertThat(before == null || model.resizable && before.equals(value)).isTrue();
            }
        }
        return seen;
    }

    private void removeByIterator(Random random, StringBuilder done) {
        done.append("remove half; ");
        var iterator = map.iterator();
        Set<K> seen = new HashSet<>();
        while (iterator.hasNext()) {
            BpfMap.Entry<K, V> e = iterator.next();
            boolean first = seen.add(e.key());
            assertThat(first || model.resizable).isTrue();
            if (first && random.nextBoolean()) {
                iterator.remove();
                assertThat(model.elements.remove(e.key())).isEqualTo(e.value());
            }
        }
    }

    private void drain(Random random, StringBuilder done) {
        int size = 1 + random.nextInt(10);
        done.append("drain ").append(size).append("; ");
        Map<K, V> seen = new HashMap<>();
        walk(
                () -> {
                    seen.putAll(elements(map.lookupAndDeleteBatch(size)));
                    assertThat(seen).isEqualTo(model.elements);
                });
        model.elements.clear();
    }

    /** Compares all elements. */
    void compare(StringBuilder done) {
        done.append("compare; ");
        walk(
                () -> {
                    Map<K, V> seen = new HashMap<>();
                    map.forEach((key, value) -> assertThat(seen.put(key, value)).isNull());
                    assertThat(seen).isEqualTo(model.elements);
                    assertThat(map.size()).isEqualTo(model.elements.size());
                });
    }
}
