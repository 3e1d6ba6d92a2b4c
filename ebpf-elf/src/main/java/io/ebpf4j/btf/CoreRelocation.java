// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

/**
 * A CO-RE relocation record ({@code struct bpf_core_relo}, include/uapi/linux/bpf.h).
 *
 * @param slot index of the instruction's first 8-byte slot, relative to the section or function
 *     that holds the record
 * @param type id of the local root type
 * @param access the access string, such as {@code 0:1:2}
 * @param kind what is asked about the target
 */
public record CoreRelocation(int slot, int type, String access, Kind kind) {

    /**
     * What a relocation asks ({@code enum bpf_core_relo_kind}); the ordinal is the kernel's number.
     */
    public enum Kind {
        /** Offset of a field in bytes. */
        FIELD_BYTE_OFFSET,
        /** Size of a field in bytes. */
        FIELD_BYTE_SIZE,
        /** Whether a field exists: 1 or 0. */
        FIELD_EXISTS,
        /** Whether a field is signed: 1 or 0. */
        FIELD_SIGNED,
        /** Left shift in a 64-bit register that drops what is above a bitfield. */
        FIELD_LSHIFT_U64,
        /** Right shift in a 64-bit register that drops what is below a bitfield. */
        FIELD_RSHIFT_U64,
        /** Id of the type in the object's BTF. */
        TYPE_ID_LOCAL,
        /** Id of the matching type in the target's BTF. */
        TYPE_ID_TARGET,
        /** Whether a compatible type exists: 1 or 0. */
        TYPE_EXISTS,
        /** Size of a type in bytes. */
        TYPE_SIZE,
        /** Whether an enumerator exists: 1 or 0. */
        ENUMVAL_EXISTS,
        /** Value of an enumerator. */
        ENUMVAL_VALUE,
        /** Whether a type of the same shape exists: 1 or 0. */
        TYPE_MATCHES
    }

    /**
     * Returns the same record at another place.
     *
     * @param slot index of the 8-byte slot
     * @return a record with that slot
     */
    public CoreRelocation at(int slot) {
        return new CoreRelocation(slot, type, access, kind);
    }
}
