// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A number in memory that programs share.
 *
 * <p>After an ordered access, the next one through a {@link MemorySegment} loads its bounds and
 * scope again, which takes four times as long as the number does. So what only reads goes by the
 * address, and looks afterwards whether the map was closed meanwhile: {@link MappedValue#close}
 * says so here first, and then lets other memory take the place of the map's.
 */
abstract sealed class MappedNumber permits IntVariable, LongVariable {
    final MemorySegment memory;
    final long offset;

    /** Where the number is; only what is read there while {@link #instead} is null counts. */
    final long address;

    /**
     * Keeps what is at the address once that is not the number any more. Not volatile: it is read
     * behind an acquire fence.
     */
    MemorySegment instead;

    private final String name;

    MappedNumber(String name, MemorySegment memory, long offset, boolean direct) {
        this.name = name;
        this.memory = memory;
        this.offset = offset;
        this.instead = direct ? null : Memory.NOTHING;
        this.address = direct ? memory.address() + offset : Memory.NOTHING.address();
        // for those who get the number by a data race, since one field is not final
        VarHandle.storeStoreFence();
    }

    final MemorySegment writable() {
        if (memory.isReadOnly()) {
            throw new BpfException(
                    name + " is read-only; set it in the CollectionSpec before loading");
        }
        return memory;
    }

    /** Names the variable and its section. */
    @Override
    public String toString() {
        return name;
    }
}
