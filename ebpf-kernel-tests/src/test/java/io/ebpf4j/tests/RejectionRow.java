// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.error.Rejection;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.KernelVersion;
import io.ebpf4j.relocation.LinkedProgram;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be said of one program on some kernels: a row of {@code rejections/expected.tsv}.
 *
 * @param object the object that the program is in
 * @param program its name
 * @param from the first kernel that says so, such as {@code 5.18}; empty for all before
 * @param to the first that does not; empty for none
 * @param reason the reason, {@code *} standing for any characters; {@code accepted} where a kernel
 *     loads the program
 * @param place {@code function+offset} of the blamed instruction, or the function alone; {@code
 *     function^} where its first line is blamed though another is marked
 * @param instruction the instruction's text, {@code *} standing for any characters, or empty
 * @param registers a part of the register state, or empty where nothing is known of the registers
 *     concerned
 * @param advice a part of the advice
 */
record RejectionRow(
        String object,
        String program,
        String from,
        String to,
        String reason,
        String place,
        String instruction,
        String registers,
        String advice) {
    private static final int MAX_LINES = 8;
    private static final int COLUMNS = 7;

    /** Reads the whole table. */
    static List<RejectionRow> all() {
        List<RejectionRow> rows = new ArrayList<>();
        try (InputStream in = RejectionRow.class.getResourceAsStream("/rejections/expected.tsv")) {
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    rows.add(parse(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static RejectionRow parse(String line) {
        String[] c = line.split("\t", -1);
        int dots = c.length == COLUMNS ? c[1].indexOf("..") : -1;
        if (dots < 0) {
            throw new IllegalArgumentException("expected.tsv: " + COLUMNS + " columns: " + line);
        }
        int slash = c[0].indexOf('/');
        return new RejectionRow(
                c[0].substring(0, slash),
                c[0].substring(slash + 1),
                c[1].substring(0, dots),
                c[1].substring(dots + 2),
                c[2],
                c[3],
                c[4],
                c[5],
                c[6]);
    }

    /** Returns the rows that are about a kernel. */
    static List<RejectionRow> of(KernelVersion version) {
        List<RejectionRow> rows = new ArrayList<>(all());
        rows.removeIf(
                r ->
                        !r.from.isEmpty() && !version.isAtLeast(r.from)
                                || !r.to.isEmpty() && version.isAtLeast(r.to));
        return rows;
    }

    boolean accepted() {
        return reason.equals("accepted");
    }

    /** Compares what was thrown with what is expected. */
    void check(VerifierException e, LinkedProgram linked) {
        Rejection r = e.rejection();
        assertThat(e.program()).isEqualTo(program);
        assertThat(e.reason())
                .as("reason")
                .matches(said -> ExpectedSkips.matches(reason, said), "matches " + reason);
        checkPlace(r, linked);
        assertThat(r.instructionText())
                .as("instruction")
                .matches(said -> ExpectedSkips.matches(instruction, said), "is " + instruction);
        assertThat(e.sourceLine())
                .as("line")
                .isEqualTo(RejectedSource.of(object).line(function(), place.endsWith("^")));
        assertThat(e.advice()).as("advice").contains(advice);
        assertThat(e.advice().isEmpty()).as("no advice").isEqualTo(advice.isEmpty());
        checkMessage(e);
    }

    private String function() {
        int end = Math.max(place.indexOf('+'), place.indexOf('^'));
        return end < 0 ? place : place.substring(0, end);
    }

    private void checkPlace(Rejection r, LinkedProgram linked) {
        assertThat(r.function()).as("function").isEqualTo(function());
        if (!place.contains("+")) {
            assertThat(r.instruction()).as("slot").isEqualTo(-1);
            return;
        }
        assertThat(r.function() + "+" + r.offset()).as("place").isEqualTo(place);
        int start = -1;
        for (LinkedProgram.Placement p : linked.functions()) {
            start = p.name().equals(function()) ? p.slot() : start;
        }
        assertThat(r.instruction()).as("slot").isEqualTo(start + r.offset());
    }

    private void checkMessage(VerifierException e) {
        assertThat(e.getMessage())
                .startsWith("program " + program + " was rejected: ")
                .contains("\n  at " + e.sourceLine())
                .contains("\n  full log: VerifierException.log(), ");
        assertThat(e.getMessage().lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
        assertThat(e.log()).contains("processed ");
        assertThat(e.registerState()).as("registers").contains(registers);
        assertThat(e.getMessage().contains("\n  with "))
                .as("registers in the message")
                .isEqualTo(!registers.isEmpty());
    }

    @Override
    public String toString() {
        return program + " on " + from + ".." + to;
    }
}
