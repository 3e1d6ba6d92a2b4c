// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.sys.NativeText;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request to rtnetlink, and the attributes of its answers (include/uapi/linux/netlink.h,
 * rtnetlink.h).
 *
 * <pre>
 * nlmsghdr:    0 u32 length   4 u16 type   6 u16 flags   8 u32 sequence  12 u32 port
 * ifinfomsg:  16 u8 family   18 u16 type  20 s32 index  24 u32 flags    28 u32 change
 * tcmsg:      16 u8 family                20 s32 index  24 u32 handle   28 u32 parent   32 u32 info
 * rtmsg:      16 u8 family   17 u8 length  20 u8 table   21 u8 protocol  22 u8 scope     23 u8 type
 * nlattr:      0 u16 length   2 u16 type   4 value, then zeros up to a multiple of 4
 * </pre>
 */
final class NetlinkMessage {
    // message types
    static final int NEWLINK = 16;
    static final int GETLINK = 18;
    static final int SETLINK = 19;
    static final int NEWROUTE = 24;
    static final int DELROUTE = 25;
    static final int GETROUTE = 26;
    static final int NEWQDISC = 36;
    static final int DELQDISC = 37;
    static final int GETQDISC = 38;
    static final int NEWTFILTER = 44;
    static final int DELTFILTER = 45;
    static final int GETTFILTER = 46;

    // flags of requests
    static final int ECHO = 0x8;
    static final int DUMP = 0x300;
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;

    static final int HEADER_BYTES = 16;
    static final int LINK_BYTES = 16;
    static final int TRAFFIC_BYTES = 20;
    static final int ROUTE_BYTES = 12;

    // scopes of routes: any distance, neighbours, and, to remove one, whatever it has
    static final int SCOPE_UNIVERSE = 0;
    static final int SCOPE_LINK = 253;
    static final int SCOPE_ANY = 255;

    private static final int REQUEST = 0x1;
    private static final int ACKNOWLEDGE = 0x4;
    private static final int NESTED = 1 << 15;
    private static final int TYPE_MASK = 0x3fff;
    private static final int ATTRIBUTE_BYTES = 4;
    private static final int CAPACITY = 512;
    private static final int UNICAST = 1;
    private static final int BY_AN_ADMINISTRATOR = 4;

    private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());
    private final String name;

    private NetlinkMessage(String name, int type, int flags) {
        this.name = name;
        // the end of a dump is its own acknowledgement
        int acknowledge = (flags & DUMP) == DUMP ? 0 : ACKNOWLEDGE;
        bytes.putShort(4, (short) type).putShort(6, (short) (REQUEST | acknowledge | flags));
    }

    /** Begins a message about an interface; index 0 where an attribute names it. */
    static NetlinkMessage link(String name, int type, int flags, int ifindex) {
        NetlinkMessage message = new NetlinkMessage(name, type, flags);
        message.bytes.putInt(HEADER_BYTES + 4, ifindex).position(HEADER_BYTES + LINK_BYTES);
        return message;
    }

    /** Begins a message about a qdisc or filter of an interface. */
    static NetlinkMessage traffic(
            String name, int type, int flags, int ifindex, int handle, int parent, int info) {
        NetlinkMessage message = new NetlinkMessage(name, type, flags);
        message.bytes
                .putInt(HEADER_BYTES + 4, ifindex)
                .putInt(HEADER_BYTES + 8, handle)
                .putInt(HEADER_BYTES + 12, parent)
                .putInt(HEADER_BYTES + 16, info)
                .position(HEADER_BYTES + TRAFFIC_BYTES);
        return message;
    }

    /** Begins a message about the routes to a prefix; a dump is of all. */
    static NetlinkMessage route(String name, int type, int flags, int family, int bits, int scope) {
        NetlinkMessage message = new NetlinkMessage(name, type, flags);
        if ((flags & DUMP) != DUMP) {
            message.bytes
                    .put(HEADER_BYTES + 1, (byte) bits)
                    .put(HEADER_BYTES + 5, (byte) BY_AN_ADMINISTRATOR)
                    .put(HEADER_BYTES + 6, (byte) scope)
                    .put(HEADER_BYTES + 7, (byte) UNICAST);
        }
        message.bytes.put(HEADER_BYTES, (byte) family).position(HEADER_BYTES + ROUTE_BYTES);
        return message;
    }

    NetlinkMessage put(int type, short value) {
        bytes.putShort((short) (ATTRIBUTE_BYTES + Short.BYTES))
                .putShort((short) type)
                .putShort(value)
                .putShort((short) 0);
        return this;
    }

    /** Adds bytes, of a length that is a multiple of 4. */
    NetlinkMessage put(int type, byte[] value) {
        bytes.putShort((short) (ATTRIBUTE_BYTES + value.length)).putShort((short) type).put(value);
        return this;
    }

    NetlinkMessage put(int type, int value) {
        bytes.putShort((short) (ATTRIBUTE_BYTES + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
        return this;
    }

    NetlinkMessage put(int type, int[] values) {
        bytes.putShort((short) (ATTRIBUTE_BYTES + values.length * Integer.BYTES))
                .putShort((short) type);
        for (int value : values) {
            bytes.putInt(value);
        }
        return this;
    }

    /** Adds text with a NUL behind it. */
    NetlinkMessage put(int type, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.putShort((short) (ATTRIBUTE_BYTES + encoded.length + 1))
                .putShort((short) type)
                .put(encoded);
        bytes.position(aligned(bytes.position() + 1));
        return this;
    }

    /** Begins an attribute of attributes; {@link #end} takes what this returns. */
    int begin(int type) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | NESTED));
        return start;
    }

    NetlinkMessage end(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** Returns the message, complete. */
    byte[] finish(int sequence) {
        byte[] message = new byte[bytes.position()];
        bytes.putInt(0, message.length).putInt(8, sequence).get(0, message);
        return message;
    }

    /** Returns the request's name in the kernel's headers. */
    String name() {
        return name;
    }

    /** Returns as much of a text's beginning as has so many bytes. */
    static String cut(String text, int mostBytes) {
        int length = text.length();
        while (text.substring(0, length).getBytes(StandardCharsets.UTF_8).length > mostBytes) {
            length--;
        }
        return text.substring(0, length);
    }

    static int aligned(int length) {
        return length + 3 & ~3;
    }

    /**
     * Finds an attribute.
     *
     * @param attributes the bytes that hold attributes
     * @param from where the first one begins
     * @param type the attribute's number
     * @return the value, or null when it is not there
     */
    static ByteBuffer find(ByteBuffer attributes, int from, int type) {
        int at = from;
        while (at + ATTRIBUTE_BYTES <= attributes.limit()) {
            int length = attributes.getShort(at) & 0xffff;
            if (length < ATTRIBUTE_BYTES || at + length > attributes.limit()) {
                return null;
            }
            if ((attributes.getShort(at + 2) & TYPE_MASK) == type) {
                return attributes
                        .slice(at + ATTRIBUTE_BYTES, length - ATTRIBUTE_BYTES)
                        .order(attributes.order());
            }
            at += aligned(length);
        }
        return null;
    }

    /** Returns an attribute's number, or 0 when it is not there. */
    static int number(ByteBuffer attributes, int from, int type) {
        ByteBuffer value = find(attributes, from, type);
        return value == null || value.limit() < Integer.BYTES ? 0 : value.getInt(0);
    }

    /** Returns an attribute's text up to its NUL, or the empty string when it is not there. */
    static String text(ByteBuffer attributes, int from, int type) {
        ByteBuffer value = find(attributes, from, type);
        return value == null ? "" : NativeText.string(value, 0, value.limit());
    }
}
