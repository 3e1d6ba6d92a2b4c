// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Issues calls on single elements of a map, one after the other. The attribute, the place of the
 * error number, and room for a key and a value lie side by side, so that a call touches one page:
 *
 * <pre>
 *   0                          32      36   64
 *   | union bpf_attr, 32 bytes | errno |    | room for a key and a value |
 * </pre>
 */
public final class ElementCall {
    /** Everything, by absolute address; a constant, so that its bounds cost nothing. */
    private static final MemorySegment ALL =
            NativeSystemCalls.segment(0, Long.MAX_VALUE, Arena.global(), null);

    private static final int MAP_FD = AttrLayout.offset(AttrLayout.MapElement.MAP_FD);
    private static final int KEY = AttrLayout.offset(AttrLayout.MapElement.KEY);
    private static final int VALUE = AttrLayout.offset(AttrLayout.MapElement.VALUE);
    private static final int FLAGS = AttrLayout.offset(AttrLayout.MapElement.FLAGS);
    private static final long ERRNO_BYTES = Linker.Option.captureStateLayout().byteSize();
    private static final int ERRNO = 32;
    private static final int ROOM = 64;
    private static final int LEAST_CAPACITY = 1024;

    private final MemorySegment attr;
    private final MemorySegment captured;
    private final long address;
    private final int capacity;

    private SystemCalls calls;
    private boolean brief;
    private boolean inUse;

    /** How many calls have succeeded since one failed, at most {@link BriefCall#CALLS_BEFORE}. */
    private int successes;

    ElementCall(int capacity) {
        this.capacity = Math.max(capacity, LEAST_CAPACITY);
        MemorySegment memory = Arena.ofAuto().allocate(ROOM + (long) this.capacity, ROOM);
        this.address = memory.address();
        this.attr = memory.asSlice(0, AttrLayout.MapElement.BYTES);
        this.captured = ALL.asSlice(address + ERRNO, ERRNO_BYTES);
        ALL.set(JAVA_LONG_UNALIGNED, address + KEY, address());
    }

    /** Makes the next calls be of a map. */
    ElementCall of(SystemCalls by, int map, boolean sleepless) {
        calls = by;
        ALL.set(JAVA_INT, address + MAP_FD, map);
        brief = sleepless;
        return this;
    }

    void use(boolean begins) {
        inUse = begins;
    }

    boolean inUse() {
        return inUse;
    }

    int capacity() {
        return capacity;
    }

    /**
     * Returns where the room for a key and a value is.
     *
     * @return the address of its first byte, a multiple of 64; it has at least as many bytes as
     *     were asked for, as long as the call is not given back
     */
    public long address() {
        return address + ROOM;
    }

    /**
     * Issues a call for the key at {@link #address}.
     *
     * @param command one of the {@code BPF_MAP_*_ELEM} commands
     * @param value address of the value, or of room for it
     * @param flags {@code BPF_*}
     * @return 0 or a negated errno
     */
    public long issue(BpfCommand command, long value, long flags) {
        // they are aligned; without the check of it, callers are smaller
        ALL.set(JAVA_LONG_UNALIGNED, address + VALUE, value);
        ALL.set(JAVA_LONG_UNALIGNED, address + FLAGS, flags);
        return brief ? calls.bpfBrief(command.number(), this) : calls.bpf(command.number(), attr);
    }

    /** Notes a success, and says whether it is the last of many. */
    boolean succeeded() {
        return successes < BriefCall.CALLS_BEFORE && ++successes == BriefCall.CALLS_BEFORE;
    }

    /** Notes a failure, and says whether it came soon after another. */
    boolean failed() {
        boolean soon = successes < BriefCall.CALLS_FOR_A_FAILURE;
        successes = 0;
        return soon;
    }

    /** Returns the attribute. */
    MemorySegment attr() {
        return attr;
    }

    /** Returns where the attribute is. */
    long attrAddress() {
        return address;
    }

    /** Returns where a downcall leaves its error number. */
    MemorySegment captured() {
        return captured;
    }

    /** Returns the error number that a downcall left. */
    int errno() {
        return ALL.get(JAVA_INT, address + ERRNO);
    }
}
