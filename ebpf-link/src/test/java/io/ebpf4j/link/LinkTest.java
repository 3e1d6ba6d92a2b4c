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
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;

/** Links: update, detach, and opening by id. */
class LinkTest {
    private static final int TARGET = 1;

    @TempDir Path folder;

    private static Program program(FakeHost host) {
        return host.program(ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_EGRESS);
    }

    private static Link link(FakeHost host, Program program) {
        int type = program.attachType().number();
        long fd =
                host.kernel
                        .bpf()
                        .linkCreate(
                                new LinkCreate(
                                        program.fd(), TARGET, type, 0, LinkCreate.Options.NONE));
        FileDescriptor owner = FileDescriptor.adopt(host.kernel.calls(), (int) fd, "link of prog");
        return new KernelLink(host.kernel, owner, null);
    }

    private static Link tracepoint(FakeHost host, Program program) {
        return Tracepoint.attach(
                host.host(), program, "syscalls", "sys_enter_openat", TracepointOptions.DEFAULT);
    }

    @Test
    void anUpdatePutsAnotherProgramInPlace() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program first = program(host);
                Program second = program(host);
                Link link = link(host, first)) {
            link.update(second);
            FakeCall update = host.fake.calls(BpfCommand.LINK_UPDATE).get(0);
            assertThat(update.field("new_prog_fd")).isEqualTo(second.fd());
            assertThat(update.field("flags")).isZero();
            assertThat(update.field("old_prog_fd")).isZero();
            assertThat(link.info().programId()).isEqualTo(second.info().id());
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void anUpdateMayExpectAProgram() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program first = program(host);
                Program second = program(host);
                Link link = link(host, first)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(second, second))
                    .withMessage(
                            "cannot put prog in the place of the program of "
                                    + link
                                    + ": the program with id "
                                    + first.info().id()
                                    + " is there, not prog")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
            link.update(second, first);
            FakeCall update = host.fake.calls(BpfCommand.LINK_UPDATE).get(1);
            assertThat(update.field("flags")).isEqualTo(4);
            assertThat(update.field("old_prog_fd")).isEqualTo(first.fd());
            assertThat(link.info().programId()).isEqualTo(second.info().id());
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void anUpdateThatDoesNotFitSaysWhy() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program first = program(host);
                Program other = host.program(ProgramType.SOCK_OPS);
                Link link = link(host, first)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(other))
                    .withMessageContaining("it must have the same type and attach type")
                    .isNotInstanceOf(UnsupportedException.class);
            link.detach();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(first))
                    .withMessageContaining("the link is detached");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = AttachMode.class,
            names = {"LINK", "PERF"})
    void perfEventsAreNotUpdated(AttachMode mode) {
        FakeHost host = new FakeHost(folder, "6.12");
        TracepointOptions options = TracepointOptions.builder().mode(mode).build();
        try (Program program = host.program(ProgramType.TRACEPOINT);
                Link link =
                        Tracepoint.attach(
                                host.host(), program, "syscalls", "sys_enter_openat", options)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.update(program))
                    .withMessageContaining("attach the new program and close this link");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aDetachedLinkStaysOpen() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host);
                Link link = link(host, program)) {
            link.detach();
            assertThat(host.fake.calls(BpfCommand.LINK_DETACH)).hasSize(1);
            assertThat(link.isOpen()).isTrue();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeDetachedSaysWhatToDo() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.TRACEPOINT);
                Link link = tracepoint(host, program)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(link::detach)
                    .withMessageContaining("close it, remove its pin")
                    .satisfies(e -> assertThat(e.minimumKernel()).isEmpty());
        }
        FakeHost old = new FakeHost(folder, "5.8");
        try (Program program = program(old);
                Link link = link(old, program)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(link::detach)
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.9"));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
        assertThat(old.fake.leftOpen()).isEmpty();
    }

    @Test
    void anAttachmentWithoutALinkIsClosed() {
        FakeHost host = new FakeHost(folder, "5.10");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            Link link = tracepoint(host, program);
            link.detach();
            assertThat(link.isOpen()).isFalse();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(link::detach);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aLinkIsOpenedByItsId() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host);
                Link link = link(host, program)) {
            int id = link.info().id();
            try (Link again = Link.fromId(host.kernel, id)) {
                assertThat(again.info()).isEqualTo(link.info());
            }
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Link.fromId(host.kernel, 77))
                    .withMessageContaining("cannot open the link with id 77");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void nothingIsDoneWithAClosedLinkOrProgram() {
        FakeHost host = new FakeHost(folder, "6.12");
        Program closed = program(host);
        closed.close();
        try (Program program = program(host)) {
            Link link = link(host, program);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> link.update(closed));
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> link.update(program, closed));
            link.close();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> link.update(program));
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(link::detach);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }
}
