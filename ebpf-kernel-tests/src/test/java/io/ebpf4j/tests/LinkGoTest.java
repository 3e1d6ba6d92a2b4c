// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.golang.GoBuild;
import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.Binary;
import io.ebpf4j.link.GoProbeOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Functions of a Go program whose stacks grow and move: each call is seen once when it is entered
 * and once when it returns, and the program does not notice.
 */
@KernelTest
@Requires({Requirement.UPROBES, Requirement.GO, Requirement.X86_64})
@Timeout(600)
class LinkGoTest {
    private static final int GOROUTINES = 20;
    private static final int DEPTH = 499;
    private static final long CALLS = GOROUTINES * (DEPTH + 1);
    private static final String DESCEND = "main.descend";

    private Collection c;
    private long allResults;

    @BeforeEach
    void load() {
        c = Collection.load(Objects.spec("golang"));
    }

    @AfterEach
    void close() {
        c.close();
    }

    private static String program(GoProgram.Form form) throws IOException {
        return GoProgram.get("growing", form).toString();
    }

    private static String run(String program) throws IOException {
        return GoProgram.finish(GoProgram.start(Path.of(program)));
    }

    private long value(String name) {
        return c.variable(name, long.class).get();
    }

    // What the program does, to know what it should say and return.
    private long descend(int level, long seed) {
        long result;
        if (level == 0) {
            result = seed + 1;
        } else {
            long below = descend(level - 1, seed + (long) (level % 32) * level);
            long rest = Long.remainderUnsigned(below, 3);
            if (rest == 0) {
                result = below + seed + Long.remainderUnsigned(below, 32) * level;
            } else if (rest == 1) {
                result = below ^ seed + 31L * level;
            } else {
                result = below * 3 + level;
            }
        }
        allResults += result;
        return result;
    }

    private String expected() {
        allResults = 0;
        long all = 0;
        for (int i = 0; i < GOROUTINES; i++) {
            all += descend(DEPTH, i) * (i + 1);
        }
        return CALLS + " " + Long.toHexString(all) + "\n";
    }

    @ParameterizedTest
    @EnumSource
    void eachCallIsSeenOnceThoughStacksMove(GoProgram.Form form) throws IOException {
        String program = program(form);
        GoBuild.Abi abi = Binary.find(program).goBuild().orElseThrow().abi();
        try (Link entry = c.attachGo("on_entry", program, DESCEND);
                Link returns = c.attachGoReturn("on_return", program, DESCEND)) {
            assertThat(run(program)).startsWith(expected());
            LinkInfo.GoFunction places = (LinkInfo.GoFunction) returns.info().detail();
            assertThat(places.places()).isGreaterThan(2);
            assertThat(entry.isOpen()).isTrue();
        }
        assertThat(value("entries")).isEqualTo(CALLS);
        assertThat(value("returns")).isEqualTo(CALLS);
        if (abi == GoBuild.Abi.REGISTERS) {
            assertThat(value("arguments")).isEqualTo((long) GOROUTINES * DEPTH * (DEPTH + 1) / 2);
            assertThat(value("results")).isEqualTo(allResults);
        }
        assertThat(run(program)).startsWith(expected());
        assertThat(value("entries")).isEqualTo(CALLS);
        assertThat(value("returns")).isEqualTo(CALLS);
    }

    @ParameterizedTest
    @CsvSource({"main.wide, 1", "main.choose, 1", "main.add, 23", "main.(*inner).call, 2"})
    void functionsOfEveryShapeAreSeen(String function, long calls) throws IOException {
        String program = program(GoProgram.Form.PLAIN);
        c.attachGo("on_entry", program, function);
        c.attachGoReturn("on_return", program, function);
        assertThat(run(program)).startsWith(expected());
        assertThat(value("entries")).isEqualTo(calls);
        assertThat(value("returns")).isEqualTo(calls);
    }

    @Test
    void oneProcessIsWatchedAndNoOther() throws IOException {
        String program = program(GoProgram.Form.PLAIN);
        Process watched = GoProgram.start(Path.of(program), "wait");
        try {
            BufferedReader said = watched.inputReader();
            assertThat(said.readLine()).isEqualTo("ready");
            GoProbeOptions options =
                    GoProbeOptions.builder().returning().pid((int) watched.pid()).build();
            c.attachGo("on_return", program, DESCEND, options);
            run(program);
            assertThat(value("returns")).isZero();
            watched.getOutputStream().close();
            assertThat(said.readLine() + "\n").isEqualTo(expected());
            GoProgram.finish(watched);
            assertThat(value("returns")).isEqualTo(CALLS);
        } finally {
            watched.destroyForcibly();
        }
    }

    @Test
    @Requires(Requirement.UPROBE_EVENTS)
    void eventsInTracefsDoAndAreRemoved() throws IOException {
        String program = program(GoProgram.Form.STRIPPED);
        GoProbeOptions options =
                GoProbeOptions.builder().returning().mode(AttachMode.LEGACY).build();
        try (Link link = c.attachGo("on_return", program, DESCEND, options)) {
            assertThat(run(program)).startsWith(expected());
            assertThat(link.isOpen()).isTrue();
        }
        assertThat(value("returns")).isEqualTo(CALLS);
        assertThat(Files.readString(Mounts.TRACEFS.place().resolve("uprobe_events")))
                .doesNotContain("_" + ProcessHandle.current().pid() + "/");
    }

    @Test
    @Requires(kernel = "5.15")
    void everyPlaceHasTheCookie() throws IOException {
        String program = program(GoProgram.Form.PLAIN);
        GoProbeOptions options = GoProbeOptions.builder().returning().cookie(-77).build();
        CollectionSpec spec = Objects.spec("golang");
        spec.program("on_cookie").autoload(true);
        try (Collection withCookie = Collection.load(spec)) {
            withCookie.attachGo("on_cookie", program, "main.wide", options);
            run(program);
            assertThat(withCookie.variable("returns", long.class).get()).isEqualTo(1);
            assertThat(withCookie.variable("cookie", long.class).get()).isEqualTo(-77);
        }
    }

    @Test
    @Requires(kernel = "6.6")
    void oneLinkHoldsAllReturns() throws IOException {
        String program = program(GoProgram.Form.PLAIN);
        CollectionSpec spec = Objects.spec("golang");
        spec.program("on_any_return").autoload(true);
        try (Collection many = Collection.load(spec)) {
            try (Link link = many.attachGoReturn("on_any_return", program, DESCEND)) {
                assertThat(link.info().type()).isEqualTo(LinkType.UPROBE_MULTI);
                assertThat(run(program)).startsWith(expected());
            }
            assertThat(many.variable("returns", long.class).get()).isEqualTo(CALLS);
            run(program);
            assertThat(many.variable("returns", long.class).get()).isEqualTo(CALLS);
        }
    }

    @Test
    void whatWouldMissAReturnOrEndTheProgramIsRefused() throws IOException {
        String program = program(GoProgram.Form.PLAIN);
        refused(
                () -> c.attachUretprobe("on_return", program, DESCEND),
                "whose stacks move",
                "use attachGoReturn");
        refused(
                () -> c.attachGoReturn("on_return", program, "main.(*outer).call"),
                "main.(*outer).call ends with a tail call: at 0x",
                "it jumps to 0x");
        refused(() -> c.attachGoReturn("on_return", program, "main.forever"), "never returns");
        refused(
                () -> c.attachGoReturn("on_return", program, "main.decsend"),
                "did you mean main.descend?");
        refused(
                () -> c.attachGoReturn("on_return", "libc.so.6", "getppid"),
                "was not made by Go's linker",
                "use attachUretprobe");
        assertThat(run(program)).startsWith(expected());
    }

    private static void refused(Runnable attach, String... words) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(attach::run)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
