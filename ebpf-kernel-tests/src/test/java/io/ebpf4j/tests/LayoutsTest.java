// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.map.BigEndian;
import io.ebpf4j.map.LongVariable;
import io.ebpf4j.map.MappedLongs;
import io.ebpf4j.map.Variable;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;

/** Java and a program agree on bitfields, enums, byte orders, times and atomic additions. */
@KernelTest
class LayoutsTest {
    private static final int PACKET_BYTES = 64;
    private static final int RUNS = 200;

    enum Verdict {
        VERDICT_PASS,
        VERDICT_DROP,
        VERDICT_NONE
    }

    record Flow(
            Instant at,
            Duration took,
            @BigEndian int address,
            @BigEndian int port,
            int spare,
            Verdict verdict,
            int mode,
            boolean on,
            long hops) {}

    private static void run(Collection c) {
        c.program("layouts").testRun(TestRun.create().data(new byte[PACKET_BYTES]));
    }

    @Test
    void whatAProgramWritesIsRead() {
        try (Collection c = Collection.load(Objects.spec("layouts"))) {
            Instant before = Instant.now();
            run(c);
            Instant after = Instant.now();
            Flow flow = c.variable("written", Flow.class).get();
            assertThat(flow.at()).isBetween(before.minusSeconds(1), after.plusSeconds(1));
            assertThat(flow)
                    .isEqualTo(
                            new Flow(
                                    flow.at(),
                                    Duration.ofSeconds(1, 1),
                                    0xc0a80001,
                                    65000,
                                    7,
                                    Verdict.VERDICT_DROP,
                                    -3,
                                    true,
                                    0xabcde));
        }
    }

    @Test
    void whatIsWrittenAProgramReads() {
        try (Collection c = Collection.load(Objects.spec("layouts"))) {
            Variable<Flow> given = c.variable("given", Flow.class);
            Flow flow =
                    new Flow(
                            Instant.now(),
                            Duration.ZERO,
                            -1,
                            8080,
                            0,
                            Verdict.VERDICT_NONE,
                            -4,
                            false,
                            0xfffff);
            given.set(flow);
            run(c);
            assertThat(c.variable("seen_port", int.class).get()).isEqualTo(8080);
            assertThat(c.variable("seen_mode", int.class).get()).isEqualTo(-4);
            assertThat(c.variable("seen_hops", int.class).get()).isEqualTo(0xfffff);
            assertThat(c.variable("seen_verdict", int.class).get()).isEqualTo(-5);
            assertThat(given.get()).isEqualTo(flow);
        }
    }

    @Test
    void additionsOfBothSidesAreAllCounted() throws InterruptedException {
        MemorySegment memory;
        LongVariable hits;
        try (Collection c = Collection.load(Objects.spec("layouts"))) {
            Variable<Long> variable = c.variable("hits", long.class);
            hits = variable.asLong();
            memory = variable.memory();
            LongVariable shared = hits;
            Thread adder =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 1000 * RUNS; i++) {
                                    shared.getAndAdd(1);
                                }
                            });
            adder.start();
            for (int i = 0; i < RUNS; i++) {
                run(c);
            }
            adder.join();
            assertThat(hits.getVolatile()).isEqualTo(1001L * RUNS);
            assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(1001L * RUNS);
        }
        assertThatThrownBy(hits::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_LONG, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void elementsOfMappedArraysAreSharedWithPrograms() throws InterruptedException {
        MappedLongs counters;
        try (Collection c = Collection.load(Objects.spec("layouts"))) {
            counters = c.map("counters").openMappedLongs();
            MappedLongs shared = counters;
            Thread adder =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 1000 * RUNS; i++) {
                                    shared.getAndAdd(2, 1);
                                }
                            });
            adder.start();
            for (int i = 0; i < RUNS; i++) {
                run(c);
            }
            adder.join();
            assertThat(counters.getVolatile(2)).isEqualTo(1001L * RUNS);
            assertThat(counters.get(0)).isZero();
            Flow flow =
                    new Flow(
                            Instant.EPOCH,
                            Duration.ofNanos(1),
                            1,
                            2,
                            3,
                            Verdict.VERDICT_PASS,
                            -1,
                            true,
                            7);
            Variable<Flow> last = c.map("flows").element(2, Flow.class);
            last.set(flow);
            run(c);
            assertThat(last.get().hops()).isEqualTo(8);
            assertThat(c.map("flows", Integer.class, Flow.class).get(2).hops()).isEqualTo(8);
            assertThat(c.map("flows").element(1, byte[].class).get()).containsOnly(0);
        }
        assertThatThrownBy(() -> counters.get(0)).isInstanceOf(IllegalStateException.class);
    }
}
