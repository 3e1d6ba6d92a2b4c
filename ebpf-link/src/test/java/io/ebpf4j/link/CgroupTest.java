// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;

/** The ladder from links of cgroups down to BPF_PROG_ATTACH, and its refusals. */
class CgroupTest {
    private static final Path CGROUP = Path.of("/sys/fs/cgroup/a");
    private static final AttachType CREATE = AttachType.CGROUP_INET_SOCK_CREATE;

    @TempDir Path folder;

    private FakeHost host(String version) {
        FakeHost host = new FakeHost(folder, version);
        host.fake.file(CGROUP.toString(), "");
        return host;
    }

    private static Program program(FakeHost host) {
        return host.program(ProgramType.CGROUP_SOCK, CREATE);
    }

    private static Link attach(FakeHost host, Program program, CgroupOptions options) {
        return Cgroup.attach(host.host(), program, CGROUP, options);
    }

    private static CgroupOptions mode(CgroupMode mode) {
        return CgroupOptions.builder().mode(mode).build();
    }

    @Test
    void newKernelsGetALink() {
        FakeHost host = host("6.12");
        try (Program program = program(host)) {
            Link link = attach(host, program, CgroupOptions.DEFAULT);
            FakeCall create = host.fake.calls(BpfCommand.LINK_CREATE).get(0);
            assertThat(create.field("attach_type")).isEqualTo(CREATE.number());
            assertThat(create.field("flags")).isZero();
            assertThat(link.info().type()).isEqualTo(LinkType.CGROUP);
            // the program and the link, but not the directory
            assertThat(host.fake.leftOpen()).hasSize(2);
            link.close();
            assertThat(host.fake.calls(BpfCommand.PROG_ATTACH)).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsAttachBesideOthers() {
        FakeHost host = host("5.4");
        try (Program program = program(host)) {
            Link link = attach(host, program, CgroupOptions.DEFAULT);
            FakeCall attach = host.fake.calls(BpfCommand.PROG_ATTACH).get(0);
            assertThat(attach.field("attach_flags")).isEqualTo(2);
            assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/x")))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.7"));
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(link::info);
            assertThat(host.fake.calls(BpfCommand.PROG_DETACH)).hasSize(1);
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, mode(CgroupMode.LINK)))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.7"));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MULTI, 2", "OVERRIDE, 1", "EXCLUSIVE, 0"})
    void aModeIsAFlagAndItsProgramIsReplaced(CgroupMode mode, int flags) {
        FakeHost host = host("6.12");
        try (Program first = program(host);
                Program second = program(host)) {
            Link link = attach(host, first, mode(mode));
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).isEmpty();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(second, second))
                    .withMessageContaining("is there, not prog");
            link.update(second, first);
            FakeCall update = host.fake.calls(BpfCommand.PROG_ATTACH).get(1);
            assertThat(update.field("attach_flags")).isEqualTo(flags == 2 ? 6 : flags);
            assertThat(update.field("replace_bpf_fd") != 0).isEqualTo(flags == 2);
            assertThat(link.info().programId()).isEqualTo(second.info().id());
            link.detach();
            assertThat(link.isOpen()).isFalse();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRefusedReplacementLeavesTheProgram() {
        FakeHost host = host("6.12");
        try (Program first = program(host);
                Program second = program(host);
                Link link = attach(host, first, mode(CgroupMode.MULTI))) {
            host.fake.fail(BpfCommand.PROG_ATTACH, 2, Errno.ENOMEM);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(second))
                    .withMessageContaining("cannot put prog in the place of the program at cgroup");
            assertThat(link.info().programId()).isEqualTo(first.info().id());
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void orderAndRevisionAreNamed() {
        FakeHost host = host("6.18");
        try (Program program = program(host);
                Program other = program(host);
                Link there = attach(host, other, CgroupOptions.DEFAULT)) {
            CgroupOptions before =
                    CgroupOptions.builder()
                            .anchor(Anchor.before(there))
                            .preorder()
                            .expectedRevision(7)
                            .build();
            attach(host, program, before).close();
            FakeCall create = host.fake.calls(BpfCommand.LINK_CREATE).get(1);
            assertThat(create.field("flags")).isEqualTo(1 << 3 | 1 << 6 | 1 << 13);
            assertThat(host.linkCreate.getInt(16)).isEqualTo(there.kernelLink().fd());
            assertThat(host.linkCreate.getLong(24)).isEqualTo(7);
            CgroupOptions after =
                    CgroupOptions.builder()
                            .mode(CgroupMode.MULTI)
                            .anchor(Anchor.after(other))
                            .expectedRevision(8)
                            .build();
            attach(host, program, after).close();
            FakeCall attach = host.fake.calls(BpfCommand.PROG_ATTACH).get(0);
            assertThat(attach.field("attach_flags")).isEqualTo(1 << 1 | 1 << 4);
            assertThat(attach.field("relative_fd")).isEqualTo(other.fd());
            assertThat(attach.field("expected_revision")).isEqualTo(8);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.12, 6.17", "6.18, ''"})
    void optionsOfNewerKernelsAreNamed(String version, String since) {
        FakeHost host = host(version);
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EINVAL);
        try (Program program = program(host)) {
            CgroupOptions options = CgroupOptions.builder().anchor(Anchor.first()).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, options))
                    .satisfies(
                            e ->
                                    assertThat(
                                                    e instanceof UnsupportedException u
                                                            ? u.minimumKernel()
                                                            : "")
                                            .isEqualTo(since));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void optionsThatContradictAreRefused() {
        FakeHost host = host("6.12");
        try (Program program = program(host)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CgroupOptions.builder().replace(program).build())
                    .withMessageContaining("mode MULTI, not AUTOMATIC");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                CgroupOptions.builder()
                                        .mode(CgroupMode.OVERRIDE)
                                        .anchor(Anchor.last())
                                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CgroupOptions.builder().expectedRevision(-1).build());
    }

    @ParameterizedTest
    @EnumSource(CgroupMode.class)
    void whatIsNoCgroupIsExplained(CgroupMode mode) {
        FakeHost host = host("6.12");
        host.files.write(
                "/proc/self/mountinfo",
                "25 20 0:21 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EBADF);
        host.fake.failAll(BpfCommand.PROG_ATTACH, Errno.EBADF);
        try (Program program = program(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, mode(mode)))
                    .withMessage(
                            "/sys/fs/cgroup/a is no directory of a cgroup of version 2; such"
                                    + " directories are below /sys/fs/cgroup/unified");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramThatAllowsNoOtherIsNamed() {
        FakeHost host = host("6.12");
        try (Program program = program(host);
                Link only = attach(host, program, mode(CgroupMode.EXCLUSIVE))) {
            host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EPERM);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, CgroupOptions.DEFAULT))
                    .withMessageContaining(
                            "cgroup /sys/fs/cgroup/a has programs ["
                                    + only.info().programId()
                                    + "] there, attached in mode EXCLUSIVE");
            only.detach();
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(() -> attach(host, program, CgroupOptions.DEFAULT));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void programsAreListed() {
        FakeHost host = host("6.12");
        CgroupFolder cgroup = new CgroupFolder(host.host(), CGROUP);
        try (Program program = program(host);
                Link one = attach(host, program, mode(CgroupMode.MULTI))) {
            AttachedPrograms there = Cgroup.query(host.kernel, cgroup, CREATE, 0);
            assertThat(there.programIds()).containsExactly(one.info().programId());
            assertThat(there.flags()).isEqualTo(2);
        }
        assertThat(Cgroup.query(host.kernel, cgroup, CREATE, 0).programIds()).isEmpty();
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramHasToSayItsHook() {
        FakeHost host = host("6.12");
        try (Program packets = host.program(ProgramType.CGROUP_SKB);
                Program devices = host.program(ProgramType.CGROUP_DEVICE);
                Program other = host.program(ProgramType.XDP)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, packets, CgroupOptions.DEFAULT))
                    .withMessageContaining("does not say which hook");
            attach(host, devices, CgroupOptions.DEFAULT).close();
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE).get(0).field("attach_type"))
                    .isEqualTo(AttachType.CGROUP_DEVICE.number());
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, other, CgroupOptions.DEFAULT))
                    .withMessageContaining("it is a program of type XDP");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.12, AUTOMATIC", "5.4, AUTOMATIC", "6.12, MULTI"})
    void aFailedCallLeavesNothing(String version, CgroupMode mode) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = host(version);
            try (Program program = program(host)) {
                host.failCall(nth);
                Link link = null;
                try {
                    link = attach(host, program, mode(mode));
                } catch (BpfException e) {
                    failures++;
                }
                boolean all = host.made() < nth;
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(host.fake.leftOpen()).as("call " + nth).hasSize(1);
                if (all) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
        }
        assertThat(failures).isGreaterThan(1);
    }
}
