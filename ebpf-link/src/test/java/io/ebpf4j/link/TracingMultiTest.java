// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Tracing programs at many functions by one link. */
class TracingMultiTest {
    private static final TracingMultiOptions PLAIN = TracingMultiOptions.DEFAULT;

    private static final List<String> FUNCTIONS =
            List.of(
                    "vfs_read",
                    "vfs_write",
                    "vfs_printf",
                    "vfs_many",
                    "vfs_large",
                    "vfs_struct",
                    "vfs_untyped");

    @TempDir Path folder;
    private FakeHost host;

    @BeforeEach
    void start() {
        host = new FakeHost(folder, "7.2");
        host.fake.file("/sys/kernel/btf/vmlinux", types());
        StringBuilder traceable = new StringBuilder();
        StringBuilder symbols = new StringBuilder();
        for (String function : FUNCTIONS) {
            traceable.append(function).append('\n');
            symbols.append("ffffffff81000000 T ").append(function).append('\n');
        }
        host.files.write(FakeHost.TRACEFS + "available_filter_functions", traceable.toString());
        host.files.write("/proc/kallsyms", symbols.toString());
    }

    /**
     * What must not be attached to has its reason in its name; {@code vfs_hidden} is no function.
     */
    private static byte[] types() {
        BtfBuilder types = new BtfBuilder();
        int number = types.add(new BtfType.Int("long", 8, 1, 0, 64));
        int large = types.add(new BtfType.Struct("large", 24, List.of()));
        int plain = types.add(new BtfType.FuncProto(number, parameters(number, 2)));
        function(types, "vfs_read", plain);
        function(types, "vfs_write", plain);
        function(types, "vfs_hidden", plain);
        function(types, "vfs_many", types.add(new BtfType.FuncProto(0, parameters(number, 13))));
        function(types, "vfs_printf", types.add(new BtfType.FuncProto(0, parameters(0, 1))));
        function(types, "vfs_large", types.add(new BtfType.FuncProto(0, parameters(large, 1))));
        function(types, "vfs_struct", types.add(new BtfType.FuncProto(large, List.of())));
        return types.encode(ByteOrder.nativeOrder());
    }

    private static List<BtfType.Parameter> parameters(int type, int count) {
        return Collections.nCopies(count, new BtfType.Parameter(type == 0 ? "" : "a", type));
    }

    private static void function(BtfBuilder types, String name, int prototype) {
        types.add(new BtfType.Func(name, prototype, BtfType.Func.STATIC));
    }

    private Program program(AttachType type) {
        return host.program(ProgramType.TRACING, type);
    }

    /** The kernel's types stay mapped for what comes later. */
    private List<String> left() {
        return host.fake.leftOpen().stream().filter(what -> !what.startsWith("mapping")).toList();
    }

    private Link attach(Program program, String pattern) {
        return TracingMulti.attach(host.host(), program, pattern, PLAIN);
    }

    @Test
    void aPatternStandsForWhatCanBeTracedByItsTypes() {
        try (Program program = program(AttachType.TRACE_FEXIT_MULTI)) {
            attach(program, "vfs_*").close();
            assertThat(host.linkCreate.getInt(8)).isEqualTo(AttachType.TRACE_FEXIT_MULTI.number());
            assertThat(host.linkCreate.getLong(16)).isNotZero();
            assertThat(host.linkCreate.getLong(24)).isZero();
            assertThat(host.linkCreate.getInt(32)).isEqualTo(2);
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void aListHasACookieForEach() {
        List<String> two = List.of("vfs_write", "vfs_read");
        TracingMultiOptions cookies = TracingMultiOptions.builder().cookies(1, 2).build();
        TracingMultiOptions three = TracingMultiOptions.builder().cookies(1, 2, 3).build();
        try (Program program = program(AttachType.TRACE_FENTRY_MULTI)) {
            TracingMulti.attach(host.host(), program, two, cookies).close();
            assertThat(host.linkCreate.getLong(24)).isNotZero();
            assertThat(host.linkCreate.getInt(32)).isEqualTo(2);
            assertThatThrownBy(() -> TracingMulti.attach(host.host(), program, two, three))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 cookies were given");
            assertThatThrownBy(() -> TracingMulti.attach(host.host(), program, "vfs_*", cookies))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TracingMulti.attach(host.host(), program, List.of(), PLAIN))
                    .isInstanceOf(IllegalArgumentException.class);
            List<String> mixed = List.of("vfs_read", "veth:veth_xmit");
            assertThatThrownBy(() -> TracingMulti.attach(host.host(), program, mixed, PLAIN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not of one module");
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void whatCannotBeTracedIsExplained() {
        String[][] reasons = {
            {"vfs_many", "more than 12 arguments"},
            {"vfs_printf", "variable arguments"},
            {"vfs_large", "larger than 16 bytes"},
            {"vfs_struct", "returns a structure"},
            {"vfs_untyped", "the BTF of vmlinux has no function vfs_untyped"},
            {"vfs_?", "no function that matches"},
            {"absent:vfs_*", "no module absent"},
        };
        try (Program program = program(AttachType.TRACE_FSESSION_MULTI)) {
            for (String[] reason : reasons) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> attach(program, reason[0]))
                        .withMessageContaining(reason[1]);
            }
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).isEmpty();
        }
        try (Program program = program(AttachType.TRACE_FENTRY)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(program, "vfs_*"))
                    .withMessageContaining("SEC(\"fentry.multi\")");
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void refusalsLeaveNothing() {
        host.fake.fail(BpfCommand.LINK_CREATE, 1, Errno.EOPNOTSUPP);
        host.fake.fail(BpfCommand.LINK_CREATE, 2, Errno.EBUSY);
        try (Program program = program(AttachType.TRACE_FENTRY_MULTI)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(program, "vfs_*"))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("7.2"))
                    .withMessageContaining("attach it to single functions");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(program, "vfs_*"))
                    .withMessageContaining("it is attached to one of them");
            assertThat(left()).hasSize(1);
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void nothingIsLeftWhicheverCallFails() {
        int failures = 0;
        int made = 1;
        for (int nth = 1; made >= nth; nth++) {
            start();
            try (Program program = program(AttachType.TRACE_FENTRY_MULTI)) {
                List<String> before = left();
                host.failCall(nth);
                Link link = null;
                try {
                    link = attach(program, "vfs_*");
                } catch (BpfException e) {
                    failures++;
                }
                made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(left()).as("call " + nth).isEqualTo(before);
            }
        }
        assertThat(failures).isPositive();
    }
}
