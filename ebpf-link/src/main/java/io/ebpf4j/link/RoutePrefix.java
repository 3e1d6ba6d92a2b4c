// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * The destinations of a route.
 *
 * @param address the first of them
 * @param bits how many bits all have in common
 */
record RoutePrefix(InetAddress address, int bits) {

    /**
     * Reads a prefix, or an address.
     *
     * @throws IllegalArgumentException if it is none, or not the first address of the prefix
     */
    static RoutePrefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = address.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : length(text, slash + 1);
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("no prefix has the length that " + text + " has");
        }
        RoutePrefix prefix = new RoutePrefix(address, bits);
        if (!Arrays.equals(prefix.bytes(), prefix.masked())) {
            throw new IllegalArgumentException(text + " has bits behind the length of its prefix");
        }
        return prefix;
    }

    private static int length(String text, int from) {
        try {
            return Integer.parseInt(text, from, text.length(), 10);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " is no prefix of addresses", e);
        }
    }

    private byte[] masked() {
        byte[] masked = bytes();
        for (int bit = bits; bit < masked.length * Byte.SIZE; bit++) {
            masked[bit / Byte.SIZE] &= (byte) ~(0x80 >>> bit % Byte.SIZE);
        }
        return masked;
    }

    byte[] bytes() {
        return address.getAddress();
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
