// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What BPF_PROG_QUERY takes.
 *
 * @param target a descriptor or an interface index, or 0
 * @param attachType {@code enum bpf_attach_type}
 * @param flags {@code BPF_F_QUERY_EFFECTIVE} or 0
 */
public record ProgQuery(int target, int attachType, int flags) {
    private static final int FIRST_ROOM = 64;

    /** Programs may come as fast as they are counted, but not for ever. */
    private static final int ATTEMPTS = 8;

    /**
     * What the kernel answers.
     *
     * @param result 0 or a negated errno
     * @param attachFlags the {@code BPF_F_*} that the hook's programs were attached with
     * @param programIds the programs, in the order in which they run
     * @param linkIds their links, 0 for those without; all 0 where the hook does not tell
     * @param revision how often the programs were changed, counted from 1; 0 where the hook does
     *     not count
     */
    public record Answer(
            int result, int attachFlags, int[] programIds, int[] linkIds, long revision) {}

    Answer issue(SystemCalls calls) {
        int room = FIRST_ROOM;
        Answer answer = ask(calls, room);
        for (int i = 1; answer.result == -Errno.ENOSPC && i < ATTEMPTS; i++) {
            room *= 2;
            answer = ask(calls, room);
        }
        return answer;
    }

    private Answer ask(SystemCalls calls, int room) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment programs = arena.allocate(ValueLayout.JAVA_INT, room);
            MemorySegment links = arena.allocate(ValueLayout.JAVA_INT, room);
            Attr attr = attr(programs, room).set(AttrLayout.Query.LINK_IDS, links);
            long result = attr.issue(calls, BpfCommand.PROG_QUERY);
            if (result == -Errno.EINVAL) {
                // before Linux 6.6 there was no room for links
                attr = attr(programs, room);
                result = attr.issue(calls, BpfCommand.PROG_QUERY);
            }
            int count = result < 0 ? 0 : attr.get(AttrLayout.Query.PROG_CNT);
            return new Answer(
                    (int) result,
                    attr.get(AttrLayout.Query.ATTACH_FLAGS),
                    ids(programs, count),
                    ids(links, count),
                    attr.getLong(AttrLayout.Query.REVISION));
        }
    }

    private Attr attr(MemorySegment programs, int room) {
        return Attr.begin(AttrLayout.Query.BYTES)
                .set(AttrLayout.Query.TARGET_FD, target)
                .set(AttrLayout.Query.ATTACH_TYPE, attachType)
                .set(AttrLayout.Query.QUERY_FLAGS, flags)
                .set(AttrLayout.Query.PROG_IDS, programs)
                .set(AttrLayout.Query.PROG_CNT, room);
    }

    private static int[] ids(MemorySegment room, int count) {
        return room.asSlice(0, (long) count * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
    }
}
