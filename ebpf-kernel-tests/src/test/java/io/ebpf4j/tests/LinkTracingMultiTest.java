// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.TracingMultiOptions;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Programs at many functions by their types, and at functions of a module. */
@KernelTest
@Requires({Requirement.BTF, Requirement.FENTRY})
class LinkTracingMultiTest {
    private static final String TRIGGER = "call_tests";
    private static final String PATTERN = "bpf_fentry_test*";

    /** How many functions of that name the oldest kernel with these links has. */
    private static final long LEAST = 8;

    private static final TracingMultiOptions PLAIN = TracingMultiOptions.builder().build();

    private static CollectionSpec spec(String program) {
        CollectionSpec spec = Objects.spec("tracing");
        spec.program(program).autoload(true);
        spec.program(TRIGGER).autoload(true);
        return spec;
    }

    private static Collection load(String program) {
        Collection c = Collection.load(spec(program));
        c.variable("process", int.class).set((int) ProcessHandle.current().pid());
        return c;
    }

    private static long hits(Collection c) {
        long before = value(c, "hits");
        c.program(TRIGGER).testRun(TestRun.create());
        return value(c, "hits") - before;
    }

    private static long value(Collection c, String variable) {
        return c.variable(variable, long.class).get();
    }

    @ParameterizedTest
    @CsvSource({"on_entries, 1", "on_exits, 1", "on_all, 2"})
    @Requires(kernel = "7.2")
    void countsAtAllFunctionsWhileAttached(String program, int each) {
        try (Collection c = load(program)) {
            long most;
            try (Link link = c.attach(program)) {
                most = hits(c);
                assertThat(most).isGreaterThanOrEqualTo(LEAST * each);
                assertThat(most % each).isZero();
                assertThat(link.info().type()).isEqualTo(LinkType.TRACING_MULTI);
            }
            assertThat(hits(c)).isZero();
            AttachMatrix.seen(
                    Objects.spec("tracing").program(program).section(), AttachMatrix.By.LINK);
            List<String> two = List.of("bpf_fentry_test3", "bpf_fentry_test4");
            try (Link link = c.attachTracingMulti(program, two, PLAIN)) {
                assertThat(hits(c)).isEqualTo(2L * each);
                assertThat(link.isOpen()).isTrue();
            }
        }
    }

    @Test
    @Requires(kernel = "7.2")
    void eachFunctionHasItsCookie() {
        List<String> three = List.of("bpf_fentry_test5", "bpf_fentry_test1", "vfs_rename");
        try (Collection c = load("on_chosen")) {
            TracingMultiOptions each = TracingMultiOptions.builder().cookies(3, 50, 700).build();
            try (Link link = c.attachTracingMulti("on_chosen", three, each)) {
                assertThat(hits(c)).isEqualTo(2);
                assertThat(value(c, "cookies")).isEqualTo(53);
                assertThat(link.isOpen()).isTrue();
            }
            TracingMultiOptions one = TracingMultiOptions.builder().cookie(1000).build();
            try (Link link = c.attachTracingMulti("on_chosen", "bpf_fentry_test?", one)) {
                long hits = hits(c);
                assertThat(value(c, "cookies")).isEqualTo(53 + 1000 * hits);
                assertThat(link.isOpen()).isTrue();
            }
        }
    }

    @Test
    @Requires(kernel = "7.2")
    void explainsWhatCannotBeTraced() {
        try (Collection c = load("on_chosen")) {
            assertThatThrownBy(() -> c.attach("on_chosen"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("SEC(\"fentry.multi/[module:]pattern\")");
            assertThatThrownBy(() -> c.attachTracingMulti("on_chosen", "vfs_nothing_*"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("vmlinux has no function that matches");
            assertThatThrownBy(() -> c.attachTracingMulti("on_chosen", "vfs_renamee"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("has no function vfs_renamee")
                    .hasMessageContaining("did you mean vfs_rename");
            assertThatThrownBy(() -> c.attachTracingMulti("on_chosen", "_printk"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("variable arguments");
            assertThatThrownBy(() -> c.attachTracingMulti("on_chosen", "nosuchmodule:f*"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("no module nosuchmodule");
            List<String> twice = List.of("vfs_rename", "vfs_rename");
            assertThatThrownBy(() -> c.attachTracingMulti("on_chosen", twice, PLAIN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("vfs_rename is there twice");
        }
    }

    @Test
    @Requires(kernel = "7.2")
    void aProgramThatSleepsIsNotAttachedToWhatMayNot() {
        try (Collection c = load("on_entries_s")) {
            assertThatThrownBy(() -> c.attachTracingMulti("on_entries_s", PATTERN))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("may not sleep when the program does");
        }
    }

    @Test
    void isLoadedOrSaysWhatTheKernelLacks() {
        for (String program : List.of("on_entries", "on_exits", "on_all")) {
            if (Requirement.atLeast("7.2")) {
                Collection.load(spec(program)).close();
            } else {
                assertThatThrownBy(() -> Collection.load(spec(program)).close())
                        .isInstanceOfSatisfying(
                                UnsupportedException.class,
                                e -> assertThat(e.minimumKernel()).isEqualTo("7.2"))
                        .hasMessageContaining("load it for single functions");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_module_entry", "on_module_exit"})
    @Requires(value = Requirement.VETH, kernel = "5.11")
    void countsAtAFunctionOfAModule(String program) {
        countsFrames(program);
    }

    @Test
    @Requires(value = Requirement.VETH, kernel = "7.2")
    void countsAtTheFunctionsOfAModule() {
        countsFrames("on_module_entries");
    }

    private static void countsFrames(String program) {
        try (OwnNetwork network = OwnNetwork.of("veth");
                Collection c = load(program)) {
            network.send(1);
            assertThat(value(c, "hits")).isZero();
            try (Link link = c.attach(program)) {
                network.send(3);
                assertThat(value(c, "hits")).isGreaterThanOrEqualTo(3);
                assertThat(link.isOpen()).isTrue();
            }
            long hits = value(c, "hits");
            network.send(3);
            assertThat(value(c, "hits")).isEqualTo(hits);
        }
    }
}
