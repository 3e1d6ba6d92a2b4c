// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.RecordBatch;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.tests.RingProducer.Counters;
import io.ebpf4j.tests.RingProducer.Numbered;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

@KernelTest
@Timeout(120)
class RingBufferTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Kernel kernel = Kernel.shared();

    @Test
    void recordsArriveInOrder() {
        try (MapHandle map = ring(65536);
                RingProducer producer = new RingProducer(kernel, map, 3, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            List<Numbered> records = new ArrayList<>();
            assertThat(ring.consume(records::add)).isZero();
            producer.produce(100);
            assertThat(ring.poll(LONG, records::add)).isEqualTo(100);
            for (int i = 0; i < 100; i++) {
                assertThat(records.get(i).producer()).isEqualTo(3);
                assertThat(records.get(i).sequence()).isEqualTo(i);
                assertThat(records.get(i).intact()).isTrue();
            }
            assertThat(ring.available()).isZero();
        }
    }

    @Test
    void aSizeIsRoundedUpToWhatTheKernelTakes() {
        try (MapHandle map = ring(5000);
                RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class)) {
            assertThat(map.maxEntries()).isGreaterThanOrEqualTo(5000);
            assertThat(map.info().maxEntries()).isEqualTo(map.maxEntries());
            assertThat(ring.capacity()).isEqualTo(map.maxEntries());
        }
    }

    @Test
    void rawConsumersSeeRecordsOfAnyLengthInPlace() {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class)) {
            long[] next = {0};
            for (int round = 0; round < 200; round++) {
                producer.produce(20);
                int handled =
                        ring.consumeRaw(
                                (data, offset, length) -> {
                                    assertThat(length).isEqualTo(24 + (int) (next[0] & 7) * 8);
                                    assertThat(data.get(ValueLayout.JAVA_LONG, offset + 8))
                                            .isEqualTo(next[0]);
                                    next[0]++;
                                });
                assertThat(handled).isEqualTo(20);
            }
            assertThat(producer.counters()).isEqualTo(new Counters(4000, 0));
        }
    }

    @Test
    void recordsWithoutWakeUpAreFoundBeforeWaitingAndWhenTheTimeIsOver()
            throws InterruptedException {
        try (MapHandle map = ring(65536);
                RingProducer quiet = new RingProducer(kernel, map, 1, RingProducer.NO_WAKEUP);
                RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class)) {
            quiet.produce(1);
            assertThat(ring.poll(LONG, r -> {})).isEqualTo(1);
            AtomicInteger handled = new AtomicInteger();
            Thread reader =
                    new Thread(() -> handled.set(ring.poll(Duration.ofMillis(500), r -> {})));
            reader.start();
            Waiting.inEpoll(reader);
            quiet.produce(3);
            reader.join();
            assertThat(handled).hasValue(3);
        }
    }

    @Test
    void aTimeOutEndsAWait() {
        try (MapHandle map = ring(4096);
                RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class)) {
            long begin = System.nanoTime();
            assertThat(ring.poll(Duration.ofMillis(50), r -> {})).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(50), Duration.ofSeconds(20));
            assertThatThrownBy(() -> ring.poll(Duration.ofMillis(-1), r -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSubmissionEndsAWait() throws InterruptedException {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            AtomicInteger handled = new AtomicInteger();
            Thread reader = new Thread(() -> handled.set(ring.poll(LONG, r -> {})));
            reader.start();
            Waiting.inEpoll(reader);
            producer.produce(1);
            reader.join();
            assertThat(handled).hasValue(1);
        }
    }

    @Test
    void closingFromAnotherThreadEndsAWait() throws InterruptedException {
        try (MapHandle map = ring(4096)) {
            RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class);
            AtomicReference<Object> result = new AtomicReference<>();
            Thread reader = new Thread(() -> result.set(ring.poll(LONG, r -> {})));
            reader.start();
            Waiting.inEpoll(reader);
            ring.close();
            reader.join();
            assertThat(result.get()).isEqualTo(0);
            ring.close();
            assertThat(ring.isOpen()).isFalse();
            assertThat(ring.poll(LONG, r -> {})).isZero();
            assertThat(ring.available()).isZero();
        }
    }

    @Test
    void closingInsideAConsumerEndsTheCall() {
        try (MapHandle map = ring(65536);
                RingProducer producer = new RingProducer(kernel, map, 1, 0)) {
            RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class);
            producer.produce(10);
            assertThat(ring.poll(LONG, r -> ring.close())).isEqualTo(1);
            try (RingBuffer<Numbered> next = RingBuffer.of(map, Numbered.class)) {
                List<Long> left = new ArrayList<>();
                assertThat(next.consume(r -> left.add(r.sequence()))).isEqualTo(9);
                assertThat(left.get(0)).isEqualTo(1);
            }
        }
    }

    @Test
    void manyClosersAndAReaderDoNoHarm() throws InterruptedException {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0)) {
            for (int round = 0; round < 100; round++) {
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class);
                CountDownLatch go = new CountDownLatch(1);
                List<Thread> threads = new ArrayList<>();
                AtomicReference<Throwable> failure = new AtomicReference<>();
                for (int i = 0; i < 3; i++) {
                    boolean reads = i == 0;
                    Thread thread =
                            new Thread(
                                    () -> {
                                        try {
                                            go.await();
                                            while (reads && ring.isOpen()) {
                                                ring.poll(LONG, r -> {});
                                            }
                                            ring.close();
                                        } catch (Throwable t) {
                                            failure.set(t);
                                        }
                                    });
                    thread.start();
                    threads.add(thread);
                }
                go.countDown();
                producer.produce(5);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(failure.get()).isNull();
            }
        }
    }

    @Test
    void aSecondReaderIsToldSo() throws InterruptedException {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            producer.produce(1);
            ring.consume(
                    r ->
                            assertThatThrownBy(() -> ring.consume(x -> {}))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("one reads at a time"));
            Thread reader = new Thread(() -> ring.poll(LONG, r -> {}));
            reader.start();
            Waiting.inEpoll(reader);
            assertThatThrownBy(() -> ring.poll(Duration.ZERO, r -> {}))
                    .isInstanceOf(IllegalStateException.class);
            producer.produce(1);
            reader.join();
        }
    }

    @Test
    void iteratorAndStreamHandOutRecordsUntilClosed() throws InterruptedException {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0)) {
            RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class);
            producer.produce(5);
            Iterator<Numbered> records = ring.iterator();
            assertThat(records.next().sequence()).isZero();
            assertThat(records.next().sequence()).isEqualTo(1);
            assertThat(ring.stream().limit(3).map(Numbered::sequence)).containsExactly(2L, 3L, 4L);
            AtomicReference<Boolean> more = new AtomicReference<>();
            Thread reader = new Thread(() -> more.set(records.hasNext()));
            reader.start();
            Waiting.inEpoll(reader);
            ring.close();
            reader.join();
            assertThat(more.get()).isFalse();
        }
    }

    @Test
    void recordsShorterThanTheirTypeAreReported() {
        record Large(long a, long b, long c, long d) {}
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<Large> ring = RingBuffer.of(map, Large.class)) {
            producer.produce(1);
            assertThatThrownBy(() -> ring.consume(r -> {}))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("a record of ring buffer events has 24 bytes, but Large needs 32");
        }
    }

    @Test
    void aBatchHoldsRecordsUntilItIsClosed() throws InterruptedException {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            assertThat(ring.lease(Duration.ZERO, 10).size()).isZero();
            producer.produce(30);
            long produced = ring.producerPosition();
            List<MemorySegment> kept = new ArrayList<>();
            RecordBatch first = ring.lease(LONG, 10);
            try (first) {
                assertThat(first.size()).isEqualTo(10);
                first.forEach(kept::add);
                for (int i = 0; i < 10; i++) {
                    assertThat(kept.get(i).byteSize()).isEqualTo(24 + (i & 7) * 8);
                    assertThat(kept.get(i).get(ValueLayout.JAVA_LONG, 8)).isEqualTo(i);
                    assertThat(kept.get(i).isReadOnly()).isTrue();
                }
                long[] next = {0};
                first.forEachRaw(
                        (data, offset, length) ->
                                assertThat(data.get(ValueLayout.JAVA_LONG, offset + 8))
                                        .isEqualTo(next[0]++));
                assertThat(next[0]).isEqualTo(10);
                assertThat(ring.consumerPosition()).isZero();
                assertThat(ring.available()).isEqualTo(produced);
                assertThatThrownBy(() -> ring.consume(r -> {}))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("one reads at a time");
                AtomicReference<Throwable> elsewhere = new AtomicReference<>();
                Thread other = new Thread(() -> kept.get(0).get(ValueLayout.JAVA_LONG, 8));
                other.setUncaughtExceptionHandler((thread, e) -> elsewhere.set(e));
                other.start();
                other.join();
                assertThat(elsewhere.get()).isInstanceOf(WrongThreadException.class);
            }
            assertThatThrownBy(() -> kept.get(0).get(ValueLayout.JAVA_LONG, 8))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(first::iterator).isInstanceOf(IllegalStateException.class);
            assertThat(ring.consumerPosition()).isPositive();
            assertThat(ring.figures().records()).isEqualTo(10);
            List<Long> left = new ArrayList<>();
            assertThat(ring.consume(r -> left.add(r.sequence()))).isEqualTo(20);
            assertThat(left.get(0)).isEqualTo(10);
            assertThat(ring.consumerPosition()).isEqualTo(produced);
        }
    }

    @Test
    void aReaderThatIsClosedKeepsTheMemoryOfItsBatch() {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0)) {
            RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class);
            producer.produce(2);
            try (RecordBatch batch = ring.lease(LONG, 10)) {
                ring.close();
                assertThat(ring.isOpen()).isFalse();
                assertThat(batch.iterator().next().get(ValueLayout.JAVA_LONG, 8)).isZero();
            }
            assertThat(ring.lease(LONG, 1).size()).isZero();
            try (RingBuffer<Numbered> next = RingBuffer.of(map, Numbered.class)) {
                assertThat(next.consume(r -> {})).isZero();
            }
        }
    }

    @Test
    void aSubmissionEndsTheWaitForABatch() throws InterruptedException {
        try (MapHandle map = ring(4096);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            AtomicInteger handled = new AtomicInteger();
            Thread reader =
                    new Thread(
                            () -> {
                                try (RecordBatch batch = ring.lease(LONG, 100)) {
                                    handled.set(batch.size());
                                }
                            });
            reader.start();
            Waiting.inEpoll(reader);
            producer.produce(1);
            reader.join();
            assertThat(handled).hasValue(1);
        }
    }

    @Test
    @Requires(kernel = "6.19")
    void aBufferInOverwriteModeKeepsTheNewest() {
        MapSpec spec =
                MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096).flags(MapSpec.RING_OVERWRITE);
        try (MapHandle map = MapHandle.create(kernel, spec, null, null);
                RingProducer producer = new RingProducer(kernel, map, 1, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            producer.produce(10);
            List<Long> seen = new ArrayList<>();
            assertThat(ring.consume(r -> seen.add(r.sequence()))).isEqualTo(10);
            assertThat(ring.figures().overwritten()).isZero();
            producer.produce(1000);
            seen.clear();
            assertThat(ring.available()).isBetween(1L, 4096L);
            ring.poll(
                    LONG,
                    r -> {
                        assertThat(r.intact()).isTrue();
                        seen.add(r.sequence());
                    });
            assertThat(seen).hasSizeBetween(20, 200);
            assertThat(seen.getLast()).isEqualTo(1009);
            assertThat(seen.getFirst()).isEqualTo(1010 - seen.size());
            assertThat(ring.figures().overwritten()).isPositive();
            assertThat(producer.counters()).isEqualTo(new Counters(1010, 0));
            assertThat(ring.consume(r -> {})).isZero();
            assertThatThrownBy(() -> ring.lease(Duration.ZERO, 1))
                    .isInstanceOf(UnsupportedException.class);
        }
    }

    @Test
    void otherMapsAreNoRingBuffers() {
        try (MapHandle map =
                MapHandle.create(kernel, MapSpec.of("plain", MapType.HASH, 4, 4, 4), null, null)) {
            assertThatThrownBy(() -> RingBuffer.of(map, byte[].class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("map plain of type HASH is no ring buffer");
        }
        try (MapHandle map = ring(4096)) {
            assertThatThrownBy(() -> map.open(Integer.class, Integer.class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("open it by RingBuffer.of");
        }
    }

    @Test
    void noRecordIsTornDoubledOrLostUncountedUnderLoad() throws InterruptedException {
        int each = 500_000;
        try (MapHandle map = ring(1 << 16);
                RingProducer one = new RingProducer(kernel, map, 1, 0);
                RingProducer two = new RingProducer(kernel, map, 2, 0);
                RingBuffer<Numbered> ring = RingBuffer.of(map, Numbered.class)) {
            List<RingProducer> producers = List.of(one, two);
            AtomicInteger running = new AtomicInteger(producers.size());
            for (RingProducer producer : producers) {
                new Thread(
                                () -> {
                                    for (int i = 0; i < 50; i++) {
                                        producer.produce(each / 50);
                                    }
                                    running.decrementAndGet();
                                })
                        .start();
            }
            long[] last = {-1, -1};
            long consumed = 0;
            boolean done;
            do {
                done = running.get() == 0;
                consumed += ring.poll(Duration.ofMillis(10), r -> check(r, last));
            } while (!done || ring.available() > 0);
            long dropped = one.counters().dropped() + two.counters().dropped();
            assertThat(one.counters().produced() + two.counters().produced()).isEqualTo(2L * each);
            assertThat(consumed + dropped).isEqualTo(2L * each);
            assertThat(consumed).isPositive();
        }
    }

    private static void check(Numbered r, long[] last) {
        int producer = (int) r.producer() - 1;
        if (!r.intact() || producer < 0 || producer > 1 || r.sequence() <= last[producer]) {
            throw new AssertionError(r + " after " + last[0] + " and " + last[1]);
        }
        last[producer] = r.sequence();
    }

    private MapHandle ring(int bytes) {
        return MapHandle.create(
                kernel, MapSpec.of("events", MapType.RINGBUF, 0, 0, bytes), null, null);
    }
}
