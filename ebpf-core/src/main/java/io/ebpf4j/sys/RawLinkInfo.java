// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.sys.AttrLayout.LinkInfo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * {@code struct bpf_link_info} (Linux 5.8).
 *
 * @param type {@code BPF_LINK_TYPE_*}
 * @param id the link's id
 * @param progId the program's id
 * @param details a copy of the whole struct in the machine's byte order; the member of its union
 *     that {@code type} says begins at {@value #DETAILS_OFFSET}
 */
public record RawLinkInfo(int type, int id, int progId, ByteBuffer details) {
    /** Where the union begins. */
    public static final int DETAILS_OFFSET = 16;

    static RawLinkInfo read(Bpf bpf, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(LinkInfo.BYTES, Long.BYTES);
            bpf.describe(fd, info, "a link");
            ByteBuffer b = NativeText.buffer(info);
            ByteBuffer copy = ByteBuffer.allocate(LinkInfo.BYTES).order(b.order());
            copy.put(0, b, 0, LinkInfo.BYTES);
            return new RawLinkInfo(
                    b.getInt(AttrLayout.offset(LinkInfo.TYPE)),
                    b.getInt(AttrLayout.offset(LinkInfo.ID)),
                    b.getInt(AttrLayout.offset(LinkInfo.PROG_ID)),
                    copy);
        }
    }
}
