// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.LongMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;

import java.io.IOException;

/**
 * What calls on maps report in a process that has made very many: the way they are made changes
 * with how many, and with how often they fail.
 */
@KernelTest
class ManyCallsTest {
    private static final int MANY = 150_000;
    private static final int SOME = 3000;
    private static final int CAPACITY = 2;

    @Test
    void failuresAreReportedWhereCallsHardlyEverFail() throws IOException {
        try (ChildJvm child = new ChildJvm(Succeeding.class)) {
            assertThat(child.answer("successes")).isEqualTo(Report.RIGHT);
            assertThat(child.answer("failures")).isEqualTo(Report.RIGHT);
            assertThat(child.answer("again")).isEqualTo(Report.RIGHT);
        }
    }

    @Test
    void failuresAreReportedWhereCallsFailOften() throws IOException {
        try (ChildJvm child = new ChildJvm(Failing.class)) {
            assertThat(child.answer("failures")).isEqualTo(Report.RIGHT);
            assertThat(child.answer("successes")).isEqualTo(Report.RIGHT);
            assertThat(child.answer("again")).isEqualTo(Report.RIGHT);
        }
    }

    /** Calls succeed at first. */
    static final class Succeeding {
        private Succeeding() {}

        public static void main(String[] arguments) {
            try (Report report = new Report()) {
                report.succeed(MANY);
                report.say("successes");
                report.fail(SOME);
                report.say("failures");
                report.succeed(MANY);
                report.say("again");
            }
        }
    }

    /** Calls fail at first. */
    static final class Failing {
        private Failing() {}

        public static void main(String[] arguments) {
            try (Report report = new Report()) {
                report.fail(MANY);
                report.say("failures");
                report.succeed(MANY);
                report.say("successes");
                report.fail(SOME);
                report.say("again");
            }
        }
    }

    /** A full map, and what calls on it report. */
    private static final class Report implements AutoCloseable {
        static final String RIGHT = "absent -7, there false, gone false, gone false, value 1, full";

        private final MapHandle map =
                MapHandle.create(
                        Kernel.shared(),
                        MapSpec.of("calls", MapType.HASH, 4, 8, CAPACITY),
                        null,
                        null);
        private final LongMap longs = map.openLongs();

        Report() {
            for (int i = 0; i < CAPACITY; i++) {
                longs.put(i, i);
            }
        }

        void succeed(int times) {
            for (int i = 0; i < times; i++) {
                if (longs.get(1, -1) != 1) {
                    throw new AssertionError("at call " + i);
                }
            }
        }

        void fail(int times) {
            for (int i = 0; i < times; i++) {
                if (longs.get(CAPACITY + i, -1) != -1) {
                    throw new AssertionError("at call " + i);
                }
            }
        }

        void say(String when) {
            System.out.printf(
                    "%s absent %d, there %b, gone %b, gone %b, value %d, %s%n",
                    when,
                    longs.get(CAPACITY, -7),
                    longs.putIfAbsent(1, 5),
                    longs.replace(CAPACITY, 5),
                    longs.delete(CAPACITY),
                    longs.get(1, -7),
                    full());
        }

        private String full() {
            try {
                longs.put(CAPACITY, 5);
                return "written";
            } catch (BpfException e) {
                return e.getMessage().contains("is full") ? "full" : e.getMessage();
            }
        }

        @Override
        public void close() {
            map.close();
        }
    }
}
