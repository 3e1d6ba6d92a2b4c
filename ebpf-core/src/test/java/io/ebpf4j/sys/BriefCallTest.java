// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

class BriefCallTest {
    private static final int FAILS = 7;

    private final List<String> made = new ArrayList<>();
    private final List<String> linked = new ArrayList<>();
    private final BriefCall call = new BriefCall(new Recorded());

    /** Downcalls that note that they are linked, and made. */
    private final class Recorded implements BriefCall.Downcalls {
        @Override
        public MethodHandle ordinary() {
            return MethodHandles.dropArguments(
                    behindErrors("ordinary"), 5, long.class, long.class, long.class);
        }

        @Override
        public MethodHandle capturing() {
            linked.add("capturing");
            return behindErrors("capturing");
        }

        @Override
        public MethodHandle bare() {
            linked.add("bare");
            return made("bare");
        }

        private MethodHandle behindErrors(String name) {
            return MethodHandles.dropArguments(made(name), 0, MemorySegment.class);
        }
    }

    private MethodHandle made(String name) {
        MethodType type =
                BriefCall.CAPTURING.dropParameterTypes(0, 1).insertParameterTypes(0, String.class);
        try {
            return MethodHandles.lookup().bind(this, "result", type).bindTo(name);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private long result(String by, long number, long a, long b, long c) {
        assertThat(List.of(number, b, c)).containsExactly(321L, 2L, 3L);
        made.add(by);
        return a == FAILS ? -1 : a;
    }

    private long invoke(long a) {
        try {
            return (long) call.invoker().invokeExact(call, MemorySegment.NULL, 321L, a, 2L, 3L);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Makes the calls that are counted. */
    private void count(int failures) {
        for (int i = 0; i < BriefCall.CALLS_BEFORE; i++) {
            assertThat(invoke(i < failures ? FAILS : 1)).isEqualTo(i < failures ? -1 : 1);
        }
        assertThat(made).hasSize(BriefCall.CALLS_BEFORE).containsOnly("ordinary");
        made.clear();
    }

    private void doubtAlmost() {
        for (int i = 1; i < BriefCall.DOUBTS; i++) {
            call.doubt();
        }
    }

    @Test
    void nothingIsLinkedBeforeManyCalls() {
        assertThat(invoke(1)).isEqualTo(1);
        call.trust();
        call.doubt();
        assertThat(invoke(FAILS)).isEqualTo(-1);
        assertThat(made).containsExactly("ordinary", "ordinary");
        assertThat(linked).isEmpty();
    }

    @Test
    void callsThatSucceedLeaveOutTheErrorNumber() {
        count(BriefCall.CALLS_BEFORE / BriefCall.CALLS_FOR_A_FAILURE);
        assertThat(invoke(5)).isEqualTo(5);
        assertThat(made).containsExactly("bare");
        assertThat(linked).containsExactly("bare");
    }

    @Test
    void aCallThatFailsIsMadeAgainForItsErrorNumber() {
        count(0);
        assertThat(invoke(FAILS)).isEqualTo(-1);
        assertThat(made).containsExactly("bare", "ordinary");
    }

    @Test
    void callsThatFailKeepTheErrorNumber() {
        count(BriefCall.CALLS_BEFORE / BriefCall.CALLS_FOR_A_FAILURE + 1);
        assertThat(invoke(5)).isEqualTo(5);
        assertThat(invoke(FAILS)).isEqualTo(-1);
        assertThat(made).containsExactly("capturing", "capturing");
        assertThat(linked).containsExactly("capturing");
    }

    @Test
    void callsThatComeToSucceedLeaveTheErrorNumberOut() {
        count(BriefCall.CALLS_BEFORE);
        call.doubt();
        call.trust();
        assertThat(invoke(5)).isEqualTo(5);
        assertThat(made).containsExactly("bare");
    }

    @Test
    void callsThatComeToFailKeepItForGood() {
        count(0);
        doubtAlmost();
        assertThat(invoke(5)).isEqualTo(5);
        call.doubt();
        call.trust();
        assertThat(invoke(FAILS)).isEqualTo(-1);
        assertThat(made).containsExactly("bare", "capturing");
        assertThat(linked).containsExactly("bare", "capturing");
    }
}
