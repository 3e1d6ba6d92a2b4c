// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.map.IpPrefix;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapType;

import java.util.HashMap;
import java.util.Map;

/** What a map is expected to hold. */
abstract sealed class MapModel<K, V> {
    final Map<K, V> elements = new HashMap<>();
    final int most;
    final boolean array;
    final boolean hash;

    /**
     * Whether a walk may pass elements over, or come to them twice, until the kernel has resized.
     */
    final boolean resizable;

    private MapModel(MapHandle map) {
        this.most = map.maxEntries();
        this.array = map.type() == MapType.ARRAY || map.type() == MapType.PERCPU_ARRAY;
        this.resizable = map.type() == MapType.RHASH;
        this.hash = !array && map.type() != MapType.LPM_TRIE;
    }

    /** Returns what a lookup finds, or null. */
    abstract V get(K key);

    /** Says whether a key can be put in. */
    boolean fits(K key) {
        return array ? (Integer) key < most : elements.containsKey(key) || elements.size() < most;
    }

    /** Says whether an element has just this key. */
    boolean has(K key) {
        return elements.containsKey(key);
    }

    /** A map that finds what it is asked for. */
    static final class Exact<K, V> extends MapModel<K, V> {
        Exact(MapHandle map) {
            super(map);
        }

        @Override
        V get(K key) {
            return elements.get(key);
        }
    }

    /** A trie. */
    static final class LongestPrefix<V> extends MapModel<IpPrefix, V> {
        LongestPrefix(MapHandle map) {
            super(map);
        }

        @Override
        V get(IpPrefix key) {
            IpPrefix longest = null;
            for (IpPrefix prefix : elements.keySet()) {
                boolean matches = prefix.length() <= key.length() && prefix.contains(key.address());
                if (matches && (longest == null || prefix.length() > longest.length())) {
                    longest = prefix;
                }
            }
            return longest == null ? null : elements.get(longest);
        }
    }
}
