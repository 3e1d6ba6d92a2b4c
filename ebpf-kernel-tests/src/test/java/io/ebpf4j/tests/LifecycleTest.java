// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is opened is closed, once or twice, from here or from there. */
@KernelTest
class LifecycleTest {

    private static final Duration SETTLING = Duration.ofSeconds(30);

    /** An emulated guest takes a tenth of a second for what takes a millisecond elsewhere. */
    private static final int CYCLES = Integer.getInteger("ebpf.lifecycle.cycles", 1000);

    /**
     * Detaching a perf event waits for every CPU to leave the tracepoint, some 50 ms; a raw
     * tracepoint does not.
     */
    private static final int CYCLES_PER_PERF_EVENT = 20;

    @Test
    @Requires(Requirement.TRACEFS)
    void aThousandCyclesLeaveNothing() {
        CollectionSpec spec = Objects.spec("lifecycle");
        KernelObjects.Counts before = KernelObjects.counts();
        for (int i = 0; i < CYCLES; i++) {
            try (Collection c = Collection.load(spec)) {
                c.attach("on_exit");
                if (i % CYCLES_PER_PERF_EVENT == 0) {
                    c.attach("on_exec");
                }
                assertThat(c.variable("calls", long.class).get()).isZero();
            }
        }
        assertThat(settled(before))
                .as("as many programs, maps and links as before: %s", before)
                .isTrue();
    }

    /** The kernel frees what was closed a little later. */
    private static boolean settled(KernelObjects.Counts before) {
        long last = System.nanoTime() + SETTLING.toNanos();
        while (!KernelObjects.counts().atMost(before)) {
            if (System.nanoTime() > last) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Test
    void closingTwiceIsHarmless() {
        Collection c = Collection.load(Objects.spec("lifecycle"));
        RingBuffer<Long> ring = c.ringBuffer("events", Long.class);
        c.close();
        c.close();
        ring.close();
        assertThatThrownBy(() -> c.attach("on_exec")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTheCollectionEndsAPollOnAnotherThread() throws Exception {
        Collection c = Collection.load(Objects.spec("lifecycle"));
        RingBuffer<Long> ring = c.ringBuffer("events", Long.class);
        CountDownLatch polling = new CountDownLatch(1);
        CompletableFuture<Integer> handled = new CompletableFuture<>();
        Thread poller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    polling.countDown();
                                    try {
                                        handled.complete(
                                                ring.poll(Duration.ofMinutes(10), e -> {}));
                                    } catch (RuntimeException e) {
                                        handled.completeExceptionally(e);
                                    }
                                });
        polling.await();
        c.close();
        assertThat(handled.get(30, TimeUnit.SECONDS)).isZero();
        poller.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(poller.isAlive()).isFalse();
        c.close();
    }
}
