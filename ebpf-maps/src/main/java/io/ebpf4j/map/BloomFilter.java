// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

/**
 * A set that is asked whether a value is in it, and may say so of values that are not ({@code
 * BPF_MAP_TYPE_BLOOM_FILTER}, Linux 5.16).
 *
 * <p>{@link io.ebpf4j.spec.MapSpec#mapExtra} is the number of hash functions, 1 to 15; 0 stands for
 * 5. Nothing can be removed, counted or listed. Safe for use by several threads; it ends with its
 * map.
 *
 * @param <V> type of values
 */
public final class BloomFilter<V> {
    private static final long NO_KEY = 0;

    private final MapHandle map;
    private final FileDescriptor descriptor;
    private final Bpf bpf;
    private final Codec<V> values;

    private BloomFilter(MapHandle map, Codec<V> values) {
        this.map = map;
        this.descriptor = map.descriptor();
        this.bpf = map.kernel().bpf();
        this.values = values;
    }

    /**
     * Opens a bloom filter. The layout of values is checked as by {@link MapHandle#open(Class,
     * Class)}.
     *
     * @param <V> type of values
     * @param map a map of type BLOOM_FILTER
     * @param value class of values
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <V> BloomFilter<V> of(MapHandle map, Class<V> value) {
        View.BLOOM_FILTER.check(map.shape());
        return new BloomFilter<>(map, map.shape().anyValueCodec(value));
    }

    /**
     * Adds a value.
     *
     * @param value the value
     * @throws BpfException if the value cannot be written as bytes, the map is frozen, or the
     *     kernel refuses
     */
    public void add(V value) {
        long result = issue(BpfCommand.MAP_UPDATE_ELEM, value);
        if (result < 0) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, result, "cannot add a value to map ");
        }
    }

    /**
     * Asks for a value.
     *
     * @param value the value
     * @return false if it was certainly not added; true if it was, and sometimes when it was not
     * @throws BpfException if the value cannot be written as bytes, or the kernel refuses
     */
    public boolean mightContain(V value) {
        long result = issue(BpfCommand.MAP_LOOKUP_ELEM, value);
        if (result < 0 && result != -Errno.ENOENT) {
            throw failure(BpfCommand.MAP_LOOKUP_ELEM, result, "cannot ask map ");
        }
        return result >= 0;
    }

    private long issue(BpfCommand command, V value) {
        Scratch scratch = Scratch.acquire(values.size());
        try {
            values.encode(value, scratch.memory(), 0);
            long at = scratch.address();
            int fd = descriptor.acquire();
            try {
                return command == BpfCommand.MAP_LOOKUP_ELEM
                        ? bpf.mapLookup(fd, NO_KEY, at, 0)
                        : bpf.mapUpdate(fd, NO_KEY, at, 0);
            } finally {
                descriptor.release();
            }
        } finally {
            scratch.release();
        }
    }

    private BpfException failure(BpfCommand command, long result, String what) {
        return ElementFailure.of(map, command, (int) -result, what);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return map.toString();
    }
}
