// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.map.EventReader;
import io.ebpf4j.map.PerfBuffer;
import io.ebpf4j.map.RingBuffer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** One object and one way to read it, through a ring buffer and through a perf event array. */
@KernelTest
@Requires(Requirement.BTF)
@Timeout(300)
class EventReaderTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CYCLES = Integer.getInteger("ebpf.lifecycle.cycles", 1000);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void typedEventsArriveWhole(boolean perf) {
        try (Collection c = Sent.load(perf);
                EventReader<Sent> events = c.events("events", Sent.class)) {
            assertThat(events).isInstanceOf(perf ? PerfBuffer.class : RingBuffer.class);
            assertThat(events.consume(e -> {})).isZero();
            List<Sent> got = new ArrayList<>();
            for (int round = 0; round < 200; round++) {
                Sent.send(c, 50, 0);
                assertThat(events.poll(LONG, got::add)).isEqualTo(50);
            }
            for (int i = 0; i < got.size(); i++) {
                assertThat(got.get(i).sequence()).isEqualTo(i);
                assertThat(got.get(i).intact()).isTrue();
                assertThat(got.get(i).comm()).isNotEmpty();
            }
            assertThat(events.figures().records()).isEqualTo(10_000);
            assertThat(events.figures().bytes()).isGreaterThanOrEqualTo(10_000 * 80);
            assertThat(events.figures().pending()).isZero();
            assertThat(events.available()).isZero();
            assertThat(events.capacity()).isGreaterThanOrEqualTo(256 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rawEventsAreSeenInPlace(boolean perf) {
        try (Collection c = Sent.load(perf);
                EventReader<byte[]> events = c.events("events", byte[].class)) {
            long[] next = {0};
            for (int round = 0; round < 100; round++) {
                Sent.send(c, 70, 0);
                assertThat(events.available()).isGreaterThanOrEqualTo(70 * 88);
                int handled =
                        events.consumeRaw(
                                (data, offset, length) -> {
                                    assertThat(data.isReadOnly()).isTrue();
                                    assertThat(length).isBetween(80, 87);
                                    assertThat(data.get(ValueLayout.JAVA_LONG_UNALIGNED, offset))
                                            .isEqualTo(next[0]++);
                                });
                assertThat(handled).isEqualTo(70);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void iteratorsWaitAndEndWhenClosed(boolean perf) throws InterruptedException {
        try (Collection c = Sent.load(perf)) {
            EventReader<Sent> events = c.events("events", Sent.class);
            Sent.send(c, 3, 0);
            assertThat(events.stream().limit(3).map(Sent::sequence)).containsExactly(0L, 1L, 2L);
            AtomicReference<List<Long>> rest = new AtomicReference<>();
            Thread reader =
                    new Thread(() -> rest.set(events.stream().map(Sent::sequence).toList()));
            reader.start();
            Waiting.inEpoll(reader);
            Sent.send(c, 2, 0);
            long begin = System.nanoTime();
            while (events.figures().records() < 5 && System.nanoTime() - begin < LONG.toNanos()) {
                Thread.onSpinWait();
            }
            events.close();
            reader.join();
            assertThat(rest.get()).containsExactly(3L, 4L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readersAreClosedOftenDuringAPoll(boolean perf) throws InterruptedException {
        try (Collection c = Sent.load(perf)) {
            AtomicReference<EventReader<Sent>> current = new AtomicReference<>();
            AtomicInteger rounds = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread reader =
                    new Thread(
                            () -> {
                                try {
                                    for (int i = 0; i < CYCLES; i++) {
                                        EventReader<Sent> events =
                                                EventReader.of(c.map("events"), Sent.class);
                                        current.set(events);
                                        while (events.isOpen()) {
                                            events.poll(
                                                    LONG,
                                                    e -> {
                                                        if (!e.intact()) {
                                                            throw new AssertionError(e);
                                                        }
                                                    });
                                        }
                                        // returns once the other thread has given it back
                                        events.close();
                                        rounds.incrementAndGet();
                                    }
                                } catch (Throwable t) {
                                    failure.set(t);
                                }
                            });
            reader.start();
            for (int i = 0; reader.isAlive(); i++) {
                EventReader<Sent> events = current.getAndSet(null);
                if (events == null) {
                    Thread.onSpinWait();
                    continue;
                }
                if (i % 4 == 0) {
                    Sent.send(c, 5);
                }
                events.close();
                events.close();
            }
            reader.join();
            assertThat(failure.get()).isNull();
            assertThat(rounds).hasValue(CYCLES);
        }
    }

    @Test
    void otherMapsAreNoEvents() {
        try (Collection c = Sent.load(false)) {
            assertThatThrownBy(() -> c.events("scratch", Sent.class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("map scratch of type PERCPU_ARRAY");
        }
    }
}
