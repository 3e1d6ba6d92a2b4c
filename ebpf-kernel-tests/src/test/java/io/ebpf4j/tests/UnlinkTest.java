// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.KprobeOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Files that this JVM unlinks are seen by a program in the kernel, and come back as records. */
@KernelTest
@Requires(Requirement.BTF)
class UnlinkTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    record Key(int pid, @Chars(64) String name) {}

    record Event(long ts, int pid, @Chars(16) String comm, @Chars(64) String name) {}

    @TempDir Path folder;

    @Test
    @Requires(Requirement.KPROBES)
    void kprobeSeesThreeFiles() throws IOException {
        try (Collection c = Collection.load(Objects.bytes("unlink"))) {
            sees(c, any -> c.attachKprobe("on_unlink", function()));
        }
    }

    @Test
    @Requires(Requirement.KPROBES)
    void kprobeByTheOlderIoctlSeesThreeFiles() throws IOException {
        KprobeOptions older = KprobeOptions.builder().mode(AttachMode.PERF).build();
        try (Collection c = Collection.load(Objects.bytes("unlink"))) {
            sees(c, any -> c.attachKprobe("on_unlink", function(), older));
        }
    }

    @Test
    @Requires(Requirement.KPROBE_EVENTS)
    void kprobeByTracefsSeesThreeFiles() throws IOException {
        KprobeOptions oldest = KprobeOptions.builder().mode(AttachMode.LEGACY).build();
        try (Collection c = Collection.load(Objects.bytes("unlink"))) {
            sees(c, any -> c.attachKprobe("on_unlink", function(), oldest));
        }
    }

    @Test
    @Requires(Requirement.FENTRY)
    void fentrySeesThreeFiles() throws IOException {
        CollectionSpec spec = Objects.spec("unlink");
        spec.program("on_unlink").autoload(false);
        spec.program("on_unlink_fentry").autoload(true).attachTarget(function());
        try (Collection c = Collection.load(spec)) {
            sees(c, any -> c.attach("on_unlink_fentry"));
        }
    }

    /** Linux 7.0 renamed do_unlinkat when it changed who releases the name. */
    private static String function() {
        return Requirement.atLeast("7.0") ? "filename_unlinkat" : "do_unlinkat";
    }

    private void sees(Collection c, Function<Collection, Link> attach) throws IOException {
        int pid = (int) ProcessHandle.current().pid();
        c.variable("target_pid", int.class).set(pid);
        List<Path> files = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            files.add(Files.createFile(folder.resolve(name)));
        }
        try (Link link = attach.apply(c);
                RingBuffer<Event> events = c.ringBuffer("events", Event.class)) {
            for (Path file : files) {
                Files.delete(file);
            }
            List<String> names = new ArrayList<>();
            for (Path file : files) {
                names.add(file.toString());
            }
            assertThat(seen(events, names.size())).containsExactlyElementsOf(names);
            assertThat(counted(c))
                    .containsOnlyKeys(names)
                    .allSatisfy((name, count) -> assertThat(count).isOne());
            assertThat(c.variable("lost", long.class).get()).isZero();
            assertThat(link.isOpen()).isTrue();
        }
    }

    private List<String> seen(RingBuffer<Event> events, int count) {
        int pid = (int) ProcessHandle.current().pid();
        List<String> names = new ArrayList<>();
        long last = System.nanoTime() + LONG.toNanos();
        while (names.size() < count && System.nanoTime() < last) {
            events.poll(
                    Duration.ofMillis(500),
                    e -> {
                        assertThat(e.pid()).isEqualTo(pid);
                        assertThat(e.comm()).isNotBlank();
                        if (e.name().startsWith(folder.toString())) {
                            names.add(e.name());
                        }
                    });
        }
        return names;
    }

    /** The files of this test; the JVM's other threads may unlink files of their own. */
    private Map<String, Long> counted(Collection c) {
        BpfMap<Key, Long> counts = c.map("counts", Key.class, Long.class);
        Map<String, Long> found = new HashMap<>();
        for (BpfMap.Entry<Key, Long> e : counts) {
            if (e.key().name().startsWith(folder.toString())) {
                found.put(e.key().name(), e.value());
            }
        }
        return found;
    }
}
