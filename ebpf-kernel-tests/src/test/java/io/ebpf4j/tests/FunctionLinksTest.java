// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.btf.BtfType;
import io.ebpf4j.link.FunctionLinks;
import io.ebpf4j.link.Kprobe;
import io.ebpf4j.link.KprobeMulti;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.Tracing;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;

/** What is attached to a kernel function, found from outside. */
@KernelTest
class FunctionLinksTest {
    private static final String FUNCTION = "vfs_rmdir";

    @Test
    @Requires(
            value = {Requirement.BTF, Requirement.FENTRY},
            kernel = "5.13")
    void findsTracingPrograms() {
        try (HitCounter entry = tracing(AttachType.TRACE_FENTRY);
                HitCounter exit = tracing(AttachType.TRACE_FEXIT)) {
            Link first = Tracing.attach(entry.program());
            Link second = Tracing.attach(exit.program());
            assertThat(FunctionLinks.query(FUNCTION)).containsExactly(first.info(), second.info());
            assertThat(FunctionLinks.query("vfs_unlink")).isEmpty();
            first.close();
            assertThat(FunctionLinks.query(FUNCTION)).containsExactly(second.info());
            second.close();
            assertThat(FunctionLinks.query(FUNCTION)).isEmpty();
        }
    }

    @Test
    @Requires(value = Requirement.KPROBES, kernel = "6.6")
    void findsKprobes() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            try (Link link = Kprobe.attach(counter.program(), FUNCTION)) {
                assertThat(FunctionLinks.query(FUNCTION)).containsExactly(link.info());
            }
            assertThat(FunctionLinks.query(FUNCTION)).isEmpty();
        }
    }

    @Test
    @Requires(value = Requirement.FPROBE, kernel = "6.6")
    void findsManyKprobes() {
        try (HitCounter counter =
                HitCounter.of(ProgramType.KPROBE, AttachType.TRACE_KPROBE_MULTI)) {
            try (Link link = KprobeMulti.attach(counter.program(), "vfs_r*")) {
                assertThat(FunctionLinks.query(FUNCTION)).containsExactly(link.info());
                assertThat(FunctionLinks.query("vfs_unlink")).isEmpty();
            }
            assertThat(FunctionLinks.query(FUNCTION)).isEmpty();
        }
    }

    private static HitCounter tracing(AttachType type) {
        return HitCounter.tracing(type, FUNCTION, BtfType.Func.class, false);
    }
}
