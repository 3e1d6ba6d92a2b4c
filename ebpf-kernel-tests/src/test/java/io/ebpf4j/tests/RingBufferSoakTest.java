// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.ebpf4j.Collection;
import io.ebpf4j.map.EventFigures;
import io.ebpf4j.map.EventReader;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Many records, each checksummed in place: none is torn, repeated or unaccounted for, and neither
 * records nor time make the heap grow. {@code -Debpf.soak.records=100000000} is the real one.
 */
@KernelTest
@Requires(kernel = "5.8")
class RingBufferSoakTest {
    private static final long RECORDS = Long.getLong("ebpf.soak.records", 1_000_000);
    private static final long REAL = 100_000_000;
    private static final long GROWTH = 4 << 20;
    private static final int WORDS = 6;
    private static final Duration WAIT = Duration.ofMillis(100);

    @Test
    void everyRecordIsAccountedForAndTheHeapStaysFlat() throws Exception {
        try (Collection c = Collection.load(Objects.bytes("stress"));
                RingBuffer<byte[]> records = c.ringBuffer("records", byte[].class)) {
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> producer =
                    CompletableFuture.runAsync(
                            () -> {
                                TestRun run = TestRun.create().data(new byte[64]).repeat(20);
                                while (!enough.get()) {
                                    c.program("produce").testRun(run);
                                }
                            });
            Checker checker = new Checker();
            long begin = System.nanoTime();
            long flatAfter = RECORDS < REAL ? 0 : TimeUnit.MINUTES.toNanos(1);
            while (!producer.isDone()
                    && checker.consumed < RECORDS / 2
                    && (checker.consumed < RECORDS / 10 || System.nanoTime() - begin < flatAfter)) {
                records.pollRaw(WAIT, checker);
            }
            long heapBefore = heap();
            long consumedBefore = checker.consumed;
            long allocatedBefore = allocated();
            while (!producer.isDone() && checker.consumed < RECORDS) {
                records.pollRaw(WAIT, checker);
            }
            long allocated = allocated() - allocatedBefore;
            long heapAfter = heap();
            enough.set(true);
            producer.get(1, TimeUnit.MINUTES);
            records.consumeRaw(checker);

            long produced = c.variable("produced", long.class).get();
            long dropped = c.variable("dropped", long.class).get();
            long discarded = c.variable("discarded", long.class).get();
            System.out.printf(
                    "soak: %d consumed, %d dropped, %d discarded of %d in %d s; heap %d KiB, then"
                            + " %d KiB; %d bytes allocated%n",
                    checker.consumed,
                    dropped,
                    discarded,
                    produced,
                    (System.nanoTime() - begin) / 1_000_000_000,
                    heapBefore >> 10,
                    heapAfter >> 10,
                    allocated);
            assertThat(checker.broken).isZero();
            assertThat(checker.repeated).isZero();
            assertThat(checker.consumed).isGreaterThanOrEqualTo(RECORDS);
            assertThat(checker.consumed + dropped + discarded).isEqualTo(produced);
            EventFigures figures = records.figures();
            assertThat(figures.records()).isEqualTo(checker.consumed);
            assertThat(figures.discarded()).isEqualTo(discarded);
            assertThat(figures.pending()).isZero();
            assertThat(heapAfter - heapBefore).as("growth of the heap").isLessThan(GROWTH);
            assertThat((double) allocated / (checker.consumed - consumedBefore))
                    .as("bytes allocated for a record")
                    .isLessThan(1);
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static final class Checker implements EventReader.RawConsumer {
        private long last = -1;
        private long consumed;
        private long broken;
        private long repeated;

        @Override
        public void accept(MemorySegment data, long offset, int length) {
            consumed++;
            long sequence = data.get(ValueLayout.JAVA_LONG, offset);
            if (sequence <= last) {
                repeated++;
            }
            last = sequence;
            long sum = sequence;
            for (int i = 0; i < WORDS; i++) {
                long word = data.get(ValueLayout.JAVA_LONG, offset + 8 + 8L * i);
                if (word != (sequence + i) * 0x9e3779b97f4a7c15L) {
                    broken++;
                    return;
                }
                sum = sum * 31 + word;
            }
            if (sum != data.get(ValueLayout.JAVA_LONG, offset + 8 + 8 * WORDS)) {
                broken++;
            }
        }
    }
}
