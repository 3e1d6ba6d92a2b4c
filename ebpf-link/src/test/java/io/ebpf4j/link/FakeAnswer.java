// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of an answer: messages, and what ends them. */
final class FakeAnswer {
    final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int CAPPED_WITH_ATTRIBUTES = 0x300;

    private final int sequence;

    FakeAnswer(int sequence) {
        this.sequence = sequence;
    }

    int begin(int type) {
        int start = bytes.position();
        bytes.putInt(0).putShort((short) type).putShort((short) 0).putInt(sequence).putInt(0);
        return start;
    }

    void put(int type, int value) {
        bytes.putShort((short) 8).putShort((short) type).putInt(value);
    }

    void put(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        bytes.position(NetlinkMessage.aligned(bytes.position()));
    }

    void finish(int start) {
        bytes.putInt(start, bytes.position() - start);
    }

    byte[] done() {
        int start = begin(DONE);
        bytes.putInt(0);
        finish(start);
        return all();
    }

    byte[] end(int errno, String words) {
        int start = begin(ERROR);
        if (!words.isEmpty()) {
            bytes.putShort(start + 6, (short) CAPPED_WITH_ATTRIBUTES);
        }
        bytes.putInt(-errno).put(new byte[NetlinkMessage.HEADER_BYTES]);
        if (!words.isEmpty()) {
            put(1, (words + "\0").getBytes(StandardCharsets.UTF_8));
        }
        finish(start);
        return all();
    }

    private byte[] all() {
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }
}
