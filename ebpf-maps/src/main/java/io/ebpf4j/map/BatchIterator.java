// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Hands out the elements of a map one by one. */
final class BatchIterator<K, V> implements Iterator<BpfMap.Entry<K, V>> {
    private final BpfMap<K, V> map;
    private final BatchCursor<K, V> batches;
    private int index;
    private boolean ended;
    private K last;

    BatchIterator(BpfMap<K, V> map) {
        this.map = map;
        this.batches = BatchCursor.iterating(map);
    }

    @Override
    public boolean hasNext() {
        if (index == batches.count() && !ended) {
            ended = !batches.next();
            index = 0;
        }
        return !ended;
    }

    @Override
    public BpfMap.Entry<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        last = batches.key(index);
        return new BpfMap.Entry<>(last, batches.value(index++));
    }

    @Override
    public void remove() {
        if (last == null) {
            throw new IllegalStateException("next() was not called since the last removal");
        }
        map.delete(last);
        last = null;
    }
}
