// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ElementCallsTest {
    private static final int BYTES = 16;

    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");
    private final FileDescriptor map =
            FileDescriptor.adopt(calls, (int) calls.eventfd(), "map counts");
    private final ElementCalls elements = new ElementCalls(calls, map, true);

    @AfterEach
    void close() {
        map.close();
    }

    private boolean open() {
        return !calls.leftOpen().isEmpty();
    }

    @Test
    void theOwnerHasTheSameCallEachTime() {
        ElementCall first = elements.take(BYTES);
        elements.give(first);
        ElementCall second = elements.take(BYTES);
        assertThat(second).isSameAs(first);
        elements.give(second);
    }

    @Test
    void closingEndsTheStandingUse() {
        elements.give(elements.take(BYTES));
        assertThat(open()).isTrue();
        map.close();
        assertThat(open()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> elements.take(BYTES))
                .withMessageContaining("map counts");
    }

    @Test
    void aDescriptorThatNobodyUsedIsClosedAtOnce() {
        map.close();
        assertThat(open()).isFalse();
    }

    @Test
    void aCallHoldsTheDescriptorOpen() {
        ElementCall call = elements.take(BYTES);
        map.close();
        assertThat(open()).isTrue();
        elements.give(call);
        assertThat(open()).isFalse();
    }

    @Test
    void aCallWithinACallIsAnother() {
        ElementCall outer = elements.take(BYTES);
        ElementCall middle = elements.take(BYTES);
        ElementCall inner = elements.take(BYTES);
        assertThat(middle).isNotSameAs(outer);
        assertThat(inner).isNotSameAs(outer).isNotSameAs(middle);
        elements.give(inner);
        elements.give(middle);
        map.close();
        assertThat(open()).isTrue();
        elements.give(outer);
        assertThat(open()).isFalse();
    }

    @Test
    void aCallHasTheRoomThatWasAskedFor() {
        elements.give(elements.take(BYTES));
        ElementCall large = elements.take(100_000);
        assertThat(large.capacity()).isGreaterThanOrEqualTo(100_000);
        elements.give(large);
    }

    @Test
    void manySuccessesAreToldOnce() {
        ElementCall call = elements.take(BYTES);
        elements.give(call);
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i < BriefCall.CALLS_BEFORE; i++) {
                assertThat(call.succeeded()).isFalse();
            }
            assertThat(call.succeeded()).isTrue();
            assertThat(call.succeeded()).isFalse();
            assertThat(call.failed()).isFalse();
        }
    }

    @Test
    void aFailureSoonAfterAnotherIsTold() {
        ElementCall call = elements.take(BYTES);
        elements.give(call);
        call.failed();
        for (int i = 1; i < BriefCall.CALLS_FOR_A_FAILURE; i++) {
            call.succeeded();
        }
        assertThat(call.failed()).isTrue();
        for (int i = 0; i < BriefCall.CALLS_FOR_A_FAILURE; i++) {
            call.succeeded();
        }
        assertThat(call.failed()).isFalse();
    }

    @Test
    void otherThreadsHaveTheirOwn() throws InterruptedException, ExecutionException {
        ElementCall mine = elements.take(BYTES);
        elements.give(mine);
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            ElementCall other = one.submit(() -> elements.take(BYTES)).get();
            assertThat(other).isNotSameAs(mine);
            map.close();
            assertThat(open()).isTrue();
            one.submit(() -> elements.give(other)).get();
            assertThat(open()).isFalse();
        }
    }

    @Test
    void whenTheOwnerHasEndedAnotherThreadTakesItsPlace() throws InterruptedException {
        ElementCall[] seen = new ElementCall[1];
        Thread owner =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    seen[0] = elements.take(BYTES);
                                    elements.give(seen[0]);
                                });
        owner.join();
        ElementCall call = elements.take(BYTES);
        assertThat(call).isSameAs(seen[0]);
        elements.give(call);
        map.close();
        assertThat(open()).isFalse();
    }

    /** Whoever comes first, the descriptor is closed once, and never during a call. */
    @Test
    void closingMeetsTheOwnerAtAnyPoint() throws InterruptedException, ExecutionException {
        try (ExecutorService owner = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 2_000; i++) {
                FakeSystemCalls fake = new FakeSystemCalls("6.12");
                FileDescriptor descriptor =
                        FileDescriptor.adopt(fake, (int) fake.eventfd(), "map counts");
                ElementCalls each = new ElementCalls(fake, descriptor, true);
                CountDownLatch begun = new CountDownLatch(1);
                Future<?> user =
                        owner.submit(
                                () -> {
                                    while (true) {
                                        ElementCall call;
                                        try {
                                            call = each.take(BYTES);
                                        } catch (IllegalStateException closed) {
                                            return;
                                        }
                                        if (fake.leftOpen().isEmpty()) {
                                            throw new AssertionError("closed during a call");
                                        }
                                        each.give(call);
                                        begun.countDown();
                                    }
                                });
                if (i % 2 == 0) {
                    begun.await();
                }
                descriptor.close();
                user.get();
                assertThatIllegalStateException().isThrownBy(descriptor::acquire);
                assertThat(fake.leftOpen()).isEmpty();
                assertThat(fake.calls().stream().filter(c -> c.name().equals("close"))).hasSize(1);
            }
        }
    }
}
