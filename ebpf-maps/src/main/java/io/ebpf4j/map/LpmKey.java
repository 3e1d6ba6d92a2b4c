// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A key of a longest-prefix trie ({@code struct bpf_lpm_trie_key}): a prefix of some data.
 *
 * <p>A lookup finds the longest prefix in the trie that the data begins with, up to the length
 * given. All else is exact: the element of just this prefix is written or removed. Bits are counted
 * from the first byte's most significant one, so that numbers are in network byte order.
 *
 * <p>For prefixes of IP addresses see {@link IpPrefix}.
 *
 * @param <T> type of the data
 * @param length bits of the prefix
 * @param data the data, all of it; what is behind the prefix is not looked at
 */
public record LpmKey<T>(int length, T data) {

    /** The codec of a key: the length in the machine's byte order, then the data. */
    record Layout<T>(Codec<T> data) implements Codec<LpmKey<T>> {
        @Override
        public int size() {
            return Integer.BYTES + data.size();
        }

        @Override
        public LpmKey<T> decode(MemorySegment segment, long offset) {
            return new LpmKey<>(
                    segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset),
                    data.decode(segment, offset + Integer.BYTES));
        }

        @Override
        public void encode(LpmKey<T> key, MemorySegment segment, long offset) {
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, key.length());
            data.encode(key.data(), segment, offset + Integer.BYTES);
        }
    }
}
