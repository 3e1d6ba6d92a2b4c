// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A global variable of 4 bytes in memory that programs share, read and written as {@code int}
 * without boxes: no access allocates or enters the kernel.
 *
 * <p>The names of the accesses are those of {@link java.lang.invoke.VarHandle} and mean the same
 * between Java and programs. The read-and-change accesses are atomic with a program's {@code
 * __sync_fetch_and_add} and its siblings (Linux 5.12 for all but the addition without result).
 *
 * <p>Safe for use by several threads; ends with the collection it belongs to.
 */
public final class IntVariable extends MappedNumber {
    private IntVariable(String name, MemorySegment memory, long offset, boolean direct) {
        super(name, memory, offset, direct);
    }

    /** Returns accesses to a number in memory. */
    static IntVariable of(String name, MemorySegment memory, long offset) {
        return new IntVariable(name, memory, offset, false);
    }

    /** Returns accesses to a number of a value that is in memory. */
    static IntVariable of(String name, MappedValue value, long offset) {
        return value.watch(new IntVariable(name, value.segment(), offset, !value.fixed()));
    }

    /**
     * Reads the value; plain memory order.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public int get() {
        return (int) Memory.INT.get(memory, offset);
    }

    /**
     * Reads the value from memory each time, without order to other accesses: for loops that watch
     * it.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public int getOpaque() {
        int value = Memory.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
        VarHandle.acquireFence();
        return instead == null ? value : (int) Memory.INT.getOpaque(memory, offset);
    }

    /**
     * Reads the value before all later accesses; pairs with a program's release store.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public int getAcquire() {
        int value = Memory.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
        VarHandle.acquireFence();
        return instead == null ? value : (int) Memory.INT.getAcquire(memory, offset);
    }

    /**
     * Reads the value in one order with all volatile and atomic accesses.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public int getVolatile() {
        return (int) Memory.INT.getVolatile(memory, offset);
    }

    /**
     * Writes the value; plain memory order.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void set(int value) {
        Memory.INT.set(writable(), offset, value);
    }

    /**
     * Writes the value to memory each time, without order to other accesses.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void setOpaque(int value) {
        Memory.INT.setOpaque(writable(), offset, value);
    }

    /**
     * Writes the value after all earlier accesses; pairs with a program's acquire load.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void setRelease(int value) {
        Memory.INT.setRelease(writable(), offset, value);
    }

    /**
     * Writes the value in one order with all volatile and atomic accesses.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void setVolatile(int value) {
        Memory.INT.setVolatile(writable(), offset, value);
    }

    /**
     * Adds to the value atomically, with the order of volatile accesses.
     *
     * @param delta what to add
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public int getAndAdd(int delta) {
        return (int) Memory.INT.getAndAdd(writable(), offset, delta);
    }

    /**
     * Exchanges the value atomically, with the order of volatile accesses.
     *
     * @param value the value after
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public int getAndSet(int value) {
        return (int) Memory.INT.getAndSet(writable(), offset, value);
    }

    /**
     * Sets bits of the value atomically, with the order of volatile accesses.
     *
     * @param mask the bits to set
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public int getAndBitwiseOr(int mask) {
        return (int) Memory.INT.getAndBitwiseOr(writable(), offset, mask);
    }

    /**
     * Keeps bits of the value atomically, with the order of volatile accesses.
     *
     * @param mask the bits to keep
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public int getAndBitwiseAnd(int mask) {
        return (int) Memory.INT.getAndBitwiseAnd(writable(), offset, mask);
    }

    /**
     * Changes the value atomically if it is as expected, with the order of volatile accesses.
     *
     * @param expected what the value must be
     * @param value the value after
     * @return whether it was as expected
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public boolean compareAndSet(int expected, int value) {
        return Memory.INT.compareAndSet(writable(), offset, expected, value);
    }
}
