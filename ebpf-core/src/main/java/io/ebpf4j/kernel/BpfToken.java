// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;

/**
 * The rights over bpf() that a bpf file system delegates to a user namespace (Linux 6.9, kernel
 * commit 35f96de04127): which commands, and which types of maps, programs and attachments, as its
 * mount options {@code delegate_cmds}, {@code delegate_maps}, {@code delegate_progs} and {@code
 * delegate_attachs} say.
 *
 * <p>A token is for processes in the user namespace that the file system was mounted for, which
 * hold CAP_BPF, and for many programs CAP_PERFMON or CAP_NET_ADMIN, in it.
 */
public final class BpfToken implements AutoCloseable {
    private static final String SINCE = "6.9";

    private final FileDescriptor descriptor;
    private final Kernel kernel;

    private BpfToken(Kernel base, FileDescriptor descriptor) {
        this.descriptor = descriptor;
        this.kernel = base.with(descriptor);
    }

    /**
     * Takes up delegated rights (Linux 6.9).
     *
     * @param kernel the kernel
     * @param bpffs where the file system is mounted
     * @return the token
     * @throws UnsupportedException if the kernel knows no tokens, or the process needs none as it
     *     is in the initial user namespace
     * @throws PermissionDeniedException if the process has no CAP_BPF in its user namespace, or the
     *     file system is for another one
     * @throws BpfException if there is no bpf file system, or it delegates nothing
     */
    public static BpfToken create(Kernel kernel, Path bpffs) {
        long folder = kernel.calls().open(bpffs.toString(), 0, 0);
        String what = "cannot create a token from " + bpffs;
        if (folder < 0) {
            throw Failure.of("openat", (int) -folder, what);
        }
        long result = kernel.bpf().tokenCreate((int) folder);
        kernel.calls().close((int) folder);
        if (result < 0) {
            throw failure(kernel, (int) -result, what);
        }
        return new BpfToken(
                kernel, FileDescriptor.adopt(kernel.calls(), (int) result, "token of " + bpffs));
    }

    private static BpfException failure(Kernel kernel, int errno, String what) {
        String command = BpfCommand.TOKEN_CREATE.kernelName();
        return switch (errno) {
            case Errno.ENOENT ->
                    new BpfException(
                            what
                                    + ": it delegates nothing; mount it with options such as"
                                    + " delegate_cmds=any,delegate_maps=any,delegate_progs=any,"
                                    + "delegate_attachs=any",
                            command,
                            errno);
            case Errno.EPERM ->
                    new PermissionDeniedException(
                            what,
                            "CAP_BPF in the user namespace that the file system was mounted for",
                            "run in that namespace, with the capability",
                            command,
                            errno);
            case Errno.EOPNOTSUPP ->
                    new UnsupportedException(
                            what + " in the initial user namespace",
                            "",
                            "load without one: capabilities count here",
                            command,
                            errno);
            case Errno.EINVAL ->
                    kernel.version().isAtLeast(SINCE)
                            ? new BpfException(
                                    what + ": it is not the root of a bpf file system",
                                    command,
                                    errno)
                            : new UnsupportedException(
                                    what, SINCE, "give the process CAP_BPF", command, errno);
            default -> Failure.of(BpfCommand.TOKEN_CREATE, errno, what);
        };
    }

    /**
     * Returns the kernel, asked for maps, programs and types by this token's rights.
     *
     * @return an instance that knows nothing yet of what the token allows, and shares all else with
     *     the one that the token was created for; no longer usable when the token is closed
     */
    public Kernel kernel() {
        return kernel;
    }

    /** Closes the token; what was loaded with it stays. Further calls do nothing. */
    @Override
    public void close() {
        descriptor.close();
    }
}
