// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.VariableSpec;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * A global variable of a loaded object: in {@code .data}, {@code .bss}, {@code .rodata} or an
 * arena.
 *
 * <p>Where the kernel can map the section's map into memory (Linux 5.5, and the section must have a
 * variable that is not static), reading and writing are plain accesses to memory that programs
 * share: numbers of up to 8 bytes are never torn, larger values may be while a program writes them.
 * Elsewhere every access is a system call that reads the whole section, and writing one reads,
 * changes and writes it back, so that what programs write to other variables meanwhile may be lost.
 *
 * <p>{@link #get} and {@link #set} allocate what the type allocates. Numbers have accesses that
 * allocate nothing, and atomic ones, in {@link #asInt} and {@link #asLong}; {@link #memory} is the
 * variable without any codec.
 *
 * <p>Safe for use by several threads; ends with the collection it belongs to. Accesses after that
 * throw {@link IllegalStateException}.
 *
 * @param <T> the variable's type in Java, see {@link Codec}
 */
public final class Variable<T> {
    private final String name;
    private final MapHandle map;
    private final int element;
    private final long inElement;
    private final long offset;
    private final Codec<T> codec;
    private final MappedValue mapped;

    /**
     * Makes a variable.
     *
     * @param element which element of the array map it is in
     * @param inElement bytes from the start of the element
     */
    private Variable(String name, MapHandle map, int element, long inElement, Codec<T> codec) {
        this.name = name;
        this.map = map;
        this.element = element;
        this.inElement = inElement;
        this.offset = map.shape().elementOffset(element) + inElement;
        this.codec = codec;
        this.mapped = map.mapped();
    }

    /** Returns an element of a mapped array map, as a whole. */
    static <T> Variable<T> ofElement(MapHandle map, int index, Class<T> type) {
        map.memory();
        Objects.checkIndex(
                Integer.toUnsignedLong(index), Integer.toUnsignedLong(map.shape().maxEntries()));
        String name = map.name() + "[" + Integer.toUnsignedString(index) + "]";
        return new Variable<>(name, map, index, 0, map.shape().valueCodec(type));
    }

    /**
     * Opens a variable; its type is checked here, once.
     *
     * @param <T> the type
     * @param map the map of the variable's section
     * @param spec the variable
     * @param btf the object's BTF, which has the variable's type; or null to check by size only
     * @param type the class to read and write it as, see {@link Codec}
     * @return the variable; it ends with the map
     * @throws BpfException if the layouts differ; the message shows both side by side
     */
    public static <T> Variable<T> of(MapHandle map, VariableSpec spec, Btf btf, Class<T> type) {
        return of(
                map, new Place(spec.name(), spec.offset(), spec.size(), spec.typeId()), btf, type);
    }

    /**
     * A variable in its section.
     *
     * @param name its name
     * @param offset bytes from the start of the section
     * @param size bytes
     * @param typeId its type, or 0
     */
    record Place(String name, int offset, int size, int typeId) {}

    static <T> Variable<T> of(MapHandle map, Place place, Btf btf, Class<T> type) {
        String where = "variable " + place.name();
        Shape shape =
                btf != null && place.typeId() != 0
                        ? LayoutCheck.check(type, btf, place.typeId(), where)
                        : Shapes.of(type, place.size(), where);
        if (shape.size() != place.size()) {
            throw new BpfException(
                    where
                            + " has "
                            + place.size()
                            + " bytes, but "
                            + type.getSimpleName()
                            + " has "
                            + shape.size());
        }
        if (place.offset() < 0 || (long) place.offset() + place.size() > map.dataSize()) {
            throw new BpfException(
                    where
                            + " at offset "
                            + place.offset()
                            + " with "
                            + place.size()
                            + " bytes does not lie in section "
                            + map.name()
                            + " of "
                            + map.dataSize());
        }
        Codec<T> codec = Codecs.of(shape, type, place.name());
        RecordCodec.requireFixed(codec, where);
        return new Variable<>(place.name(), map, 0, map.dataOffset() + place.offset(), codec);
    }

    /**
     * Returns the name.
     *
     * @return as in C
     */
    public String name() {
        return name;
    }

    /**
     * Returns whether the variable cannot be changed any more, as those of {@code .rodata} once the
     * object is loaded.
     *
     * @return true if {@link #set} would throw
     */
    public boolean readOnly() {
        return map.frozen();
    }

    /**
     * Reads the value; plain memory order.
     *
     * @return the value now
     * @throws BpfException if the kernel refuses, where the section is not mapped
     * @throws IllegalStateException if the map is closed
     */
    public T get() {
        return mapped != null ? codec.decode(mapped.segment(), offset) : section(null);
    }

    /**
     * Writes the value; plain memory order.
     *
     * @param value the value
     * @throws BpfException if the variable is read-only, the value does not fit, or the kernel
     *     refuses
     * @throws IllegalStateException if the map is closed
     */
    public void set(T value) {
        if (map.frozen()) {
            String why =
                    map.createdFrozen()
                            ? " is frozen since the object was loaded; set it in the CollectionSpec"
                                    + " before loading"
                            : " is frozen since freeze() was called; set it before that";
            throw new BpfException("variable " + name + " in " + map.name() + why);
        }
        Objects.requireNonNull(value, "value");
        if (mapped != null && !mapped.segment().isReadOnly()) {
            codec.encode(value, mapped.segment(), offset);
        } else {
            // threads that write different variables would undo each other's change
            synchronized (map.sectionLock()) {
                section(value);
            }
        }
    }

    /**
     * Reads the value before all later accesses; pairs with a program's release store or
     * full-barrier atomic.
     *
     * @return the value now
     * @throws BpfException as {@link #get}
     * @throws IllegalStateException if the map is closed
     */
    public T getAcquire() {
        T value = get();
        VarHandle.acquireFence();
        return value;
    }

    /**
     * Writes the value after all earlier accesses; pairs with a program's acquire load or
     * full-barrier atomic.
     *
     * @param value the value
     * @throws BpfException as {@link #set}
     * @throws IllegalStateException if the map is closed
     */
    public void setRelease(T value) {
        VarHandle.releaseFence();
        set(value);
    }

    /**
     * Returns the variable's memory, which programs share.
     *
     * @return exactly its bytes, read-only if the variable is; it ends with the map
     * @throws UnsupportedException if the section is not mapped into memory
     */
    public MemorySegment memory() {
        return inMemory().segment().asSlice(offset, codec.size());
    }

    /**
     * Returns accesses to a number of 4 bytes, whatever its sign and the type this was opened with.
     *
     * @return the accesses
     * @throws BpfException if the variable has another size, or is not aligned to it
     * @throws UnsupportedException if the section is not mapped into memory
     */
    public IntVariable asInt() {
        checkNumber(Integer.BYTES);
        return IntVariable.of(toString(), inMemory(), offset);
    }

    /**
     * Returns accesses to a number of 8 bytes, whatever its sign and the type this was opened with.
     *
     * @return the accesses
     * @throws BpfException if the variable has another size, or is not aligned to it
     * @throws UnsupportedException if the section is not mapped into memory
     */
    public LongVariable asLong() {
        checkNumber(Long.BYTES);
        return LongVariable.of(toString(), inMemory(), offset);
    }

    private void checkNumber(int bytes) {
        if (codec.size() != bytes || offset % bytes != 0) {
            throw new BpfException(
                    "variable "
                            + this
                            + " has "
                            + codec.size()
                            + " bytes at offset "
                            + offset
                            + ", but must have "
                            + bytes
                            + " at a multiple of "
                            + bytes);
        }
    }

    private MappedValue inMemory() {
        if (mapped == null) {
            throw new UnsupportedException(
                    "variable " + this + " is not in memory that can be mapped",
                    "5.5",
                    "use get() and set(), or declare a variable of the section without static");
        }
        return mapped;
    }

    /**
     * Reads the section, or the element; returns the variable if {@code value} is null, else
     * changes it and writes the section back.
     */
    private T section(T value) {
        int size = map.valueSize();
        FileDescriptor descriptor = map.descriptor();
        Bpf bpf = map.kernel().bpf();
        Scratch scratch = Scratch.acquire(Long.BYTES + (long) size);
        try {
            MemorySegment memory = scratch.memory();
            Leaves.putInt(0, element, memory, 0);
            long key = scratch.address();
            int fd = descriptor.acquire();
            try {
                check(BpfCommand.MAP_LOOKUP_ELEM, bpf.mapLookup(fd, key, key + Long.BYTES, 0));
                if (value == null) {
                    return codec.decode(memory, Long.BYTES + inElement);
                }
                codec.encode(value, memory, Long.BYTES + inElement);
                check(BpfCommand.MAP_UPDATE_ELEM, bpf.mapUpdate(fd, key, key + Long.BYTES, 0));
                return value;
            } finally {
                descriptor.release();
            }
        } finally {
            scratch.release();
        }
    }

    private void check(BpfCommand command, long result) {
        if (result < 0) {
            String what =
                    command == BpfCommand.MAP_LOOKUP_ELEM
                            ? "cannot read variable "
                            : "cannot write variable ";
            String why =
                    result == -Errno.EPERM
                            ? " in " + map.name() + ", which may be frozen"
                            : " in " + map.name();
            throw Failure.of(command, (int) -result, what + name + why);
        }
    }

    /** Names the variable and its section. */
    @Override
    public String toString() {
        return name + " in " + map.name();
    }
}
