// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

class PerCpuTest {

    @Test
    void longsAreTheSameWithAndWithoutBoxes() {
        PerCpu<Long> boxed = PerCpu.of(List.of(1L, -2L, 1L << 40));
        PerCpu<Long> plain = PerCpu.adopt(new long[] {1, -2, 1L << 40});
        assertThat(plain).isEqualTo(boxed).hasSameHashCodeAs(boxed).hasToString(boxed.toString());
        assertThat(boxed).isEqualTo(plain).hasToString("[1, -2, 1099511627776]");
        assertThat(plain).isNotEqualTo(PerCpu.of(List.of(1L, -2L)));
        assertThat(plain).containsExactly(1L, -2L, 1L << 40);
        assertThat(plain.size()).isEqualTo(3);
        assertThat(plain.reduce(Long::sum)).isEqualTo((1L << 40) - 1);
        assertThatThrownBy(() -> plain.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
        Iterator<Long> walk = PerCpu.adopt(new long[1]).iterator();
        assertThat(walk.next()).isZero();
        assertThatThrownBy(walk::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("there are 1 CPUs");
    }

    @Test
    void eachCpusValueIsWrittenAndRead() {
        Codec<PerCpu<Long>> longs = PerCpuCodec.of(Codec.of(Long.class), 3);
        Codec<PerCpu<Short>> shorts = PerCpuCodec.of(Codec.of(Short.class), 3);
        MemorySegment memory = MemorySegment.ofArray(new long[4]);
        PerCpu<Long> three = PerCpu.of(List.of(7L, 8L, 9L));
        assertThat(longs.size()).isEqualTo(24);
        longs.encode(three, memory, 8);
        assertThat(longs.decode(memory, 8)).isEqualTo(three);
        assertThat(shorts.size()).isEqualTo(24);
        assertThat(shorts.decode(memory, 8))
                .isEqualTo(PerCpu.of(List.of((short) 7, (short) 8, (short) 9)));
        assertThatThrownBy(() -> longs.encode(PerCpu.of(List.of(1L)), memory, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("there are 1 values, but 3 possible CPUs");
        assertThatThrownBy(() -> shorts.encode(PerCpu.of(List.of((short) 1)), memory, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("there are 1 values, but 3 possible CPUs");
    }
}
