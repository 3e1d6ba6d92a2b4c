// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.spec.MapType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The batch commands of a {@link FakeSystemCalls}: arrays go on behind the key before, hash maps
 * bucket by bucket, of which they have four, and other types know no batches.
 */
final class FakeBatches {
    private static final int BUCKETS = 4;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final FakeObject.Table map;
    private final ByteBuffer attr;
    private final int room;
    private int count;

    FakeBatches(FakeObject.Table map, ByteBuffer attr) {
        this.map = map;
        this.attr = attr;
        this.room = attr.getInt(AttrLayout.offset(AttrLayout.Batch.COUNT));
    }

    long answer(BpfCommand command) {
        boolean hash = map.type == MapType.HASH.number() || map.type == MapType.LRU_HASH.number();
        boolean read = command == BpfCommand.MAP_LOOKUP_BATCH;
        boolean array = map.isArray() && (read || command == BpfCommand.MAP_UPDATE_BATCH);
        if (!hash && !array) {
            return -Errno.ENOTSUPP;
        }
        if (room == 0) {
            return 0;
        }
        long result =
                switch (command) {
                    case MAP_UPDATE_BATCH -> update();
                    case MAP_DELETE_BATCH -> delete();
                    default -> array ? lookupByKeys() : lookupByBuckets(!read);
                };
        attr.putInt(AttrLayout.offset(AttrLayout.Batch.COUNT), count);
        return result;
    }

    private long update() {
        for (; count < room; count++) {
            long result =
                    map.frozen
                            ? -Errno.EPERM
                            : map.put(
                                    at(AttrLayout.Batch.KEYS, count, map.keySize).toArray(BYTE),
                                    at(AttrLayout.Batch.VALUES, count, map.valueSize).toArray(BYTE),
                                    0);
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    private long delete() {
        for (; count < room; count++) {
            long result = map.remove(at(AttrLayout.Batch.KEYS, count, map.keySize).toArray(BYTE));
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    private long lookupByKeys() {
        byte[] key = cursor(AttrLayout.Batch.IN_BATCH, map.keySize);
        while (count < room) {
            byte[] next = map.next(key);
            if (next == null) {
                break;
            }
            hand(next);
            key = next;
        }
        if (count > 0) {
            segment(address(AttrLayout.Batch.OUT_BATCH), map.keySize)
                    .copyFrom(MemorySegment.ofArray(key));
        }
        return count < room ? -Errno.ENOENT : 0;
    }

    private long lookupByBuckets(boolean drain) {
        byte[] cursor = cursor(AttrLayout.Batch.IN_BATCH, Integer.BYTES);
        int bucket = cursor == null ? 0 : ByteBuffer.wrap(cursor).getInt();
        long result = -Errno.ENOENT;
        for (; bucket < BUCKETS; bucket++) {
            List<byte[]> keys = bucket(bucket);
            if (keys.size() > room - count) {
                result = count == 0 ? -Errno.ENOSPC : 0;
                break;
            }
            for (byte[] key : keys) {
                hand(key);
                if (drain) {
                    map.remove(key);
                }
            }
        }
        segment(address(AttrLayout.Batch.OUT_BATCH), Integer.BYTES)
                .copyFrom(
                        MemorySegment.ofArray(
                                ByteBuffer.allocate(Integer.BYTES).putInt(bucket).array()));
        return result;
    }

    private List<byte[]> bucket(int number) {
        List<byte[]> keys = new ArrayList<>();
        for (ByteBuffer key : map.entries.keySet()) {
            if ((key.hashCode() & BUCKETS - 1) == number) {
                byte[] bytes = new byte[map.keySize];
                key.get(0, bytes);
                keys.add(bytes);
            }
        }
        return keys;
    }

    private void hand(byte[] key) {
        at(AttrLayout.Batch.KEYS, count, map.keySize).copyFrom(MemorySegment.ofArray(key));
        at(AttrLayout.Batch.VALUES, count, map.valueSize)
                .copyFrom(MemorySegment.ofArray(map.get(key)));
        count++;
    }

    private byte[] cursor(int field, int bytes) {
        long address = address(field);
        return address == 0 ? null : segment(address, bytes).toArray(BYTE);
    }

    private MemorySegment at(int field, int index, int size) {
        return segment(address(field) + (long) index * size, size);
    }

    private long address(int field) {
        return attr.getLong(AttrLayout.offset(field));
    }

    private static MemorySegment segment(long address, long bytes) {
        return NativeSystemCalls.segment(address, bytes, Arena.global(), null);
    }
}
