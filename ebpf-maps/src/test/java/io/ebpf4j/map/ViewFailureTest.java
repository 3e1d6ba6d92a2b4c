// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What views of maps and ring buffers do when the kernel fails them. */
class ViewFailureTest {
    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");

    @ParameterizedTest
    @CsvSource({
        "fcntl,1",
        "epoll_create1,1",
        "eventfd2,1",
        "epoll_ctl,1",
        "epoll_ctl,2",
        "mmap,1",
        "mmap,2"
    })
    void aRingBufferThatCannotBeOpenedLeavesNothing(String call, int nth) {
        try (MapHandle map = create(MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096))) {
            calls.fail(call, nth, Errno.ENOMEM);
            assertThatThrownBy(() -> RingBuffer.of(map, byte[].class))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aRingBufferGivesEverythingBack() {
        try (MapHandle map = create(MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096))) {
            RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class);
            assertThat(calls.leftOpen()).hasSize(6);
            ring.close();
            ring.close();
            assertThat(calls.leftOpen()).hasSize(1);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fcntl,1",
        "epoll_create1,1",
        "eventfd2,1",
        "epoll_ctl,1",
        "epoll_ctl,2",
        "mmap,1",
        "mmap,2"
    })
    void aUserRingBufferThatCannotBeOpenedLeavesNothing(String call, int nth) {
        try (MapHandle map = create(MapSpec.of("commands", MapType.USER_RINGBUF, 0, 0, 4096))) {
            calls.fail(call, nth, Errno.ENOMEM);
            assertThatThrownBy(() -> UserRingBuffer.of(map, byte[].class))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aUserRingBufferGivesEverythingBackAfterTheLastReservation() {
        try (MapHandle map = create(MapSpec.of("commands", MapType.USER_RINGBUF, 0, 0, 4096))) {
            UserRingBuffer<byte[]> commands = UserRingBuffer.of(map, byte[].class);
            UserRingBuffer.Reservation record = commands.reserve(8);
            commands.close();
            commands.close();
            assertThat(calls.leftOpen()).hasSize(6);
            record.submit();
            assertThat(calls.leftOpen()).hasSize(1);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fcntl,1",
        "epoll_create1,1",
        "eventfd2,1",
        "epoll_ctl,1",
        "epoll_ctl,2",
        "epoll_ctl,4",
        "perf_event_open,1",
        "perf_event_open,3",
        "mmap,1",
        "mmap,4",
        "BPF_MAP_UPDATE_ELEM,1",
        "BPF_MAP_UPDATE_ELEM,4"
    })
    void aPerfBufferThatCannotBeOpenedLeavesNothing(String call, int nth) {
        try (MapHandle map = create(MapSpec.of("events", MapType.PERF_EVENT_ARRAY, 4, 4, 0))) {
            calls.fail(call, nth, Errno.ENOMEM);
            assertThatThrownBy(() -> PerfBuffer.of(map, byte[].class))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
            PerfBuffer.of(map, byte[].class).close();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aCpuThatGoesOfflineMeanwhileIsLeftOut() {
        try (MapHandle map = create(MapSpec.of("events", MapType.PERF_EVENT_ARRAY, 4, 4, 0))) {
            calls.fail("perf_event_open", 2, Errno.ENODEV);
            try (PerfBuffer<byte[]> events = PerfBuffer.of(map, byte[].class)) {
                assertThat(events.cpus()).containsExactly(0, 2, 3);
                assertThat(events.refresh()).isEqualTo(1);
                assertThat(events.cpus()).containsExactly(0, 1, 2, 3);
                calls.file("/sys/devices/system/cpu/online", "0,3");
                assertThat(events.refresh()).isZero();
                assertThat(events.cpus()).containsExactly(0, 3);
                assertThat(calls.calls(BpfCommand.MAP_DELETE_ELEM)).hasSize(2);
            }
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aPerfBufferThatIsRefusedSaysForWhichCpu() {
        try (MapHandle map = create(MapSpec.of("events", MapType.PERF_EVENT_ARRAY, 4, 4, 0))) {
            calls.fail("perf_event_open", 1, Errno.EACCES);
            assertThatThrownBy(() -> PerfBuffer.of(map, byte[].class))
                    .isInstanceOf(PermissionDeniedException.class)
                    .hasMessageContaining("cannot open perf buffer events for CPU 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"3,1,0", "0,1,0", "-4,1,0", "4,0,0", "4,1,1", "4,-1,0"})
    void optionsThatTheKernelWouldRefuseAreRefused(int pages, int records, int bytes) {
        assertThatThrownBy(
                        () -> new PerfBufferOptions(pages, records, bytes, false, Set.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPollerThatCannotAddAReaderForgetsIt() {
        try (MapHandle map = create(MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096));
                RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class);
                EventPoller poller = EventPoller.create(Kernel.of(calls))) {
            calls.fail("epoll_ctl", 4, Errno.ENOSPC);
            assertThatThrownBy(() -> poller.add(ring, r -> {})).isInstanceOf(BpfException.class);
            assertThat(poller.add(ring, r -> {}).poll(Duration.ofMillis(1))).isZero();
            assertThat(ring.consume(r -> {})).isZero();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aSecondReaderIsRefusedUntilTheFirstIsClosed() {
        try (MapHandle map = create(MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096))) {
            RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class);
            assertThatThrownBy(() -> RingBuffer.of(map, byte[].class))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ring buffer events has an open reader");
            assertThat(ring.isOpen()).isTrue();
            ring.close();
            calls.fail("eventfd2", 2, Errno.ENOMEM);
            assertThatThrownBy(() -> RingBuffer.of(map, byte[].class))
                    .isInstanceOf(BpfException.class);
            RingBuffer.of(map, byte[].class).close();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aSignalDoesNotEndAWait() {
        try (MapHandle map = create(MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096));
                RingBuffer<byte[]> ring = RingBuffer.of(map, byte[].class)) {
            calls.fail("epoll_pwait", 1, Errno.EINTR);
            assertThat(ring.poll(Duration.ofMillis(300), r -> {})).isZero();
            assertThat(calls.calls())
                    .filteredOn(c -> c.name().equals("epoll_pwait"))
                    .hasSizeGreaterThan(1);
            calls.fail("epoll_pwait", 0, Errno.EBADF);
            assertThatThrownBy(() -> ring.poll(Duration.ofMillis(5), r -> {}))
                    .isInstanceOf(BpfException.class);
            assertThat(ring.consume(r -> {})).isZero();
        }
    }

    @Test
    void everyFailureNamesTheMapAndTheCall() {
        try (MapHandle map = create(MapSpec.of("counts", MapType.HASH, 4, 8, 4))) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            counts.put(1, 1L);
            calls.failAll(BpfCommand.MAP_LOOKUP_BATCH, Errno.EINVAL);
            calls.failAll(BpfCommand.MAP_LOOKUP_ELEM, Errno.ENOMEM);
            calls.failAll(BpfCommand.MAP_UPDATE_ELEM, Errno.ENOMEM);
            calls.failAll(BpfCommand.MAP_DELETE_ELEM, Errno.ENOMEM);
            assertFailure(
                    () -> counts.get(1),
                    "BPF_MAP_LOOKUP_ELEM",
                    "cannot read an element of map counts");
            assertFailure(
                    () -> counts.put(1, 1L),
                    "BPF_MAP_UPDATE_ELEM",
                    "cannot write an element of map counts");
            assertFailure(
                    () -> counts.replace(1, 1L),
                    "BPF_MAP_UPDATE_ELEM",
                    "cannot write an element of map counts");
            assertFailure(
                    () -> counts.delete(1),
                    "BPF_MAP_DELETE_ELEM",
                    "cannot remove an element of map counts");
            assertFailure(
                    () -> counts.iterator().next(),
                    "BPF_MAP_LOOKUP_ELEM",
                    "cannot read an element of map counts");
            calls.failAll(BpfCommand.MAP_GET_NEXT_KEY, Errno.ENOMEM);
            assertFailure(
                    counts::size,
                    "BPF_MAP_GET_NEXT_KEY",
                    "cannot walk over the keys of map counts");
        }
    }

    private static void assertFailure(Runnable call, String command, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        BpfException.class,
                        e -> {
                            assertThat(e.command()).isEqualTo(command);
                            assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
                            assertThat(e).hasMessageContaining(message);
                        });
    }

    @Test
    void readingAndRemovingAtOnceNeedsTheKernelAndTheType() {
        try (MapHandle map = create(MapSpec.of("counts", MapType.HASH, 4, 8, 4));
                MapHandle array = create(MapSpec.of("slots", MapType.ARRAY, 4, 8, 4))) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            counts.put(1, 5L);
            assertThat(counts.lookupAndDelete(1)).isEqualTo(5);
            assertThat(counts.lookupAndDelete(1)).isNull();
            calls.failAll(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, Errno.ENOTSUPP);
            assertThatThrownBy(() -> counts.lookupAndDelete(1))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("map counts of type HASH")
                    .hasMessageContaining("needs Linux 5.14");
            assertThatThrownBy(() -> array.open(Integer.class, Long.class).lookupAndDelete(1))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("map slots of type ARRAY");
        }
    }

    @Test
    void keysThatVanishBetweenStepsArePassedOver() {
        calls.failAll(BpfCommand.MAP_LOOKUP_BATCH, Errno.EINVAL);
        try (MapHandle map = create(MapSpec.of("counts", MapType.HASH, 4, 8, 8))) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            for (int i = 0; i < 5; i++) {
                counts.put(i, (long) i);
            }
            List<Integer> seen = new ArrayList<>();
            for (BpfMap.Entry<Integer, Long> e : counts) {
                seen.add(e.key());
                if (e.key() == 1) {
                    counts.delete(2);
                    counts.delete(3);
                }
            }
            assertThat(seen).containsExactly(0, 1, 4);
        }
    }

    @Test
    void aWalkThatAlwaysBeginsAgainEnds() {
        calls.failAll(BpfCommand.MAP_LOOKUP_BATCH, Errno.EINVAL);
        try (MapHandle map = create(MapSpec.of("counts", MapType.HASH, 4, 8, 8))) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            for (int i = 0; i < 5; i++) {
                counts.put(i, (long) i);
            }
            int steps = 0;
            for (BpfMap.Entry<Integer, Long> e : counts) {
                // both the current key and the one ahead go, so that the kernel begins again
                counts.clear();
                for (int i = 0; i < 5; i++) {
                    counts.put(1000 * (steps + 1) + i, 0L);
                }
                steps++;
                assertThat(e.key()).isNotNull();
            }
            assertThat(steps).isBetween(1, 8);
        }
    }

    @Test
    void aRemovalPassesNeitherValueNorFlagsOfTheCallBefore() {
        try (MapHandle map = create(MapSpec.of("counts", MapType.HASH, 4, 8, 8))) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            counts.put(1, 1L, UpdateFlag.NOEXIST);
            counts.delete(1);
            FakeCall delete = calls.calls(BpfCommand.MAP_DELETE_ELEM).getLast();
            assertThat(delete.field("value")).isZero();
            assertThat(delete.field("flags")).isZero();
        }
    }

    private MapHandle create(MapSpec spec) {
        return MapHandle.create(Kernel.of(calls), spec, null, null);
    }
}
