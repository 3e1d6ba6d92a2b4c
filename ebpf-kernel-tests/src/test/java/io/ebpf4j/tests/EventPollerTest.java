// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.EventPoller;
import io.ebpf4j.map.EventReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

@KernelTest
@Requires(Requirement.BTF)
@Timeout(120)
class EventPollerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void eachReaderEndsTheWait() throws InterruptedException {
        try (Collection ring = Sent.load(false);
                Collection perf = Sent.load(true);
                EventPoller poller = EventPoller.create(Kernel.shared())) {
            List<String> got = new ArrayList<>();
            poller.add(ring.events("events", Sent.class), e -> got.add("ring " + e.sequence()))
                    .addRaw(
                            perf.events("events", byte[].class),
                            (data, offset, length) -> got.add("perf " + length));
            assertThat(poller.poll(Duration.ZERO)).isZero();
            for (Collection sender : List.of(ring, perf, ring, perf)) {
                AtomicInteger handled = new AtomicInteger();
                Thread thread = new Thread(() -> handled.set(poller.poll(LONG)));
                thread.start();
                Waiting.inEpoll(thread);
                Sent.send(sender, 1, 0);
                thread.join();
                assertThat(handled).hasValue(1);
            }
            assertThat(got).containsExactly("ring 0", "perf 84", "ring 1", "perf 84");
            Sent.send(ring, 1, 0);
            Sent.send(perf, 1, 0);
            assertThat(poller.poll(LONG)).isEqualTo(2);
        }
    }

    @Test
    void closingThePollerEndsAWaitAndLeavesReadersOpen() throws InterruptedException {
        try (Collection c = Sent.load(false);
                EventReader<Sent> events = c.events("events", Sent.class)) {
            EventPoller poller = EventPoller.create(Kernel.shared()).add(events, e -> {});
            AtomicInteger handled = new AtomicInteger(-1);
            Thread thread = new Thread(() -> handled.set(poller.poll(LONG)));
            thread.start();
            Waiting.inEpoll(thread);
            assertThatThrownBy(() -> events.consume(e -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by a poller");
            poller.close();
            thread.join();
            assertThat(handled).hasValue(0);
            assertThat(poller.poll(LONG)).isZero();
            Sent.send(c, 2);
            assertThat(events.consume(e -> {})).isEqualTo(2);
            assertThatThrownBy(() -> poller.add(events, e -> {}))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closingAReaderEndsItsPart() throws InterruptedException {
        try (Collection one = Sent.load(false);
                Collection two = Sent.load(true);
                EventPoller poller = EventPoller.create(Kernel.shared())) {
            EventReader<Sent> first = one.events("events", Sent.class);
            EventReader<Sent> second = two.events("events", Sent.class);
            AtomicInteger seconds = new AtomicInteger();
            poller.add(first, e -> {}).add(second, e -> seconds.incrementAndGet());
            assertThatThrownBy(() -> poller.add(first, e -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
            Thread thread = new Thread(() -> poller.poll(LONG));
            thread.start();
            Waiting.inEpoll(thread);
            first.close();
            thread.join();
            Sent.send(one, 1);
            Sent.send(two, 3, 0);
            assertThat(poller.poll(LONG)).isEqualTo(3);
            assertThat(seconds).hasValue(3);
            assertThat(poller.remove(first)).isFalse();
            assertThat(poller.remove(second)).isTrue();
            Sent.send(two, 1, 0);
            assertThat(poller.poll(Duration.ofMillis(1))).isZero();
            assertThat(second.consume(e -> {})).isEqualTo(1);
        }
    }
}
