// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.CgroupStorage;
import io.ebpf4j.map.InodeStorage;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.SocketStorage;
import io.ebpf4j.map.TaskStorage;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Values of sockets, tasks, inodes and cgroups, in maps that are made by hand. */
@KernelTest
class LocalStorageTest {
    private final Kernel kernel = Kernel.shared();

    record State(int a, long b) {}

    @Test
    void aSocketKeepsAValue() {
        try (MapHandle map = create(MapType.SK_STORAGE);
                Sockets socket = Sockets.udp()) {
            SocketStorage<State> states = SocketStorage.of(map, State.class);
            assertThat(states.get(socket.fd())).isNull();
            assertThat(states.replace(socket.fd(), new State(1, 2))).isFalse();
            assertThat(states.putIfAbsent(socket.fd(), new State(1, 2))).isTrue();
            assertThat(states.putIfAbsent(socket.fd(), new State(3, 4))).isFalse();
            assertThat(states.get(socket.fd())).isEqualTo(new State(1, 2));
            states.put(socket.fd(), new State(5, 6));
            assertThat(states.get(socket.fd())).isEqualTo(new State(5, 6));
            assertThat(states.remove(socket.fd())).isTrue();
            assertThat(states.remove(socket.fd())).isFalse();
            assertThatThrownBy(() -> states.get(map.descriptor().fd()))
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENOTSOCK));
        }
    }

    @Test
    @Requires(kernel = "5.11")
    void aProcessKeepsAValue() {
        try (MapHandle map = create(MapType.TASK_STORAGE)) {
            TaskStorage<State> states = TaskStorage.of(map, State.class);
            long pid = ProcessHandle.current().pid();
            assertThat(states.get(pid)).isNull();
            states.put(pid, new State(1, 2));
            assertThat(states.get(pid)).isEqualTo(new State(1, 2));
            int pidfd = RawCall.call(RawCall.PIDFD_OPEN, pid, 0);
            try {
                assertThat(states.get(pidfd)).isEqualTo(new State(1, 2));
            } finally {
                kernel.calls().close(pidfd);
            }
            assertThat(states.replace(pid, new State(3, 4))).isTrue();
            assertThat(states.putIfAbsent(pid, new State(5, 6))).isFalse();
            assertThat(states.remove(pid)).isTrue();
            assertThat(states.get(pid)).isNull();
            assertThatThrownBy(() -> states.get((long) Integer.MAX_VALUE))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot open process 2147483647");
        }
    }

    @Test
    @Requires(Requirement.LSM)
    void aFileKeepsAValue() throws IOException {
        Path file = Files.createTempFile("ebpf4j", ".inode");
        try (MapHandle map = create(MapType.INODE_STORAGE)) {
            InodeStorage<State> states = InodeStorage.of(map, State.class);
            assertThat(states.get(file)).isNull();
            states.put(file, new State(1, 2));
            assertThat(states.get(file)).isEqualTo(new State(1, 2));
            assertThat(states.putIfAbsent(file, new State(3, 4))).isFalse();
            assertThat(states.replace(file, new State(3, 4))).isTrue();
            assertThat(states.remove(file)).isTrue();
            assertThat(states.remove(file)).isFalse();
            assertThatThrownBy(() -> states.get(Path.of("/does/not/exist")))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot open /does/not/exist");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @Requires(value = Requirement.CGROUP2, kernel = "6.2")
    void aCgroupKeepsAValue() throws IOException {
        Path cgroup = Cgroups.create("ebpf4j-storage");
        try (MapHandle map = create(MapType.CGRP_STORAGE)) {
            CgroupStorage<State> states = CgroupStorage.of(map, State.class);
            assertThat(states.get(cgroup)).isNull();
            states.put(cgroup, new State(1, 2));
            assertThat(states.get(cgroup)).isEqualTo(new State(1, 2));
            assertThat(states.putIfAbsent(cgroup, new State(3, 4))).isFalse();
            assertThat(states.replace(cgroup, new State(3, 4))).isTrue();
            assertThat(states.remove(cgroup)).isTrue();
            assertThat(states.remove(cgroup)).isFalse();
        } finally {
            Files.delete(cgroup);
        }
    }

    private MapHandle create(MapType type) {
        return MapHandle.create(
                kernel,
                MapSpec.of("states", type, 4, 16, 0).flags(MapSpec.NO_PREALLOC),
                null,
                null);
    }
}
