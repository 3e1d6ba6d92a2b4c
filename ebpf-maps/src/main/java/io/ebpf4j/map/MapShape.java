// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.MapCreate;

/**
 * What a map is, as far as its views depend on it.
 *
 * @param name its name
 * @param type its type
 * @param keySize bytes
 * @param valueSize bytes of one value
 * @param maxEntries elements, unsigned; bytes for ring buffers
 * @param flags {@code BPF_F_*}
 * @param btf what the type ids are of, or null
 * @param keyTypeId the key's type, or 0
 * @param valueTypeId the value's type, or 0
 */
record MapShape(
        String name,
        MapType type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        Btf btf,
        int keyTypeId,
        int valueTypeId) {

    /** Returns the shape of a map that was just created. */
    static MapShape of(MapSpec spec, MapCreate request, Btf btf) {
        return new MapShape(
                spec.name(),
                spec.type(),
                request.keySize(),
                request.valueSize(),
                request.maxEntries(),
                request.flags(),
                btf,
                btf == null ? 0 : spec.keyTypeId(),
                btf == null ? 0 : spec.valueTypeId());
    }

    /** Returns the shape of a map that the kernel described. */
    static MapShape of(MapInfo info) {
        return new MapShape(
                info.name(),
                info.type(),
                info.keySize(),
                info.valueSize(),
                info.maxEntries(),
                info.flags(),
                null,
                0,
                0);
    }

    /** Returns how many elements there can be; maps whose size is not fixed have a size of 0. */
    long mostElements() {
        return maxEntries == 0 ? Integer.toUnsignedLong(-1) : Integer.toUnsignedLong(maxEntries);
    }

    /** Refuses all but longest-prefix tries. */
    void checkTrie() {
        View.ELEMENTS.check(this);
        if (type != MapType.LPM_TRIE) {
            throw new UnsupportedException(
                    "map " + name + " of type " + type + " has no prefixes, as an LPM_TRIE has",
                    "",
                    "open it by " + View.ELEMENTS.call());
        }
    }

    /** Returns the checked codec of the keys of a map that has keys and values. */
    <K> Codec<K> keyCodec(Class<K> key) {
        Operations.of(this);
        return anyKeyCodec(key);
    }

    /**
     * Returns the shape of a map that the kernel described, with the types of one that is like it.
     */
    MapShape typedAs(MapShape like) {
        boolean same = like.keySize == keySize && like.valueSize == valueSize;
        return same
                ? new MapShape(
                        name,
                        type,
                        keySize,
                        valueSize,
                        maxEntries,
                        flags,
                        like.btf,
                        like.keyTypeId,
                        like.valueTypeId)
                : this;
    }

    /** Returns where an element of an array map is in its memory, whose elements are aligned. */
    long elementOffset(int index) {
        return Scratch.align(valueSize) * Integer.toUnsignedLong(index);
    }

    /** Returns the checked codec of keys. */
    <K> Codec<K> anyKeyCodec(Class<K> key) {
        return fixed(codec(key, keyTypeId, keySize, "key"), "keys");
    }

    /** Returns the checked codec of values, whatever the type of the map. */
    <V> Codec<V> anyValueCodec(Class<V> value) {
        return fixed(codec(value, valueTypeId, valueSize, "value"), "values");
    }

    /** Returns the checked codec of the values of a map that is not per CPU. */
    <V> Codec<V> valueCodec(Class<V> value) {
        if (Operations.of(this).perCpu()) {
            throw new UnsupportedException(
                    "map " + name + " has one value for each CPU (" + type + ")",
                    "",
                    "open it as a per-CPU map");
        }
        return fixed(codec(value, valueTypeId, valueSize, "value"), "values");
    }

    /** Returns the codec of keys or values that are integers, unsigned where nothing says more. */
    NumberCodecs.Numeric integers(boolean key) {
        boolean typed = btf != null && (key ? keyTypeId : valueTypeId) != 0;
        int size = key ? keySize : valueSize;
        boolean natural = size == 1 || size == 2 || size == 4 || size == 8;
        if (typed || !natural || Operations.of(this).perCpu() && !key) {
            Codec<?> codec = key ? keyCodec(long.class) : valueCodec(long.class);
            return (NumberCodecs.Numeric) codec;
        }
        return NumberCodecs.number(size, true, key ? "key" : "value");
    }

    /** Returns the checked codec of one CPU's values. */
    <V> Codec<V> perCpuCodec(Class<V> value) {
        if (!Operations.of(this).perCpu()) {
            throw new UnsupportedException(
                    "map " + name + " has one value for all CPUs (" + type + ")",
                    "",
                    "open it as a plain map");
        }
        return fixed(codec(value, valueTypeId, valueSize, "value"), "values");
    }

    /** Returns a codec of the user's if its size is the map's. */
    <T> Codec<T> sized(Codec<T> codec, boolean key) {
        if (Operations.of(this).perCpu() && !key) {
            return valueCodec(null);
        }
        return Codecs.bounded(exactly(codec, key));
    }

    /** Returns a codec if its size is the map's. */
    <T> Codec<T> exactly(Codec<T> codec, boolean key) {
        int size = key ? keySize : valueSize;
        if (codec.size() != size) {
            throw new BpfException(
                    "the "
                            + (key ? "keys" : "values")
                            + " of map "
                            + name
                            + " have "
                            + size
                            + " bytes, but the codec writes "
                            + codec.size());
        }
        return fixed(codec, key ? "keys" : "values");
    }

    /**
     * Returns the codec of what a ring or perf buffer's records hold: checked if the map declares
     * their type, as a perf event array does that was a ring buffer. What other perf event arrays
     * declare is the descriptor that their value is.
     */
    <T> Codec<T> recordCodec(Class<T> type) {
        boolean declared =
                valueTypeId != 0
                        && (this.type != MapType.PERF_EVENT_ARRAY
                                || btf.sizeOf(valueTypeId) != valueSize);
        return !declared
                ? Codec.of(type)
                : codec(type, valueTypeId, (int) btf.sizeOf(valueTypeId), "record");
    }

    /** Returns a codec whose values all have the same length. */
    private <T> Codec<T> fixed(Codec<T> codec, String what) {
        RecordCodec.requireFixed(codec, "the " + what + " of map " + name);
        return codec;
    }

    private <T> Codec<T> codec(Class<T> type, int typeId, int size, String what) {
        String where = what + " of map " + name;
        if (typeId != 0) {
            return Codecs.of(LayoutCheck.check(type, btf, typeId, where), type, what);
        }
        Shape shape = Shapes.of(type, size, where);
        if (shape.size() != size) {
            throw new BpfException(
                    "the "
                            + what
                            + "s of map "
                            + name
                            + " have "
                            + size
                            + " bytes, but "
                            + type.getSimpleName()
                            + " has "
                            + shape.size()
                            + ":\n"
                            + LayoutTable.of(shape));
        }
        return Codecs.of(shape, type, what);
    }

    @Override
    public String toString() {
        return "map "
                + name
                + " ("
                + type
                + ", keys of "
                + keySize
                + " bytes, values of "
                + valueSize
                + ", at most "
                + Integer.toUnsignedString(maxEntries)
                + ")";
    }
}
