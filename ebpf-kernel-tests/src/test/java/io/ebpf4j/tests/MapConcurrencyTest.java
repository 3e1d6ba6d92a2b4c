// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Four writers, two deleters and two iterators on one map, which is closed under them at the end.
 *
 * <p>{@code -Debpf.concurrency.seconds=60} is the full length.
 */
@KernelTest
class MapConcurrencyTest {
    private static final Duration LENGTH =
            Duration.ofSeconds(Long.getLong("ebpf.concurrency.seconds", 3));

    private static final int WRITERS = 4;
    private static final int DELETERS = 2;
    private static final int ITERATORS = 2;

    /** Keys that come and go; those below 0 stay. */
    private static final int KEYS = 2000;

    private static final int STAYING = 100;

    private final Kernel kernel = Kernel.shared();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong removed = new AtomicLong();
    private final AtomicLong walks = new AtomicLong();

    /** The second half tells a torn value, or that of another key. */
    record Value(long number, long check) {
        static Value of(int key, long number) {
            return new Value(number, number * 31 + key);
        }

        void verify(int key) {
            if (check != number * 31 + key) {
                throw new AssertionError("key " + key + " has " + this);
            }
        }
    }

    private interface Step {
        void run(ThreadLocalRandom random);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH"})
    void nothingIsLostWhenAllWorkOnOneMap(MapType type) throws InterruptedException {
        MapHandle map =
                MapHandle.create(kernel, MapSpec.of("shared", type, 4, 16, 16 * KEYS), null, null);
        CountDownLatch closed = new CountDownLatch(WRITERS + DELETERS + ITERATORS);
        try {
            BpfMap<Integer, Value> shared = map.open(Integer.class, Value.class);
            for (int i = 1; i <= STAYING; i++) {
                shared.put(-i, Value.of(-i, i));
            }
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                threads.add(start(closed, random -> write(shared, random)));
            }
            for (int i = 0; i < DELETERS; i++) {
                threads.add(start(closed, random -> remove(shared, random)));
            }
            boolean exact = type == MapType.HASH;
            for (int i = 0; i < ITERATORS; i++) {
                threads.add(start(closed, random -> walk(shared, exact)));
            }
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() < end && failure.get() == null) {
                threads.get(0).join(Duration.ofMillis(20));
            }
            map.close();
            for (Thread thread : threads) {
                assertThat(thread.join(Duration.ofSeconds(60))).as("%s ends", thread).isTrue();
            }
        } finally {
            map.close();
        }
        assertThat(failure.get()).isNull();
        // each has run into the closed map, and into nothing else
        assertThat(closed.getCount()).isZero();
        assertThat(written.get()).isPositive();
        assertThat(removed.get()).isPositive();
        assertThat(walks.get()).isPositive();
    }

    private Thread start(CountDownLatch closed, Step step) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                while (failure.get() == null) {
                                    step.run(ThreadLocalRandom.current());
                                }
                            } catch (IllegalStateException e) {
                                closed.countDown();
                            } catch (Throwable t) {
                                failure.compareAndSet(null, t);
                            }
                        });
    }

    private void write(BpfMap<Integer, Value> map, ThreadLocalRandom random) {
        int key = random.nextInt(KEYS);
        Value value = Value.of(key, random.nextLong());
        switch (random.nextInt(4)) {
            case 0 -> map.putIfAbsent(key, value);
            case 1 -> map.replace(key, value);
            default -> map.put(key, value);
        }
        // not verified: the kernel may use the memory again for another key while it is copied
        map.get(key);
        written.incrementAndGet();
    }

    private void remove(BpfMap<Integer, Value> map, ThreadLocalRandom random) {
        int key = random.nextInt(KEYS);
        if (Requirement.atLeast("5.14") && random.nextBoolean()) {
            Value taken = map.lookupAndDelete(key);
            if (taken != null) {
                taken.verify(key);
                removed.incrementAndGet();
            }
        } else if (map.delete(key)) {
            removed.incrementAndGet();
        }
    }

    private void walk(BpfMap<Integer, Value> map, boolean exact) {
        boolean[] seen = new boolean[KEYS + STAYING + 1];
        int staying = 0;
        for (BpfMap.Entry<Integer, Value> e : map) {
            e.value().verify(e.key());
            int at = e.key() + STAYING;
            if (seen[at]) {
                throw new AssertionError("key " + e.key() + " came twice");
            }
            seen[at] = true;
            staying += e.key() < 0 ? 1 : 0;
        }
        if (exact && staying != STAYING) {
            throw new AssertionError(staying + " of " + STAYING + " elements that stay");
        }
        walks.incrementAndGet();
    }
}
