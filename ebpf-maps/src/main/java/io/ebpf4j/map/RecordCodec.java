// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The codec of a record, or of a {@link Struct} class.
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
    private final int least;
    private final Tail tail;
    private final Writer encoder;
    private final Writer filler;
    private MethodHandle decoder;
    private Inlined inlinedDecoder;
    private int decoded;

    RecordCodec(Shape.Structure shape) {
        this.shape = shape;
        this.handles = new RecordHandles(shape);
        this.least = shape.least();
        this.tail = Tail.of(shape, handles);
        this.encoder = new Writer(handles::encoder);
        this.filler = new Writer(handles::filler);
    }

    /**
     * Refuses what has no fixed size.
     *
     * @param where what the codec is for, for messages
     */
    static void requireFixed(Codec<?> codec, String where) {
        if (codec instanceof RecordCodec r && r.flexible()) {
            throw new BpfException(
                    where
                            + ": "
                            + r.shape.javaType().getSimpleName()
                            + " ends with the flexible array "
                            + r.shape.rest().slot().name()
                            + ", which only events can have");
        }
    }

    /** Returns the bytes that a value takes at least: all that is before a flexible array. */
    int least() {
        return least;
    }

    /** Says whether values differ in length, since the record ends with a flexible array. */
    boolean flexible() {
        return tail != null;
    }

    /** Says whether it is the codec of a {@link Struct} class, which can {@link #fill}. */
    boolean fills() {
        return Structs.is(shape.javaType());
    }

    /** Makes an instance of a {@link Struct} class. */
    Object make() {
        return Structs.make(shape.javaType());
    }

    /** Returns the bytes that a value takes. */
    long length(Object value) {
        return tail == null ? shape.size() : least + tail.length(value);
    }

    @Override
    public int size() {
        return shape.size();
    }

    @Override
    public Object decode(MemorySegment segment, long offset) {
        Objects.checkFromIndexSize(offset, least, segment.byteSize());
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

    /** Reads into an instance of a {@link Struct} class. */
    void fill(Object target, MemorySegment segment, long offset) {
        Objects.requireNonNull(target, "target");
        Objects.checkFromIndexSize(offset, least, segment.byteSize());
        filler.run(target, segment, offset);
    }

    @Override
    public void encode(Object value, MemorySegment segment, long offset) {
        Objects.requireNonNull(value, "value");
        Objects.checkFromIndexSize(offset, length(value), segment.byteSize());
        encoder.run(value, segment, offset);
    }

    @Override
    public String toString() {
        return shape.toString();
    }

    /** A handle of type {@code (Object, MemorySegment, long)void}. */
    private static final class Writer {
        private final Supplier<MethodHandle> build;
        private MethodHandle handle;
        private Inlined inlined;
        private int runs;

        Writer(Supplier<MethodHandle> build) {
            this.build = build;
        }

        void run(Object value, MemorySegment segment, long offset) {
            Inlined warm = inlined;
            if (warm != null) {
                warm.encode(value, segment, offset);
            } else {
                runCold(value, segment, offset);
            }
        }

        private void runCold(Object value, MemorySegment segment, long offset) {
            MethodHandle built = handle;
            if (built == null) {
                built = build.get();
                handle = built;
            } else if (++runs > WARM) {
                inlined = Inlined.encoder(built);
            }
            try {
                built.invokeExact(value, segment, offset);
            } catch (Throwable t) {
                throw Inlined.unchecked(t);
            }
        }
    }

    /**
     * The flexible array of a record.
     *
     * @param reader reads the component
     * @param codec its codec
     */
    private record Tail(MethodHandle reader, RestCodec codec) {
        static Tail of(Shape.Structure shape, RecordHandles handles) {
            Shape.Field rest = shape.rest();
            return rest == null
                    ? null
                    : new Tail(
                            handles.reader(rest),
                            RestCodec.of((Shape.Rest) rest.shape(), rest.slot().name()));
        }

        long length(Object value) {
            try {
                return codec.length((Object) reader.invokeExact(value));
            } catch (Throwable t) {
                throw Inlined.unchecked(t);
            }
        }
    }
}
