// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A global variable of 8 bytes in memory that programs share, read and written as {@code long}
 * without boxes: no access allocates or enters the kernel.
 *
 * <p>The names of the accesses are those of {@link java.lang.invoke.VarHandle} and mean the same
 * between Java and programs. The read-and-change accesses are atomic with a program's {@code
 * __sync_fetch_and_add} and its siblings (Linux 5.12 for all but the addition without result).
 *
 * <p>Safe for use by several threads; ends with the collection it belongs to.
 */
public final class LongVariable extends MappedNumber {
    private LongVariable(String name, MemorySegment memory, long offset, boolean direct) {
        super(name, memory, offset, direct);
    }

    /** Returns accesses to a number in memory. */
    static LongVariable of(String name, MemorySegment memory, long offset) {
        return new LongVariable(name, memory, offset, false);
    }

    /** Returns accesses to a number of a value that is in memory. */
    static LongVariable of(String name, MappedValue value, long offset) {
        return value.watch(new LongVariable(name, value.segment(), offset, !value.fixed()));
    }

    /**
     * Reads the value; plain memory order.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public long get() {
        return (long) Memory.LONG.get(memory, offset);
    }

    /**
     * Reads the value from memory each time, without order to other accesses: for loops that watch
     * it.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public long getOpaque() {
        long value = Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
        VarHandle.acquireFence();
        return instead == null ? value : (long) Memory.LONG.getOpaque(memory, offset);
    }

    /**
     * Reads the value before all later accesses; pairs with a program's release store.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public long getAcquire() {
        long value = Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
        VarHandle.acquireFence();
        return instead == null ? value : (long) Memory.LONG.getAcquire(memory, offset);
    }

    /**
     * Reads the value in one order with all volatile and atomic accesses.
     *
     * @return the value now
     * @throws IllegalStateException if the map is closed
     */
    public long getVolatile() {
        return (long) Memory.LONG.getVolatile(memory, offset);
    }

    /**
     * Writes the value; plain memory order.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void set(long value) {
        Memory.LONG.set(writable(), offset, value);
    }

    /**
     * Writes the value to memory each time, without order to other accesses.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void setOpaque(long value) {
        Memory.LONG.setOpaque(writable(), offset, value);
    }

    /**
     * Writes the value after all earlier accesses; pairs with a program's acquire load.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void setRelease(long value) {
        Memory.LONG.setRelease(writable(), offset, value);
    }

    /**
     * Writes the value in one order with all volatile and atomic accesses.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public void setVolatile(long value) {
        Memory.LONG.setVolatile(writable(), offset, value);
    }

    /**
     * Adds to the value atomically, with the order of volatile accesses.
     *
     * @param delta what to add
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public long getAndAdd(long delta) {
        return (long) Memory.LONG.getAndAdd(writable(), offset, delta);
    }

    /**
     * Exchanges the value atomically, with the order of volatile accesses.
     *
     * @param value the value after
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public long getAndSet(long value) {
        return (long) Memory.LONG.getAndSet(writable(), offset, value);
    }

    /**
     * Sets bits of the value atomically, with the order of volatile accesses.
     *
     * @param mask the bits to set
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public long getAndBitwiseOr(long mask) {
        return (long) Memory.LONG.getAndBitwiseOr(writable(), offset, mask);
    }

    /**
     * Keeps bits of the value atomically, with the order of volatile accesses.
     *
     * @param mask the bits to keep
     * @return the value before
     * @throws BpfException if the variable is read-only
     * @throws IllegalStateException if the map is closed
     */
    public long getAndBitwiseAnd(long mask) {
        return (long) Memory.LONG.getAndBitwiseAnd(writable(), offset, mask);
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
    public boolean compareAndSet(long expected, long value) {
        return Memory.LONG.compareAndSet(writable(), offset, expected, value);
    }
}
