// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.Tracepoint;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.Set;

/** Links get other programs, and are detached while they are open or pinned. */
@KernelTest
@Requires(Requirement.CGROUP2)
class LinkUpdateTest {
    private static final Set<String> PROGRAMS = Set.of("on_sock_create", "on_sock_create_too");

    private static Collection load() {
        CollectionSpec spec = Objects.spec("cgroup");
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(PROGRAMS.contains(program.name()));
        }
        return Collection.load(spec);
    }

    /** Attaches without the library's own call, and opens the link by its id. */
    private static Link attach(Program program, Path cgroup) {
        Kernel kernel = program.kernel();
        long folder = kernel.calls().open(cgroup.toString(), 0, 0);
        int type = program.attachType().number();
        LinkCreate request =
                new LinkCreate(program.fd(), (int) folder, type, 0, LinkCreate.Options.NONE);
        try (FileDescriptor link =
                kernel.bpf()
                        .own(
                                BpfCommand.LINK_CREATE,
                                kernel.bpf().linkCreate(request),
                                "link",
                                "cannot create the ")) {
            // struct bpf_link_info: type, id
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment info = arena.allocate(64, 8);
                assertThat(kernel.bpf().info(link.fd(), info)).isPositive();
                return Link.fromId(info.get(ValueLayout.JAVA_INT, 4));
            }
        } finally {
            kernel.calls().close((int) folder);
        }
    }

    private static long hitsOfASocket(Collection c, String program, OwnCgroup cgroup)
            throws Exception {
        long before = c.variable(program + "_hits", long.class).get();
        cgroup.inside(() -> DatagramChannel.open().close());
        return c.variable(program + "_hits", long.class).get() - before;
    }

    @Test
    void anotherProgramIsPutInPlace() throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-update");
                Collection c = load()) {
            Program first = c.program("on_sock_create");
            Program second = c.program("on_sock_create_too");
            try (Link link = attach(first, cgroup.path())) {
                assertThat(link.info().type()).isEqualTo(LinkType.CGROUP);
                assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isPositive();
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> link.update(second, second))
                        .withMessageContaining("is there, not on_sock_create_too");
                link.update(second, first);
                assertThat(link.info().programId()).isEqualTo(second.info().id());
                assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isZero();
                assertThat(hitsOfASocket(c, "on_sock_create_too", cgroup)).isPositive();
                link.update(first);
                assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isPositive();
            }
            assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isZero();
        }
    }

    @Test
    void aLinkIsDetachedWhileItIsOpen() throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-detach");
                Collection c = load();
                Link link = attach(c.program("on_sock_create"), cgroup.path());
                Link again = Link.fromId(link.info().id())) {
            assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isPositive();
            again.detach();
            assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isZero();
            assertThat(link.isOpen()).isTrue();
            assertThat(link.info().id()).isEqualTo(again.info().id());
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(c.program("on_sock_create_too")))
                    .withMessageContaining("the link is detached");
        }
    }

    @Test
    @Requires(Requirement.TRACEFS)
    void aPerfEventIsNeitherUpdatedNorDetachedByOthers() throws IOException {
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT);
                Link link = Tracepoint.attach(counter.program(), "syscalls", "sys_enter_getppid")) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.update(counter.program()));
            boolean byLink = link.info().type() == LinkType.PERF_EVENT;
            if (byLink) {
                assertThatExceptionOfType(UnsupportedException.class)
                        .isThrownBy(link::detach)
                        .satisfies(e -> assertThat(e.minimumKernel()).isEmpty());
                assertThat(counter.hitsOf(1)).isEqualTo(1);
            } else {
                link.detach();
                assertThat(counter.hitsOf(1)).isZero();
            }
            assertThat(link.isOpen()).isEqualTo(byLink);
        }
    }
}
