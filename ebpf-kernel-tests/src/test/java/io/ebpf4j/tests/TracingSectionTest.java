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
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.SectionDefinition;
import io.ebpf4j.spec.SectionDefinition.Flag;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;

/**
 * Programs that are attached by nothing but their sections, each from the first kernel on that has
 * its hook; kernels before that refuse it.
 */
@KernelTest
class TracingSectionTest {
    private static final int TIMES = 3;
    private static final byte TEXT = 42;
    private static final String TRIGGER = "call_tests";

    /** What makes programs run. */
    private enum Event {
        /** A system call, often in a row. */
        GETPPID,
        /** The removal of a file; stacked file systems remove it once for each layer. */
        UNLINK,
        /** Functions of the kernel that are there to be traced. */
        TEST_FUNCTIONS;

        void cause(Collection c) {
            switch (this) {
                case GETPPID -> HitCounter.getppid();
                case UNLINK -> unlink();
                case TEST_FUNCTIONS -> c.program(TRIGGER).testRun(TestRun.create());
            }
        }

        private static void unlink() {
            try {
                Files.delete(Files.createTempFile("ebpf4j", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static CollectionSpec spec(String program, Event event) {
        CollectionSpec spec = Objects.spec("tracing");
        spec.program(program).autoload(true);
        spec.program(TRIGGER).autoload(event == Event.TEST_FUNCTIONS);
        return spec;
    }

    private static long hits(Collection c, Event event) {
        long before = c.variable("hits", long.class).get();
        for (int i = 0; i < TIMES; i++) {
            event.cause(c);
        }
        return c.variable("hits", long.class).get() - before;
    }

    private static void countsWhileAttached(
            String program, Event event, String since, LinkType type) {
        CollectionSpec spec = spec(program, event);
        if (!Requirement.atLeast(since)) {
            assertThatThrownBy(() -> attach(spec, program))
                    .isInstanceOf(BpfException.class)
                    .satisfies(e -> refused(e, since));
            return;
        }
        String section = spec.program(program).section();
        boolean sleeps =
                SectionDefinition.lookup(section).orElseThrow().flags().contains(Flag.SLEEPABLE);
        try (Arena arena = Arena.ofConfined();
                Collection c = Collection.load(spec)) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, TEXT);
            c.variable("text", long.class).set(text.address());
            c.variable("process", int.class).set((int) ProcessHandle.current().pid());
            try (Link link = c.attach(program)) {
                assertThat(hits(c, event)).isGreaterThanOrEqualTo(TIMES);
                assertThat(link.info().type()).isIn(type, LinkType.UNSPEC);
                assertThat(c.variable("read", long.class).get()).isEqualTo(sleeps ? TEXT : 0);
            }
            assertThat(hits(c, event)).isZero();
            AttachMatrix.seen(section, AttachMatrix.By.LINK);
        }
    }

    /** A kernel too old for a section says so; one that lacks sleepable functions names the one. */
    private static void refused(Throwable e, String since) {
        if (e instanceof UnsupportedException unsupported) {
            assertThat(unsupported.minimumKernel()).isEqualTo(since);
        } else {
            assertThat(e).hasMessageContaining("is not sleepable");
        }
    }

    private static void attach(CollectionSpec spec, String program) {
        try (Collection c = Collection.load(spec)) {
            c.attach(program).close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "on_entry, 5.5",
        "on_exit, 5.5",
        "on_both, 7.0",
        "on_entry_s, 6.3",
        "on_exit_s, 6.3",
        "on_both_s, 7.0",
        "on_decision_s, 6.3",
        "on_entries_s, 7.2",
        "on_exits_s, 7.2",
        "on_all_s, 7.2",
    })
    @Requires({Requirement.BTF, Requirement.FENTRY})
    void functions(String program, String since) {
        LinkType type = since.equals("7.2") ? LinkType.TRACING_MULTI : LinkType.TRACING;
        countsWhileAttached(program, Event.TEST_FUNCTIONS, since, type);
    }

    @Test
    @Requires({Requirement.BTF, Requirement.FENTRY})
    void decisionsOfTheKernel() {
        countsWhileAttached("on_decision", Event.UNLINK, "5.7", LinkType.TRACING);
    }

    @ParameterizedTest
    @CsvSource({"on_unlink, 5.7", "on_unlink_s, 5.11"})
    @Requires({Requirement.BTF, Requirement.LSM})
    void securityHooks(String program, String since) {
        countsWhileAttached(program, Event.UNLINK, since, LinkType.TRACING);
    }

    @ParameterizedTest
    @CsvSource({
        "on_raw, 4.17",
        "on_raw_w, 5.2",
        "on_raw_tracepoint_w, 5.2",
        "on_raw_s, 7.2",
        "on_raw_tracepoint_s, 7.2",
    })
    void rawTracepoints(String program, String since) {
        countsWhileAttached(program, Event.GETPPID, since, LinkType.RAW_TRACEPOINT);
    }

    @ParameterizedTest
    @CsvSource({"on_tp_s, 7.2", "on_tracepoint_s, 7.2"})
    @Requires(Requirement.TRACEFS)
    void tracepointsWhoseProgramsSleep(String program, String since) {
        countsWhileAttached(program, Event.GETPPID, since, LinkType.PERF_EVENT);
    }

    /** Linux 5.10 to 6.1 lets such programs be attached to all tracepoints, even where none may. */
    @Test
    @Requires(
            value = {Requirement.BTF, Requirement.TP_BTF},
            kernel = "6.2")
    void typedTracepointsWhoseProgramsSleep() {
        countsWhileAttached("on_typed_s", Event.GETPPID, "7.2", LinkType.RAW_TRACEPOINT);
    }

    @Test
    @Requires(Requirement.KPROBES)
    void returnsOfSystemCalls() {
        countsWhileAttached("on_return", Event.GETPPID, "5.10", LinkType.PERF_EVENT);
    }

    /** {@code CONFIG_BPF_LIRC_MODE2} needs a kernel with {@code CONFIG_RC_CORE=y}, as none here. */
    @Test
    void infraredReceiversAreForKernelsThatAreBuiltWithThem() {
        assertThatThrownBy(() -> attach(spec("on_infrared", Event.GETPPID), "on_infrared"))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("SEC(\"lirc_mode2\")")
                .hasMessageContaining("use a kernel that is built with it");
        AttachMatrix.seen("lirc_mode2", AttachMatrix.By.NOTHING);
    }

    @Test
    @Requires(kernel = "5.14")
    void programsOfTheSystemCallAreRunAndNotAttached() {
        try (Collection c = Collection.load(spec("on_demand", Event.GETPPID))) {
            assertThat(c.attach()).isEmpty();
            assertThatThrownBy(() -> c.attach("on_demand"))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("Program.testRun");
            assertThat(c.program("on_demand").testRun(TestRun.create()).returnValue()).isEqualTo(7);
            AttachMatrix.seen("syscall", AttachMatrix.By.RUN);
        }
    }
}
