// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs on sockets, whose descriptors are somebody else's. */
class SocketAttachmentTest {
    @TempDir Path folder;

    private FakeHost host;

    /** Opens a socket and returns its descriptor. */
    private int socket(String inode) throws IOException {
        host = new FakeHost(folder, "6.12");
        int fd = (int) host.kernel.calls().socket(2, 2, 0);
        link(fd, inode);
        return fd;
    }

    private void link(int fd, String target) throws IOException {
        Path path = host.files.path("/proc/self/fd/" + fd);
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        Files.createSymbolicLink(path, Path.of(target));
    }

    private List<FakeCall> options() {
        return host.fake.calls().stream().filter(c -> c.name().equals("setsockopt")).toList();
    }

    @Test
    void aProgramIsSetAndRemoved() throws IOException {
        int fd = socket("socket:[7]");
        try (Program program = host.program(ProgramType.SOCKET_FILTER);
                Program other = host.program(ProgramType.SOCKET_FILTER)) {
            Link link = SocketFilter.attach(host.host(), program, fd);
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(other, other))
                    .withMessageContaining("is there, not prog");
            link.update(other, program);
            assertThat(link.info().programId()).isEqualTo(other.info().id());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/x")))
                    .withMessageContaining("pinning socket filter of socket:[7]");
            link.detach();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(options()).hasSize(3);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(link::info);
        }
        host.kernel.calls().close(fd);
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void anotherSocketOfTheSameNumberIsLeftAlone() throws IOException {
        int fd = socket("socket:[7]");
        try (Program program = host.program(ProgramType.SK_REUSEPORT)) {
            Link link = Reuseport.attach(host.host(), program, fd);
            link(fd, "socket:[8]");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.update(program))
                    .withMessage("socket:[7] is closed, and its program gone");
            link.close();
            assertThat(options()).hasSize(1);
        }
    }

    @Test
    void whatIsNoSocketIsNamed() throws IOException {
        int fd = socket("anon_inode:[eventfd]");
        try (Program program = host.program(ProgramType.SOCKET_FILTER);
                Program packets = host.program(ProgramType.XDP)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> SocketFilter.attach(host.host(), program, fd))
                    .withMessageContaining("is no socket but anon_inode:[eventfd]");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> SocketFilter.attach(host.host(), program, fd + 1000))
                    .withMessageContaining("is not open");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Reuseport.attach(host.host(), packets, fd))
                    .withMessageContaining("it is a program of type XDP");
        }
    }

    @Test
    void aRefusalIsExplainedAndAnAbsentProgramIsRemoved() throws IOException {
        int fd = socket("socket:[7]");
        host.fake.fail("setsockopt", 1, Errno.EPERM).fail("setsockopt", 3, Errno.ENOENT);
        try (Program program = host.program(ProgramType.SOCKET_FILTER)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> SocketFilter.attach(host.host(), program, fd))
                    .withMessageContaining("locked by SO_LOCK_FILTER")
                    .satisfies(e -> assertThat(e.command()).isEqualTo("setsockopt(SO_ATTACH_BPF)"));
            SocketFilter.attach(host.host(), program, fd).close();
            host.fake.fail("setsockopt", 5, Errno.EINVAL);
            Link link = SocketFilter.attach(host.host(), program, fd);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(link::close)
                    .withMessageContaining("cannot remove the program from socket:[7]");
            assertThat(link.isOpen()).isFalse();
        }
    }
}
