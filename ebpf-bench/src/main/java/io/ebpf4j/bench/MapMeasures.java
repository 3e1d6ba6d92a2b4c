// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import io.ebpf4j.Collection;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.EventReader;
import io.ebpf4j.map.LongVariable;
import io.ebpf4j.map.MappedLongs;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.map.PerfBuffer;
import io.ebpf4j.map.PerfBufferOptions;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.TestRun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Our side of the measurements of maps and buffers; does the same as {@code libbpf-maps.c}. Each
 * answers with the nanoseconds that it took.
 */
final class MapMeasures implements Server.Measure {
    private static final int ENTRIES = 100_000;
    private static final long SUM_OF_ENTRIES = (long) ENTRIES * (ENTRIES - 1) / 2;
    private static final int READS = 10_000_000;
    private static final long RING_BYTES = 64L * 1024 * 1024;
    private static final int PERF_PAGES = 4096;
    private static final int PERF_RECORDS = 200_000;
    private static final int LIVE_RECORDS = 2_000_000;
    private static final int LIVE_BATCH = 1000;
    private static final int WAKES = 200;
    private static final long NANOS_BETWEEN_WAKES = 200_000;
    private static final long NO_WAKEUP = 1;

    private final Collection collection;
    private final Server.Measure measure;
    private final BpfMap<Integer, Long> hash;
    private RingBuffer<Beginning> ring;
    private volatile boolean producing;

    /** The beginning of a record of the ring buffer, typed. */
    record Beginning(long number) {}

    private MapMeasures(String name, Path object) {
        collection = Collection.load(object);
        hash = collection.map("hash", Integer.class, Long.class);
        measure = measure(name);
    }

    static MapMeasures open(String name, Path object) {
        return new MapMeasures(name, object);
    }

    @Override
    public long nanos() {
        return measure.nanos();
    }

    private Server.Measure measure(String name) {
        return switch (name) {
            case "hash-lookup" -> prepared(this::hashLookup);
            case "hash-update" -> prepared(this::putAll);
            case "hash-insert" -> this::hashInsert;
            case "hash-delete" -> this::hashDelete;
            case "hash-miss" -> this::hashMiss;
            case "percpu-lookup" -> percpuLookup();
            case "array-lookup" -> arrayLookup();
            case "iterate" -> prepared(this::iterate);
            case "variable-read" -> variableRead();
            case "elements-read" -> elementsRead();
            case "ring-8" -> () -> consume(8);
            case "ring-64" -> () -> consume(64);
            case "ring-256" -> () -> consume(256);
            case "ring-64-typed" -> () -> consumeTyped(64);
            case "perf-64" -> perf();
            case "ring-live" -> this::live;
            case "ring-wake" -> this::wake;
            default -> throw new IllegalArgumentException("no measurement " + name);
        };
    }

    private Server.Measure prepared(Server.Measure measure) {
        putAll();
        return measure;
    }

    /** Each key once, in no order. */
    private static int key(int i) {
        return i * (int) 2654435761L;
    }

    private long putAll() {
        long begin = System.nanoTime();
        for (int i = 0; i < ENTRIES; i++) {
            hash.put(key(i), (long) i);
        }
        return System.nanoTime() - begin;
    }

    private long deleteAll() {
        long begin = System.nanoTime();
        for (int i = 0; i < ENTRIES; i++) {
            hash.delete(key(i));
        }
        return System.nanoTime() - begin;
    }

    private static void check(long is, long expected) {
        if (is != expected) {
            throw new IllegalStateException(is + " where " + expected + " was expected");
        }
    }

    private long hashLookup() {
        long begin = System.nanoTime();
        long total = 0;
        for (int i = 0; i < ENTRIES; i++) {
            total += hash.get(key(i));
        }
        long took = System.nanoTime() - begin;
        check(total, SUM_OF_ENTRIES);
        return took;
    }

    private long hashInsert() {
        deleteAll();
        return putAll();
    }

    private long hashDelete() {
        putAll();
        return deleteAll();
    }

    private long hashMiss() {
        deleteAll();
        long begin = System.nanoTime();
        int missed = 0;
        for (int i = 0; i < ENTRIES; i++) {
            missed += hash.get(key(i)) == null ? 1 : 0;
        }
        long took = System.nanoTime() - begin;
        check(missed, ENTRIES);
        return took;
    }

    private Server.Measure percpuLookup() {
        BpfMap<Integer, PerCpu<Long>> map =
                collection.perCpuMap("percpu", Integer.class, Long.class);
        int cpus = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < ENTRIES; i++) {
            List<Long> values = new ArrayList<>();
            for (int cpu = 0; cpu < cpus; cpu++) {
                values.add((long) i);
            }
            map.put(key(i), PerCpu.of(values));
        }
        return () -> {
            long begin = System.nanoTime();
            long total = 0;
            for (int i = 0; i < ENTRIES; i++) {
                for (long value : map.get(key(i))) {
                    total += value;
                }
            }
            long took = System.nanoTime() - begin;
            check(total, SUM_OF_ENTRIES * cpus);
            return took;
        };
    }

    private Server.Measure arrayLookup() {
        BpfMap<Integer, Long> array = collection.map("array", Integer.class, Long.class);
        for (int i = 0; i < ENTRIES; i++) {
            array.put(i, (long) i);
        }
        return () -> {
            long begin = System.nanoTime();
            long total = 0;
            for (int i = 0; i < ENTRIES; i++) {
                total += array.get(i);
            }
            long took = System.nanoTime() - begin;
            check(total, SUM_OF_ENTRIES);
            return took;
        };
    }

    private long iterate() {
        long begin = System.nanoTime();
        long total = 0;
        for (BpfMap.Entry<Integer, Long> entry : hash) {
            total += entry.value();
        }
        long took = System.nanoTime() - begin;
        check(total, SUM_OF_ENTRIES);
        return took;
    }

    private Server.Measure variableRead() {
        LongVariable counter = collection.variable("counter", long.class).asLong();
        counter.set(1);
        return () -> {
            long begin = System.nanoTime();
            long total = 0;
            for (int i = 0; i < READS; i++) {
                total += counter.getAcquire();
            }
            long took = System.nanoTime() - begin;
            check(total, READS);
            return took;
        };
    }

    private Server.Measure elementsRead() {
        MappedLongs numbers = collection.map("numbers").openMappedLongs();
        int last = (int) numbers.size() - 1;
        for (int i = 0; i <= last; i++) {
            numbers.set(i, 1);
        }
        return () -> {
            long begin = System.nanoTime();
            long total = 0;
            for (int i = 0; i < READS; i++) {
                total += numbers.get(i & last);
            }
            long took = System.nanoTime() - begin;
            check(total, READS);
            return took;
        };
    }

    private RingBuffer<Beginning> ring() {
        if (ring == null) {
            ring = collection.ringBuffer("ring", Beginning.class);
        }
        return ring;
    }

    private void run(String program, int records, int bytes, long flags) {
        ByteBuffer order = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        order.putInt(records).putInt(bytes).putLong(flags);
        Program found = collection.program(program);
        check(found.testRun(TestRun.create().context(order.array())).returnValue(), 0);
    }

    /** Adds the records' numbers up. */
    private static final class Sum implements EventReader.RawConsumer {
        long seen;
        long sum;

        @Override
        public void accept(MemorySegment data, long offset, int length) {
            seen++;
            sum += data.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        }
    }

    private long fill(int bytes) {
        long records = RING_BYTES / (bytes + 8);
        run("fill", (int) records, bytes, NO_WAKEUP);
        return records;
    }

    private static void checkAll(long seen, long sum, long records) {
        // a full ring leaves no room for what it would take to be told from an empty one
        if (seen + 1 < records) {
            check(seen, records);
        }
        check(sum, seen * (seen - 1) / 2);
    }

    private long consume(int bytes) {
        RingBuffer<Beginning> reader = ring();
        long records = fill(bytes);
        Sum sum = new Sum();
        long begin = System.nanoTime();
        reader.consumeRaw(sum);
        long took = System.nanoTime() - begin;
        checkAll(sum.seen, sum.sum, records);
        return took;
    }

    private long consumeTyped(int bytes) {
        RingBuffer<Beginning> reader = ring();
        long records = fill(bytes);
        long[] sums = new long[2];
        long begin = System.nanoTime();
        reader.consume(
                record -> {
                    sums[0]++;
                    sums[1] += record.number();
                });
        long took = System.nanoTime() - begin;
        checkAll(sums[0], sums[1], records);
        return took;
    }

    private Server.Measure perf() {
        PerfBuffer<Beginning> reader =
                collection.perfBuffer(
                        "perf",
                        Beginning.class,
                        PerfBufferOptions.builder().pages(PERF_PAGES).build());
        return () -> {
            run("fill_perf", PERF_RECORDS, 0, 0);
            Sum sum = new Sum();
            long begin = System.nanoTime();
            reader.consumeRaw(sum);
            long took = System.nanoTime() - begin;
            check(sum.seen, PERF_RECORDS);
            check(sum.sum, sum.seen * (sum.seen - 1) / 2);
            return took;
        };
    }

    private long live() {
        RingBuffer<Beginning> reader = ring();
        Sum sum = new Sum();
        reader.consumeRaw(sum);
        sum.seen = 0;
        producing = true;
        long begin = System.nanoTime();
        Thread producer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (producing) {
                                        run("fill", LIVE_BATCH, 8, 0);
                                    }
                                });
        while (sum.seen < LIVE_RECORDS) {
            reader.pollRaw(Duration.ofMillis(100), sum);
        }
        long took = System.nanoTime() - begin;
        producing = false;
        join(producer);
        return (long) ((double) took / sum.seen * LIVE_RECORDS);
    }

    private long wake() {
        RingBuffer<Beginning> reader = ring();
        long[] latencies = new long[WAKES];
        int[] seen = new int[1];
        Thread waker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < WAKES; i++) {
                                        LockSupport.parkNanos(NANOS_BETWEEN_WAKES);
                                        run("wake", i, 0, 0);
                                    }
                                });
        // bpf_ktime_get_ns() and System.nanoTime() are CLOCK_MONOTONIC both
        EventReader.RawConsumer note =
                (data, offset, length) ->
                        latencies[seen[0]++] =
                                System.nanoTime() - data.get(ValueLayout.JAVA_LONG, offset);
        while (seen[0] < WAKES) {
            reader.pollRaw(Duration.ofMillis(100), note);
        }
        join(waker);
        Arrays.sort(latencies);
        return latencies[WAKES / 2];
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
