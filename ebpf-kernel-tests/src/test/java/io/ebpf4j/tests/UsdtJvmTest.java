// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.UsdtOptions;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.RingBuffer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The static probes of the JVM that runs this test, attached to that JVM. */
@KernelTest
@Requires({Requirement.UPROBES, Requirement.JVM_PROBES})
@Timeout(120)
class UsdtJvmTest {
    private static final String LIBJVM =
            Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so").toString();
    private static final String HOTSPOT = "hotspot";
    private static final int GC_BEGIN = 1;
    private static final int GC_END = 2;
    private static final int POOL_GC_BEGIN = 3;
    private static final int CLASS_LOADED = 4;
    private static final UsdtOptions HERE = UsdtOptions.builder().pid(0).cookie(-77).build();

    record Event(int kind, int pid, long number, long cookie, @Chars(128) String text) {}

    private final List<Event> seen = new ArrayList<>();
    private Collection c;
    private RingBuffer<Event> events;

    @BeforeEach
    void load() {
        c = Collection.load(Objects.spec("usdt"));
        events = c.ringBuffer("events", Event.class);
    }

    @AfterEach
    void close() {
        c.close();
    }

    private Event await(Predicate<Event> wanted) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            events.poll(Duration.ofMillis(100), seen::add);
            for (Event event : seen) {
                if (wanted.test(event)) {
                    return event;
                }
            }
        }
        throw new AssertionError("not among " + seen);
    }

    private static Predicate<Event> ofKind(int kind) {
        return event -> event.kind() == kind;
    }

    @Test
    void collectionsOfGarbageBeginAndEnd() {
        try (Link begin = c.attachUsdt("on_gc_begin", LIBJVM, HOTSPOT, "gc__begin", HERE);
                Link end = c.attachUsdt("on_gc_end", LIBJVM, HOTSPOT, "gc__end", HERE);
                Link pool =
                        c.attachUsdt(
                                "on_pool_gc_begin",
                                LIBJVM,
                                HOTSPOT,
                                "mem__pool__gc__begin",
                                HERE)) {
            System.gc();
            Event full = await(e -> e.kind() == GC_BEGIN && e.number() == 1);
            assertThat(full.pid()).isEqualTo((int) ProcessHandle.current().pid());
            assertThat(full.cookie()).isEqualTo(-77);
            assertThat(await(ofKind(GC_END)).number()).isZero();
            List<String> collectors =
                    ManagementFactory.getGarbageCollectorMXBeans().stream()
                            .map(GarbageCollectorMXBean::getName)
                            .toList();
            Event first = await(ofKind(POOL_GC_BEGIN));
            assertThat(first.number()).isEqualTo(8);
            // the probe's name of a collector is its manager's
            assertThat(collectors).contains(first.text());
            LinkInfo.Usdt probe = (LinkInfo.Usdt) begin.info().detail();
            assertThat(probe.places()).isGreaterThan(1);
            assertThat(probe.path()).isEqualTo(LIBJVM);
            assertThat(begin.info().programId()).isEqualTo(c.program("on_gc_begin").info().id());
            assertThat(end.isOpen()).isTrue();
            assertThat(pool.isOpen()).isTrue();
            AttachMatrix.seen("usdt", begin, AttachMatrix.By.IOCTL);
        }
        events.consume(seen::add);
        seen.clear();
        System.gc();
        events.consume(seen::add);
        assertThat(seen).isEmpty();
    }

    @Test
    @Requires(kernel = "6.10")
    void oneLinkHoldsAllPlaces() {
        try (Link begin = c.attachUsdt("on_gc_begin", LIBJVM, HOTSPOT, "gc__begin")) {
            assertThat(begin.info().type()).isEqualTo(LinkType.UPROBE_MULTI);
            System.gc();
            assertThat(await(ofKind(GC_BEGIN)).cookie()).isZero();
        }
    }

    @Test
    void loadedClassesTellTheirNames() throws ReflectiveOperationException {
        try (Link loaded =
                c.attachUsdt("on_class_loaded", LIBJVM, HOTSPOT, "class__loaded", HERE)) {
            String name = new Loader().loadClass(Loaded.class.getName()).getName();
            Event event = await(e -> e.text().equals(name.replace('.', '/')));
            assertThat(event.kind()).isEqualTo(CLASS_LOADED);
            assertThat(event.number()).isZero();
            assertThat(loaded.isOpen()).isTrue();
        }
    }

    /** Is loaded a second time by a loader that nobody else has. */
    static final class Loaded {}

    private static final class Loader extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.equals(Loaded.class.getName())
                    ? findClass(name)
                    : super.loadClass(name, resolve);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in =
                    UsdtJvmTest.class.getResourceAsStream(
                            "/" + name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
