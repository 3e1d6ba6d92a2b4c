// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * The codec of a record.
 *
 * <p>Method handles are built when they are first needed, since each direction costs milliseconds
 * in a young JVM and most programs use one. After {@value #WARM} calls they move into a hidden
 * class of their own, where they are constants that the JIT compiler inlines. The fields are
 * written without synchronisation: what they hold is immutable, and a thread that sees a stale one
 * at worst builds it again.
 */
final class RecordCodec implements Codec<Object> {
    private static final int WARM = 1000;

    private final Shape.Structure shape;
    private final RecordHandles handles;
    private MethodHandle decoder;
    private MethodHandle encoder;
    private Inlined inlinedDecoder;
    private Inlined inlinedEncoder;
    private int decoded;
    private int encoded;

    RecordCodec(Shape.Structure shape) {
        this.shape = shape;
        this.handles = new RecordHandles(shape);
    }

    @Override
    public int size() {
        return shape.size();
    }

    @Override
    public Object decode(MemorySegment segment, long offset) {
        Objects.checkFromIndexSize(offset, shape.size(), segment.byteSize());
        Inlined inlined = inlinedDecoder;
        return inlined != null ? inlined.decode(segment, offset) : decodeCold(segment, offset);
    }

    private Object decodeCold(MemorySegment segment, long offset) {
        MethodHandle handle = decoder;
        if (handle == null) {
            handle = handles.decoder();
            decoder = handle;
        } else if (++decoded > WARM) {
            inlinedDecoder = Inlined.decoder(handle);
        }
        try {
            return (Object) handle.invokeExact(segment, offset);
        } catch (Throwable t) {
            throw Inlined.unchecked(t);
        }
    }

    @Override
    public void encode(Object value, MemorySegment segment, long offset) {
        Objects.requireNonNull(value, "value");
        Objects.checkFromIndexSize(offset, shape.size(), segment.byteSize());
        Inlined inlined = inlinedEncoder;
        if (inlined != null) {
            inlined.encode(value, segment, offset);
        } else {
            encodeCold(value, segment, offset);
        }
    }

    private void encodeCold(Object value, MemorySegment segment, long offset) {
        MethodHandle handle = encoder;
        if (handle == null) {
            handle = handles.encoder();
            encoder = handle;
        } else if (++encoded > WARM) {
            inlinedEncoder = Inlined.encoder(handle);
        }
        try {
            handle.invokeExact(value, segment, offset);
        } catch (Throwable t) {
            throw Inlined.unchecked(t);
        }
    }

    @Override
    public String toString() {
        return shape.toString();
    }
}
