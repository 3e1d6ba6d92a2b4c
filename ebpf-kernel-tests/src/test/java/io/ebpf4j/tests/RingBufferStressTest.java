// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.map.Length;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A ring buffer that is filled faster than it is drained loses records, but never tears or repeats
 * one.
 */
@KernelTest
@Requires(kernel = "5.8")
class RingBufferStressTest {

    /** An emulated guest is some fifty times slower than the machine under it. */
    private static final long RECORDS = Long.getLong("ebpf.stress.records", 10_000_000);

    private static final int WORDS = 6;
    private static final int RUNS_PER_CALL = 20;

    record Sample(long sequence, @Length(WORDS) long[] words, long checksum) {}

    @Test
    void everyRecordIsWholeAndComesOnce() throws Exception {
        try (Collection c = Collection.load(Objects.bytes("stress"));
                RingBuffer<Sample> records = c.ringBuffer("records", Sample.class)) {
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> producer =
                    CompletableFuture.runAsync(() -> produce(c.program("produce"), enough));
            Checker checker = new Checker();
            while (checker.consumed < RECORDS && !producer.isDone()) {
                records.poll(Duration.ofMillis(100), checker::accept);
            }
            enough.set(true);
            producer.get(1, TimeUnit.MINUTES);
            records.consume(checker::accept);

            long dropped = c.variable("dropped", long.class).get();
            long discarded = c.variable("discarded", long.class).get();
            long produced = c.variable("produced", long.class).get();
            assertThat(checker.broken).isZero();
            assertThat(checker.repeated).isZero();
            assertThat(checker.consumed + dropped + discarded).isEqualTo(produced);
            assertThat(checker.consumed).isGreaterThanOrEqualTo(RECORDS);
            assertThat(dropped)
                    .as("records dropped, as the buffer is drained too slowly")
                    .isPositive();
        }
    }

    private static void produce(Program program, AtomicBoolean enough) {
        TestRun run = TestRun.create().data(new byte[64]).repeat(RUNS_PER_CALL);
        while (!enough.get()) {
            program.testRun(run);
        }
    }

    private static final class Checker {
        private long last = -1;
        private long consumed;
        private long broken;
        private long repeated;

        void accept(Sample s) {
            consumed++;
            if (s.sequence() <= last) {
                repeated++;
            }
            last = s.sequence();
            long sum = s.sequence();
            for (int i = 0; i < WORDS; i++) {
                long word = (s.sequence() + i) * 0x9e3779b97f4a7c15L;
                if (word != s.words()[i]) {
                    broken++;
                    return;
                }
                sum = sum * 31 + word;
            }
            if (sum != s.checksum()) {
                broken++;
            }
        }
    }
}
