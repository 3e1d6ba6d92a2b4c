// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket to rtnetlink, for one request and its answer at a time.
 *
 * <p>It stays in the network namespace of the thread that opened it; what has to be undone later is
 * undone through the socket that did it. The kernel handles a request within the write, so that the
 * answer is there when it is read.
 */
final class Netlink implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int CAP_ACK = 10;
    private static final int EXT_ACK = 11;
    private static final int GET_STRICT_CHK = 12;

    // messages of the protocol itself, and flags of the last
    private static final int NOOP = 1;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int CAPPED = 0x100;
    private static final int WITH_ATTRIBUTES = 0x200;
    private static final int ATTRIBUTE_TEXT = 1;

    /** More than the kernel puts into one part of a dump. */
    private static final int ROOM = 64 << 10;

    /**
     * What the kernel answered.
     *
     * @param request the request's name
     * @param errno the positive error number, or 0
     * @param words what the kernel says about the error since Linux 4.12; may be empty
     * @param messages the payloads, from the part behind the header on
     */
    record Answer(String request, int errno, String words, List<ByteBuffer> messages) {

        /**
         * Returns the exception that tells what could not be done, with the kernel's words.
         *
         * @param what what could not be done
         */
        BpfException failure(String what) {
            String said = words.isEmpty() ? "" : " (the kernel says: " + words + ")";
            return Failure.of(request, errno, what + said, Capability.NET_ADMIN);
        }

        /** Throws for an error. */
        Answer orThrow(String what) {
            if (errno != 0) {
                throw failure(what);
            }
            return this;
        }
    }

    private final Kernel kernel;
    private final FileDescriptor socket;
    private int sequence;

    private Netlink(Kernel kernel, FileDescriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @throws BpfException if there can be none
     */
    static Netlink open(Kernel kernel) {
        long fd = kernel.calls().socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
        if (fd < 0) {
            throw Failure.of("socket", (int) -fd, "cannot open a netlink socket");
        }
        FileDescriptor socket = FileDescriptor.adopt(kernel.calls(), (int) fd, "netlink socket");
        try (Arena arena = Arena.ofConfined()) {
            // kernels before 4.12 give error numbers only
            MemorySegment one = NativeText.bytes(arena, new byte[] {1, 1, 1, 1});
            kernel.calls().setSocketOption(socket.fd(), SOL_NETLINK, EXT_ACK, one);
            kernel.calls().setSocketOption(socket.fd(), SOL_NETLINK, CAP_ACK, one);
        }
        return new Netlink(kernel, socket);
    }

    /**
     * Asks the kernel.
     *
     * @throws BpfException if the socket does not take or give messages; what the kernel says to
     *     the request is in the answer
     */
    synchronized Answer ask(NetlinkMessage message) {
        Conversation conversation = new Conversation(message.name(), ++sequence);
        int fd = socket.acquire();
        try (Arena arena = Arena.ofConfined()) {
            converse(conversation, fd, arena, message.finish(sequence));
        } finally {
            socket.release();
        }
        return conversation.answer();
    }

    /** Has the kernel leave out of dumps what is not asked for, since Linux 4.20. */
    void filterDumps() {
        int fd = socket.acquire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = NativeText.bytes(arena, new byte[] {1, 1, 1, 1});
            kernel.calls().setSocketOption(fd, SOL_NETLINK, GET_STRICT_CHK, one);
        } finally {
            socket.release();
        }
    }

    boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void converse(Conversation conversation, int fd, Arena arena, byte[] message) {
        long sent = kernel.calls().write(fd, NativeText.bytes(arena, message));
        if (sent < 0) {
            throw Failure.of(
                    "write", (int) -sent, "cannot send " + conversation.request + " to the kernel");
        }
        MemorySegment room = arena.allocate(ROOM, Long.BYTES);
        ByteBuffer bytes = NativeText.buffer(room);
        boolean more = true;
        while (more) {
            long length = kernel.calls().read(fd, room);
            if (length < 0) {
                throw Failure.of(
                        "read",
                        (int) -length,
                        "cannot read the kernel's answer to " + conversation.request);
            }
            byte[] part = new byte[(int) length];
            bytes.get(0, part);
            more = conversation.take(ByteBuffer.wrap(part).order(bytes.order()));
        }
    }

    /** An answer that is being read. */
    private static final class Conversation {
        private final String request;
        private final int sequence;
        private final List<ByteBuffer> messages = new ArrayList<>();
        private int errno;
        private String words = "";

        Conversation(String request, int sequence) {
            this.request = request;
            this.sequence = sequence;
        }

        Answer answer() {
            return new Answer(request, errno, words, messages);
        }

        /** Takes the messages of a part in; returns whether more parts follow. */
        private boolean take(ByteBuffer part) {
            int at = 0;
            while (at + NetlinkMessage.HEADER_BYTES <= part.limit()) {
                int length = part.getInt(at);
                if (length < NetlinkMessage.HEADER_BYTES || at + length > part.limit()) {
                    throw unreadable();
                }
                ByteBuffer payload =
                        part.slice(
                                        at + NetlinkMessage.HEADER_BYTES,
                                        length - NetlinkMessage.HEADER_BYTES)
                                .order(part.order());
                // what an earlier request left behind is passed over
                int type = part.getInt(at + 8) == sequence ? part.getShort(at + 4) & 0xffff : NOOP;
                switch (type) {
                    case ERROR -> {
                        end(payload, part.getShort(at + 6));
                        return false;
                    }
                    case DONE -> {
                        errno = payload.limit() < Integer.BYTES ? 0 : -payload.getInt(0);
                        return false;
                    }
                    case NOOP -> {
                        // says nothing
                    }
                    default -> messages.add(payload);
                }
                at += NetlinkMessage.aligned(length);
            }
            if (at == 0) {
                throw unreadable();
            }
            return true;
        }

        private BpfException unreadable() {
            return new BpfException("the kernel's answer to " + request + " cannot be read");
        }

        /** Reads {@code struct nlmsgerr}: the error, the request or its header, and attributes. */
        private void end(ByteBuffer payload, int flags) {
            int behindRequest = Integer.BYTES + NetlinkMessage.HEADER_BYTES;
            if (payload.limit() < behindRequest) {
                throw unreadable();
            }
            errno = -payload.getInt(0);
            if ((flags & WITH_ATTRIBUTES) != 0) {
                int whole = Integer.BYTES + NetlinkMessage.aligned(payload.getInt(Integer.BYTES));
                int from = (flags & CAPPED) != 0 ? behindRequest : whole;
                words = NetlinkMessage.text(payload, from, ATTRIBUTE_TEXT);
            }
        }
    }
}
