// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

class OutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    record Row(Instant time, int someNumber, String text, String absent) implements Output.Row {
        Row(String text) {
            this(Instant.EPOCH, 42, text, null);
        }

        @Override
        public String line() {
            return someNumber + " " + text;
        }
    }

    @Test
    void aTableHasAHeaderAndALineForEachEvent() {
        Output output = output(out);
        output.print(new Row("one"));
        output.print(new Row("two"));

        assertThat(output.wantsMore()).isTrue();
        assertThat(out).hasToString("HEADER\n42 one\n42 two\n");
    }

    @Test
    void jsonIsOneObjectALineWithoutHeader() {
        Output output = output(out, "--json");
        output.print(new Row("a \"b\"\n<é>"));

        assertThat(output.wantsMore()).isTrue();
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).endsWith("}\n").hasLineCount(1).contains("<é>");
        JsonObject object = JsonParser.parseString(text).getAsJsonObject();
        assertThat(object.keySet()).containsExactly("time", "some_number", "text");
        assertThat(object.get("time").getAsString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(object.get("some_number").getAsInt()).isEqualTo(42);
        assertThat(object.get("text").getAsString()).isEqualTo("a \"b\"\n<é>");
    }

    @Test
    void noMoreEventsArePrintedThanWereAskedFor() {
        Output output = output(out, "--events", "2");
        output.print(new Row("one"));
        assertThat(output.wantsMore()).isTrue();
        output.print(new Row("two"));
        output.print(new Row("three"));

        assertThat(output.wantsMore()).isFalse();
        assertThat(out).hasToString("HEADER\n42 one\n42 two\n");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        Output output = output(out);
        output.print(new Row("\u001b[2J\n\u009b"));

        assertThat(output.wantsMore()).isTrue();
        assertThat(out).hasToString("HEADER\n42 ?[2J??\n");
    }

    @Test
    void nothingMoreIsWantedWhenTheReaderIsGone() {
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };

        assertThat(output(closed).wantsMore()).isFalse();
    }

    @Test
    void lostEventsAreTold() {
        output(out).end(7);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("7 events were lost");
    }

    @Test
    void nothingIsSaidWhenNothingWasLost() {
        output(out).end(0);
        assertThat(err.size()).isZero();
    }

    @Test
    void timesOfTheMonotonicClockBecomeThoseOfTheWall() {
        Instant before = Instant.now();
        Instant converted = Output.wallClock(System.nanoTime() - 3_000_000_000L);

        assertThat(Duration.between(converted, before).minusSeconds(3).abs())
                .isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void timesOfDayHaveMilliseconds() {
        assertThat(Output.timeOfDay(Instant.ofEpochMilli(1_700_000_000_007L)))
                .matches("\\d\\d:\\d\\d:20\\.007");
    }

    private Output output(OutputStream to, String... options) {
        Output output = new Output(to, new PrintStream(err, true, StandardCharsets.UTF_8));
        new CommandLine(output).parseArgs(options);
        output.begin("HEADER", () -> {});
        return output;
    }
}
