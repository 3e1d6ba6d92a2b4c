// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerfBuffer;
import io.ebpf4j.map.PerfBufferOptions;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

@KernelTest
@Requires(Requirement.BTF)
@Timeout(120)
class PerfBufferTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Path SECOND_CPU = Path.of("/sys/devices/system/cpu/cpu1/online");

    private final Kernel kernel = Kernel.shared();

    @Test
    void recordsOfEachCpuAreRead() {
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events =
                        c.perfBuffer("events", Sent.class, PerfBufferOptions.defaults())) {
            assertThat(events.cpus()).isEqualTo(kernel.onlineCpus());
            for (int cpu : kernel.onlineCpus()) {
                Sent.send(c, 10, cpu);
            }
            List<Integer> cpus = new ArrayList<>();
            events.poll(
                    LONG,
                    e -> {
                        assertThat(e.cpu()).isEqualTo(events.cpu());
                        assertThat(e.intact()).isTrue();
                        cpus.add(e.cpu());
                    });
            assertThat(cpus).hasSize(10 * kernel.onlineCpus().length);
        }
    }

    @Test
    void recordsThatWrapAreWhole() {
        PerfBufferOptions small = PerfBufferOptions.builder().pages(1).build();
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events = c.perfBuffer("events", Sent.class, small)) {
            long[] next = {0};
            for (int round = 0; round < 300; round++) {
                Sent.send(c, 7, 0);
                events.consume(
                        e -> {
                            assertThat(e.intact()).isTrue();
                            assertThat(e.sequence()).isEqualTo(next[0]++);
                        });
            }
            assertThat(next[0]).isEqualTo(2100);
        }
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        List<String> told = new ArrayList<>();
        PerfBufferOptions small =
                PerfBufferOptions.builder()
                        .pages(1)
                        .onLost((cpu, records) -> told.add(cpu + ": " + records))
                        .build();
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events = c.perfBuffer("events", Sent.class, small)) {
            Sent.send(c, 1000, 0);
            int page = (int) events.capacity() / events.cpus().length;
            assertThat(events.consume(e -> {})).isEqualTo((page - 1) / Sent.PERF_BYTES);
            assertThat(events.figures().lost()).isZero();
            Sent.send(c, 1, 0);
            assertThat(events.consume(e -> assertThat(e.sequence()).isEqualTo(1000))).isEqualTo(1);
            long dropped = Sent.dropped(c);
            assertThat(dropped).isPositive();
            assertThat(events.figures().lost()).isEqualTo(dropped);
            assertThat(events.figures().records() + dropped).isEqualTo(1001);
            assertThat(told).containsExactly("0: " + dropped);
        }
    }

    @Test
    void aNumberOfRecordsOrBytesEndsAWait() throws InterruptedException {
        endsAWait(PerfBufferOptions.builder().wakeupEvents(10).build());
        endsAWait(PerfBufferOptions.builder().watermark(10 * Sent.PERF_BYTES - 8).build());
    }

    private static void endsAWait(PerfBufferOptions options) throws InterruptedException {
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events = c.perfBuffer("events", Sent.class, options)) {
            Sent.send(c, 3, 0);
            assertThat(events.poll(Duration.ofMillis(1), e -> {})).isEqualTo(3);
            AtomicInteger handled = new AtomicInteger();
            Thread reader = new Thread(() -> handled.set(events.poll(LONG, e -> {})));
            reader.start();
            Waiting.inEpoll(reader);
            Sent.send(c, 12, 0);
            reader.join();
            assertThat(handled.get()).isBetween(7, 12);
        }
    }

    @Test
    void anOverwritableBufferKeepsTheNewest() {
        PerfBufferOptions newest = PerfBufferOptions.builder().pages(1).overwritable().build();
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events = c.perfBuffer("events", Sent.class, newest)) {
            Sent.send(c, 5, 0);
            assertThat(sequences(events)).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(sequences(events)).isEmpty();
            assertThat(events.figures().overwritten()).isZero();
            Sent.send(c, 1000, 0);
            List<Long> last = sequences(events);
            assertThat(last).hasSizeBetween(10, 1000);
            for (int i = 0; i < last.size(); i++) {
                assertThat(last.get(i)).isEqualTo(1005 - last.size() + i);
            }
            long gone = 1000L - last.size();
            assertThat(events.figures().overwritten()).isEqualTo(gone * Sent.PERF_BYTES);
            Sent.send(c, 2, 0);
            assertThat(events.iterator().next().sequence()).isEqualTo(1005);
            assertThat(sequences(events)).containsExactly(1006L);
            assertThat(Sent.dropped(c)).isZero();
        }
    }

    private static List<Long> sequences(PerfBuffer<Sent> events) {
        List<Long> sequences = new ArrayList<>();
        events.consume(
                e -> {
                    assertThat(e.intact()).isTrue();
                    sequences.add(e.sequence());
                });
        return sequences;
    }

    @Test
    void someCpusCanBeChosen() {
        int[] online = kernel.onlineCpus();
        int last = online[online.length - 1];
        PerfBufferOptions one = PerfBufferOptions.builder().cpus(Set.of(last, 4000)).build();
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events = c.perfBuffer("events", Sent.class, one)) {
            assertThat(events.cpus()).containsExactly(last);
            Sent.send(c, 4, last);
            assertThat(events.poll(LONG, e -> {})).isEqualTo(4);
        }
    }

    @Test
    void anArrayWithoutRoomForACpuIsRefused() {
        try (MapHandle map = array(1)) {
            assertThatThrownBy(() -> PerfBuffer.of(map, byte[].class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("map perf has 1 entries, none for CPU 1");
            PerfBufferOptions first = PerfBufferOptions.builder().cpus(Set.of(0)).build();
            PerfBuffer.of(map, byte[].class, first).close();
        }
    }

    @Test
    void anArrayWithoutSizeHasOneEntryForEachCpu() {
        try (MapHandle map = array(0)) {
            assertThat(map.info().maxEntries()).isEqualTo(kernel.possibleCpus());
            try (PerfBuffer<byte[]> events = PerfBuffer.of(map, byte[].class)) {
                assertThatThrownBy(() -> PerfBuffer.of(map, byte[].class))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("perf buffer perf has an open reader");
                assertThat(events.poll(Duration.ZERO, e -> {})).isZero();
            }
            assertThatThrownBy(() -> RingBuffer.of(map, byte[].class))
                    .isInstanceOf(UnsupportedException.class);
        }
    }

    private MapHandle array(int entries) {
        return MapHandle.create(
                kernel, MapSpec.of("perf", MapType.PERF_EVENT_ARRAY, 4, 4, entries), null, null);
    }

    @Test
    @Requires(Requirement.CPU_HOTPLUG)
    void cpusThatComeOnlineAreTakenIn() throws IOException, InterruptedException {
        Files.writeString(SECOND_CPU, "0");
        try (Collection c = Sent.load(true);
                PerfBuffer<Sent> events =
                        c.perfBuffer("events", Sent.class, PerfBufferOptions.defaults())) {
            assertThat(events.cpus()).doesNotContain(1);
            for (int round = 0; round < 3; round++) {
                Files.writeString(SECOND_CPU, "1");
                assertThat(events.refresh()).isEqualTo(1);
                Sent.send(c, 5, 1);
                assertThat(events.poll(LONG, e -> assertThat(e.cpu()).isEqualTo(1))).isEqualTo(5);
                Sent.send(c, 2, 1);
                Files.writeString(SECOND_CPU, "0");
                assertThat(events.refresh()).isZero();
                // what it sent before it went is still there
                assertThat(events.consume(e -> {})).isEqualTo(2);
                assertThat(events.refresh()).isZero();
                assertThat(events.cpus()).doesNotContain(1);
            }
            AtomicInteger handled = new AtomicInteger();
            Thread reader = new Thread(() -> handled.set(events.poll(LONG, e -> {})));
            reader.start();
            Waiting.inEpoll(reader);
            Files.writeString(SECOND_CPU, "1");
            while (events.cpus().length < 2 && reader.isAlive()) {
                Thread.onSpinWait();
            }
            Sent.send(c, 1, 1);
            reader.join();
            assertThat(handled).hasValue(1);
        } finally {
            Files.writeString(SECOND_CPU, "1");
        }
    }
}
