// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.util.Objects;
import java.util.function.ObjIntConsumer;

/** Makes what the views of maps without ordinary keys and values are built on. */
final class Engine {
    static final Codec<Integer> INT = Codec.of(Integer.class);

    private Engine() {}

    /** Opens the elements of a map of a kind, with codecs that fit it. */
    static <K, V> BpfMap<K, V> open(View view, MapHandle map, Codec<K> keys, Codec<V> values) {
        view.check(map.shape());
        return new BpfMap<>(
                map,
                map.shape().exactly(keys, true),
                map.shape().exactly(values, false),
                0,
                Operations.PLAIN);
    }

    /** Opens the elements of a map of a kind whose keys are the numbers of its slots. */
    static <V> BpfMap<Integer, V> slots(View view, MapHandle map, Codec<V> values) {
        view.check(map.shape());
        return new BpfMap<>(
                map,
                map.shape().exactly(INT, true),
                map.shape().exactly(values, false),
                0,
                Operations.SLOTS);
    }

    /** Hands out the slots that hold something. */
    static <V> void forEachSlot(BpfMap<Integer, V> slots, ObjIntConsumer<? super V> action) {
        int count = slots.handle().maxEntries();
        for (int i = 0; i < count; i++) {
            V value = slots.get(i);
            if (value != null) {
                action.accept(value, i);
            }
        }
    }

    /** Returns a kind's value as one of two sizes that kernels and objects use. */
    static BpfException wrongSize(MapHandle map, String sizes) {
        return new BpfException(
                "the values of map "
                        + map.name()
                        + " have "
                        + map.valueSize()
                        + " bytes, not "
                        + sizes);
    }

    static int descriptor(int fd) {
        if (fd < 0) {
            throw new IllegalArgumentException("descriptor " + fd);
        }
        return fd;
    }

    static <T> T given(T object, String what) {
        return Objects.requireNonNull(object, what);
    }
}
