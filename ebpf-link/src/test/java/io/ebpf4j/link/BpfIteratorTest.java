// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Iterators: what the kernel is asked for, and how its output is read. */
class BpfIteratorTest {
    @TempDir Path folder;

    private static Program iterator(FakeHost host) {
        return host.program(ProgramType.TRACING, AttachType.TRACE_ITER);
    }

    private static IteratorOptions.Builder options() {
        return IteratorOptions.builder();
    }

    @Test
    void nothingIsChosenByDefault() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = iterator(host)) {
            BpfIterator iterator = BpfIterator.attach(program);
            assertThat(host.linkCreate.getInt(8)).isEqualTo(AttachType.TRACE_ITER.number());
            assertThat(host.iterInfo).isNull();
            iterator.close();
            iterator.close();
            assertThat(iterator.isOpen()).isFalse();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(iterator::open);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void theOutputIsReadAsBytesAndAsLines() throws IOException {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.output("ein\nzwölf\n".getBytes(StandardCharsets.UTF_8));
        try (Program program = iterator(host);
                BpfIterator iterator = BpfIterator.attach(program)) {
            try (InputStream in = iterator.open()) {
                assertThat(in.read()).isEqualTo('e');
                assertThat(in.available()).isEqualTo(10);
                assertThat(in.readAllBytes()).hasSize(10);
                assertThat(in.read()).isEqualTo(-1);
            }
            assertThat(iterator.lines()).containsExactly("ein", "zwölf");
            assertThat(host.fake.leftOpen()).hasSize(2);
            try (Stream<String> lines = iterator.lines()) {
                assertThat(lines.findFirst()).contains("ein");
            }
            assertThat(host.fake.leftOpen()).hasSize(2);
            InputStream closed = iterator.open();
            closed.close();
            closed.close();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(closed::read);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void recordsMayLieAcrossTwoReads() {
        FakeHost host = new FakeHost(folder, "6.12");
        int size = 12;
        host.fake.output(new byte[10_000 * size]);
        try (Program program = iterator(host);
                BpfIterator iterator = BpfIterator.attach(program)) {
            Stream<Integer> records =
                    iterator.records(
                            size, (s, at) -> s.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8) + 1);
            assertThat(records.mapToInt(Integer::intValue).sum()).isEqualTo(10_000);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> iterator.records(7, (s, at) -> at).count())
                    .withMessageContaining("ends with 6 bytes, but records have 7");
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> iterator.records(0, (s, at) -> at));
        }
    }

    @ParameterizedTest
    @CsvSource({"E2BIG, 7, eight pages", "EAGAIN, 11, the same object again", "ENOMEM, 12, ENOMEM"})
    void failuresOfReadsAreExplained(String name, int errno, String message) throws IOException {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = iterator(host);
                BpfIterator iterator = BpfIterator.attach(program)) {
            host.fake.fail("read", 0, errno);
            try (InputStream in = iterator.open()) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> in.read(new byte[8]))
                        .withMessageContaining("cannot read the output of the iterator of program")
                        .withMessageContaining(name)
                        .withMessageContaining(message)
                        .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
            }
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void silencesAreWaitedFor() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.output("told\n".getBytes(StandardCharsets.UTF_8));
        try (Program program = iterator(host);
                BpfIterator iterator = BpfIterator.attach(program)) {
            Stream<String> lines = iterator.lines();
            host.fake.fail("read", 1, Errno.EAGAIN).fail("read", 2, Errno.EINTR);
            assertThat(lines).containsExactly("told");
        }
    }

    @Test
    void mapsAreGivenByTheirDescriptor() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.iteratesOver("bpf_map_elem");
        try (Program program = iterator(host);
                FileDescriptor map = FileDescriptor.adopt(host.kernel.calls(), 77, "map counts")) {
            BpfIterator.attach(program, map, "counts").close();
            assertThat(host.iterInfo.getInt(0)).isEqualTo(77);
            assertThat(host.iterInfo.capacity()).isEqualTo(4);
            host.fake.iteratesOver("bpf_map");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.attach(program, map, "counts"))
                    .withMessageContaining("map counts")
                    .withMessageContaining("its iterator, bpf_map, does not take that");
            for (int errno : new int[] {Errno.EINVAL, Errno.EACCES}) {
                host.fake.failAll(BpfCommand.LINK_CREATE, errno);
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> BpfIterator.attach(program, map, "counts"))
                        .withMessageContaining(
                                errno == Errno.EINVAL ? "maps of another type" : "behind the end");
            }
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void tasksAreChosenByThreadProcessOrDescriptor() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.iteratesOver("task");
        try (Program program = iterator(host)) {
            BpfIterator.attach(program, options().tid(5).build()).close();
            assertThat(host.iterInfo.getInt(0)).isEqualTo(5);
            assertThat(host.iterInfo.getLong(4)).isZero();
            BpfIterator.attach(program, options().pid(0).build()).close();
            assertThat(host.iterInfo.getInt(0)).isZero();
            assertThat(host.iterInfo.getInt(4)).isEqualTo((int) ProcessHandle.current().pid());
            BpfIterator.attach(program, options().pidfd(9).build()).close();
            assertThat(host.iterInfo.getLong(0)).isZero();
            assertThat(host.iterInfo.getInt(8)).isEqualTo(9);
            host.fake.iteratesOver("bpf_map_elem");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.attach(program, options().tid(5).build()))
                    .withMessageContaining("bpf_map_elem, does not take that but a map");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void kernelsThatOverlookAChoiceAreFoundOut() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.fake.iteratesOver("task");
        try (Program program = iterator(host)) {
            for (IteratorOptions.Builder task :
                    new IteratorOptions.Builder[] {options().tid(5), options().pid(7)}) {
                assertThatExceptionOfType(UnsupportedException.class)
                        .isThrownBy(() -> BpfIterator.attach(program, task.build()))
                        .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.1"));
            }
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void cgroupsAreOpenedForTheCall() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.iteratesOver("cgroup").file("/sys/fs/cgroup/own", "");
        Path own = Path.of("/sys/fs/cgroup/own");
        try (Program program = iterator(host)) {
            BpfIterator.attach(program, options().cgroups(own, CgroupOrder.SELF_ONLY).build())
                    .close();
            assertThat(host.iterInfo.getInt(0)).isEqualTo(1);
            assertThat(host.iterInfo.getInt(4)).isPositive();
            assertThat(host.fake.leftOpen()).hasSize(1);
            BpfIterator.attach(program, options().cgroups(7, CgroupOrder.CHILDREN).build()).close();
            assertThat(host.iterInfo.getInt(0)).isEqualTo(5);
            assertThat(host.iterInfo.getInt(4)).isEqualTo(7);
            BpfIterator.attach(program, options().cgroups(CgroupOrder.ANCESTORS_UP).build())
                    .close();
            assertThat(host.iterInfo.getInt(0)).isEqualTo(4);
            assertThat(host.iterInfo.getInt(4)).isZero();
            IteratorOptions gone =
                    options().cgroups(Path.of("/gone"), CgroupOrder.SELF_ONLY).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.attach(program, gone))
                    .withMessageContaining("cannot open the cgroup /gone");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"9, a map wants to know which", "22, cgroups wants to know which"})
    void iteratorsThatWantAChoiceSaySo(int errno, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, errno);
        try (Program program = iterator(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.attach(program))
                    .withMessageContaining(message);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void otherProgramsAreRefused() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program fentry = host.program(ProgramType.TRACING, AttachType.TRACE_FENTRY);
                Program kprobe = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.attach(fentry))
                    .withMessageContaining("it was loaded as TRACE_FENTRY");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BpfIterator.attach(kprobe))
                    .withMessageContaining("to an iterator: it is a program of type KPROBE");
        }
    }

    @Test
    void nothingIsLeftOpenWhicheverCallFails() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.iteratesOver("cgroup").file("/sys/fs/cgroup/own", "");
        IteratorOptions own =
                options().cgroups(Path.of("/sys/fs/cgroup/own"), CgroupOrder.SELF_ONLY).build();
        try (Program program = iterator(host)) {
            int failing = 0;
            boolean done = false;
            while (!done) {
                host.failCall(++failing);
                try (BpfIterator iterator = BpfIterator.attach(program, own);
                        InputStream in = iterator.open()) {
                    assertThat(in.readAllBytes()).isEmpty();
                    done = host.made() < failing;
                } catch (BpfException | IOException e) {
                    assertThat(e).isInstanceOf(BpfException.class);
                }
                assertThat(host.fake.leftOpen()).hasSize(1);
            }
            assertThat(failing).isGreaterThan(5);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "iter, names no target; write SEC(\"iter/target\")",
        "iter/bpf_map_elem, 'it needs a map, named with Collection.attachIterator'",
        "iter.s/cgroup, it needs an order of cgroups"
    })
    void sectionsThatDoNotSayAllAreRefused(String section, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = iterator(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> SectionAttach.attach(program, section))
                    .withMessageContaining(message);
            SectionAttach.attach(program, "iter/task").close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() {
        for (IteratorOptions.Builder wrong :
                new IteratorOptions.Builder[] {
                    options().tid(0),
                    options().tid(-2),
                    options().pid(-2),
                    options().pid(1).tid(1),
                    options().pid(1).cgroups(CgroupOrder.SELF_ONLY),
                    options().cgroups(7, null)
                }) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(wrong::build);
        }
    }
}
