// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BinaryOperator;

/**
 * The values of one element of a per-CPU map: one for each possible CPU, whether it is online or
 * not.
 *
 * @param <V> the type of a value
 */
public final class PerCpu<V> implements Iterable<V> {
    private final Object[] values;

    private PerCpu(Object[] values) {
        this.values = values;
    }

    /**
     * Collects values.
     *
     * @param <V> the type of a value
     * @param values one for each possible CPU, from CPU 0 on
     * @return the values
     * @throws NullPointerException if one is null
     */
    public static <V> PerCpu<V> of(List<? extends V> values) {
        return new PerCpu<>(List.copyOf(values).toArray());
    }

    /** Takes an array that nobody else has. */
    static <V> PerCpu<V> adopt(Object[] values) {
        return new PerCpu<>(values);
    }

    /**
     * Returns the value of a CPU.
     *
     * @param cpu the CPU's number
     * @return its value
     * @throws IndexOutOfBoundsException if there can be no such CPU
     */
    @SuppressWarnings("unchecked") // what a list of them held, or a Codec<V> has decoded
    public V get(int cpu) {
        return (V) values[cpu];
    }

    /**
     * Returns how many values there are.
     *
     * @return the number of possible CPUs
     */
    public int size() {
        return values.length;
    }

    /**
     * Combines the values, such as by {@code Long::sum}.
     *
     * @param operator combines two values; associative
     * @return the combination of all
     */
    public V reduce(BinaryOperator<V> operator) {
        V result = get(0);
        for (int i = 1; i < values.length; i++) {
            result = operator.apply(result, get(i));
        }
        return result;
    }

    /** Iterates from CPU 0 on. */
    @Override
    public Iterator<V> iterator() {
        return new Values();
    }

    private final class Values implements Iterator<V> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < values.length;
        }

        @Override
        public V next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are " + values.length + " CPUs");
            }
            return get(next++);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PerCpu<?> p && Arrays.equals(values, p.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Lists the values, from CPU 0 on. */
    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
