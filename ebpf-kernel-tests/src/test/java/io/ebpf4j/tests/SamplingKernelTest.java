// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.PerfCounter;
import io.ebpf4j.link.PerfEventOptions;
import io.ebpf4j.link.Sampling;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.StackTraceMap;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Programs that run at samples of a counter. */
@KernelTest
class SamplingKernelTest {
    private static final Path SECOND_CPU = Path.of("/sys/devices/system/cpu/cpu1/online");
    private static final long SELF = ProcessHandle.current().pid();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofMillis(300);

    record Place(int thread, int kernel, int user) {}

    private static PerfEventOptions.Builder options() {
        return PerfEventOptions.builder().frequency(199);
    }

    private static Collection load() {
        Collection c = Collection.load(Objects.spec("sampling"));
        c.variable("process", int.class).set((int) SELF);
        return c;
    }

    private static long value(Collection c, String variable) {
        return c.variable(variable, long.class).get();
    }

    /** Keeps a CPU busy until something holds. */
    private static void work(BooleanSupplier until) {
        long begin = System.nanoTime();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).isLessThan(PATIENCE.toNanos());
        }
    }

    private static void work(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        work(() -> System.nanoTime() >= end);
    }

    @ParameterizedTest
    @CsvSource({"AUTOMATIC", "PERF"})
    void countsWhileAttachedAndNoLonger(AttachMode mode) {
        try (HitCounter counter = HitCounter.of(ProgramType.PERF_EVENT)) {
            try (Link link = Sampling.attach(counter.program(), options().mode(mode).build())) {
                work(() -> counter.hits() > 2);
                assertThat(link.isOpen()).isTrue();
                boolean linked = mode == AttachMode.AUTOMATIC && Requirement.atLeast("5.15");
                assertThat(link.info().type())
                        .isEqualTo(linked ? LinkType.PERF_EVENT : LinkType.UNSPEC);
                AttachMatrix.seen("perf_event", link, AttachMatrix.By.IOCTL);
            }
            long hits = counter.hits();
            work(QUIET);
            assertThat(counter.hits()).isEqualTo(hits);
        }
    }

    @Test
    void everyCpuIsSampled() {
        try (Collection c = load();
                Link link = c.attachPerfEvent("on_sample")) {
            BpfMap<Integer, Long> byCpu = c.map("by_cpu", Integer.class, Long.class);
            for (int cpu : Kernel.shared().onlineCpus()) {
                work(() -> byCpu.get(cpu) > 0);
            }
            assertThat(link.info().detail()).isEqualTo(new LinkInfo.PerfEvent(1, 0, 0));
        }
    }

    @Test
    void oneCpuIsSampled() {
        int[] online = Kernel.shared().onlineCpus();
        int last = online[online.length - 1];
        try (Collection c = load()) {
            c.attachPerfEvent("on_sample", options().cpu(last).build());
            BpfMap<Integer, Long> byCpu = c.map("by_cpu", Integer.class, Long.class);
            work(() -> byCpu.get(last) > 3);
            for (int cpu : online) {
                assertThat(byCpu.get(cpu) > 0).isEqualTo(cpu == last);
            }
        }
    }

    @Test
    @Requires(Requirement.CPU_HOTPLUG)
    void cpusThatAreOfflineArePassedOver() throws IOException {
        Files.writeString(SECOND_CPU, "0");
        try (Collection c = load()) {
            c.attachPerfEvent("on_sample");
            BpfMap<Integer, Long> byCpu = c.map("by_cpu", Integer.class, Long.class);
            work(() -> byCpu.get(0) > 3);
            assertThat(byCpu.get(1)).isZero();
        } finally {
            Files.writeString(SECOND_CPU, "1");
        }
    }

    @Test
    @Requires(Requirement.CPU_HOTPLUG)
    void cpusThatComeOnlineAreTakenIn() throws IOException {
        Files.writeString(SECOND_CPU, "0");
        try (Collection c = load()) {
            BpfMap<Integer, Long> byCpu = c.map("by_cpu", Integer.class, Long.class);
            Link link = c.attachPerfEvent("on_sample");
            assertThat(Sampling.refresh(link)).isZero();
            for (int time = 0; time < 2; time++) {
                Files.writeString(SECOND_CPU, "1");
                long before = byCpu.get(1);
                assertThat(Sampling.refresh(link)).isEqualTo(1);
                assertThat(Sampling.refresh(link)).isZero();
                work(() -> byCpu.get(1) > before);
                Files.writeString(SECOND_CPU, "0");
                assertThat(Sampling.refresh(link)).isZero();
            }
            Files.writeString(SECOND_CPU, "1");
            assertThat(Sampling.refresh(link)).isEqualTo(1);
            link.close();
            long after = byCpu.get(0) + byCpu.get(1);
            work(QUIET);
            assertThat(byCpu.get(0) + byCpu.get(1)).isEqualTo(after);
            assertThatThrownBy(() -> Sampling.refresh(link))
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            Files.writeString(SECOND_CPU, "1");
        }
    }

    @Test
    void oneCpuAloneIsNotRefreshed() {
        try (Collection c = load()) {
            Link link = c.attachPerfEvent("on_sample", options().cpu(0).build());
            assertThatThrownBy(() -> Sampling.refresh(link))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void oneProcessIsSampledWithItsThreads() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Runnable busy = () -> work(done::get);
        Thread before = new Thread(busy);
        Thread after = new Thread(busy);
        before.start();
        try (Collection c = load()) {
            c.attachPerfEvent("on_sample", options().pid(0).build());
            BpfMap<Place, Long> places = c.map("places", Place.class, Long.class);
            after.start();
            work(() -> threads(places).size() >= 3);
            assertThat(value(c, "others")).isZero();
        } finally {
            done.set(true);
            before.join();
            after.join();
        }
    }

    private static Set<Integer> threads(BpfMap<Place, Long> places) {
        Set<Integer> threads = new HashSet<>();
        places.forEach((place, count) -> threads.add(place.thread));
        return threads;
    }

    @Test
    void samplesHaveStacks() {
        try (Collection c = load()) {
            c.attachPerfEvent("on_sample", options().pid(0).excludeKernel().build());
            work(() -> value(c, "samples") > 3);
            StackTraceMap stacks = c.stackTraces("stacks");
            long[] longest = {};
            for (BpfMap.Entry<Place, Long> e : c.map("places", Place.class, Long.class)) {
                assertThat(e.key().kernel).isNegative();
                long[] user = e.key().user < 0 ? longest : stacks.addresses(e.key().user);
                longest = user != null && user.length > longest.length ? user : longest;
            }
            assertThat(Arrays.stream(longest)).isNotEmpty().allMatch(address -> address > 0);
        }
    }

    @Test
    void eventsAreCountedByPeriod() throws IOException {
        PerfEventOptions faults =
                options().counter(PerfCounter.PAGE_FAULTS).period(10).pid(0).build();
        try (HitCounter counter = HitCounter.of(ProgramType.PERF_EVENT)) {
            try (Link link = Sampling.attach(counter.program(), faults)) {
                touch();
                assertThat(counter.hits()).isGreaterThanOrEqualTo(10);
                assertThat(link.isOpen()).isTrue();
            }
            long hits = counter.hits();
            touch();
            assertThat(counter.hits()).isEqualTo(hits);
        }
    }

    /** Writes to pages of a file that is mapped anew, of which each is a fault of its own. */
    private static void touch() throws IOException {
        int page = 4096;
        int pages = 2000;
        Path file = Files.createTempFile("ebpf4j-pages", "");
        try (Arena arena = Arena.ofConfined();
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment memory =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) pages * page, arena);
            for (int i = 0; i < pages; i++) {
                memory.set(ValueLayout.JAVA_BYTE, (long) i * page, (byte) 1);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @Requires(kernel = "5.15")
    void givesTheProgramItsCookie() {
        try (HitCounter counter = HitCounter.keepingCookie(ProgramType.PERF_EVENT);
                Link link = Sampling.attach(counter.program(), options().cookie(42).build())) {
            work(() -> counter.hits() > 0);
            assertThat(counter.cookie()).isEqualTo(42);
            assertThat(link.info().detail()).isEqualTo(new LinkInfo.PerfEvent(1, 0, 42));
        }
    }

    @Test
    @Requires(value = Requirement.BPFFS, kernel = "5.15")
    void staysAttachedWhilePinned() throws IOException {
        Path pin = Path.of("/sys/fs/bpf/ebpf4j-sampling");
        Files.deleteIfExists(pin);
        int cpu = Kernel.shared().onlineCpus()[0];
        try (Collection c = load()) {
            BpfMap<Integer, Long> byCpu = c.map("by_cpu", Integer.class, Long.class);
            Link link = c.attachPerfEvent("on_sample", options().cpu(cpu).build());
            link.pin(pin);
            link.close();
            long before = byCpu.get(cpu);
            work(() -> byCpu.get(cpu) > before);
            try (Link again = Link.fromPin(pin)) {
                again.unpin();
            }
        }
        assertThat(pin).doesNotExist();
    }

    @Test
    @Requires(kernel = "6.6")
    void knowsItsEvent() {
        int cpu = Kernel.shared().onlineCpus()[0];
        try (Collection c = load();
                Link link =
                        c.attachPerfEvent(
                                "on_sample",
                                options().counter(PerfCounter.PAGE_FAULTS).cpu(cpu).build())) {
            assertThat(link.info().detail()).isEqualTo(new LinkInfo.PerfEvent(1, 2, 0));
        }
    }

    @Test
    void countersOfTheProcessorAreThereOrSaySo() {
        PerfEventOptions cycles = options().counter(PerfCounter.CPU_CYCLES).build();
        try (Collection c = load()) {
            try {
                c.attachPerfEvent("on_sample", cycles);
            } catch (UnsupportedException e) {
                assertThat(e).hasMessageContaining("sample PerfCounter.CPU_CLOCK");
                return;
            }
            work(() -> value(c, "samples") > 0);
        }
    }

    @Test
    void aCounterThatNobodyHasIsRefused() {
        try (Collection c = load()) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () -> c.attachPerfEvent("on_sample", options().counter(1, 99).build()))
                    .withMessageContaining("perf event type 1 config 0x63");
        }
    }
}
