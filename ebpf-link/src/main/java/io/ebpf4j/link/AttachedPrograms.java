// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.ProgQuery;

import java.util.ArrayList;
import java.util.List;

/**
 * The programs of a hook.
 *
 * @param programIds their ids, in the order in which they run
 * @param linkIds the ids of their links, 0 for a program without; all 0 where the hook does not
 *     tell
 * @param flags the {@code BPF_F_*} that programs without a link were attached with; 0 when there
 *     are none
 * @param revision how often the programs were changed, counted from 1; 0 where the hook does not
 *     count (cgroups do since Linux 6.17)
 */
public record AttachedPrograms(
        List<Integer> programIds, List<Integer> linkIds, int flags, long revision) {

    /** Makes the lists unmodifiable. */
    public AttachedPrograms {
        programIds = List.copyOf(programIds);
        linkIds = List.copyOf(linkIds);
    }

    /** Asks the kernel. */
    static AttachedPrograms query(Kernel kernel, ProgQuery request, String where) {
        ProgQuery.Answer answer = kernel.bpf().progQuery(request);
        if (answer.result() < 0) {
            throw failure(-answer.result(), where);
        }
        return new AttachedPrograms(
                list(answer.programIds()),
                list(answer.linkIds()),
                answer.attachFlags(),
                answer.revision());
    }

    private static BpfException failure(int errno, String where) {
        String what = "cannot list the programs of " + where;
        return Failure.of(
                BpfCommand.PROG_QUERY,
                errno,
                errno == Errno.EINVAL
                        ? what + " (the kernel has no such hook, or cannot list it)"
                        : what);
    }

    private static List<Integer> list(int[] ids) {
        List<Integer> list = new ArrayList<>();
        for (int id : ids) {
            list.add(id);
        }
        return list;
    }
}
