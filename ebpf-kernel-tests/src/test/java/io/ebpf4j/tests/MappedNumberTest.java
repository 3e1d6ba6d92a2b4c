// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.IntVariable;
import io.ebpf4j.map.LongVariable;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Numbers in the memory of maps that are closed while others read them. */
@KernelTest
class MappedNumberTest {
    private static final int ROUNDS = 300;
    private static final int READERS = 2;
    private static final int BEFORE = 2000;

    private interface Read {
        long value();
    }

    private static MapHandle array(int valueSize) {
        MapSpec spec =
                MapSpec.of("numbers", MapType.ARRAY, 4, valueSize, 1).flags(MapSpec.MMAPABLE);
        return MapHandle.create(Kernel.shared(), spec, null, null);
    }

    @Test
    void aReaderSeesTheValueOrThatTheMapIsClosed()
            throws InterruptedException, ExecutionException, IOException {
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                MapHandle map = array(round % 2 == 0 ? Long.BYTES : Integer.BYTES);
                try (map) {
                    List<Read> reads = round % 2 == 0 ? longs(map) : ints(map);
                    CountDownLatch reading = new CountDownLatch(READERS);
                    List<Future<Long>> last = new ArrayList<>();
                    for (Read read : reads) {
                        last.add(threads.submit(() -> untilClosed(read, reading)));
                    }
                    reading.await();
                    map.close();
                    for (Future<Long> f : last) {
                        assertThat(f.get()).isEqualTo(BEFORE);
                    }
                }
            }
        }
        // what the numbers keep is no memory of a map
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("bpf-map");
    }

    private static List<Read> longs(MapHandle map) {
        LongVariable number = map.element(0, Long.class).asLong();
        number.set(42);
        return List.of(number::getAcquire, number::getOpaque);
    }

    private static List<Read> ints(MapHandle map) {
        IntVariable number = map.element(0, Integer.class).asInt();
        number.set(42);
        return List.of(number::getAcquire, number::getOpaque);
    }

    /** Returns how many values it read before the closing began. */
    private static long untilClosed(Read read, CountDownLatch reading) {
        long count = 0;
        while (true) {
            long value;
            try {
                value = read.value();
            } catch (IllegalStateException closed) {
                return Math.min(count, BEFORE);
            }
            if (value != 42) {
                throw new AssertionError("read " + value);
            }
            if (++count == BEFORE) {
                reading.countDown();
            }
        }
    }
}
