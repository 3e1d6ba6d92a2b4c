// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * What the batch commands on a map's elements take (Linux 5.6).
 *
 * @param mapFd the map
 * @param inBatch address of where to go on, or 0 for the beginning; lookups only
 * @param outBatch address of room for where to go on the next time: 8 bytes, or the size of a key
 *     if that is more; lookups only
 * @param keys address of the keys, or of room for them, one behind the other without padding
 * @param values address of the values, or of room for them, likewise; for per-CPU maps each is one
 *     value, rounded up to 8 bytes, for each possible CPU
 * @param count how many elements there are, or there is room for
 * @param elementFlags {@code BPF_F_LOCK} or 0
 */
public record BatchCall(
        int mapFd,
        long inBatch,
        long outBatch,
        long keys,
        long values,
        int count,
        long elementFlags) {

    /**
     * What came back.
     *
     * @param result 0 or a negated errno: ENOENT after the last element of a lookup, which may have
     *     found some before; ENOSPC when there is no room for the next bucket of a hash map
     * @param count how many elements were read, written or removed; meaningless with errors of the
     *     whole call, such as EINVAL, ENOMEM and EPERM
     */
    public record Outcome(long result, int count) {}

    Outcome issue(SystemCalls calls, BpfCommand command) {
        Attr attr =
                Attr.begin(AttrLayout.Batch.BYTES)
                        .set(AttrLayout.Batch.IN_BATCH, inBatch)
                        .set(AttrLayout.Batch.OUT_BATCH, outBatch)
                        .set(AttrLayout.Batch.KEYS, keys)
                        .set(AttrLayout.Batch.VALUES, values)
                        .set(AttrLayout.Batch.COUNT, count)
                        .set(AttrLayout.Batch.MAP_FD, mapFd)
                        .set(AttrLayout.Batch.ELEM_FLAGS, elementFlags);
        long result = attr.issue(calls, command);
        return new Outcome(result, attr.get(AttrLayout.Batch.COUNT));
    }
}
