// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Reads rings that a thread of the test fills by the kernel's protocol in plain memory. */
class RingTest {
    private static final int SIZE = 4096;

    private final Arena arena = Arena.ofShared();
    private final Producer producer = new Producer(arena, SIZE);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void recordsComeInOrderAndOnce() {
        Ring<byte[]> ring = ring();
        producer.submit(1, 2, 3);
        producer.submit();
        producer.submit(4);
        assertThat(drain(ring)).containsExactly(new byte[] {1, 2, 3}, new byte[0], new byte[] {4});
        assertThat(drain(ring)).isEmpty();
        assertThat(producer.consumed()).isEqualTo(16 + 8 + 16);
    }

    @Test
    void discardedRecordsArePassedOver() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        producer.discard(producer.reserve(20));
        producer.submit(2);
        assertThat(drain(ring)).containsExactly(new byte[] {1}, new byte[] {2});
        assertThat(producer.consumed()).isEqualTo(producer.position());
    }

    @Test
    void aBusyRecordHoldsBackThoseBehindIt() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        long busy = producer.reserve(3);
        producer.submit(2);
        assertThat(drain(ring)).containsExactly(new byte[] {1});
        assertThat(ring.ready()).isFalse();
        assertThat(producer.consumed()).isEqualTo(16);
        producer.commit(busy);
        assertThat(ring.ready()).isTrue();
        assertThat(drain(ring)).hasSize(2);
        assertThat(ring.ready()).isFalse();
    }

    @Test
    void recordsThatWrapAreContiguous() {
        Ring<byte[]> ring = ring();
        byte[] large = new byte[SIZE / 2 + 100];
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < large.length; j++) {
                large[j] = (byte) (i * 31 + j);
            }
            producer.submit(large);
            assertThat(drain(ring)).containsExactly(large);
        }
    }

    @Test
    void theConsumerPositionIsPublishedForEveryBatchButTheLastRecordOfAStream() {
        Ring<byte[]> ring = ring();
        for (int i = 0; i < 2 * Ring.BATCH + 5; i++) {
            producer.submit((byte) i);
        }
        List<Long> seen = new ArrayList<>();
        ring.drain(Integer.MAX_VALUE, record -> seen.add(producer.consumed()), null);
        assertThat(seen.subList(0, Ring.BATCH)).containsOnly(0L);
        assertThat(seen.subList(Ring.BATCH, 2 * Ring.BATCH)).containsOnly(16L * (Ring.BATCH - 1));
        assertThat(seen.subList(2 * Ring.BATCH, seen.size()))
                .containsOnly(16L * (2 * Ring.BATCH - 1));
        assertThat(producer.consumed()).isEqualTo(producer.position() - 16);
        assertThat(ring.available()).isZero();
        assertThat(ring.ready()).isFalse();
        assertThat(producer.consumed()).isEqualTo(producer.position());
    }

    @Test
    void theLastRecordOfAStreamIsGivenBackOnRequest() {
        Ring<byte[]> ring = ring();
        stream(ring);
        assertThat(producer.consumed()).isEqualTo(producer.position() - 16);
        ring.settle();
        assertThat(producer.consumed()).isEqualTo(producer.position());
    }

    @Test
    void aLargeRecordIsGivenBackAtOnce() {
        Ring<byte[]> ring = ring();
        stream(ring);
        producer.submit(new byte[SIZE / 8]);
        assertThat(drain(ring)).hasSize(1);
        assertThat(producer.consumed()).isEqualTo(producer.position());
    }

    @Test
    void aReaderThatCaughtUpWithAStreamLetsTheProducerGetAhead() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        assertThat(drain(ring)).hasSize(1);
        assertThat(ring.pace()).isFalse();
        stream(ring);
        assertThat(ring.pace()).isFalse();
        producer.submit(1);
        assertThat(drain(ring)).hasSize(1);
        long begin = System.nanoTime();
        assertThat(ring.pace()).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Ring.PAUSE_NANOS);
        // nothing comes: the stream is over
        assertThat(ring.ready()).isFalse();
        assertThat(ring.pace()).isFalse();
    }

    @Test
    void whileAStreamGoesOnItsLastRecordIsNotGivenBack() {
        Ring<byte[]> ring = ring();
        stream(ring);
        producer.submit(7);
        assertThat(ring.ready()).isTrue();
        assertThat(producer.consumed()).isEqualTo(producer.position() - 32);
        assertThat(drain(ring)).containsExactly(new byte[] {7});
    }

    private void stream(Ring<byte[]> ring) {
        for (int i = 0; i < Ring.BATCH; i++) {
            producer.submit((byte) i);
        }
        assertThat(drain(ring)).hasSize(Ring.BATCH);
    }

    @Test
    void aRecordWhoseConsumerThrowsIsConsumed() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        producer.submit(2);
        producer.submit(3);
        assertThatThrownBy(
                        () ->
                                ring.drain(
                                        Integer.MAX_VALUE,
                                        record -> {
                                            if (record[0] == 2) {
                                                throw new IllegalStateException("two");
                                            }
                                        },
                                        null))
                .hasMessage("two");
        assertThat(producer.consumed()).isEqualTo(32);
        assertThat(drain(ring)).containsExactly(new byte[] {3});
    }

    @Test
    void aDrainEndsWithWhatWasThereWhenItBegan() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        int handled = ring.drain(Integer.MAX_VALUE, record -> producer.submit(1), null);
        assertThat(handled).isEqualTo(1);
        assertThat(ring.ready()).isTrue();
    }

    @Test
    void aDrainStopsAfterTheMostWanted() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        producer.discard(producer.reserve(1));
        producer.submit(2);
        producer.submit(3);
        List<byte[]> records = new ArrayList<>();
        assertThat(ring.drain(2, records::add, null)).isEqualTo(2);
        assertThat(records).containsExactly(new byte[] {1}, new byte[] {2});
        assertThat(drain(ring)).containsExactly(new byte[] {3});
    }

    @Test
    void stoppingEndsADrainAfterTheCurrentRecord() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        producer.submit(2);
        assertThat(ring.drain(Integer.MAX_VALUE, record -> ring.stop(), null)).isEqualTo(1);
        assertThat(producer.consumed()).isEqualTo(16);
    }

    @Test
    void rawConsumersSeeTheRecordInPlace() {
        Ring<byte[]> ring = ring();
        producer.submit(9, 8, 7);
        producer.submit(6);
        List<byte[]> records = new ArrayList<>();
        int handled =
                ring.drain(
                        Integer.MAX_VALUE,
                        null,
                        (data, offset, length) -> {
                            assertThat(offset % 8).isZero();
                            assertThat(data.isReadOnly()).isTrue();
                            records.add(
                                    data.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
                        });
        assertThat(handled).isEqualTo(2);
        assertThat(records).containsExactly(new byte[] {9, 8, 7}, new byte[] {6});
    }

    @Test
    void aSecondReaderGoesOnWhereTheFirstStopped() {
        producer.submit(1);
        assertThat(drain(ring())).hasSize(1);
        producer.submit(2);
        assertThat(drain(ring())).containsExactly(new byte[] {2});
    }

    @Test
    void aLengthThatReachesPastTheProducerIsReportedAsCorrupt() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        producer.corruptLength(0, 4000);
        assertThatThrownBy(() -> drain(ring))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("a record of 4000 bytes at position 0 reaches past");
    }

    @Test
    void aProducerMoreThanTheRingAheadIsReportedAsCorrupt() {
        Ring<byte[]> ring = ring();
        producer.submit(1);
        producer.corruptPosition(SIZE + 8);
        assertThatThrownBy(() -> drain(ring))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("4104 bytes past position 0, but it has 4096");
    }

    @Test
    void aDrainGoesPastTheEndOfTheData() {
        Ring<byte[]> ring = ring();
        byte[] half = new byte[SIZE / 2];
        producer.submit(half);
        assertThat(drain(ring)).hasSize(1);
        for (int i = 0; i < 200; i++) {
            producer.submit((byte) i);
        }
        List<byte[]> records = drain(ring);
        assertThat(records).hasSize(200);
        for (int i = 0; i < 200; i++) {
            assertThat(records.get(i)).containsExactly((byte) i);
        }
        producer.submit(1, 2);
        assertThat(drain(ring)).containsExactly(new byte[] {1, 2});
    }

    @Test
    void recordsShorterThanTheirTypeAreReported() {
        record Event(long a, int b) {}
        Ring<Event> ring =
                producer.reader(
                        RecordDecoder.of("ring buffer events", "Event", Codec.of(Event.class)));
        producer.submit(new byte[12]);
        producer.submit(new byte[16]);
        assertThatThrownBy(() -> ring.drain(1, e -> {}, null))
                .isInstanceOf(BpfException.class)
                .hasMessage("a record of ring buffer events has 12 bytes, but Event needs 16");
        List<Event> events = new ArrayList<>();
        ring.drain(10, events::add, null);
        assertThat(events).containsExactly(new Event(0, 0));
    }

    record Numbered(long sequence, long checksum, int filler) {}

    @Test
    void noRecordIsTornLostOrDoubledUnderLoad() throws InterruptedException {
        int total = 2_000_000;
        Ring<Numbered> ring =
                producer.reader(
                        RecordDecoder.of(
                                "ring buffer events", "Numbered", Codec.of(Numbered.class)));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread writer =
                new Thread(
                        () -> {
                            try {
                                produce(total);
                            } catch (Throwable t) {
                                failure.set(t);
                            }
                        });
        writer.start();
        long[] next = {0};
        while (next[0] < total && failure.get() == null) {
            int handled =
                    ring.drain(
                            Integer.MAX_VALUE,
                            e -> {
                                if (e.sequence() != next[0]
                                        || e.checksum() != checksum(e.sequence(), e.filler())) {
                                    throw new AssertionError(
                                            "expected record " + next[0] + " but read " + e);
                                }
                                next[0]++;
                            },
                            null);
            if (handled == 0) {
                LockSupport.parkNanos(20_000); // CPUs may be fewer than threads
            }
        }
        writer.join();
        assertThat(failure.get()).isNull();
        assertThat(next[0]).isEqualTo(total);
        ring.settle();
        assertThat(drain(producer.reader(bytes()))).isEmpty();
    }

    /** Submits numbered records of changing lengths, and between them discarded ones. */
    private void produce(int total) {
        for (int i = 0; i < total; ) {
            int length = 24 + i % 7 * 8;
            long at = producer.tryReserve(length);
            if (at < 0) {
                LockSupport.parkNanos(20_000); // CPUs may be fewer than threads
                continue;
            }
            int filler = i * 31;
            producer.fill(at, i, checksum(i, filler), filler);
            producer.commit(at);
            if (i % 11 == 0) {
                long waste = producer.tryReserve(40);
                if (waste >= 0) {
                    producer.fill(waste, -1, -1, -1);
                    producer.discard(waste);
                }
            }
            i++;
        }
    }

    private static long checksum(long sequence, int filler) {
        return (sequence ^ 0x5bd1e995L) * 0x9E3779B97F4A7C15L + filler;
    }

    private Ring<byte[]> ring() {
        return producer.reader(bytes());
    }

    private static RecordDecoder<byte[]> bytes() {
        return RecordDecoder.of(null, "ring buffer events", byte[].class);
    }

    private static List<byte[]> drain(Ring<byte[]> ring) {
        List<byte[]> records = new ArrayList<>();
        int handled = ring.drain(Integer.MAX_VALUE, records::add, null);
        assertThat(handled).isEqualTo(records.size());
        return records;
    }
}
