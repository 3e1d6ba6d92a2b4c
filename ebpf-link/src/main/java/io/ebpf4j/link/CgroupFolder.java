// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;

/**
 * The directory of a cgroup, in a hierarchy of version 2.
 *
 * @param files the files of the running system
 * @param path the directory
 */
record CgroupFolder(HostFiles files, Path path) {

    /**
     * Opens it; whether it is a cgroup shows when it is used.
     *
     * @throws BpfException if it cannot be opened
     */
    FileDescriptor open(Kernel kernel) {
        long fd = kernel.calls().open(path.toString(), 0, 0);
        if (fd < 0) {
            throw Failure.of("openat", (int) -fd, "cannot open " + this);
        }
        return FileDescriptor.adopt(kernel.calls(), (int) fd, toString());
    }

    /** Explains what the kernel says of a directory that is no cgroup, which is EBADF. */
    BpfException isNone(BpfCommand command) {
        String table = files.readOrNull("/proc/self/mountinfo");
        String root = table == null ? null : MountTable.find(table, "cgroup2");
        String advice;
        if (root == null) {
            advice = "none is mounted: mount -t cgroup2 none /sys/fs/cgroup";
        } else if (path.startsWith(root)) {
            advice = "it may have been removed";
        } else {
            advice = "such directories are below " + root;
        }
        return new BpfException(
                path + " is no directory of a cgroup of version 2; " + advice,
                command.kernelName(),
                Errno.EBADF);
    }

    @Override
    public String toString() {
        return "cgroup " + path;
    }
}
