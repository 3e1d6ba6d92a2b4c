// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.IpPrefix;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Any sequence of operations on a map does what a model of it in Java does.
 *
 * <p>{@code -Debpf.model.sequences=N} runs N sequences for each type of map; {@code
 * -Debpf.model.seed=N} begins with the one that a failure names.
 */
@KernelTest
class MapModelTest {
    private static final int SEQUENCES = Integer.getInteger("ebpf.model.sequences", 10_000);
    private static final long SEED = Long.getLong("ebpf.model.seed", 1);

    /** So few that keys meet again, and maps are full. */
    private static final int KEYS = 12;

    private final Kernel kernel = Kernel.shared();

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH", "ARRAY"})
    void mapsOfNumbersDoWhatTheModelDoes(MapType type) {
        try (MapHandle map = create(type, 4)) {
            run(
                    map.open(Integer.class, Long.class),
                    new MapModel.Exact<>(map),
                    random -> random.nextInt(KEYS),
                    Random::nextLong);
        }
    }

    @Test
    @Requires(kernel = "7.2")
    void resizableMapsDoWhatTheModelDoes() {
        mapsOfNumbersDoWhatTheModelDoes(MapType.RHASH);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void perCpuMapsDoWhatTheModelDoes(MapType type) {
        int cpus = kernel.possibleCpus();
        try (MapHandle map = create(type, 4)) {
            run(
                    map.openPerCpu(Integer.class, Long.class),
                    new MapModel.Exact<Integer, PerCpu<Long>>(map),
                    random -> random.nextInt(KEYS),
                    random -> {
                        List<Long> values = new ArrayList<>();
                        for (int i = 0; i < cpus; i++) {
                            values.add(random.nextLong());
                        }
                        return PerCpu.of(values);
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"LPM_TRIE"})
    void triesDoWhatTheModelDoes(MapType type) {
        try (MapHandle map = create(type, 8)) {
            run(
                    map.openPrefixes(Long.class),
                    new MapModel.LongestPrefix<>(map),
                    MapModelTest::prefix,
                    Random::nextLong);
        }
    }

    /** Prefixes of few addresses, so that they are in each other, with zeros behind. */
    private static IpPrefix prefix(Random random) {
        int length = random.nextInt(9);
        int first = random.nextInt(8) << 5 & 0xff00 >> length;
        try {
            return new IpPrefix(
                    InetAddress.getByAddress(new byte[] {(byte) first, 0, 0, 0}), length);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static <K, V> void run(
            BpfMap<K, V> map,
            MapModel<K, V> model,
            Function<Random, K> keys,
            Function<Random, V> values) {
        MapOperations<K, V> operations = new MapOperations<>(map, model, keys, values);
        for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
            Random random = new Random(seed);
            operations.begin();
            StringBuilder done = new StringBuilder();
            try {
                for (int i = 5 + random.nextInt(20); i > 0; i--) {
                    operations.any(random, done);
                }
                operations.compare(done);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "sequence " + seed + " (-Debpf.model.seed=" + seed + "): " + done, e);
            }
        }
        assertThat(operations.kinds()).as("operations that were tried").isGreaterThanOrEqualTo(8);
    }

    private MapHandle create(MapType type, int keySize) {
        MapSpec spec =
                switch (type) {
                    // evicts nothing as long as it is nearly empty
                    case LRU_HASH, LRU_PERCPU_HASH -> MapSpec.of("model", type, keySize, 8, 10_000);
                    // counts exactly
                    case HASH, PERCPU_HASH, RHASH ->
                            MapSpec.of("model", type, keySize, 8, 8).flags(MapSpec.NO_PREALLOC);
                    case LPM_TRIE ->
                            MapSpec.of("model", type, keySize, 8, 100).flags(MapSpec.NO_PREALLOC);
                    default -> MapSpec.of("model", type, keySize, 8, 8);
                };
        return MapHandle.create(kernel, spec, null, null);
    }
}
