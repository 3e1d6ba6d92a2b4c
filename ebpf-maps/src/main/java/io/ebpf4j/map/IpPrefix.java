// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IP addresses, as a key of a longest-prefix trie: {@code __u32} length, then 4 or 16
 * bytes in network byte order.
 *
 * @param address the address, also the bits behind the prefix
 * @param length bits of the prefix: 0 to 32, or 0 to 128
 */
public record IpPrefix(InetAddress address, int length) {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    /**
     * Checks the length.
     *
     * @param address the address
     * @param length bits of the prefix
     * @throws IllegalArgumentException if it is longer than the address
     */
    public IpPrefix {
        int bits = Byte.SIZE * address.getAddress().length;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "a prefix of " + length + " bits of " + address.getHostAddress());
        }
    }

    /**
     * Makes the prefix that is one address only.
     *
     * @param address the address
     * @return the prefix of its full length
     */
    public static IpPrefix of(InetAddress address) {
        return new IpPrefix(address, Byte.SIZE * address.getAddress().length);
    }

    /**
     * Reads a prefix.
     *
     * @param text such as {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone
     * @return the prefix; names are not resolved
     * @throws IllegalArgumentException if it is no such text
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        return slash < 0
                ? of(address)
                : new IpPrefix(address, Integer.parseInt(text.substring(slash + 1)));
    }

    /**
     * Says whether an address is in the range.
     *
     * @param other the address
     * @return true if it begins with the prefix
     */
    public boolean contains(InetAddress other) {
        byte[] prefix = address.getAddress();
        byte[] bytes = other.getAddress();
        if (prefix.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            int differ = prefix[bit / Byte.SIZE] ^ bytes[bit / Byte.SIZE];
            if ((differ & 0x80 >> bit % Byte.SIZE) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes it as {@link #parse} reads it. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }

    /**
     * Returns the codec for keys of a size.
     *
     * @throws BpfException if neither IPv4 nor IPv6 prefixes have it
     */
    static Codec<IpPrefix> codec(MapHandle map) {
        int bytes = map.keySize() - Integer.BYTES;
        if (bytes != IPV4_BYTES && bytes != IPV6_BYTES) {
            throw new BpfException(
                    "the keys of map "
                            + map.name()
                            + " have "
                            + map.keySize()
                            + " bytes, but prefixes of IP addresses 8 or 20");
        }
        return new Layout(bytes);
    }

    /** The codec of a key. */
    private record Layout(int bytes) implements Codec<IpPrefix> {
        @Override
        public int size() {
            return Integer.BYTES + bytes;
        }

        @Override
        public IpPrefix decode(MemorySegment segment, long offset) {
            byte[] address = new byte[bytes];
            MemorySegment.copy(
                    segment, ValueLayout.JAVA_BYTE, offset + Integer.BYTES, address, 0, bytes);
            try {
                return new IpPrefix(
                        bytes == IPV4_BYTES
                                ? InetAddress.getByAddress(address)
                                : Inet6Address.getByAddress(null, address, -1),
                        segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
            } catch (UnknownHostException | IllegalArgumentException e) {
                throw new BpfException("a key is no prefix of an IP address", e);
            }
        }

        @Override
        public void encode(IpPrefix prefix, MemorySegment segment, long offset) {
            byte[] address = prefix.address().getAddress();
            if (address.length != bytes) {
                throw new BpfException(
                        prefix + " cannot be a key of a trie of addresses of " + bytes + " bytes");
            }
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, prefix.length());
            MemorySegment.copy(
                    address, 0, segment, ValueLayout.JAVA_BYTE, offset + Integer.BYTES, bytes);
        }
    }
}
