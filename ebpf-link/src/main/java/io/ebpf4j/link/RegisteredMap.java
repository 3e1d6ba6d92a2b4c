// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A struct_ops map that is registered by its value, without a {@code bpf_link}: it is unregistered
 * by removing the value, and by nothing else.
 */
final class RegisteredMap extends Link {
    private final Kernel kernel;
    private final FileDescriptor map;
    private final String name;

    /** Takes ownership of a descriptor of the map. */
    RegisteredMap(Kernel kernel, FileDescriptor map, String name) {
        this.kernel = kernel;
        this.map = map;
        this.name = name;
    }

    @Override
    public LinkInfo info() {
        map.fd();
        return new LinkInfo(LinkType.UNSPEC, 0, 0, new LinkInfo.None());
    }

    @Override
    void replace(Program replacement, Program expected) {
        map.fd();
        throw new UnsupportedException(
                "replacing a program of struct_ops map " + name,
                "",
                "close this link and register another map");
    }

    @Override
    public void detach() {
        map.fd();
        close();
    }

    @Override
    public void pin(Path path) {
        map.fd();
        throw new UnsupportedException(
                "pinning the registration of struct_ops map " + name,
                "6.4",
                "put it into SEC(\".struct_ops.link\")");
    }

    @Override
    public void unpin() {}

    @Override
    public Optional<Path> pinPath() {
        return Optional.empty();
    }

    @Override
    public boolean isOpen() {
        return map.isOpen();
    }

    @Override
    public synchronized void close() {
        if (!map.isOpen()) {
            return;
        }
        long result;
        int fd = map.acquire();
        try (Arena arena = Arena.ofConfined()) {
            result = kernel.bpf().mapDelete(fd, arena.allocate(ValueLayout.JAVA_INT).address());
        } finally {
            map.release();
        }
        map.close();
        // somebody else may have removed it
        if (result < 0 && result != -Errno.ENOENT && result != -Errno.EINPROGRESS) {
            throw Failure.of(
                    BpfCommand.MAP_DELETE_ELEM,
                    (int) -result,
                    "cannot unregister struct_ops map " + name);
        }
    }

    @Override
    public String toString() {
        return "registration of struct_ops map " + name;
    }
}
