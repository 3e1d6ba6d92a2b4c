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

    /** The extension compares descriptors, mappings and kernel objects after this test. */
    @Test
    @Requires(Requirement.TRACEFS)
    void aThousandCyclesLeaveNothing() {
        CollectionSpec spec = Objects.spec("lifecycle");
        for (int i = 0; i < 1000; i++) {
            try (Collection c = Collection.load(spec)) {
                assertThat(c.attach()).hasSize(2);
                c.variable("calls", long.class).get();
            }
        }
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
