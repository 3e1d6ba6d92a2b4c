// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A union, of which a number in front of it tells what it holds.
 *
 * @param tag how the number lies in memory
 * @param distance bytes from the number to the union
 * @param values all numbers that tell something
 * @param codecs what each of them tells; behind them what every other number does, if anything
 * @param classes the class of each codec
 * @param size bytes
 * @param name what messages call the union
 */
record UnionCodec(
        NumberCodecs.Numeral tag,
        int distance,
        long[] values,
        RecordCodec[] codecs,
        Class<?>[] classes,
        int size,
        String name)
        implements Codec<Object> {

    static UnionCodec of(Shape.Variant v, String name) {
        int count = 0;
        boolean rest = false;
        for (Shape.Alternative a : v.cases()) {
            count += a.values().size();
            rest |= a.values().isEmpty();
        }
        long[] values = new long[count];
        RecordCodec[] codecs = new RecordCodec[rest ? count + 1 : count];
        Class<?>[] classes = new Class<?>[codecs.length];
        int at = 0;
        for (Shape.Alternative a : v.cases()) {
            RecordCodec codec = new RecordCodec(a.structure());
            List<Long> numbers = a.values();
            for (int i = 0; i < Math.max(1, numbers.size()); i++) {
                int place = numbers.isEmpty() ? count : at++;
                if (!numbers.isEmpty()) {
                    values[place] = numbers.get(i);
                }
                codecs[place] = codec;
                classes[place] = a.structure().javaType();
            }
        }
        NumberCodecs.Numeral tag =
                v.tag() instanceof Shape.Constant c
                        ? new NumberCodecs.Numeral(c.size(), !c.signed(), false)
                        : NumberCodecs.Numeral.of(v.tag());
        return new UnionCodec(tag, v.distance(), values, codecs, classes, v.size(), name);
    }

    @Override
    public Object decode(MemorySegment s, long offset) {
        long number = tag.get(s, offset - distance);
        int place = place(number);
        if (place == codecs.length) {
            throw new BpfException(
                    name + " holds something unknown: its discriminator is " + number);
        }
        return codecs[place].decode(s, offset);
    }

    /** The bytes that the record leaves are zero already: a struct around a union is padded. */
    @Override
    public void encode(Object value, MemorySegment s, long offset) {
        long number = tag.get(s, offset - distance);
        int place = place(number);
        if (place == codecs.length || classes[place] != value.getClass()) {
            throw new BpfException(
                    name
                            + " is a "
                            + value.getClass().getSimpleName()
                            + ", but its discriminator is "
                            + number
                            + (place == codecs.length
                                    ? ", which no record has"
                                    : ", which tells " + classes[place].getSimpleName()));
        }
        codecs[place].encode(value, s, offset);
    }

    /** Returns which codec a number tells; the number of codecs if none. */
    private int place(long number) {
        int place = 0;
        while (place < values.length && values[place] != number) {
            place++;
        }
        return place;
    }
}
