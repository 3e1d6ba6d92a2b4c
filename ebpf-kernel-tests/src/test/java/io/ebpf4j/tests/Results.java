// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Collects what became of the kernel tests of a run; tests without the tag {@code kernel} are not
 * counted.
 *
 * <p>Registered as a service, so that a build that runs these tests among others prints one line
 * about them at its end.
 */
public final class Results implements TestExecutionListener {

    /**
     * A test that did not run.
     *
     * @param test {@code Class#method}
     * @param reason what is missing
     */
    record Skip(String test, String reason) {}

    /**
     * A test, or a class around its tests, that failed.
     *
     * @param test {@code Class#method}
     * @param cause what it threw
     */
    record Failure(String test, Throwable cause) {}

    private static final TestTag KERNEL = TestTag.create("kernel");

    private final List<Skip> skips = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private TestPlan plan;
    private int passed;

    /** Starts empty; called by the platform, which finds this class as a service. */
    public Results() {}

    /**
     * Gives the number of tests that passed.
     *
     * @return how many
     */
    int passed() {
        return passed;
    }

    /**
     * Gives the tests that did not run.
     *
     * @return the skips, in order
     */
    List<Skip> skips() {
        return skips;
    }

    /**
     * Gives the tests that failed.
     *
     * @return the failures, in order
     */
    List<Failure> failures() {
        return failures;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        if (!identifier.getTags().contains(KERNEL)) {
            return;
        }
        // A method that would be run several times has no test below it before it runs.
        Set<TestIdentifier> below = plan.getDescendants(identifier);
        int before = skips.size();
        for (TestIdentifier test : below) {
            if (plan.getChildren(test).isEmpty()) {
                skips.add(new Skip(nameOf(test), reason));
            }
        }
        if (skips.size() == before) {
            skips.add(new Skip(nameOf(identifier), reason));
        }
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (!identifier.getTags().contains(KERNEL)) {
            return;
        }
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += identifier.isTest() ? 1 : 0;
            case ABORTED -> skips.add(new Skip(nameOf(identifier), messageOf(result)));
            case FAILED -> failures.add(new Failure(nameOf(identifier), causeOf(result)));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        int ran = passed + failures.size();
        if (ran + skips.size() > 0) {
            System.out.println(
                    "kernel tests: " + ran + " ran, " + skips.size() + " skipped" + reasons());
        }
    }

    private String reasons() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Skip skip : skips) {
            counts.merge(skip.reason(), 1, Integer::sum);
        }
        List<String> parts = new ArrayList<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(e -> parts.add(e.getKey() + ": " + e.getValue()));
        return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
    }

    /**
     * Names a test as the table of expected skips does.
     *
     * @param identifier the test or class
     * @return {@code Class#method}, or {@code Class#*} for a class
     */
    static String nameOf(TestIdentifier identifier) {
        return switch (identifier.getSource().orElse(null)) {
            case MethodSource method ->
                    simpleName(method.getClassName()) + "#" + method.getMethodName();
            case ClassSource type -> simpleName(type.getClassName()) + "#*";
            case null, default -> identifier.getDisplayName();
        };
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String messageOf(TestExecutionResult result) {
        String message = causeOf(result).getMessage();
        return message == null ? "aborted" : message;
    }

    private static Throwable causeOf(TestExecutionResult result) {
        return result.getThrowable().orElseGet(() -> new AssertionError("failed without a cause"));
    }
}
