// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

/** What the local storages have in common: values of objects that a descriptor names. */
final class Storage<V> {
    private final BpfMap<Integer, V> values;

    private Storage(BpfMap<Integer, V> values) {
        this.values = values;
    }

    static <V> Storage<V> of(View view, MapHandle map, Class<V> value) {
        view.check(map.shape());
        return new Storage<>(Engine.open(view, map, Engine.INT, map.shape().anyValueCodec(value)));
    }

    V get(int fd) {
        return values.get(Engine.descriptor(fd));
    }

    void put(int fd, V value) {
        values.put(Engine.descriptor(fd), value);
    }

    boolean putIfAbsent(int fd, V value) {
        return values.putIfAbsent(Engine.descriptor(fd), value);
    }

    boolean replace(int fd, V value) {
        return values.replace(Engine.descriptor(fd), value);
    }

    boolean remove(int fd) {
        return values.delete(Engine.descriptor(fd));
    }

    MapHandle map() {
        return values.handle();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
