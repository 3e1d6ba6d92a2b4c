// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.util.Objects;

/**
 * What pointers of one kind lead to in an arena, such as the nodes of a list. Opened by {@link
 * ArenaMemory#open(Class, String)}.
 *
 * <p>Reads and writes are plain accesses to memory that programs share: numbers of up to 8 bytes
 * are never torn, larger values may be while a program writes them. {@link ArenaMemory#longAt} and
 * {@link ArenaMemory#intAt} have accesses with an order.
 *
 * <p>Safe for use by several threads; it ends with its map, and accesses after that throw {@link
 * IllegalStateException}.
 *
 * @param <T> the type in Java
 */
public final class ArenaView<T> {
    private final ArenaMemory arena;
    private final Codec<T> codec;

    ArenaView(ArenaMemory arena, Codec<T> codec) {
        this.arena = arena;
        this.codec = codec;
    }

    /**
     * Returns how much is at a pointer.
     *
     * @return bytes
     */
    public int size() {
        return codec.size();
    }

    /**
     * Reads what a pointer leads to.
     *
     * @param pointer a program's pointer
     * @return the value now, or null for the null pointer
     * @throws IndexOutOfBoundsException if it leads out of the arena
     * @throws BpfException if the value cannot be read
     */
    public T get(long pointer) {
        return pointer == 0 ? null : codec.decode(arena.memory(), offset(pointer));
    }

    /**
     * Reads what a pointer leads to into an instance of the caller's, and allocates nothing.
     *
     * @param pointer a program's pointer
     * @param target an instance of the {@link Struct} class that the view was opened with; left as
     *     it is if the pointer is null
     * @return false for the null pointer
     * @throws IndexOutOfBoundsException if it leads out of the arena
     * @throws BpfException if the view was not opened with such a class, or the value cannot be
     *     read
     */
    public boolean get(long pointer, T target) {
        if (!(codec instanceof RecordCodec filling && filling.fills())) {
            throw new BpfException(
                    arena + ": this view does not read a @Struct class, which can be filled");
        }
        Objects.requireNonNull(target, "target");
        if (pointer == 0) {
            return false;
        }
        filling.fill(target, arena.memory(), offset(pointer));
        return true;
    }

    /**
     * Writes to where a pointer leads.
     *
     * @param pointer a program's pointer
     * @param value what will be there
     * @throws IndexOutOfBoundsException if it is null, or leads out of the arena
     * @throws BpfException if the value does not fit
     */
    public void set(long pointer, T value) {
        Objects.requireNonNull(value, "value");
        codec.encode(value, arena.memory(), offset(pointer));
    }

    private long offset(long pointer) {
        return arena.offset(pointer, codec.size());
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return arena.toString();
    }
}
