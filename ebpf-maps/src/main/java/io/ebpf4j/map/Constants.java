// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

/**
 * The constants of an enum and their numbers.
 *
 * @param constants all, by ordinal
 * @param numbers what each is in memory, or null if it is its ordinal
 * @param signed whether 8 bytes hold a sign
 */
record Constants(Enum<?>[] constants, long[] numbers, boolean signed) {

    /** Returns those of a shape; null for null. */
    static Constants of(Shape.Constant shape) {
        if (shape == null) {
            return null;
        }
        long[] numbers = null;
        if (!shape.values().isEmpty()) {
            numbers = new long[shape.values().size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = shape.values().get(i);
            }
        }
        return new Constants(
                (Enum<?>[]) shape.javaType().getEnumConstants(), numbers, shape.signed());
    }

    /** Returns the constant of a number. */
    Enum<?> of(long number, String name) {
        if (numbers == null) {
            if (number >= 0 && number < constants.length) {
                return constants[(int) number];
            }
        } else {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == number) {
                    return constants[i];
                }
            }
        }
        throw new BpfException(
                name
                        + " = "
                        + (signed ? Long.toString(number) : Long.toUnsignedString(number))
                        + (numbers == null ? " is the ordinal" : " is the value")
                        + " of no constant of "
                        + constants.getClass().getComponentType().getName()
                        + ", which has "
                        + constants.length);
    }

    /** Returns the number of a constant. */
    @SuppressWarnings("EnumOrdinal") // the ordinal is what the layout holds, or the index
    long number(Enum<?> constant) {
        return numbers == null ? constant.ordinal() : numbers[constant.ordinal()];
    }
}
