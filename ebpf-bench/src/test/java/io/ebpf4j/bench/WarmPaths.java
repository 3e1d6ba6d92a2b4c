// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import io.ebpf4j.Collection;
import io.ebpf4j.map.EventReader;
import io.ebpf4j.map.LongMap;
import io.ebpf4j.map.LongVariable;
import io.ebpf4j.map.MappedLongs;
import io.ebpf4j.map.RawMap;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.program.TestRun;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The paths that must allocate nothing once they are warm; run by {@link Allocations}. */
public class WarmPaths {
    /** The system property that says where the object is. */
    static final String OBJECT = "ebpf-bench.object";

    private static final int RECORDS = 100_000;

    private static Collection load() {
        return Collection.load(Path.of(System.getProperty(OBJECT)));
    }

    /** Maps with something in them. */
    @State(Scope.Thread)
    public static class Maps {
        private final Collection collection = load();
        private final LongMap longs = collection.longMap("hash");
        private final RawMap raw = collection.map("hash").openRaw();
        private final MemorySegment key = Arena.global().allocate(ValueLayout.JAVA_INT);
        private final MemorySegment value = Arena.global().allocate(ValueLayout.JAVA_LONG);
        private final LongVariable counter = collection.variable("counter", long.class).asLong();
        private final MappedLongs numbers = collection.map("numbers").openMappedLongs();
        private int last;

        /** Puts in what is read. */
        @Setup
        public void fill() {
            for (int i = 0; i < 1024; i++) {
                longs.put(i, i);
            }
        }

        /** Closes all. */
        @TearDown
        public void close() {
            collection.close();
        }

        private int next() {
            last = last + 1 & 1023;
            return last;
        }
    }

    /** A ring buffer that is filled before each invocation. */
    @State(Scope.Thread)
    public static class Ring {
        private static final long NO_WAKEUP = 1;

        private final Collection collection = load();
        private final RingBuffer<Long> ring = collection.ringBuffer("ring", Long.class);
        private final EventReader.RawConsumer consumer = this::add;
        private long sum;

        private void add(MemorySegment data, long offset, int length) {
            sum += data.get(ValueLayout.JAVA_LONG, offset);
        }

        /** Has a program send the records; what this allocates is shared by all of them. */
        @Setup(Level.Invocation)
        public void fill() {
            ByteBuffer order = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
            order.putInt(RECORDS).putInt(Long.BYTES).putLong(NO_WAKEUP);
            collection.program("fill").testRun(TestRun.create().context(order.array()));
        }

        /** Closes all. */
        @TearDown
        public void close() {
            collection.close();
        }
    }

    /**
     * Reads a hash map.
     *
     * @param maps the maps
     * @return the value
     */
    @Benchmark
    public long longMapGet(Maps maps) {
        return maps.longs.get(maps.next(), -1);
    }

    /**
     * Writes a hash map.
     *
     * @param maps the maps
     */
    @Benchmark
    public void longMapPut(Maps maps) {
        maps.longs.put(maps.next(), maps.last);
    }

    /**
     * Reads and writes a hash map in the caller's memory.
     *
     * @param maps the maps
     * @return the value
     */
    @Benchmark
    public long rawMapGetPut(Maps maps) {
        maps.key.set(ValueLayout.JAVA_INT, 0, maps.next());
        maps.raw.get(maps.key, maps.value);
        maps.raw.put(maps.key, maps.value);
        return maps.value.get(ValueLayout.JAVA_LONG, 0);
    }

    /**
     * Reads, writes and adds to a global variable.
     *
     * @param maps the maps
     * @return its value
     */
    @Benchmark
    public long variable(Maps maps) {
        maps.counter.setRelease(maps.counter.getAcquire() + 1);
        return maps.counter.getAndAdd(1);
    }

    /**
     * Reads an array in memory.
     *
     * @param maps the maps
     * @return the value
     */
    @Benchmark
    public long mappedLongs(Maps maps) {
        return maps.numbers.get(maps.next() & 511);
    }

    /**
     * Consumes the records of a ring buffer in place.
     *
     * @param ring the ring buffer
     * @return the sum of what they hold
     */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long ringConsumeRaw(Ring ring) {
        ring.ring.consumeRaw(ring.consumer);
        return ring.sum;
    }
}
