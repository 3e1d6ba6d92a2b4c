// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * The values of one element of a per-CPU map: one for each possible CPU, whether it is online or
 * not.
 *
 * @param <V> the type of a value
 */
public final class PerCpu<V> implements Iterable<V> {
    private final List<V> values;

    private PerCpu(List<V> values) {
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
        return new PerCpu<>(List.copyOf(values));
    }

    /** Takes an array that nobody else has. */
    @SuppressWarnings("unchecked") // a list of what a Codec<V> has decoded
    static <V> PerCpu<V> adopt(Object[] values) {
        return new PerCpu<>((List<V>) Collections.unmodifiableList(Arrays.asList(values)));
    }

    /**
     * Returns the value of a CPU.
     *
     * @param cpu the CPU's number
     * @return its value
     * @throws IndexOutOfBoundsException if there can be no such CPU
     */
    public V get(int cpu) {
        return values.get(cpu);
    }

    /**
     * Returns how many values there are.
     *
     * @return the number of possible CPUs
     */
    public int size() {
        return values.size();
    }

    /**
     * Combines the values, such as by {@code Long::sum}.
     *
     * @param operator combines two values; associative
     * @return the combination of all
     */
    public V reduce(BinaryOperator<V> operator) {
        V result = values.get(0);
        for (int i = 1; i < values.size(); i++) {
            result = operator.apply(result, values.get(i));
        }
        return result;
    }

    /** Iterates from CPU 0 on. */
    @Override
    public Iterator<V> iterator() {
        return values.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PerCpu<?> p && values.equals(p.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Lists the values, from CPU 0 on. */
    @Override
    public String toString() {
        return values.toString();
    }
}
