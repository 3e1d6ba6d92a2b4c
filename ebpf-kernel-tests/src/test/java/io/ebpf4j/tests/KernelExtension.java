// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Decides whether a kernel test can run here, and fails what leaves something behind.
 *
 * <p>Around each test method, and around the class with its {@code @BeforeAll} and
 * {@code @AfterAll}, it compares what this process {@linkplain Held holds}; around the class also
 * what {@linkplain KernelObjects the kernel holds}, since a program attached the older way, or a
 * pin, outlives every descriptor.
 *
 * <p>The kernel frees after a grace period (and sleepable programs after a longer one), so each
 * comparison is repeated until nothing is left or its time is over; a test that cleans up pays one
 * comparison. Tests run one after another: in parallel they would be taken for each other's leaks.
 */
final class KernelExtension
        implements ExecutionCondition,
                BeforeAllCallback,
                AfterAllCallback,
                BeforeEachCallback,
                AfterEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(KernelExtension.class);
    private static final Duration CLOSES_WITHIN = Duration.ofSeconds(5);
    private static final Duration FREES_WITHIN = Duration.ofSeconds(60);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = Requirement.BPF.missing();
        Optional<AnnotatedElement> element = context.getElement();
        if (missing.isEmpty() && element.isPresent()) {
            missing = missing(element.get().getAnnotation(Requires.class));
        }
        return missing.isEmpty()
                ? ConditionEvaluationResult.enabled("nothing is missing")
                : ConditionEvaluationResult.disabled(missing);
    }

    private static String missing(Requires requires) {
        if (requires == null) {
            return "";
        }
        if (!requires.kernel().isEmpty() && !Requirement.atLeast(requires.kernel())) {
            return "kernel " + requires.kernel() + " missing";
        }
        for (Requirement requirement : requires.value()) {
            String missing = requirement.missing();
            if (!missing.isEmpty()) {
                return missing;
            }
        }
        return "";
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        keep(context, Held.now());
        keep(context, KernelObjects.now());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        keep(context, Held.now());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Held before = kept(context, Held.class);
        failIfAny(context, CLOSES_WITHIN, () -> Held.since(before));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Held held = kept(context, Held.class);
        failIfAny(context, CLOSES_WITHIN, () -> Held.since(held));
        KernelObjects objects = kept(context, KernelObjects.class);
        failIfAny(context, FREES_WITHIN, () -> KernelObjects.since(objects));
    }

    private static void keep(ExtensionContext context, Object look) {
        context.getStore(NAMESPACE).put(look.getClass() + context.getUniqueId(), look);
    }

    private static <T> T kept(ExtensionContext context, Class<T> type) {
        return context.getStore(NAMESPACE).get(type + context.getUniqueId(), type);
    }

    private static void failIfAny(
            ExtensionContext context, Duration bound, Supplier<List<String>> leaks) {
        long deadline = System.nanoTime() + bound.toNanos();
        long pause = Duration.ofMillis(1).toNanos();
        List<String> left = leaks.get();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, Duration.ofMillis(100).toNanos());
            left = leaks.get();
        }
        if (!left.isEmpty()) {
            throw new AssertionError(
                    context.getDisplayName()
                            + " left behind after "
                            + bound.toSeconds()
                            + " s:\n  "
                            + String.join("\n  ", left));
        }
    }
}
