// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.BpfIterator;
import io.ebpf4j.link.CgroupOrder;
import io.ebpf4j.link.IteratorOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.Chars;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Iterators over tasks, maps and cgroups. */
@KernelTest
@Requires(Requirement.BTF)
class IteratorTest {
    private static final long SELF = ProcessHandle.current().pid();

    record Task(int pid, int tgid, @Chars(16) String comm, int number) {}

    record Element(long key, long square) {}

    /** Loads some programs; others may need a newer kernel. */
    private static Collection load(String... programs) {
        CollectionSpec spec = Objects.spec("iterators");
        for (String program : programs) {
            spec.program(program).autoload(true);
        }
        return Collection.load(spec);
    }

    private static Process child() throws IOException {
        return new ProcessBuilder("sleep", "60").start();
    }

    private static boolean sees(BpfIterator tasks, long pid) {
        String line = pid + " " + pid + " ";
        try (Stream<String> lines = tasks.lines()) {
            return lines.anyMatch(l -> l.startsWith(line));
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void eachReadingGoesOverTheTasksThatThereAre(boolean bySection) throws Exception {
        try (Collection c = load("tasks")) {
            BpfIterator tasks =
                    bySection ? (BpfIterator) c.attach().get(0) : c.attachIterator("tasks");
            assertThat(sees(tasks, SELF)).isTrue();
            Process child = child();
            assertThat(sees(tasks, child.pid())).isTrue();
            child.destroyForcibly().waitFor();
            assertThat(sees(tasks, child.pid())).isFalse();
            assertThat(tasks.info().type()).isEqualTo(LinkType.ITER);
            assertThat(tasks.info().detail())
                    .isEqualTo(new LinkInfo.Iterator("task", 0, 0, 0, 0, Optional.empty()));
            AttachMatrix.seen("iter", AttachMatrix.By.LINK);
            InputStream begun = tasks.open();
            tasks.close();
            assertThat(new String(begun.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\n" + SELF + " " + SELF + " ");
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(tasks::lines);
        }
    }

    @Test
    @Requires(kernel = "5.18")
    void programsOfIteratorsMaySleep() {
        try (Collection c = load("tasks_asleep");
                BpfIterator tasks = c.attachIterator("tasks_asleep")) {
            assertThat(sees(tasks, SELF)).isTrue();
            AttachMatrix.seen("iter.s", AttachMatrix.By.LINK);
        }
    }

    @Test
    void recordsHaveTheirClass() throws IOException {
        String comm = Files.readString(Path.of("/proc/" + SELF + "/comm")).strip();
        try (Collection c = load("task_records");
                BpfIterator tasks = c.attachIterator("task_records");
                Stream<Task> records = c.records(tasks, Task.class)) {
            List<Task> all = records.toList();
            assertThat(all)
                    .filteredOn(task -> task.pid == SELF)
                    .singleElement()
                    .satisfies(
                            task -> {
                                assertThat(task.tgid).isEqualTo((int) SELF);
                                assertThat(task.comm).isEqualTo(comm);
                            });
            assertThat(all).extracting(Task::pid).doesNotHaveDuplicates();
            assertThat(all.get(0).number).isZero();
        }
    }

    @Test
    void anotherProgramTakesItsPlace() {
        try (Collection c = load("tasks", "task_records")) {
            BpfIterator tasks = c.attachIterator("tasks");
            tasks.update(c.program("task_records"), c.program("tasks"));
            assertThat(c.records(tasks, Task.class)).anyMatch(task -> task.tgid == SELF);
            assertThatExceptionOfType(UnsupportedException.class).isThrownBy(tasks::detach);
        }
    }

    @Test
    @Requires(Requirement.MAP_ITERATORS)
    void elementsOfAMapAreThoseItHasNow() {
        try (Collection c = load("elements")) {
            BpfMap<Integer, Long> squares = c.map("squares", Integer.class, Long.class);
            BpfIterator elements = c.attachIterator("elements", "squares");
            assertThat(c.records(elements, Element.class)).isEmpty();
            squares.put(3, 9L);
            squares.put(4, 16L);
            assertThat(c.records(elements, Element.class))
                    .containsExactlyInAnyOrder(new Element(3, 9), new Element(4, 16));
            assertThat(elements.info().detail())
                    .isEqualTo(
                            new LinkInfo.Iterator(
                                    "bpf_map_elem",
                                    c.map("squares").info().id(),
                                    0,
                                    0,
                                    0,
                                    Optional.empty()));
            squares.delete(3);
            assertThat(c.records(elements, Element.class)).containsExactly(new Element(4, 16));
        }
    }

    @Test
    @Requires(Requirement.MAP_ITERATORS)
    void whatAMapIteratorCannotGoOverIsExplained() {
        try (Collection c = load("elements")) {
            assertThat(c.attach()).isEmpty();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> c.attach("elements"))
                    .withMessageContaining("it needs a map");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachIterator("elements"))
                    .withMessageContaining("a map wants to know which");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachIterator("elements", "narrow"))
                    .withMessageContaining("map narrow")
                    .withMessageContaining("behind the end of a key or value");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachIterator("elements", "queue"))
                    .withMessageContaining("maps of another type");
        }
    }

    @Test
    void aMapForAnotherIteratorIsRefused() {
        try (Collection c = load("tasks")) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachIterator("tasks", "squares"))
                    .withMessageContaining("its iterator, task, does not take that");
        }
    }

    @Test
    @Requires(Requirement.BPFFS)
    void aPinnedIteratorIsAFile() throws IOException {
        Path pin = Path.of("/sys/fs/bpf/ebpf4j-iterator");
        String line = "\n" + SELF + " " + SELF + " ";
        Files.deleteIfExists(pin);
        try (Collection c = load("tasks")) {
            c.attachIterator("tasks").pin(pin);
            c.program("tasks").pin(Path.of(pin + "-program"));
        }
        assertThat(Files.readString(pin)).contains(line);
        try (BpfIterator again = BpfIterator.fromPin(pin);
                Link link = Link.fromPin(pin)) {
            assertThat(sees(again, SELF)).isTrue();
            assertThat(link.info()).isEqualTo(again.info());
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.fromPin(Path.of(pin + "-program")))
                    .withMessageContaining("not of a link");
            again.unpin();
        } finally {
            Files.deleteIfExists(Path.of(pin + "-program"));
        }
        assertThat(pin).doesNotExist();
    }

    @Test
    @Requires(kernel = "6.1")
    void tasksAreThoseThatWereChosen() throws Exception {
        Kernel kernel = Kernel.shared();
        Process child = child();
        long fd = kernel.calls().pidfdOpen((int) child.pid(), 0);
        try (FileDescriptor pidfd = FileDescriptor.adopt(kernel.calls(), (int) fd, "child");
                Collection c = load("tasks")) {
            int pid = (int) child.pid();
            List<IteratorOptions.Builder> ways =
                    List.of(
                            IteratorOptions.builder().tid(pid),
                            IteratorOptions.builder().pid(pid),
                            IteratorOptions.builder().pidfd(pidfd.fd()));
            for (IteratorOptions.Builder way : ways) {
                IteratorOptions options = way.build();
                BpfIterator tasks = c.attachIterator("tasks", options);
                assertThat(tasks.lines()).containsExactly(pid + " " + pid + " sleep");
                assertThat(tasks.info().detail())
                        .isInstanceOfSatisfying(
                                LinkInfo.Iterator.class,
                                i -> assertThat(i.tid() + i.pid()).isEqualTo(pid));
                tasks.close();
            }
            BpfIterator own = c.attachIterator("tasks", ways.get(1).pid(0).build());
            assertThat(own.lines()).hasSizeGreaterThan(1).allMatch(l -> l.startsWith(SELF + " "));
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void kernelsWithoutAChoiceOfTasksSaySo() {
        try (Collection c = load("tasks")) {
            for (IteratorOptions.Builder way :
                    List.of(
                            IteratorOptions.builder().tid((int) SELF),
                            IteratorOptions.builder().pid(0))) {
                if (Requirement.atLeast("6.1")) {
                    c.attachIterator("tasks", way.build()).close();
                } else {
                    assertThatExceptionOfType(UnsupportedException.class)
                            .isThrownBy(() -> c.attachIterator("tasks", way.build()))
                            .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.1"));
                }
            }
        }
    }

    @Test
    @Requires(value = Requirement.CGROUP2, kernel = "6.1")
    void cgroupsComeInTheirOrder() throws IOException {
        Path parent = Cgroups.create("ebpf4j-iterator");
        Path child = Files.createDirectories(parent.resolve("child"));
        try (Collection c = load("cgroups")) {
            String outer = id(parent);
            String inner = id(child);
            for (Map.Entry<CgroupOrder, List<String>> order :
                    Map.of(
                                    CgroupOrder.SELF_ONLY, List.of(outer),
                                    CgroupOrder.DESCENDANTS_PRE, List.of(outer, inner),
                                    CgroupOrder.DESCENDANTS_POST, List.of(inner, outer))
                            .entrySet()) {
                IteratorOptions options =
                        IteratorOptions.builder().cgroups(parent, order.getKey()).build();
                BpfIterator cgroups = c.attachIterator("cgroups", options);
                assertThat(cgroups.lines()).isEqualTo(order.getValue());
                assertThat(cgroups.info().detail())
                        .isInstanceOfSatisfying(
                                LinkInfo.Iterator.class,
                                i -> {
                                    assertThat(i.order()).contains(order.getKey());
                                    assertThat(i.cgroupId()).isEqualTo(Long.parseLong(outer));
                                });
                cgroups.close();
            }
            assertThat(c.attach()).isEmpty();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachIterator("cgroups"))
                    .withMessageContaining("cgroups wants to know which");
            BpfIterator all =
                    c.attachIterator(
                            "cgroups",
                            IteratorOptions.builder().cgroups(CgroupOrder.DESCENDANTS_PRE).build());
            assertThat(all.lines()).contains(outer, inner).isNotEmpty();
        } finally {
            Files.delete(child);
            Files.delete(parent);
        }
    }

    private static String id(Path cgroup) throws IOException {
        return Files.getAttribute(cgroup, "unix:ino").toString();
    }

    @Test
    @Requires(kernel = "6.1")
    void ordersHaveTheKernelsNumbers() {
        Btf btf = Kernel.shared().btf().vmlinux();
        BtfType.Enum type =
                (BtfType.Enum) btf.type(btf.find("bpf_cgroup_iter_order", BtfType.Enum.class));
        Map<String, Long> numbers = new HashMap<>();
        type.enumerators().forEach(e -> numbers.put(e.name(), e.value()));
        List<String> missing = new ArrayList<>();
        long expected = 0;
        for (CgroupOrder order : CgroupOrder.values()) {
            expected++;
            Long number = numbers.remove("BPF_CGROUP_ITER_" + order);
            if (number == null) {
                missing.add(order.name());
            } else {
                assertThat(number).isEqualTo(expected);
            }
        }
        assertThat(numbers).containsOnlyKeys("BPF_CGROUP_ITER_ORDER_UNSPEC");
        assertThat(missing).isEqualTo(Requirement.atLeast("7.0") ? List.of() : List.of("CHILDREN"));
    }

    @ParameterizedTest
    @CsvSource({"again, the same object again", "too_much, eight pages"})
    void whatCannotBeReadIsExplained(String program, String message) throws IOException {
        int errno = program.equals("again") ? Errno.EAGAIN : Errno.E2BIG;
        try (Collection c = load(program);
                InputStream in = c.attachIterator(program).open()) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(in::read)
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
        }
    }
}
