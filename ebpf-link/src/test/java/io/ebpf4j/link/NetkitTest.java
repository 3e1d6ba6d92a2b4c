// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/** Links of netkit interfaces. */
class NetkitTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"PRIMARY, 54", "PEER, 55"})
    void aLinkGetsInterfaceSideAndPlace(NetkitSide side, int attachType) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.SCHED_CLS)) {
            NetkitOptions options =
                    NetkitOptions.builder().anchor(Anchor.first()).expectedRevision(3).build();
            Netkit.attach(program, "eth0", side, options).close();
            assertThat(host.linkCreate.getInt(4)).isEqualTo(2);
            assertThat(host.linkCreate.getInt(8)).isEqualTo(attachType);
            assertThat(host.linkCreate.getInt(12)).isEqualTo(1 << 3);
            assertThat(host.linkCreate.getLong(24)).isEqualTo(3);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "6.12, 6, it is no netkit interface",
        "6.12, 13, name the primary interface",
        "6.12, 22, the kernel may be built without it",
        "6.12, 116, its programs have changed",
        "6.6, 22, needs Linux 6.7"
    })
    void refusalsAreExplained(String version, int errno, String message) {
        FakeHost host = new FakeHost(folder, version);
        host.fake.failAll(BpfCommand.LINK_CREATE, errno);
        try (Program program = host.program(ProgramType.SCHED_CLS)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Netkit.attach(program, "eth0", NetkitSide.PEER))
                    .withMessageContaining("cannot attach prog to PEER of eth0")
                    .withMessageContaining(message);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"IPV4, LOCAL_IN, 2, 1", "IPV6, POSTROUTING, 10, 4"})
    void netfilterGetsFamilyHookAndPriority(
            NetfilterFamily family, NetfilterHook hook, int familyNumber, int hookNumber) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.NETFILTER)) {
            NetfilterOptions options =
                    NetfilterOptions.builder().priority(-7).defragmented().build();
            Netfilter.attach(program, family, hook, options).close();
            assertThat(host.linkCreate.getInt(4)).isZero();
            assertThat(host.linkCreate.getInt(8)).isEqualTo(45);
            assertThat(host.linkCreate.getInt(12)).isZero();
            assertThat(host.linkCreate.getInt(16)).isEqualTo(familyNumber);
            assertThat(host.linkCreate.getInt(20)).isEqualTo(hookNumber);
            assertThat(host.linkCreate.getInt(24)).isEqualTo(-7);
            assertThat(host.linkCreate.getInt(28)).isEqualTo(1);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "6.12, 16, another program has the priority 0",
        "6.12, 34, fragments are put together at priority -400",
        "6.12, 2, no module that puts fragments together",
        "6.12, 22, CONFIG_NETFILTER_BPF_LINK",
        "6.5, 95, needs Linux 6.6",
        "6.4, 22, EINVAL"
    })
    void netfiltersRefusalsAreExplained(String version, int errno, String message) {
        FakeHost host = new FakeHost(folder, version);
        host.fake.failAll(BpfCommand.LINK_CREATE, errno);
        NetfilterOptions options =
                NetfilterOptions.builder()
                        .priority(errno == Errno.ERANGE ? -400 : 0)
                        .defragmented()
                        .build();
        NetfilterHook hook = NetfilterHook.FORWARD;
        try (Program program = host.program(ProgramType.NETFILTER)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () -> Netfilter.attach(program, NetfilterFamily.IPV4, hook, options))
                    .withMessageContaining("cannot attach prog to FORWARD of IPV4")
                    .withMessageContaining(message);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SCHED_CLS, tc, Tc.attach",
        "SCHED_CLS, tcx/ingress, Tc.attach",
        "SCHED_ACT, action, Tc.attach",
        "NETFILTER, netfilter, Netfilter.attach",
        "XDP, xdp.frags, Xdp.attach"
    })
    void sectionsNameTheCall(ProgramType type, String section, String call) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(type)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> SectionAttach.attach(program, section))
                    .withMessageContaining(call);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void otherProgramsAreRefused() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.XDP)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Netkit.attach(program, "eth0", NetkitSide.PEER))
                    .withMessageContaining("this hook takes SCHED_CLS");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    Netfilter.attach(
                                            program, NetfilterFamily.IPV4, NetfilterHook.FORWARD))
                    .withMessageContaining("this hook takes NETFILTER");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }
}
