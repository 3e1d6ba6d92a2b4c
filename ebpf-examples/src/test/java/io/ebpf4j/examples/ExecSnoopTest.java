// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.examples.ExecSnoop.Event;
import io.ebpf4j.examples.ExecSnoop.Start;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class ExecSnoopTest {
    @Test
    void argumentsAreSplitWhereEachEnds() {
        assertThat(start("ls\0-l\0/tmp\0", 11).args()).containsExactly("ls", "-l", "/tmp");
    }

    @Test
    void bytesBehindTheLengthAreNoArguments() {
        assertThat(start("ls\0left\0over\0", 3).args()).containsExactly("ls");
    }

    @Test
    void emptyArgumentsAreKept() {
        Start start = start("sh\0\0-c\0", 7);

        assertThat(start.args()).containsExactly("sh", "", "-c");
        assertThat(start.line()).endsWith(" sh '' -c");
    }

    @Test
    void processesWithoutArgumentsHaveNone() {
        assertThat(start("", 0).args()).isEmpty();
    }

    @Test
    void argumentsThatWereCutAreMarked() {
        Start whole = start("x".repeat(1023) + "\0", 1024);
        Start cut = start("x".repeat(1024), 1025);

        assertThat(whole.truncated()).isFalse();
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.args()).containsExactly("x".repeat(1024));
        assertThat(cut.line()).endsWith("x…");
    }

    @Test
    void argumentsWithSpacesAndQuotesAreQuotedAsForAShell() {
        assertThat(start("echo\0a b\0it's\0", 14).line()).endsWith(" echo 'a b' 'it'\\''s'");
    }

    @Test
    void columnsStandBelowTheirHeaders() {
        String line = start("/bin/true\0", 10).line();

        assertThat(line).startsWith(line.substring(0, 12) + "    4711       1");
        assertThat(endOf(Start.HEADER, "PPID")).isEqualTo(endOf(line, "       1"));
        assertThat(endOf(Start.HEADER, "UID")).isEqualTo(endOf(line, "1000"));
        assertThat(Start.HEADER.indexOf("COMM")).isEqualTo(line.indexOf("true "));
        assertThat(Start.HEADER.indexOf("ARGS")).isEqualTo(line.indexOf("/bin/true"));
    }

    @Test
    void usersAreUnsigned() {
        Event e = new Event(0, 1, 1, -2, 0, "true", new byte[1024]);

        assertThat(Start.of(e).uid()).isEqualTo(4294967294L);
    }

    private static int endOf(String line, String part) {
        return line.indexOf(part) + part.length();
    }

    private static Start start(String args, int length) {
        byte[] bytes = Arrays.copyOf(args.getBytes(StandardCharsets.UTF_8), 1024);
        return Start.of(new Event(System.nanoTime(), 4711, 1, 1000, length, "true", bytes));
    }
}
