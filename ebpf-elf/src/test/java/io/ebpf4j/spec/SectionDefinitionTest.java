// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.spec.SectionDefinition.Flag;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class SectionDefinitionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    socket                          | SOCKET_FILTER    | NONE                    | ''                      |
                    kprobe                          | KPROBE           | NONE                    | ''                      | AUTO_ATTACH
                    kprobe/do_unlinkat+0x10         | KPROBE           | NONE                    | do_unlinkat+0x10        | AUTO_ATTACH
                    kprobe.multi/tcp_*              | KPROBE           | TRACE_KPROBE_MULTI      | tcp_*                   | AUTO_ATTACH
                    kprobe.session/tcp_*            | KPROBE           | TRACE_KPROBE_SESSION    | tcp_*                   | AUTO_ATTACH
                    uprobe//bin/sh:main             | KPROBE           | NONE                    | /bin/sh:main            | AUTO_ATTACH
                    uprobe.s/libc:malloc            | KPROBE           | NONE                    | libc:malloc             | SLEEPABLE AUTO_ATTACH
                    uretprobe.multi.s/libc:m*       | KPROBE           | TRACE_UPROBE_MULTI      | libc:m*                 | SLEEPABLE AUTO_ATTACH
                    uprobe.session/libc:m*          | KPROBE           | TRACE_UPROBE_SESSION    | libc:m*                 | AUTO_ATTACH
                    usdt/libc:libc:setjmp           | KPROBE           | NONE                    | libc:libc:setjmp        | USDT AUTO_ATTACH
                    tp/syscalls/sys_enter_openat    | TRACEPOINT       | NONE                    | syscalls/sys_enter_openat | AUTO_ATTACH
                    tracepoint.s/sched/sched_switch | TRACEPOINT       | NONE                    | sched/sched_switch      | SLEEPABLE AUTO_ATTACH
                    raw_tp.w/nbd_send_request       | RAW_TRACEPOINT_WRITABLE | NONE             | nbd_send_request        | AUTO_ATTACH
                    tp_btf/sched_switch             | TRACING          | TRACE_RAW_TP            | sched_switch            | ATTACH_BTF AUTO_ATTACH
                    fentry/do_unlinkat              | TRACING          | TRACE_FENTRY            | do_unlinkat             | ATTACH_BTF AUTO_ATTACH
                    fexit.s/nfs:nfs_open            | TRACING          | TRACE_FEXIT             | nfs:nfs_open            | SLEEPABLE ATTACH_BTF AUTO_ATTACH
                    fsession.multi/tcp_*            | TRACING          | TRACE_FSESSION_MULTI    | tcp_*                   | AUTO_ATTACH
                    freplace/f                      | EXT              | NONE                    | f                       | ATTACH_BTF AUTO_ATTACH
                    lsm.s/file_open                 | LSM              | LSM_MAC                 | file_open               | SLEEPABLE ATTACH_BTF AUTO_ATTACH
                    lsm_cgroup/socket_post_create   | LSM              | LSM_CGROUP              | socket_post_create      | ATTACH_BTF
                    iter/task                       | TRACING          | TRACE_ITER              | task                    | ATTACH_BTF AUTO_ATTACH
                    syscall                         | SYSCALL          | NONE                    | ''                      | SLEEPABLE
                    xdp                             | XDP              | XDP                     | ''                      | EXPECTED_ATTACH_OPTIONAL
                    xdp.frags                       | XDP              | XDP                     | ''                      | XDP_FRAGS
                    xdp/devmap                      | XDP              | XDP_DEVMAP              | ''                      |
                    xdp.frags/cpumap                | XDP              | XDP_CPUMAP              | ''                      | XDP_FRAGS
                    tc                              | SCHED_CLS        | NONE                    | ''                      |
                    tc/ingress                      | SCHED_CLS        | TCX_INGRESS             | ''                      |
                    tcx/egress                      | SCHED_CLS        | TCX_EGRESS              | ''                      |
                    cgroup/connect4                 | CGROUP_SOCK_ADDR | CGROUP_INET4_CONNECT    | ''                      |
                    cgroup/sock                     | CGROUP_SOCK      | CGROUP_INET_SOCK_CREATE | ''                      | EXPECTED_ATTACH_OPTIONAL
                    cgroup_skb/ingress              | CGROUP_SKB       | CGROUP_INET_INGRESS     | ''                      | EXPECTED_ATTACH_OPTIONAL
                    cgroup/getsockname_unix         | CGROUP_SOCK_ADDR | CGROUP_UNIX_GETSOCKNAME | ''                      |
                    sk_skb/stream_verdict           | SK_SKB           | SK_SKB_STREAM_VERDICT   | ''                      | EXPECTED_ATTACH_OPTIONAL
                    sk_reuseport/migrate            | SK_REUSEPORT     | SK_REUSEPORT_SELECT_OR_MIGRATE | ''               |
                    struct_ops.s/init               | STRUCT_OPS       | NONE                    | init                    | SLEEPABLE
                    netfilter                       | NETFILTER        | NETFILTER               | ''                      |
                    """)
    void namesWhatASectionStandsFor(
            String section, ProgramType type, AttachType attachType, String target, String flags) {
        SectionDefinition definition = SectionDefinition.lookup(section).orElseThrow();

        assertThat(definition.type()).isEqualTo(type);
        assertThat(definition.attachType()).isEqualTo(attachType);
        assertThat(definition.target(section)).isEqualTo(target);
        assertThat(definition.flags()).isEqualTo(flags(flags));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "socket/one",
                "xdp_tx",
                "kprobes/f",
                "kprob",
                "kprobe.",
                "tc/",
                "cgroup",
                "+",
                "Kprobe/f"
            })
    void saysNothingAboutOtherNames(String section) {
        assertThat(SectionDefinition.lookup(section)).isEmpty();
    }

    @Test
    void passesOverALeadingQuestionMark() {
        SectionDefinition definition = SectionDefinition.lookup("?kprobe/f").orElseThrow();

        assertThat(definition.pattern()).isEqualTo("kprobe+");
        assertThat(definition.target("?kprobe/f")).isEqualTo("f");
    }

    @Test
    void findsEachRowByItsOwnName() {
        List<SectionDefinition> all = SectionDefinition.all();
        Set<String> names = new HashSet<>();

        assertThat(all).hasSize(116);
        for (SectionDefinition definition : all) {
            String name = definition.pattern().replace("+", "");
            assertThat(names.add(name)).as(name).isTrue();
            assertThat(SectionDefinition.lookup(name)).contains(definition);
            assertThat(definition.target(name)).isEmpty();
        }
    }

    @Test
    void sortsTheTableByName() {
        List<String> names =
                SectionDefinition.all().stream().map(d -> d.pattern().replace("+", "")).toList();

        assertThat(names).isSorted();
    }

    @Test
    void numbersAttachTypesWithoutGaps() {
        AttachType[] types = AttachType.values();

        assertThat(types[0].number()).isZero();
        for (int i = 1; i < types.length; i++) {
            assertThat(types[i].number()).as(types[i].name()).isEqualTo(i - 1);
        }
        assertThat(AttachType.PERF_EVENT.number()).isEqualTo(41);
        assertThat(AttachType.TRACE_FSESSION_MULTI.number()).isEqualTo(61);
    }

    private static Set<Flag> flags(String names) {
        Set<Flag> flags = new HashSet<>();
        if (names != null) {
            Arrays.stream(names.split(" ")).map(Flag::valueOf).forEach(flags::add);
        }
        return flags;
    }
}
