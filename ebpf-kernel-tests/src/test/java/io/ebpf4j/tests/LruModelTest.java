// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BatchCursor;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What can be said of an LRU map with more keys than it has room for, whatever sequence of
 * operations is done to it: what is there has the value that was written last, what was evicted
 * does not come back by itself, and there is never more than fits. The properties of {@link
 * MapModelTest} apply.
 */
@KernelTest
class LruModelTest {
    private static final int SEQUENCES = Integer.getInteger("ebpf.model.sequences", 10_000);
    private static final long SEED = Long.getLong("ebpf.model.seed", 1);
    private static final int ROOM = 16;
    private static final int KEYS = 3 * ROOM;

    private final Kernel kernel = Kernel.shared();

    @ParameterizedTest
    @CsvSource({"LRU_HASH, 0", "LRU_HASH, 2"})
    void whatIsThereIsWhatWasWrittenLast(MapType type, int flags) {
        try (MapHandle map = create(type, flags)) {
            run(new Sequence<>(map, map.open(Integer.class, Long.class), Random::nextLong));
        }
    }

    @ParameterizedTest
    @CsvSource({"LRU_PERCPU_HASH, 0", "LRU_PERCPU_HASH, 2"})
    void eachCpuHasWhatWasWrittenLast(MapType type, int flags) {
        int cpus = kernel.possibleCpus();
        try (MapHandle map = create(type, flags)) {
            run(
                    new Sequence<>(
                            map,
                            map.openPerCpu(Integer.class, Long.class),
                            random -> PerCpu.of(random.longs(cpus).boxed().toList())));
        }
    }

    private MapHandle create(MapType type, int flags) {
        assertThat(flags).isIn(0, MapSpec.NO_COMMON_LRU);
        MapSpec spec = MapSpec.of("lru", type, 4, 8, ROOM).flags(flags);
        return MapHandle.create(kernel, spec, null, null);
    }

    private static void run(Sequence<?> sequence) {
        for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
            StringBuilder done = new StringBuilder();
            try {
                sequence.run(new Random(seed), done);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "sequence " + seed + " (-Debpf.model.seed=" + seed + "): " + done, e);
            }
        }
        assertThat(sequence.evicted).as("elements that made room").isPositive();
        assertThat(sequence.found).as("elements that were there").isPositive();
    }

    /** Operations on a map, and what is known of it. */
    private static final class Sequence<V> {
        private final BpfMap<Integer, V> map;
        private final Function<Random, V> values;
        private final int most;
        private final Map<Integer, V> written = new HashMap<>();
        private final List<BiConsumer<Random, StringBuilder>> operations = new ArrayList<>();
        private long evicted;
        private long found;

        Sequence(MapHandle handle, BpfMap<Integer, V> map, Function<Random, V> values) {
            this.map = map;
            this.values = values;
            // with lists of each CPU's own, the kernel rounds up to the number of CPUs
            this.most = handle.info().maxEntries();
            operations.add(this::put);
            operations.add(this::put);
            operations.add(this::putMany);
            operations.add(this::get);
            operations.add(this::putIfAbsent);
            operations.add(this::replace);
            operations.add(this::delete);
            operations.add(this::deleteMany);
            operations.add(this::walk);
            operations.add(this::walkKeys);
            operations.add(this::drain);
            if (Requirement.atLeast("5.14")) {
                operations.add(this::lookupAndDelete);
            }
        }

        void run(Random random, StringBuilder done) {
            map.clear();
            written.clear();
            for (int i = 10 + random.nextInt(30); i > 0; i--) {
                operations.get(random.nextInt(operations.size())).accept(random, done);
            }
            walk(random, done);
        }

        private static Integer key(Random random) {
            return random.nextInt(KEYS);
        }

        /** Takes note of a value that was read, or of none. */
        private void seen(Integer key, V value) {
            if (value == null) {
                evicted += written.remove(key) == null ? 0 : 1;
                return;
            }
            found++;
            assertThat(value).as("the value of %s", key).isEqualTo(written.get(key));
        }

        /** Takes note of all that is there; nothing else is. */
        private void seenAll(Map<Integer, V> all) {
            assertThat(all).hasSizeLessThanOrEqualTo(most);
            all.forEach(this::seen);
            int before = written.size();
            written.keySet().retainAll(all.keySet());
            evicted += before - written.size();
        }

        private void put(Random random, StringBuilder done) {
            Integer key = key(random);
            V value = values.apply(random);
            done.append("put ").append(key).append("; ");
            map.put(key, value);
            written.put(key, value);
            assertThat(map.get(key)).isEqualTo(value);
        }

        private void putMany(Random random, StringBuilder done) {
            Map<Integer, V> many = new HashMap<>();
            for (int i = random.nextInt(2 * ROOM); i > 0; i--) {
                many.put(key(random), values.apply(random));
            }
            done.append("putAll ").append(many.keySet()).append("; ");
            map.putAll(many);
            written.putAll(many);
        }

        private void get(Random random, StringBuilder done) {
            Integer key = key(random);
            done.append("get ").append(key).append("; ");
            seen(key, map.get(key));
        }

        private void putIfAbsent(Random random, StringBuilder done) {
            Integer key = key(random);
            V value = values.apply(random);
            done.append("putIfAbsent ").append(key).append("; ");
            // room is made first, and what is evicted may be this key's own element
            if (map.putIfAbsent(key, value)) {
                written.put(key, value);
            } else {
                assertThat(written).containsKey(key);
            }
            seen(key, map.get(key));
            assertThat(written).containsKey(key);
        }

        private void replace(Random random, StringBuilder done) {
            Integer key = key(random);
            V value = values.apply(random);
            done.append("replace ").append(key).append("; ");
            if (map.replace(key, value)) {
                assertThat(written).containsKey(key);
                written.put(key, value);
            }
            seen(key, map.get(key));
        }

        private void delete(Random random, StringBuilder done) {
            Integer key = key(random);
            done.append("delete ").append(key).append("; ");
            boolean there = map.delete(key);
            assertThat(written.remove(key) != null || !there).isTrue();
            assertThat(map.get(key)).isNull();
        }

        private void lookupAndDelete(Random random, StringBuilder done) {
            Integer key = key(random);
            done.append("lookupAndDelete ").append(key).append("; ");
            seen(key, map.lookupAndDelete(key));
            written.remove(key);
            assertThat(map.get(key)).isNull();
        }

        private void deleteMany(Random random, StringBuilder done) {
            Set<Integer> many = new TreeSet<>();
            for (int i = random.nextInt(ROOM); i > 0; i--) {
                many.add(key(random));
            }
            done.append("deleteAll ").append(many).append("; ");
            int removed = map.deleteAll(many);
            int before = written.size();
            written.keySet().removeAll(many);
            assertThat(removed).isLessThanOrEqualTo(before - written.size());
        }

        private void walk(Random random, StringBuilder done) {
            done.append("walk; ");
            Map<Integer, V> all = new HashMap<>();
            map.forEach((key, value) -> assertThat(all.put(key, value)).isNull());
            seenAll(all);
            assertThat(map.size()).isEqualTo(all.size());
        }

        private void walkKeys(Random random, StringBuilder done) {
            done.append("nextKey; ");
            Set<Integer> keys = new TreeSet<>();
            for (Integer key = map.nextKey(null); key != null; key = map.nextKey(key)) {
                assertThat(keys.add(key)).as("%s comes once", key).isTrue();
            }
            assertThat(written.keySet()).containsAll(keys);
            assertThat(keys).hasSizeLessThanOrEqualTo(most);
        }

        private void drain(Random random, StringBuilder done) {
            int size = 1 + random.nextInt(ROOM);
            done.append("drain ").append(size).append("; ");
            Map<Integer, V> all = new HashMap<>();
            BatchCursor<Integer, V> batches = map.lookupAndDeleteBatch(size);
            while (batches.next()) {
                for (int i = 0; i < batches.count(); i++) {
                    assertThat(all.put(batches.key(i), batches.value(i))).isNull();
                }
            }
            seenAll(all);
            written.clear();
            assertThat(map.size()).isZero();
        }
    }
}
