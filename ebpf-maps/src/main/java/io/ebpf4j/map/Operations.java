// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.spec.MapType;

import java.util.EnumMap;
import java.util.Map;

/**
 * What can be done from user space with the elements of a type of map that has keys and values (its
 * {@code struct bpf_map_ops} in the kernel).
 *
 * @param order how the kernel walks over the keys
 * @param delete whether elements can be removed
 * @param lookupAndDelete the first kernel that reads and removes at once; empty for none
 * @param batch the first kernel with batches of reads and writes; empty for none
 * @param drain whether batches are also read and removed at once
 * @param perCpu whether an element has a value for each possible CPU
 * @param sleepless whether the kernel finds, writes and removes elements of the type without ever
 *     sleeping
 */
record Operations(
        Order order,
        boolean delete,
        String lookupAndDelete,
        String batch,
        boolean drain,
        boolean perCpu,
        boolean sleepless) {

    /** How the kernel walks over the keys. */
    enum Order {
        /** By the number of the element; all are always there. */
        INDEX,
        /**
         * By buckets, whose number never changes; a batch has whole buckets, so that each key comes
         * at most once, whatever others do meanwhile.
         */
        BUCKETS,
        /** By the key before; from the beginning where that is gone. */
        KEYS
    }

    private static final Map<MapType, Operations> TABLE = new EnumMap<>(MapType.class);

    static {
        Operations hash = new Operations(Order.BUCKETS, true, "5.14", "5.6", true, false, true);
        Operations perCpuHash =
                new Operations(Order.BUCKETS, true, "5.14", "5.6", true, true, true);
        TABLE.put(MapType.HASH, hash);
        TABLE.put(MapType.LRU_HASH, hash);
        TABLE.put(MapType.PERCPU_HASH, perCpuHash);
        TABLE.put(MapType.LRU_PERCPU_HASH, perCpuHash);
        TABLE.put(
                MapType.RHASH, new Operations(Order.KEYS, true, "7.2", "7.2", true, false, false));
        TABLE.put(
                MapType.LPM_TRIE,
                new Operations(Order.KEYS, true, "", "5.13", false, false, false));
        TABLE.put(MapType.ARRAY, new Operations(Order.INDEX, false, "", "5.6", false, false, true));
        TABLE.put(
                MapType.PERCPU_ARRAY,
                new Operations(Order.INDEX, false, "", "5.13", false, true, true));
        TABLE.put(
                MapType.CGROUP_STORAGE,
                new Operations(Order.KEYS, false, "", "", false, false, false));
        TABLE.put(
                MapType.PERCPU_CGROUP_STORAGE,
                new Operations(Order.KEYS, false, "", "", false, true, false));
    }

    /** What the views of other types of maps find, put and take out, by keys. */
    static final Operations PLAIN = new Operations(Order.KEYS, true, "", "", false, false, false);

    /** The same by the numbers of slots. */
    static final Operations SLOTS = new Operations(Order.INDEX, true, "", "", false, false, false);

    /**
     * Returns what can be done with a map.
     *
     * @throws io.ebpf4j.error.UnsupportedException if it has no keys and values; the message names
     *     the view that is right for it
     */
    static Operations of(MapShape map) {
        View.ELEMENTS.check(map);
        return TABLE.get(map.type());
    }

    /** Says whether the kernel never sleeps in a call on a single element. */
    static boolean sleepless(MapType type) {
        Operations known = TABLE.get(type);
        return known != null && known.sleepless;
    }

    boolean array() {
        return order == Order.INDEX;
    }

    /** Says whether a key is put in, found and taken out as it is; in a trie it is not. */
    boolean hash() {
        return drain;
    }
}
