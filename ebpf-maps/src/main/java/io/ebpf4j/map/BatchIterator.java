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
    private boolean removable;

    /** The last key of the batch before, for who asks for the next element and then removes. */
    private K before;

    BatchIterator(BpfMap<K, V> map) {
        this.map = map;
        this.batches = BatchCursor.iterating(map);
    }

    @Override
    public boolean hasNext() {
        if (index == batches.count() && !ended) {
            advance();
        }
        return !ended;
    }

    private void advance() {
        before = removable ? batches.key(index - 1) : null;
        ended = !batches.next();
        index = 0;
    }

    @Override
    public BpfMap.Entry<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int i = index++;
        removable = false;
        K key = batches.key(i);
        removable = true;
        return new BpfMap.Entry<>(key, batches.value(i));
    }

    @Override
    public void remove() {
        if (!removable) {
            throw new IllegalStateException("next() was not called since the last removal");
        }
        map.delete(index == 0 ? before : batches.key(index - 1));
        removable = false;
    }
}
