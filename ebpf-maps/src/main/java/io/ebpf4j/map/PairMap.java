// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.MapType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Maps whose value is a number and, in newer kernels, a program: its descriptor when written, its
 * id when read ({@code struct bpf_devmap_val}, {@code struct bpf_cpumap_val}).
 */
final class PairMap {
    private final BpfMap<Integer, Long> pairs;
    private final boolean programs;

    private PairMap(BpfMap<Integer, Long> pairs, boolean programs) {
        this.pairs = pairs;
        this.programs = programs;
    }

    static PairMap of(View view, MapHandle map) {
        view.check(map.shape());
        boolean programs = map.valueSize() == Long.BYTES;
        Codec<Long> pair = new Pair(programs ? Long.BYTES : Integer.BYTES);
        return new PairMap(
                map.type() == MapType.DEVMAP_HASH
                        ? Engine.open(view, map, Engine.INT, pair)
                        : Engine.slots(view, map, pair),
                programs);
    }

    /** A pair as one number, the program above. */
    private record Pair(int size) implements Codec<Long> {
        @Override
        public Long decode(MemorySegment segment, long offset) {
            long number = segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset) & 0xffff_ffffL;
            return size == Integer.BYTES
                    ? number
                    : number
                            | (long)
                                            segment.get(
                                                    ValueLayout.JAVA_INT_UNALIGNED,
                                                    offset + Integer.BYTES)
                                    << Integer.SIZE;
        }

        @Override
        public void encode(Long value, MemorySegment segment, long offset) {
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) (long) value);
            if (size == Long.BYTES) {
                segment.set(
                        ValueLayout.JAVA_INT_UNALIGNED,
                        offset + Integer.BYTES,
                        (int) (value >>> Integer.SIZE));
            }
        }
    }

    /** Kernels take a descriptor of 0, and of -1, for none. */
    void put(int key, int number) {
        pairs.put(key, number & 0xffff_ffffL);
    }

    void put(int key, int number, Program program) {
        if (!programs) {
            throw new BpfException(
                    "the values of map "
                            + pairs.handle().name()
                            + " have 4 bytes and no room for a program; declare them with 8");
        }
        int fd = program.descriptor().acquire();
        try {
            pairs.put(key, (long) fd << Integer.SIZE | number & 0xffff_ffffL);
        } finally {
            program.descriptor().release();
        }
    }

    /** Returns the pair, the number below; 0 if there is none. */
    long get(int key) {
        Long pair = pairs.get(key);
        return pair == null ? 0 : pair;
    }

    boolean remove(int key) {
        return pairs.delete(key);
    }

    @Override
    public String toString() {
        return pairs.toString();
    }
}
