// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A structure of functions that programs are for ({@code BPF_MAP_TYPE_STRUCT_OPS}, Linux 5.6): how
 * it stands with the kernel. A collection registers it by its {@code attachStructOps}.
 *
 * <p>Safe for use by several threads; it ends with its map.
 */
public final class StructOpsMap {
    private final BpfMap<Integer, byte[]> value;

    private StructOpsMap(BpfMap<Integer, byte[]> value) {
        this.value = value;
    }

    /** How the structure stands ({@code enum bpf_struct_ops_state}). The ordinal is the number. */
    public enum State {
        /** It has no functions yet. */
        INIT,
        /** It is registered. */
        INUSE,
        /** It was unregistered, and others still use it. */
        TOBEFREE,
        /** It has its functions and is registered while a link is attached (Linux 6.4). */
        READY
    }

    /**
     * Opens a structure of functions.
     *
     * @param map a map of type STRUCT_OPS
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static StructOpsMap of(MapHandle map) {
        View.STRUCT_OPS.check(map.shape());
        return new StructOpsMap(Engine.slots(View.STRUCT_OPS, map, Codec.bytes(map.valueSize())));
    }

    /**
     * Asks how it stands.
     *
     * @return the state now
     * @throws BpfException if the kernel refuses, or knows a state that this library does not
     */
    public State state() {
        // refcnt and state: struct bpf_struct_ops_common_value; of an empty map there is none
        byte[] common = value.get(0);
        int number =
                common == null
                        ? 0
                        : MemorySegment.ofArray(common)
                                .get(ValueLayout.JAVA_INT_UNALIGNED, Integer.BYTES);
        State[] states = State.values();
        if (number < 0 || number >= states.length) {
            throw new BpfException("map " + value.handle().name() + " is in state " + number);
        }
        return states[number];
    }

    /**
     * Unregisters what was registered without a link.
     *
     * @return false if it was not registered
     * @throws BpfException if it is registered by a link (errno EOPNOTSUPP), or the kernel refuses
     */
    public boolean unregister() {
        return value.delete(0);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return value.toString();
    }
}
