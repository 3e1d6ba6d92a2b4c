// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * What BPF_PROG_ATTACH and BPF_PROG_DETACH take.
 *
 * @param target what it is attached to: a descriptor or an interface index, or 0
 * @param progFd the program
 * @param attachType {@code enum bpf_attach_type}
 * @param flags {@code BPF_F_*}
 * @param replaceFd with BPF_F_REPLACE, the program whose place it takes (Linux 5.5); else 0
 * @param relative with BPF_F_BEFORE or BPF_F_AFTER, the program or link next to which it is put
 *     (cgroups: Linux 6.17); else 0
 * @param expectedRevision how often the hook's programs were changed, or 0 for any number
 */
public record ProgAttach(
        int target,
        int progFd,
        int attachType,
        int flags,
        int replaceFd,
        int relative,
        long expectedRevision) {

    /**
     * Makes a request without what later kernels added.
     *
     * @param target a descriptor or an interface index, or 0
     * @param progFd the program
     * @param attachType {@code enum bpf_attach_type}
     * @param flags {@code BPF_F_*}
     * @return the request
     */
    public static ProgAttach of(int target, int progFd, int attachType, int flags) {
        return new ProgAttach(target, progFd, attachType, flags, 0, 0, 0);
    }

    /**
     * Makes the same request for another program.
     *
     * @param fd the program
     * @return the request
     */
    public ProgAttach of(int fd) {
        return new ProgAttach(target, fd, attachType, flags, replaceFd, relative, expectedRevision);
    }

    Attr attr() {
        return Attr.begin(AttrLayout.Attach.BYTES)
                .set(AttrLayout.Attach.TARGET_FD, target)
                .set(AttrLayout.Attach.ATTACH_BPF_FD, progFd)
                .set(AttrLayout.Attach.ATTACH_TYPE, attachType)
                .set(AttrLayout.Attach.ATTACH_FLAGS, flags)
                .set(AttrLayout.Attach.REPLACE_BPF_FD, replaceFd)
                .set(AttrLayout.Attach.RELATIVE_FD, relative)
                .set(AttrLayout.Attach.EXPECTED_REVISION, expectedRevision);
    }
}
