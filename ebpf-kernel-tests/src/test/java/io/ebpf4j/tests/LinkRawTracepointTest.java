// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.RawTracepoint;
import io.ebpf4j.link.RawTracepointOptions;
import io.ebpf4j.link.SectionAttach;
import io.ebpf4j.link.Tracing;
import io.ebpf4j.link.TracingOptions;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;

/** Raw tracepoints, with and without BTF. */
@KernelTest
class LinkRawTracepointTest {

    @Test
    void countsWhileAttachedAndNoLonger() {
        try (HitCounter counter = HitCounter.of(ProgramType.RAW_TRACEPOINT)) {
            try (Link link = RawTracepoint.attach(counter.program(), "sys_enter")) {
                assertThat(counter.hitsOf(5)).isGreaterThanOrEqualTo(5);
                assertThat(link.info().type()).isEqualTo(LinkType.RAW_TRACEPOINT);
                AttachMatrix.seen("raw_tp", AttachMatrix.By.LINK);
                assertThat(link.info().detail())
                        .isInstanceOfSatisfying(
                                LinkInfo.RawTracepoint.class,
                                d -> assertThat(d.name()).isEqualTo("sys_enter"));
            }
            assertThat(counter.hitsOf(5)).isZero();
        }
    }

    @Test
    void attachesByItsSection() {
        try (HitCounter counter = HitCounter.of(ProgramType.RAW_TRACEPOINT);
                Link link = SectionAttach.attach(counter.program(), "raw_tp/sys_exit")) {
            assertThat(counter.hitsOf(2)).isGreaterThanOrEqualTo(2);
            assertThat(link.isOpen()).isTrue();
        }
    }

    @Test
    @Requires(Requirement.TRACEFS)
    void suggestsTheNearestTracepoints() {
        try (HitCounter counter = HitCounter.of(ProgramType.RAW_TRACEPOINT)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> RawTracepoint.attach(counter.program(), "sched_proces_exec"))
                    .withMessageContaining("did you mean sched_process_exec");
        }
    }

    @Test
    @Requires(kernel = "6.10")
    void givesTheProgramItsCookie() {
        RawTracepointOptions options = RawTracepointOptions.builder().cookie(77).build();
        try (HitCounter counter = HitCounter.keepingCookie(ProgramType.RAW_TRACEPOINT);
                Link link = RawTracepoint.attach(counter.program(), "sys_enter", options)) {
            assertThat(counter.hitsOf(1)).isPositive();
            assertThat(counter.cookie()).isEqualTo(77);
            assertThat(link.isOpen()).isTrue();
        }
    }

    @Test
    @Requires({Requirement.BTF, Requirement.TP_BTF})
    void countsAtATracepointWithTypes() {
        try (HitCounter counter = typed(false)) {
            try (Link link = Tracing.attach(counter.program())) {
                assertThat(counter.hitsOf(4)).isGreaterThanOrEqualTo(4);
                assertThat(link.info().type()).isEqualTo(LinkType.RAW_TRACEPOINT);
                AttachMatrix.seen("tp_btf", AttachMatrix.By.LINK);
            }
            assertThat(counter.hitsOf(4)).isZero();
            try (Link link = SectionAttach.attach(counter.program(), "tp_btf/sys_enter")) {
                assertThat(counter.hitsOf(4)).isGreaterThanOrEqualTo(4);
                assertThat(link.isOpen()).isTrue();
            }
        }
    }

    @Test
    @Requires(
            value = {Requirement.BTF, Requirement.TP_BTF},
            kernel = "6.10")
    void givesATypedProgramItsCookie() {
        TracingOptions options = TracingOptions.builder().cookie(99).build();
        try (HitCounter counter = typed(true);
                Link link = Tracing.attach(counter.program(), options)) {
            assertThat(counter.hitsOf(1)).isPositive();
            assertThat(counter.cookie()).isEqualTo(99);
            assertThat(link.isOpen()).isTrue();
        }
    }

    private static HitCounter typed(boolean cookie) {
        return HitCounter.tracing(
                AttachType.TRACE_RAW_TP, "btf_trace_sys_enter", BtfType.Typedef.class, cookie);
    }
}
