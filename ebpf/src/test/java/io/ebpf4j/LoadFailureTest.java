// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.link.Link;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** A load or attachment that fails half-way leaves nothing behind, and says what failed. */
class LoadFailureTest {
    private static final int ENOMEM = 12;

    private final TestKernel kernel = new TestKernel("6.12");

    private <E extends BpfException> E fails(Class<E> with) {
        E e = catchThrowableOfType(with, () -> kernel.load(TestKernel.spec()));
        assertThat(e).isNotNull();
        assertThat(kernel.fake.leftOpen()).isEmpty();
        return e;
    }

    private int count(BpfCommand command) {
        return kernel.fake.calls(command).size();
    }

    @Test
    void theThirdMapFailsWithoutMemory() {
        kernel.fake.fail(BpfCommand.MAP_CREATE, 3, ENOMEM);
        kernel.fake.fail(BpfCommand.MAP_CREATE, 4, ENOMEM);
        BpfException e = fails(BpfException.class);
        assertThat(e.errno()).isEqualTo(ENOMEM);
        assertThat(e.command()).isEqualTo("BPF_MAP_CREATE");
        assertThat(e).hasMessageContaining(".rodata").hasMessageContaining("ENOMEM");
        assertThat(count(BpfCommand.PROG_LOAD)).isZero();
    }

    @Test
    void readOnlyDataCannotBeFilled() {
        kernel.fake.fail(BpfCommand.MAP_UPDATE_ELEM, 1, ENOMEM);
        assertThat(fails(BpfException.class)).hasMessageContaining("cannot fill .rodata");
    }

    @Test
    void readOnlyDataCannotBeFrozen() {
        kernel.fake.fail(BpfCommand.MAP_FREEZE, 1, Errno.EBUSY);
        assertThat(fails(BpfException.class)).hasMessageContaining("cannot freeze map .rodata");
    }

    @Test
    void typesThatTheKernelRefusesAreLeftOut() {
        kernel.fake.failAll(BpfCommand.BTF_LOAD, Errno.EINVAL);
        try (Collection c = kernel.load(TestKernel.spec())) {
            assertThat(c.programs()).containsOnlyKeys("first", "second", "loose");
            assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD))
                    .allSatisfy(l -> assertThat(l.field("prog_btf_fd")).isZero())
                    .allSatisfy(l -> assertThat(l.field("func_info_cnt")).isZero())
                    .allSatisfy(l -> assertThat(l.field("line_info_cnt")).isZero());
            assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE))
                    .allSatisfy(m -> assertThat(m.field("btf_key_type_id")).isZero());
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aMissingPrivilegeForTypesEndsTheLoad() {
        kernel.fake.failAll(BpfCommand.BTF_LOAD, Errno.EPERM);
        PermissionDeniedException e = fails(PermissionDeniedException.class);
        assertThat(e.command()).isEqualTo("BPF_BTF_LOAD");
        assertThat(count(BpfCommand.MAP_CREATE)).isZero();
    }

    @Test
    void theSecondProgramIsRejected() {
        kernel.fake.fail(BpfCommand.PROG_LOAD, 2, Errno.EACCES);
        kernel.fake.fail(BpfCommand.PROG_LOAD, 3, Errno.EACCES);
        BpfException e = fails(BpfException.class);
        assertThat(e).hasMessageContaining("second");
        assertThat(e.errno()).isEqualTo(Errno.EACCES);
        List<FakeCall> loads = kernel.fake.calls(BpfCommand.PROG_LOAD);
        assertThat(loads.getFirst().result()).isPositive();
    }

    @Test
    void theVerifiersWordsAreInTheError() {
        kernel.fake.reject("0: (95) exit\nR0 !read_ok\n", Errno.EACCES);
        VerifierException e = fails(VerifierException.class);
        assertThat(e.program()).isEqualTo("first");
        assertThat(e.reason()).isEqualTo("R0 !read_ok");
        assertThat(e.log()).contains("0: (95) exit");
    }

    @Test
    void aVariableThatCannotBeMappedKeepsTheCollectionUsable() {
        kernel.fake.fail("mmap", 1, ENOMEM);
        try (Collection c = kernel.load(TestKernel.spec())) {
            assertThatThrownBy(() -> c.variable("calls", long.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot map the values of map .bss")
                    .hasMessageContaining("ENOMEM");
            assertThat(c.variable("calls", long.class).get()).isZero();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fcntl", "epoll_create1", "eventfd2", "epoll_ctl", "mmap"})
    void aRingBufferThatCannotBeOpenedKeepsTheCollectionUsable(String call) {
        try (Collection c = kernel.load(TestKernel.spec())) {
            List<String> before = kernel.fake.leftOpen();
            kernel.fake.fail(call, 1, ENOMEM);
            assertThatThrownBy(() -> c.ringBuffer("events", Long.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("events");
            assertThat(kernel.fake.leftOpen()).isEqualTo(before);
            assertThat(c.ringBuffer("events", Long.class).isOpen()).isTrue();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRingBufferWhoseDataCannotBeMappedIsUnmapped() {
        try (Collection c = kernel.load(TestKernel.spec())) {
            List<String> before = kernel.fake.leftOpen();
            kernel.fake.fail("mmap", 2, ENOMEM);
            assertThatThrownBy(() -> c.ringBuffer("events", Long.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("data of ring buffer events");
            assertThat(kernel.fake.leftOpen()).isEqualTo(before);
        }
    }

    @Test
    void theFirstIsDetachedWhenTheSecondCannotBeAttached() {
        try (Collection c = kernel.load(TestKernel.spec())) {
            List<String> before = kernel.fake.leftOpen();
            kernel.fake.fail(BpfCommand.RAW_TRACEPOINT_OPEN, 2, ENOMEM);
            assertThatThrownBy(c::attach)
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("second")
                    .hasMessageContaining("sched_wakeup");
            assertThat(kernel.fake.leftOpen()).isEqualTo(before);

            List<Link> links = c.attach();
            assertThat(links).hasSize(2).allSatisfy(l -> assertThat(l.isOpen()).isTrue());
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    /** Whichever call fails, the load either does without or fails cleanly. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.EINVAL, ENOMEM, Errno.EACCES, Errno.E2BIG})
    void anyCallMayFail(int errno) {
        int refused = 0;
        TestKernel last;
        int k = 0;
        do {
            last = new TestKernel("6.12").failCall(++k, errno);
            refused += walk(last, k) ? 0 : 1;
            assertThat(last.fake.leftOpen()).as("call " + k).isEmpty();
        } while (last.made() >= k);
        assertThat(refused).isBetween(10, k - 1);
    }

    /** The same on a kernel that needs every fallback. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.EINVAL, ENOMEM})
    void anyCallMayFailOnAnOldKernel(int errno) {
        TestKernel last;
        int k = 0;
        do {
            last = new TestKernel("5.10").failCall(++k, errno);
            walk(last, k);
            assertThat(last.fake.leftOpen()).as("call " + k).isEmpty();
        } while (last.made() >= k);
        assertThat(k).isGreaterThan(10);
    }

    /** Loads, attaches and opens everything; false if a call's failure was passed on. */
    private static boolean walk(TestKernel kernel, int failing) {
        try (Collection c = kernel.load(TestKernel.spec())) {
            c.attach();
            c.variable("calls", long.class).set(3L);
            c.variable("wanted", int.class).get();
            c.map("counts", Integer.class, Long.class).put(1, 2L);
            c.ringBuffer("events", Long.class).consume(e -> {});
            c.program("first").info();
            return true;
        } catch (BpfException e) {
            assertThat(e).as("call " + failing).message().isNotBlank();
            return false;
        }
    }
}
