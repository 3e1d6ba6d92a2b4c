// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;

/**
 * Turns values of a Java type into bytes at a fixed layout, and back.
 *
 * <p>Numbers are in the machine's byte order. The types that have a codec of their own:
 *
 * <table>
 * <caption>Java types and what they are in memory</caption>
 * <tr><th>Java</th><th>C</th></tr>
 * <tr><td>{@code byte short int long} and their boxes</td><td>an integer of 1, 2, 4, 8 bytes; unsigned ones keep their
 *     bits, so {@code int} reads a {@code __u32} of 2<sup>31</sup> or more as a negative number</td></tr>
 * <tr><td>{@code char}</td><td>{@code __u16}</td></tr>
 * <tr><td>{@code boolean}</td><td>one byte; everything but 0 is true</td></tr>
 * <tr><td>{@code float double}</td><td>the same</td></tr>
 * <tr><td>{@code String}</td><td>{@code char[n]}, see {@link Chars}</td></tr>
 * <tr><td>{@code byte[]}, {@code MemorySegment}</td><td>any n bytes, see {@link Length}; decoding copies to the heap</td></tr>
 * <tr><td>an enum</td><td>an enum; with BTF each constant has the value of its name in C. If C has none of the names it is
 *     its ordinal, and without BTF that in 4 bytes</td></tr>
 * <tr><td>an integer, {@code boolean}, an enum</td><td>a bitfield, where BTF is known or {@link Bitfield} says so; boolean
 *     for a single bit</td></tr>
 * <tr><td>an integer or array with {@link BigEndian}</td><td>the same number in network byte order</td></tr>
 * <tr><td>{@code Duration}</td><td>8 bytes of nanoseconds</td></tr>
 * <tr><td>{@code Instant}</td><td>8 bytes of nanoseconds of the monotonic clock, as {@code bpf_ktime_get_ns} gives them, or
 *     of the one that {@link Ktime} names; the distance to the wall clock is measured when the codec is made, and later
 *     changes of that clock are not followed. In a time namespace of its own (time_namespaces(7)) a process has other
 *     clocks than the programs, and gets times that are off by the namespace's offset</td></tr>
 * <tr><td>{@code Inet4Address}, {@code Inet6Address}</td><td>4 or 16 bytes in network byte order</td></tr>
 * <tr><td>{@code InetAddress}</td><td>4 bytes, or 16 bytes in which version 4 is {@code ::ffff:a.b.c.d}; {@link Length} tells
 *     which, where BTF does not</td></tr>
 * <tr><td>an array of these</td><td>an array, see {@link Length}</td></tr>
 * <tr><td>a record of these</td><td>a struct with C's alignment; padding is written as zeros</td></tr>
 * <tr><td>a sealed interface of records</td><td>a union, see {@link Discriminator}; only as a record's component</td></tr>
 * <tr><td>a {@code byte[]}, {@code MemorySegment}, {@code String} or array at the end of a record</td><td>a flexible array, see
 *     {@link FlexibleArray}; only in events</td></tr>
 * <tr><td>a class with {@link Struct}</td><td>a struct, whose instances can be read into again</td></tr>
 * </table>
 *
 * <p>With a map's BTF at hand, an integer component may be wider than its member: it is sign- or
 * zero-extended when read and range-checked when written. Without BTF, {@link Unsigned} says so.
 *
 * <p>Decoding allocates the decoded value, and text its bytes besides; encoding allocates nothing
 * but the bytes of addresses and of text that is not ASCII. Implementations are safe for use by
 * several threads; but a value in memory that others read meanwhile is written byte by byte as far
 * as they can tell, and what has padding, a bitfield or a union is cleared before.
 *
 * @param <T> the Java type
 */
public interface Codec<T> {

    /**
     * Returns the size.
     *
     * @return bytes, with all padding; those of the {@code struct} alone where a record ends with a
     *     {@link FlexibleArray}
     */
    int size();

    /**
     * Reads a value; a record with a {@link FlexibleArray} to the end of the segment.
     *
     * @param segment where from
     * @param offset bytes from the start of the segment; need not be aligned
     * @return the value
     * @throws IndexOutOfBoundsException if the segment ends before the value does
     * @throws BpfException if the bytes are not a value of the type, such as a number that no
     *     constant of an enum has
     */
    T decode(MemorySegment segment, long offset);

    /**
     * Writes a value, all {@link #size} bytes of it; of a record with a {@link FlexibleArray} all
     * before it and its elements.
     *
     * @param value the value
     * @param segment where to
     * @param offset bytes from the start of the segment; need not be aligned
     * @throws IndexOutOfBoundsException if the segment is too short
     * @throws BpfException if the value does not fit: text or an array of another length, a number
     *     out of range
     */
    void encode(T value, MemorySegment segment, long offset);

    /**
     * Returns the codec of a type whose length is known: numbers, boolean, enums, addresses, and
     * records.
     *
     * <p>A record's canonical constructor and accessors must be accessible: the record is public in
     * an exported package, or its package is open to module {@code io.ebpf4j.maps}. On the class
     * path every record is accessible, also one that is declared in a method.
     *
     * @param <T> the type
     * @param type the type's class, boxes and primitives alike
     * @return its codec
     * @throws BpfException if the type has no layout, lacks a length, or is not accessible
     */
    static <T> Codec<T> of(Class<T> type) {
        return Codecs.of(
                Shapes.of(type, Shapes.UNKNOWN, "type " + type.getSimpleName()), type, "value");
    }

    /**
     * Returns the codec of UTF-8 text in a fixed number of bytes.
     *
     * @param size bytes, see {@link Chars}
     * @return its codec
     * @throws BpfException if the size is less than 1
     */
    static Codec<String> string(int size) {
        return Codecs.of(Shapes.of(String.class, size, "text"), String.class, "text");
    }

    /**
     * Returns the codec of a fixed number of bytes.
     *
     * @param size bytes
     * @return its codec
     * @throws BpfException if the size is less than 1
     */
    static Codec<byte[]> bytes(int size) {
        return Codecs.of(Shapes.of(byte[].class, size, "bytes"), byte[].class, "byte[]");
    }
}
