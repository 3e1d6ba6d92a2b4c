// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Errno;

import java.util.function.BiConsumer;

/**
 * Maps by index or by key ({@code BPF_MAP_TYPE_ARRAY_OF_MAPS}, {@code BPF_MAP_TYPE_HASH_OF_MAPS};
 * Linux 4.12).
 *
 * <p>All maps inside are like the one that the map was created with: of the same type, sizes and
 * flags. The number of entries may differ, but not of array maps without {@link
 * io.ebpf4j.spec.MapSpec#INNER_MAP} (Linux 5.10). Safe for use by several threads; it ends with its
 * map.
 *
 * @param <K> type of keys
 */
public final class MapOfMaps<K> {
    private final BpfMap<K, Integer> maps;
    private final MapShape inner;

    private MapOfMaps(BpfMap<K, Integer> maps, MapShape inner) {
        this.maps = maps;
        this.inner = inner;
    }

    /**
     * Opens a map of maps. The layout of keys is checked as by {@link MapHandle#open(Class,
     * Class)}.
     *
     * @param <K> type of keys
     * @param map a map of type ARRAY_OF_MAPS, whose keys are integers, or HASH_OF_MAPS
     * @param key class of keys
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <K> MapOfMaps<K> of(MapHandle map, Class<K> key) {
        View.MAPS.check(map.shape());
        return new MapOfMaps<>(
                Engine.open(View.MAPS, map, map.shape().anyKeyCodec(key), Engine.INT), map.inner());
    }

    /**
     * Puts a map in, in place of what is there. The outer map keeps it.
     *
     * @param key where
     * @param map the map
     * @throws BpfException if the map is not like those inside (errno EINVAL), there is no such
     *     slot or no room, or the kernel refuses
     * @throws IllegalStateException if one of the maps is closed
     */
    public void put(K key, MapHandle map) {
        put(key, map, UpdateFlag.ANY);
    }

    /**
     * Puts a map in.
     *
     * @param key where
     * @param map the map
     * @param flag whether there must or must not be one; an array takes ANY only
     * @throws BpfException if there is, or is not, one against the flag (errno EEXIST or ENOENT);
     *     if the map is not like those inside (EINVAL), there is no such slot or no room, or the
     *     kernel refuses
     * @throws IllegalStateException if one of the maps is closed
     */
    public void put(K key, MapHandle map, UpdateFlag flag) {
        int fd = map.descriptor().acquire();
        try {
            maps.put(key, fd, flag);
        } finally {
            map.descriptor().release();
        }
    }

    /**
     * Puts the map of a view in, in place of what is there.
     *
     * @param key where
     * @param map a view of the map
     * @throws BpfException as {@link #put(Object, MapHandle)}
     * @throws IllegalStateException if one of the maps is closed
     */
    public void put(K key, BpfMap<?, ?> map) {
        put(key, map.handle());
    }

    /**
     * Opens the map at a key, by its id (CAP_SYS_ADMIN).
     *
     * @param key where
     * @return the map, which the caller closes; null if there is none. Where the outer map was
     *     created here with a template that has types, layouts are checked against these
     * @throws BpfException if the kernel refuses
     */
    public MapHandle get(K key) {
        while (true) {
            Integer id = maps.get(key);
            if (id == null) {
                return null;
            }
            try {
                return MapHandle.fromId(maps.handle().kernel(), id, inner);
            } catch (BpfException e) {
                // replaced since it was read, and gone: look again
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
        }
    }

    /**
     * Returns which map is at a key.
     *
     * @param key where
     * @return its id, see {@link MapHandle#fromId}; 0 if there is none
     * @throws BpfException if the kernel refuses
     */
    public int id(K key) {
        Integer id = maps.get(key);
        return id == null ? 0 : id;
    }

    /**
     * Takes a map out.
     *
     * @param key where
     * @return false if there was none
     * @throws BpfException if there is no such slot, or the kernel refuses
     */
    public boolean remove(K key) {
        return maps.delete(key);
    }

    /**
     * Hands out the key and id of each map. Weakly consistent, as {@link BpfMap#iterator}.
     *
     * @param action what takes them
     * @throws BpfException if the kernel refuses; what the action throws is passed on
     */
    public void forEachId(BiConsumer<? super K, ? super Integer> action) {
        if (maps.handle().type() == MapType.HASH_OF_MAPS) {
            maps.forEach(action);
            return;
        }
        for (K key = maps.nextKey(null); key != null; key = maps.nextKey(key)) {
            Integer id = maps.get(key);
            if (id != null) {
                action.accept(key, id);
            }
        }
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return maps.toString();
    }
}
