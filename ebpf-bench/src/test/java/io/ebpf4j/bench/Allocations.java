// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.Locale;

/**
 * Measures what {@link WarmPaths} allocate, by JMH and its profiler of the garbage collector, and
 * prints a line for each: its name and bytes for each operation. Ends with status 1 when one
 * allocates.
 */
final class Allocations {
    /** What the JVM and the harness allocate on the side comes to less for an operation. */
    private static final double NEARLY_NOTHING = 0.5;

    private Allocations() {}

    public static void main(String[] args) throws RunnerException {
        Options options =
                new OptionsBuilder()
                        .include(WarmPaths.class.getSimpleName() + "\\." + pattern(args))
                        .addProfiler(GCProfiler.class)
                        .jvmArgsAppend(
                                "--enable-native-access=ALL-UNNAMED",
                                // of JMH 1.37, not of what it measures
                                "--sun-misc-unsafe-memory-access=allow",
                                "-D" + WarmPaths.OBJECT + "=" + args[0])
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(2))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(2))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build();
        boolean allocated = false;
        for (RunResult result : new Runner(options).run()) {
            String benchmark = result.getParams().getBenchmark();
            Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%.3f%n",
                    benchmark.substring(benchmark.lastIndexOf('.') + 1),
                    bytes.getScore());
            allocated |= bytes.getScore() > NEARLY_NOTHING;
        }
        System.exit(allocated ? 1 : 0);
    }

    private static String pattern(String[] args) {
        return args.length > 1 ? args[1] : ".*";
    }
}
