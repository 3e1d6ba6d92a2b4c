// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.MapSpec;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The memory of an arena, and the pointers into it that programs keep: in the arena itself, in
 * global variables and in values of maps, where they are read as {@code long}. Opened by {@link
 * MapHandle#openArena}.
 *
 * <p>A pointer is an address in this process ({@code user_vm_start} and what is behind it), which
 * the kernel gives to programs too. Programs reach memory by its lower 32 bits alone, and so may
 * have stored no more than these ({@code cast_kern()}, or {@link MapSpec#NO_USER_CONV}): both are
 * followed here, and lead to the same place. What leads out of the arena is an error.
 *
 * <p>A page that no program allocated is given by the kernel when it is touched; in an arena with
 * the flag {@link MapSpec#SEGV_ON_FAULT}, touching it ends the process.
 *
 * <p>Safe for use by several threads; it ends with its map, and accesses after that throw {@link
 * IllegalStateException}.
 */
public final class ArenaMemory {
    private static final long LOWER_HALF = 0xffff_ffffL;

    private final MapHandle map;
    private final MemorySegment memory;

    private ArenaMemory(MapHandle map) {
        this.map = map;
        this.memory = map.arena();
    }

    /** Opens the memory of an arena. */
    static ArenaMemory of(MapHandle map) {
        return new ArenaMemory(map);
    }

    /**
     * Returns all of the memory.
     *
     * @return all pages; its address is that of the first byte, for programs as well
     */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Returns the pointer to a place, as programs have it.
     *
     * @param offset bytes from the start of the arena
     * @return the pointer
     * @throws IndexOutOfBoundsException if the arena ends before it
     */
    public long pointer(long offset) {
        return memory.address() + Objects.checkIndex(offset, memory.byteSize());
    }

    /**
     * Returns where a pointer leads.
     *
     * @param pointer a program's pointer: an address, or its lower 32 bits
     * @param bytes how many bytes must be there
     * @return the offset from the start of the arena
     * @throws IndexOutOfBoundsException if the pointer is null (0), or so many bytes are not there
     */
    public long offset(long pointer, long bytes) {
        long start = memory.address();
        long address = (pointer & ~LOWER_HALF) == 0 ? (start & ~LOWER_HALF) | pointer : pointer;
        long offset = address - start;
        if (pointer == 0 || offset < 0 || bytes < 0 || offset > memory.byteSize() - bytes) {
            throw new IndexOutOfBoundsException(
                    "0x"
                            + Long.toHexString(pointer)
                            + " is no pointer to "
                            + bytes
                            + " bytes in arena "
                            + map.name()
                            + ", which has "
                            + memory.byteSize()
                            + " from 0x"
                            + Long.toHexString(start));
        }
        return offset;
    }

    /**
     * Returns what a pointer leads to.
     *
     * @param pointer a program's pointer
     * @param bytes how many bytes
     * @return these bytes, which programs share
     * @throws IndexOutOfBoundsException if the pointer is null, or so many bytes are not there
     */
    public MemorySegment at(long pointer, long bytes) {
        return memory.asSlice(offset(pointer, bytes), bytes);
    }

    /**
     * Returns accesses to a number of 4 bytes, ordered and atomic ones among them.
     *
     * @param pointer a program's pointer to the number
     * @return the accesses
     * @throws BpfException if it is not aligned to 4 bytes
     * @throws IndexOutOfBoundsException if the pointer is null, or the number is not there
     */
    public IntVariable intAt(long pointer) {
        return IntVariable.of(name(pointer), memory, aligned(pointer, Integer.BYTES));
    }

    /**
     * Returns accesses to a number of 8 bytes, ordered and atomic ones among them.
     *
     * @param pointer a program's pointer to the number
     * @return the accesses
     * @throws BpfException if it is not aligned to 8 bytes
     * @throws IndexOutOfBoundsException if the pointer is null, or the number is not there
     */
    public LongVariable longAt(long pointer) {
        return LongVariable.of(name(pointer), memory, aligned(pointer, Long.BYTES));
    }

    private String name(long pointer) {
        return "0x" + Long.toHexString(pointer) + " in " + map.name();
    }

    private long aligned(long pointer, int bytes) {
        long offset = offset(pointer, bytes);
        if (offset % bytes != 0) {
            throw new BpfException(
                    "a number of " + bytes + " bytes at " + name(pointer) + " is not aligned");
        }
        return offset;
    }

    /**
     * Opens a view of what pointers of one kind lead to, laid out as C would lay out its
     * components.
     *
     * @param <T> the type
     * @param type class of what is there, see {@link Codec}
     * @return the view; it ends with the map
     * @throws BpfException if the type has no layout
     */
    public <T> ArenaView<T> open(Class<T> type) {
        return new ArenaView<>(this, fixed(Codec.of(type), type));
    }

    /**
     * Opens a view of what pointers of one kind lead to. The layout is checked here, once, against
     * the type in the object's BTF; where none is known it is the one of C.
     *
     * @param <T> the type
     * @param type class of what is there, see {@link Codec}
     * @param cName the name in C of the struct, union or typedef, such as {@code node}
     * @return the view; it ends with the map
     * @throws BpfException if there is no such type, or the layouts differ; the message shows both
     *     side by side
     */
    public <T> ArenaView<T> open(Class<T> type, String cName) {
        Btf btf = map.shape().btf();
        if (btf == null) {
            return open(type);
        }
        int id = btf.find(cName, BtfType.Composite.class);
        if (id < 0) {
            id = btf.find(cName, BtfType.Typedef.class);
        }
        String where = cName + " in arena " + map.name();
        if (id < 0) {
            throw new BpfException(
                    where
                            + ": the object's BTF has no struct, union or typedef of this name;"
                            + " clang writes those that a global variable, map or function has");
        }
        Shape shape = LayoutCheck.check(type, btf, id, where);
        return new ArenaView<>(this, fixed(Codecs.of(shape, type, cName), type));
    }

    private <T> Codec<T> fixed(Codec<T> codec, Class<T> type) {
        RecordCodec.requireFixed(codec, type.getSimpleName() + " in arena " + map.name());
        return codec;
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return map.toString();
    }
}
