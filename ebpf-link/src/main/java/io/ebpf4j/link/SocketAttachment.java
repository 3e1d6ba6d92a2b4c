// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program on a socket, set by a socket option; it ends with the socket.
 *
 * <p>The descriptor stays the socket's owner's: a duplicate would keep the socket open. Whether its
 * number is still that socket's is asked by the socket's inode.
 */
final class SocketAttachment extends Link {
    private static final int SOL_SOCKET = 1;

    private final HostFiles files;
    private final Kernel kernel;
    private final int fd;
    private final String socket;
    private final Option option;
    private int programId;
    private boolean open = true;

    private SocketAttachment(
            HostFiles files, Program program, int fd, String socket, Option option) {
        this.files = files;
        this.kernel = program.kernel();
        this.fd = fd;
        this.socket = socket;
        this.option = option;
    }

    /**
     * The options that set and remove a program (include/uapi/asm-generic/socket.h).
     *
     * @param what such as {@code socket filter}
     */
    record Option(String what, int attach, String attachName, int detach, String detachName) {}

    /**
     * Attaches.
     *
     * @param fd the socket
     */
    static Link attach(HostFiles files, Program program, int fd, Option option) {
        String socket = target(files, fd);
        if (!socket.startsWith("socket:")) {
            throw new BpfException(
                    "cannot attach "
                            + program.name()
                            + ": descriptor "
                            + fd
                            + (socket.isEmpty() ? " is not open" : " is no socket but " + socket));
        }
        SocketAttachment link = new SocketAttachment(files, program, fd, socket, option);
        link.set(program);
        return link;
    }

    private static String target(HostFiles files, int fd) {
        try {
            return Files.readSymbolicLink(files.path("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private void set(Program program) {
        int id = program.info().id();
        int programFd = program.descriptor().acquire();
        try {
            int error = (int) -setOption(option.attach, programFd);
            if (error != 0) {
                throw failure(program, error);
            }
        } finally {
            program.descriptor().release();
        }
        programId = id;
    }

    private long setOption(int number, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return kernel.calls()
                    .setSocketOption(
                            fd,
                            SOL_SOCKET,
                            number,
                            arena.allocateFrom(ValueLayout.JAVA_INT, value));
        }
    }

    private BpfException failure(Program program, int errno) {
        String reason =
                switch (errno) {
                    case Errno.EPERM -> " (the socket's filter is locked by SO_LOCK_FILTER)";
                    case Errno.EINVAL -> " (a socket that shares its port must have SO_REUSEPORT)";
                    default -> "";
                };
        return Failure.of(
                "setsockopt(" + option.attachName + ")",
                errno,
                "cannot attach " + program.name() + " to " + socket + reason);
    }

    @Override
    public synchronized LinkInfo info() {
        requireOpen();
        return new LinkInfo(LinkType.UNSPEC, 0, programId, new LinkInfo.None());
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    @Override
    synchronized void replace(Program replacement, Program expected) {
        requireOpen();
        if (!socket.equals(target(files, fd))) {
            throw new BpfException(socket + " is closed, and its program gone");
        }
        if (expected != null && expected.info().id() != programId) {
            throw new BpfException(
                    "cannot put "
                            + replacement.name()
                            + " in the place of the program of "
                            + socket
                            + ": the program with id "
                            + programId
                            + " is there, not "
                            + expected.name());
        }
        set(replacement);
    }

    @Override
    public synchronized void detach() {
        requireOpen();
        close();
    }

    @Override
    public synchronized void pin(Path path) {
        requireOpen();
        throw new UnsupportedException(
                "pinning " + this, "", "keep the socket open, which keeps its program");
    }

    @Override
    public void unpin() {}

    @Override
    public Optional<Path> pinPath() {
        return Optional.empty();
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        if (!open) {
            return;
        }
        open = false;
        if (!socket.equals(target(files, fd))) {
            return;
        }
        long result = setOption(option.detach, 0);
        // somebody else may have removed it
        if (result < 0 && result != -Errno.ENOENT) {
            throw Failure.of(
                    "setsockopt(" + option.detachName + ")",
                    (int) -result,
                    "cannot remove the program from " + socket);
        }
    }

    @Override
    public String toString() {
        return option.what + " of " + socket;
    }
}
