// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.Sections;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;

class VariableTest {
    private FakeSystemCalls calls = new FakeSystemCalls("6.12");

    @Test
    void aMappedVariableIsReadAndWrittenInMemory() {
        try (MapHandle data =
                section(Sections.of(".data", MapSpec.MMAPABLE, 1, 0, 0, 0, 2, 0, 0, 0))) {
            Variable<Integer> second = variable(data, 4, 4, Integer.class);
            assertThat(second.get()).isEqualTo(2);
            second.set(70000);
            assertThat(second.get()).isEqualTo(70000);
            assertThat(second.readOnly()).isFalse();
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_ELEM)).isEmpty();
            assertThat(data.open(Integer.class, byte[].class).get(0))
                    .containsExactly(1, 0, 0, 0, 0x70, 0x11, 1, 0);
            second.setRelease(5);
            assertThat(second.getAcquire()).isEqualTo(5);
            assertThat(variable(data, 0, 4, Integer.class).get()).isEqualTo(1);
            assertThat(calls.calls()).filteredOn(c -> c.name().equals("mmap")).hasSize(1);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aVariableThatIsNotMappedGoesThroughTheWholeSection() {
        try (MapHandle data = section(Sections.of(".data", 0, 1, 0, 0, 0, 2, 0, 0, 0))) {
            Variable<Integer> second = variable(data, 4, 4, Integer.class);
            assertThat(second.get()).isEqualTo(2);
            second.set(3);
            assertThat(data.open(Integer.class, byte[].class).get(0))
                    .containsExactly(1, 0, 0, 0, 3, 0, 0, 0);
            calls.failAll(BpfCommand.MAP_UPDATE_ELEM, Errno.ENOMEM);
            assertThatThrownBy(() -> second.set(4))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot write variable v in .data");
        }
    }

    @Test
    void readOnlyDataCannotBeSetOnceFrozen() {
        MapSpec spec =
                Sections.of(".rodata", MapSpec.MMAPABLE | MapSpec.READ_ONLY_PROGRAM, 7, 0, 0, 0);
        try (MapHandle rodata = section(spec.frozen(true))) {
            Variable<Integer> v = variable(rodata, 0, 4, Integer.class);
            assertThat(v.get()).isEqualTo(7);
            assertThat(v.readOnly()).isTrue();
            assertThatThrownBy(() -> v.set(8))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("set it in the CollectionSpec before loading");
        }
    }

    @Test
    void readOnlyDataThatIsNotFrozenYetIsWrittenByTheKernel() {
        MapSpec spec =
                Sections.of(".rodata", MapSpec.MMAPABLE | MapSpec.READ_ONLY_PROGRAM, 7, 0, 0, 0);
        try (MapHandle rodata = section(spec)) {
            Variable<Integer> v = variable(rodata, 0, 4, Integer.class);
            v.set(8);
            assertThat(v.get()).isEqualTo(8);
            rodata.freeze();
            assertThat(v.readOnly()).isTrue();
            assertThatThrownBy(() -> v.set(9))
                    .isInstanceOf(BpfException.class)
                    .hasMessage(
                            "variable v in .rodata is frozen since freeze() was called; set it"
                                    + " before that");
        }
    }

    @Test
    void typesAreCheckedAgainstBtf() {
        BtfBuilder types = new BtfBuilder();
        types.add(new BtfType.Int("unsigned int", 4, 0, 0, 32));
        int v = types.add(new BtfType.Var("v", 1, BtfType.Var.GLOBAL));
        Btf btf = types.build(ByteOrder.nativeOrder());
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 255, 255, 255, 255))) {
            Variable.Place place = new Variable.Place("v", 0, 4, v);
            assertThat(Variable.of(data, place, btf, Long.class).get()).isEqualTo(0xffff_ffffL);
            assertThatThrownBy(() -> Variable.of(data, place, btf, String.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("variable v: String does not fit unsigned int");
            assertThatThrownBy(() -> variable(data, 0, 4, Long.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("variable v has 4 bytes, but Long has 8");
            assertThatThrownBy(() -> variable(data, 2, 4, Integer.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("does not lie in section .data of 4");
        }
    }

    @Test
    void aClosedMapEndsItsVariables() {
        MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 1, 0, 0, 0));
        Variable<Integer> v = variable(data, 0, 4, Integer.class);
        data.close();
        data.close();
        assertThatThrownBy(v::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> v.set(1)).isInstanceOf(IllegalStateException.class);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aMapThatOthersFrozeIsMappedReadOnly() {
        calls.fail("mmap", 1, Errno.EPERM);
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 9, 0, 0, 0))) {
            assertThat(variable(data, 0, 4, Integer.class).get()).isEqualTo(9);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aFailedMappingIsReported() {
        calls.fail("mmap", 1, Errno.ENOMEM);
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 1, 0, 0, 0))) {
            assertThatThrownBy(() -> variable(data, 0, 4, Integer.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot map the values of map .data");
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void numbersAreAccessedAtomicallyAndWithoutBoxes() {
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, new int[24]))) {
            IntVariable i = variable(data, 4, 4, Integer.class).asInt();
            assertThat(i.getAndAdd(5)).isZero();
            assertThat(i.getAndSet(6)).isEqualTo(5);
            assertThat(i.compareAndSet(5, 7)).isFalse();
            assertThat(i.compareAndSet(6, 7)).isTrue();
            assertThat(i.getAndBitwiseOr(8)).isEqualTo(7);
            assertThat(i.getAndBitwiseAnd(12)).isEqualTo(15);
            assertThat(i.getVolatile()).isEqualTo(12);
            assertThat(variable(data, 4, 4, Integer.class).get()).isEqualTo(12);

            Variable<Long> boxed = variable(data, 8, 8, Long.class);
            LongVariable l = boxed.asLong();
            l.set(1L << 40);
            assertThat(boxed.get()).isEqualTo(1L << 40);
            l.setOpaque(2);
            assertThat(l.getOpaque()).isEqualTo(2);
            l.setRelease(3);
            assertThat(l.getAcquire()).isEqualTo(3);
            l.setVolatile(4);
            assertThat(l.get()).isEqualTo(4);
            assertThat(boxed.memory().byteSize()).isEqualTo(8);
            assertThat(boxed.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(4);
            assertThatThrownBy(boxed::asInt)
                    .isInstanceOf(BpfException.class)
                    .hasMessage(
                            "variable v in .data has 8 bytes at offset 8, but must have 4 at a"
                                    + " multiple of 4");
            assertThatThrownBy(() -> variable(data, 12, 8, Long.class).asLong())
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("at a multiple of 8");
        }
    }

    @Test
    void warmAccessToNumbersAllocatesNothing() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, new int[8]))) {
            LongVariable l = variable(data, 0, 8, Long.class).asLong();
            int rounds = 100_000;
            touch(l, rounds);
            long before = threads.getCurrentThreadAllocatedBytes();
            touch(l, rounds);
            // a box for each access would be 16 bytes
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(rounds);
            assertThat(l.get()).isEqualTo(4L * rounds);
        }
    }

    private static void touch(LongVariable variable, int rounds) {
        for (int i = 0; i < rounds; i++) {
            variable.set(variable.get() + 1);
            variable.getAndAdd(1);
        }
    }

    @Test
    void onlyMappedVariablesHaveMemory() {
        try (MapHandle data = section(Sections.of(".data", 0, new int[8]))) {
            Variable<Long> v = variable(data, 0, 8, Long.class);
            assertThatThrownBy(v::asLong)
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("variable v in .data is not in memory");
            assertThatThrownBy(v::memory).isInstanceOf(UnsupportedException.class);
        }
    }

    @Test
    void numbersOfReadOnlyDataCannotBeSetAndThoseOfClosedMapsNotRead() {
        calls.fail("mmap", 1, Errno.EPERM);
        MapHandle data = section(Sections.of(".rodata", MapSpec.MMAPABLE, 9, 0, 0, 0));
        IntVariable v = variable(data, 0, 4, Integer.class).asInt();
        MemorySegment memory = variable(data, 0, 4, Integer.class).memory();
        assertThat(v.get()).isEqualTo(9);
        assertThatThrownBy(() -> v.set(1))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("v in .rodata is read-only");
        assertThatThrownBy(() -> v.getAndAdd(1)).isInstanceOf(BpfException.class);
        data.close();
        assertThatThrownBy(v::getAcquire).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_INT, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void theMemoryOfAClosedMapIsReplacedWhileNumbersMayBeReadThere() throws InterruptedException {
        closeUnderANumber();
        collectUntilUnmapped();
        assertThat(unmapped()).isTrue();
    }

    private void closeUnderANumber() {
        MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 9, 0, 0, 0));
        IntVariable v = variable(data, 0, 4, Integer.class).asInt();
        assertThat(v.getAcquire()).isEqualTo(9);
        assertThat(v.getOpaque()).isEqualTo(9);
        data.close();
        assertThatThrownBy(v::getAcquire).isInstanceOf(IllegalStateException.class);
        assertThat(calls.leftOpen()).isEmpty();
        assertThat(unmapped()).isFalse();
        assertThatThrownBy(v::getOpaque).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theMemoryIsUnmappedLateWhereItCannotBeReplaced() throws InterruptedException {
        calls.fail("mmap", 2, Errno.ENOMEM);
        closeUnderANumberThatStays();
        collectUntilUnmapped();
        assertThat(calls.leftOpen()).isEmpty();
    }

    private void closeUnderANumberThatStays() {
        MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 9, 0, 0, 0));
        IntVariable v = variable(data, 0, 4, Integer.class).asInt();
        data.close();
        assertThat(calls.leftOpen()).hasSize(1);
        assertThatThrownBy(v::getAcquire).isInstanceOf(IllegalStateException.class);
    }

    /** The pages go with the number, whose end nothing but the collector tells. */
    private void collectUntilUnmapped() throws InterruptedException {
        for (int i = 0; i < 1000 && !unmapped(); i++) {
            System.gc();
            Thread.sleep(10);
        }
    }

    private boolean unmapped() {
        return calls.calls().stream().anyMatch(c -> c.name().equals("munmap"));
    }

    @Test
    void theMemoryOfAMapWithoutNumbersIsUnmappedAtOnce() {
        MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 9, 0, 0, 0));
        assertThat(variable(data, 0, 4, Integer.class).get()).isEqualTo(9);
        data.close();
        assertThat(unmapped()).isTrue();
    }

    private MapHandle section(MapSpec spec) {
        return MapHandle.create(Kernel.of(calls), spec, null, null);
    }

    private static <T> Variable<T> variable(MapHandle map, int offset, int size, Class<T> type) {
        return Variable.of(map, new Variable.Place("v", offset, size, 0), null, type);
    }
}
