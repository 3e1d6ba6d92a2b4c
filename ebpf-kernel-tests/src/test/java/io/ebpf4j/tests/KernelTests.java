// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Runs the kernel tests without a build tool, as the guests do.
 *
 * <p>Arguments, if any, are patterns over {@code Class#method} that choose tests ({@code *} stands
 * for any characters). With {@code -Debpf.kernel.required=true} a skip that {@link ExpectedSkips}
 * does not list for the kernel is a failure, and so is a row of it that covers no skip (unless
 * tests were chosen). {@code -Debpf.kernel.series} names the kernel's rows; without it they are
 * those of {@code host-MAJOR.MINOR}. The last line says how many tests passed, failed and were
 * skipped; the exit status is 0 if none failed and any ran, else 1.
 */
public final class KernelTests {
    private static final PrintStream OUT = System.out;
    private static final int FRAMES = 12;

    private KernelTests() {}

    /**
     * Runs the tests.
     *
     * @param patterns which tests, or none for all
     */
    public static void main(String[] patterns) {
        Results results = new Results();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(
                                DiscoverySelectors.selectPackage(
                                        KernelTests.class.getPackageName()))
                        .filters(TagFilter.includeTags("kernel"), chosen(patterns))
                        .build();
        // Results is also registered as a service: a second one would say everything twice.
        LauncherConfig config =
                LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
        LauncherFactory.create(config).execute(request, results, new Progress(results));

        int failed = report(results, patterns.length == 0);
        int skipped = results.skips().size();
        OUT.println(results.passed() + " passed, " + failed + " failed, " + skipped + " skipped");
        OUT.flush();
        System.exit(failed == 0 && results.passed() > 0 ? 0 : 1);
    }

    private static PostDiscoveryFilter chosen(String[] patterns) {
        return test -> FilterResult.includedIf(patterns.length == 0 || isChosen(test, patterns));
    }

    private static boolean isChosen(TestDescriptor test, String[] patterns) {
        // What has no name of its own (an engine, a class) is kept for the methods below it, which
        // have.
        if (!(test.getSource().orElse(null) instanceof MethodSource)) {
            return !test.getChildren().isEmpty();
        }
        String name = Results.nameOf(TestIdentifier.from(test));
        for (String pattern : patterns) {
            if (ExpectedSkips.matches(pattern.contains("#") ? pattern : pattern + "#*", name)) {
                return true;
            }
        }
        return false;
    }

    private static int report(Results results, boolean all) {
        for (Results.Failure failure : results.failures()) {
            OUT.println("FAILED " + failure.test());
            print(failure.cause());
        }
        results.skips()
                .forEach(skip -> OUT.println("skipped " + skip.test() + ": " + skip.reason()));
        int failed = results.failures().size();
        if (results.passed() + failed + results.skips().size() == 0) {
            OUT.println("FAILED no kernel test was found");
            failed++;
        }
        return Boolean.getBoolean("ebpf.kernel.required") ? failed + compare(results, all) : failed;
    }

    private static int compare(Results results, boolean all) {
        String series = series();
        ExpectedSkips expected = ExpectedSkips.of(series);
        List<Results.Skip> unexpected = expected.unexpected(results.skips());
        for (Results.Skip skip : unexpected) {
            OUT.println(
                    "FAILED "
                            + skip.test()
                            + " must run on "
                            + series
                            + ", but was skipped: "
                            + skip.reason());
        }
        results.skips().removeAll(unexpected);
        if (!all) {
            return unexpected.size();
        }
        List<ExpectedSkips.Row> stale = expected.stale(results.skips());
        stale.forEach(
                row ->
                        OUT.println(
                                "FAILED expected-skips.tsv has a stale row: "
                                        + row
                                        + " skips nothing"));
        return unexpected.size() + stale.size();
    }

    private static String series() {
        String[] release = System.getProperty("os.version").split("\\.", 3);
        return System.getProperty("ebpf.kernel.series", "host-" + release[0] + "." + release[1]);
    }

    private static void print(Throwable failure) {
        String role = "";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            OUT.println("  " + role + indented(t));
            role = "caused by ";
            int printed = 0;
            for (StackTraceElement frame : t.getStackTrace()) {
                if (frame.getClassName().startsWith("io.ebpf4j.") && printed++ < FRAMES) {
                    OUT.println("    at " + frame);
                }
            }
            for (Throwable also : t.getSuppressed()) {
                OUT.println("  and " + indented(also));
            }
        }
    }

    private static String indented(Throwable t) {
        return t.toString().replace("\n", "\n    ");
    }

    /** Prints a line for each class when it is done. */
    private static final class Progress implements TestExecutionListener {
        private final Results results;
        private long began;
        private int passed;
        private int failed;
        private int skipped;

        Progress(Results results) {
            this.results = results;
        }

        @Override
        public void executionStarted(TestIdentifier identifier) {
            if (isClass(identifier)) {
                began = System.nanoTime();
                passed = results.passed();
                failed = results.failures().size();
                skipped = results.skips().size();
            }
        }

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (isClass(identifier)) {
                OUT.printf(
                        Locale.ROOT,
                        "%7.2f s  %s: %d passed, %d failed, %d skipped%n",
                        (System.nanoTime() - began) / 1e9,
                        identifier.getDisplayName(),
                        results.passed() - passed,
                        results.failures().size() - failed,
                        results.skips().size() - skipped);
            }
        }

        private static boolean isClass(TestIdentifier identifier) {
            return identifier.getSource().orElse(null) instanceof ClassSource source
                    && source.getClassName().indexOf('$') < 0;
        }
    }
}
