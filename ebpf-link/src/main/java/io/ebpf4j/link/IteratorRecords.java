// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;

/** Cuts the output of an iterator into records. */
final class IteratorRecords<T> extends Spliterators.AbstractSpliterator<T> {
    private final IteratorStream in;
    private final byte[] bytes;
    private final MemorySegment record;
    private final BpfIterator.Decoder<? extends T> decoder;
    private final String what;

    IteratorRecords(
            IteratorStream in, int size, BpfIterator.Decoder<? extends T> decoder, String what) {
        super(Long.MAX_VALUE, Spliterator.ORDERED);
        this.in = in;
        this.bytes = new byte[size];
        this.record = MemorySegment.ofArray(bytes);
        this.decoder = decoder;
        this.what = what;
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        int have = 0;
        while (have < bytes.length) {
            int count = in.read(bytes, have, bytes.length - have);
            if (count < 0) {
                break;
            }
            have += count;
        }
        if (have == 0) {
            return false;
        }
        if (have < bytes.length) {
            throw new BpfException(
                    "the output of "
                            + what
                            + " ends with "
                            + have
                            + " bytes, but records have "
                            + bytes.length
                            + "; the program may write others, or text");
        }
        action.accept(decoder.decode(record, 0));
        return true;
    }
}
