// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process that says "ready" and then answers each line with a number: one of {@link Server}, or
 * of {@code libbpf-bench.c}.
 */
final class Worker implements Side {
    private final List<String> command;
    private final Question question;
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    /** What is asked, and how many of the answer's unit make one of the report's. */
    enum Question {
        /** Nanoseconds; reported in milliseconds. */
        TIME("time", 1e6),
        /** Bytes; reported in KiB. */
        HEAP("heap", 1024);

        private final String line;
        private final double unit;

        Question(String line, double unit) {
            this.line = line;
            this.unit = unit;
        }

        /** Returns the question as a process reads it. */
        String asked() {
            return line + '\n';
        }
    }

    Worker(List<String> command, Question question) throws IOException {
        this.command = command;
        this.question = question;
        this.process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("it ended without an answer: " + String.join(" ", command));
        }
        return line;
    }

    @Override
    public double measure() throws IOException {
        questions.write(question.asked());
        questions.flush();
        return Long.parseLong(answer()) / question.unit;
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.onExit().join();
    }

    /** A side that starts a new process for each measurement, and takes its first answer. */
    record Fresh(List<String> command) implements Side {
        @Override
        public double measure() throws IOException {
            try (Worker worker = new Worker(command, Question.TIME)) {
                return worker.measure();
            }
        }

        @Override
        public void close() {
            // no process outlives its measurement
        }
    }

    /** A side that is measured from the start of a process to the first line that it prints. */
    record Launch(List<String> command) implements Side {
        @Override
        public double measure() throws IOException {
            long begin = System.nanoTime();
            Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                if (out.readLine() == null) {
                    throw new IOException("it printed nothing: " + String.join(" ", command));
                }
                return (System.nanoTime() - begin) / 1e6;
            } finally {
                process.onExit().join();
            }
        }

        @Override
        public void close() {
            // no process outlives its measurement
        }
    }
}
