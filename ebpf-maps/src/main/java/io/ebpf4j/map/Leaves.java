// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes what has no parts.
 *
 * <p>Methods that a record's decoder or encoder binds take the component's offset first, and last
 * the segment and the offset of the record in it.
 */
final class Leaves {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Leaves() {}

    static Object decode(long at, Codec<?> codec, MemorySegment s, long base) {
        return codec.decode(s, base + at);
    }

    @SuppressWarnings("unchecked") // the codec was made for the component whose value this is
    static void encode(long at, Codec<?> codec, Object value, MemorySegment s, long base) {
        ((Codec<Object>) codec).encode(value, s, base + at);
    }

    static void fill(long at, Codecs.Filling codec, Object array, MemorySegment s, long base) {
        codec.fill(array, s, base + at);
    }

    static byte getByte(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_BYTE, base + at);
    }

    static boolean getBoolean(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_BYTE, base + at) != 0;
    }

    static short getShort(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_SHORT_UNALIGNED, base + at);
    }

    static char getChar(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_CHAR_UNALIGNED, base + at);
    }

    static int getInt(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_INT_UNALIGNED, base + at);
    }

    static long getLong(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_LONG_UNALIGNED, base + at);
    }

    static float getFloat(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_FLOAT_UNALIGNED, base + at);
    }

    static double getDouble(long at, MemorySegment s, long base) {
        return s.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, base + at);
    }

    /** Reads an integer of 1, 2 or 4 bytes (or 8) into a wider one. */
    static long getNarrow(long at, int size, boolean unsigned, MemorySegment s, long base) {
        return switch (size) {
            case 1 -> unsigned ? getByte(at, s, base) & 0xffL : getByte(at, s, base);
            case 2 -> unsigned ? getShort(at, s, base) & 0xffffL : getShort(at, s, base);
            case 4 -> unsigned ? getInt(at, s, base) & 0xffff_ffffL : getInt(at, s, base);
            default -> getLong(at, s, base);
        };
    }

    /** Reads a big-endian integer of 1, 2, 4 or 8 bytes. */
    static long getNetwork(long at, int size, boolean unsigned, MemorySegment s, long base) {
        long value = getNarrow(at, size, true, s, base);
        if (LITTLE) {
            value = Long.reverseBytes(value) >>> Long.SIZE - size * Byte.SIZE;
        }
        int spare = Long.SIZE - size * Byte.SIZE;
        return unsigned ? value : value << spare >> spare;
    }

    /** Reads a bitfield, whose first byte has other bits before it. */
    static long getBits(long at, int shift, int bits, boolean signed, MemorySegment s, long base) {
        long value = 0;
        int before = shift;
        long from = at;
        for (int got = 0; got < bits; ) {
            int take = Math.min(Byte.SIZE - before, bits - got);
            long part = getByte(from, s, base) & 0xffL;
            part = part >>> position(before, take) & (1 << take) - 1;
            value = LITTLE ? value | part << got : value << take | part;
            got += take;
            before = 0;
            from++;
        }
        int spare = Long.SIZE - bits;
        return signed ? value << spare >> spare : value;
    }

    /** Returns where bits lie in a byte, counted from its lowest, after so many before them. */
    private static int position(int before, int take) {
        return LITTLE ? before : Byte.SIZE - before - take;
    }

    static String getText(int size, MemorySegment s, long from) {
        int length = 0;
        while (length < size && s.get(ValueLayout.JAVA_BYTE, from + length) != 0) {
            length++;
        }
        return new String(getBytes(length, s, from), StandardCharsets.UTF_8);
    }

    static byte[] getBytes(int size, MemorySegment s, long from) {
        byte[] bytes = new byte[size];
        MemorySegment.copy(s, ValueLayout.JAVA_BYTE, from, bytes, 0, size);
        return bytes;
    }

    static InetAddress getAddress(int size, MemorySegment s, long from) {
        byte[] bytes = getBytes(size, s, from);
        try {
            return size == 16
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static void putByte(long at, byte value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_BYTE, base + at, value);
    }

    static void putBoolean(long at, boolean value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_BYTE, base + at, (byte) (value ? 1 : 0));
    }

    static void putShort(long at, short value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_SHORT_UNALIGNED, base + at, value);
    }

    static void putChar(long at, char value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_CHAR_UNALIGNED, base + at, value);
    }

    static void putInt(long at, int value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_INT_UNALIGNED, base + at, value);
    }

    static void putLong(long at, long value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_LONG_UNALIGNED, base + at, value);
    }

    static void putFloat(long at, float value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_FLOAT_UNALIGNED, base + at, value);
    }

    static void putDouble(long at, double value, MemorySegment s, long base) {
        s.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, base + at, value);
    }

    /** Writes the low bytes of a number after checking that nothing is lost. */
    static void putNarrow(
            long at,
            int size,
            boolean unsigned,
            String name,
            long value,
            MemorySegment s,
            long base) {
        checkFits(size * Byte.SIZE, unsigned, name, value);
        putLow(at, size, value, s, base);
    }

    /** Writes a big-endian integer after checking that nothing is lost. */
    static void putNetwork(
            long at,
            int size,
            boolean unsigned,
            String name,
            long value,
            MemorySegment s,
            long base) {
        checkFits(size * Byte.SIZE, unsigned, name, value);
        long swapped = LITTLE ? Long.reverseBytes(value) >>> Long.SIZE - size * Byte.SIZE : value;
        putLow(at, size, swapped, s, base);
    }

    /** Writes a bitfield, and leaves the bits beside it as they are. */
    static void putBits(
            long at,
            int shift,
            int bits,
            boolean signed,
            String name,
            long value,
            MemorySegment s,
            long base) {
        checkFits(bits, !signed, name, value);
        int before = shift;
        long to = at;
        for (int done = 0; done < bits; ) {
            int take = Math.min(Byte.SIZE - before, bits - done);
            int mask = (1 << take) - 1;
            long part = value >>> (LITTLE ? done : bits - done - take) & mask;
            int position = position(before, take);
            int kept = getByte(to, s, base) & ~(mask << position);
            putByte(to, (byte) (kept | part << position), s, base);
            done += take;
            before = 0;
            to++;
        }
    }

    private static void checkFits(int bits, boolean unsigned, String name, long value) {
        int spare = Long.SIZE - bits;
        long kept = unsigned ? value << spare >>> spare : value << spare >> spare;
        if (kept != value) {
            boolean bytes = bits % Byte.SIZE == 0;
            int size = bytes ? bits / Byte.SIZE : bits;
            throw new BpfException(
                    name
                            + " = "
                            + value
                            + " does not fit "
                            + (unsigned ? "an unsigned" : "a signed")
                            + " integer of "
                            + size
                            + (bytes ? " byte" : " bit")
                            + (size == 1 ? "" : "s"));
        }
    }

    private static void putLow(long at, int size, long value, MemorySegment s, long base) {
        switch (size) {
            case 1 -> putByte(at, (byte) value, s, base);
            case 2 -> putShort(at, (short) value, s, base);
            case 4 -> putInt(at, (int) value, s, base);
            default -> putLong(at, value, s, base);
        }
    }

    static void putText(int size, String name, String text, MemorySegment s, long to) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) >= 0x80) {
                putEncoded(size, name, text, s, to);
                return;
            }
        }
        checkText(length, size, name, text);
        for (int i = 0; i < length; i++) {
            s.set(ValueLayout.JAVA_BYTE, to + i, (byte) text.charAt(i));
        }
        zero(length, size - length, s, to);
    }

    private static void putEncoded(int size, String name, String text, MemorySegment s, long to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        checkText(bytes.length, size, name, text);
        MemorySegment.copy(bytes, 0, s, ValueLayout.JAVA_BYTE, to, bytes.length);
        zero(bytes.length, size - bytes.length, s, to);
    }

    private static void checkText(int length, int size, String name, String text) {
        if (length > size) {
            throw new BpfException(
                    name
                            + " = \""
                            + text
                            + "\" takes "
                            + length
                            + " bytes of UTF-8, but there is room for "
                            + size);
        }
    }

    static void zero(long at, int size, MemorySegment s, long base) {
        long i = base + at;
        long end = i + size;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            s.set(ValueLayout.JAVA_LONG_UNALIGNED, i, 0L);
        }
        for (; i < end; i++) {
            s.set(ValueLayout.JAVA_BYTE, i, (byte) 0);
        }
    }
}
