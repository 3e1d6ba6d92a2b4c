// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BinaryOperator;
import java.util.stream.StreamSupport;

/**
 * The values of one element of a per-CPU map: one for each possible CPU, whether it is online or
 * not.
 *
 * @param <V> the type of a value
 */
public abstract sealed class PerCpu<V> implements Iterable<V> {
    private PerCpu() {}

    /** Values of any type. */
    private static final class Values<V> extends PerCpu<V> {
        private final Object[] values;

        Values(Object[] values) {
            this.values = values;
        }

        @Override
        @SuppressWarnings("unchecked") // what a list of them held, or a Codec<V> has decoded
        public V get(int cpu) {
            return (V) values[cpu];
        }

        @Override
        public int size() {
            return values.length;
        }
    }

    /** Counters, mostly, which get no boxes before somebody looks at them. */
    private static final class Longs extends PerCpu<Long> {
        private final long[] values;

        Longs(long[] values) {
            this.values = values;
        }

        @Override
        public Long get(int cpu) {
            return values[cpu];
        }

        @Override
        public int size() {
            return values.length;
        }
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
        return new Values<>(List.copyOf(values).toArray());
    }

    /** Takes an array that nobody else has. */
    static <V> PerCpu<V> adopt(Object[] values) {
        return new Values<>(values);
    }

    /** Takes an array that nobody else has. */
    static PerCpu<Long> adopt(long[] values) {
        return new Longs(values);
    }

    /**
     * Returns the value of a CPU.
     *
     * @param cpu the CPU's number
     * @return its value
     * @throws IndexOutOfBoundsException if there can be no such CPU
     */
    public abstract V get(int cpu);

    /**
     * Returns how many values there are.
     *
     * @return the number of possible CPUs
     */
    public abstract int size();

    /**
     * Combines the values, such as by {@code Long::sum}.
     *
     * @param operator combines two values; associative
     * @return the combination of all
     */
    public V reduce(BinaryOperator<V> operator) {
        V result = get(0);
        for (int i = 1; i < size(); i++) {
            result = operator.apply(result, get(i));
        }
        return result;
    }

    /** Iterates from CPU 0 on. */
    @Override
    public Iterator<V> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<V> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size();
        }

        @Override
        public V next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are " + size() + " CPUs");
            }
            return get(next++);
        }
    }

    private List<V> list() {
        return StreamSupport.stream(spliterator(), false).toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PerCpu<?> p && list().equals(p.list());
    }

    @Override
    public int hashCode() {
        return list().hashCode();
    }

    /** Lists the values, from CPU 0 on. */
    @Override
    public String toString() {
        return list().toString();
    }
}
