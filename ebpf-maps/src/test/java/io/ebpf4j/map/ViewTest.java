// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * Which view is for which type, what views pass to the kernel, and what they leave when it fails.
 */
class ViewTest {
    private final FakeSystemCalls calls = new FakeSystemCalls("7.2");

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNSPEC"})
    void everyTypeHasAView(MapType type) {
        assertThat(View.of(type)).isNotNull();
        assertThat(View.of(type).call()).isNotEmpty();
    }

    @Test
    void everyOtherViewNamesTheRightOne() {
        try (MapHandle map = create(MapSpec.of("line", MapType.QUEUE, 0, 8, 4))) {
            for (View view : View.values()) {
                if (view != View.QUEUE) {
                    assertThatThrownBy(() -> view.check(map.shape()))
                            .isInstanceOf(UnsupportedException.class)
                            .hasMessageContaining("map line of type QUEUE has no ")
                            .hasMessageEndingWith("open it by BpfQueue.of");
                }
            }
        }
    }

    @Test
    void anUnknownTypeIsNotOpened() {
        MapShape unknown = new MapShape("new", MapType.UNSPEC, 4, 4, 1, 0, null, 0, 0);
        assertThatThrownBy(() -> View.ELEMENTS.check(unknown))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("does not know it");
    }

    @Test
    void aStorageIsCreatedWithTypesMadeForIt() {
        try (MapHandle map =
                create(
                        MapSpec.of("states", MapType.TASK_STORAGE, 4, 16, 0)
                                .flags(MapSpec.NO_PREALLOC))) {
            FakeCall created = calls.calls(BpfCommand.MAP_CREATE).getLast();
            assertThat(created.field("btf_fd")).isPositive();
            assertThat(created.field("btf_key_type_id")).isEqualTo(1);
            assertThat(created.field("btf_value_type_id")).isEqualTo(3);
            assertThat(map.valueSize()).isEqualTo(16);
            assertThat(calls.leftOpen()).hasSize(1);
        }
        calls.failAll(BpfCommand.MAP_CREATE, Errno.EINVAL);
        assertThatThrownBy(() -> create(MapSpec.of("states", MapType.TASK_STORAGE, 4, 16, 0)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("need the flag BPF_F_NO_PREALLOC (MapSpec.NO_PREALLOC)");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aProcessIsOpenedForTheTimeOfACall() {
        try (MapHandle map =
                create(
                        MapSpec.of("states", MapType.TASK_STORAGE, 4, 8, 0)
                                .flags(MapSpec.NO_PREALLOC))) {
            TaskStorage<Long> states = TaskStorage.of(map, Long.class);
            assertThat(states.get(77L)).isNull();
            calls.failAll(BpfCommand.MAP_UPDATE_ELEM, Errno.ENOMEM);
            assertThatThrownBy(() -> states.put(77L, 1L)).isInstanceOf(BpfException.class);
            calls.fail("pidfd_open", 3, Errno.ESRCH);
            assertThatThrownBy(() -> states.get(77L))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH))
                    .hasMessageContaining("cannot open process 77");
            assertThat(calls.leftOpen()).hasSize(1);
        }
    }

    @Test
    void aCgroupsDirectoryIsOpenedForTheTimeOfACall() {
        calls.file("/cgroups/one", "");
        try (MapHandle map = create(MapSpec.of("groups", MapType.CGROUP_ARRAY, 4, 4, 4))) {
            CgroupArray groups = CgroupArray.of(map);
            calls.failAll(BpfCommand.MAP_UPDATE_ELEM, Errno.EBADF);
            assertThatThrownBy(() -> groups.set(0, Path.of("/cgroups/one")))
                    .isInstanceOf(BpfException.class);
            assertThatThrownBy(() -> groups.set(0, Path.of("/cgroups/two")))
                    .hasMessageContaining("cannot open /cgroups/two");
            assertThat(calls.leftOpen()).hasSize(1);
        }
    }

    @Test
    void aMapThatIsNoMapIsLetGo() {
        calls.file("/some/file", "text");
        int fd = (int) calls.open("/some/file", 0, 0);
        assertThatThrownBy(() -> MapHandle.fromFd(Kernel.of(calls), fd))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("descriptor " + fd + " is no map");
        calls.close(fd);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aPlaceOfAFrameIsDecoded() {
        ByteBuffer trace = ByteBuffer.allocate(96).order(ByteOrder.nativeOrder());
        trace.putInt(0, 1).put(4, (byte) 0xab).put(23, (byte) 1).putLong(24, 0x40);
        trace.putInt(32, 2).putLong(56, 0x7fff);
        List<StackTraceMap.Frame> frames = StackTraceMap.decode(trace.array());
        assertThat(frames).hasSize(2);
        assertThat(frames.get(0).status()).isEqualTo(StackTraceMap.Status.VALID);
        assertThat(frames.get(0).buildId()).hasSize(20).startsWith(0xab).endsWith(1);
        assertThat(frames.get(0)).hasToString("ab" + "00".repeat(18) + "01+0x40");
        assertThat(frames.get(1)).hasToString("0x7fff");
        assertThat(frames.get(1).status()).isEqualTo(StackTraceMap.Status.ADDRESS);
    }

    @Test
    void prefixesAreReadWrittenAndAsked() {
        IpPrefix prefix = IpPrefix.parse("10.1.128.0/17");
        assertThat(prefix).hasToString("10.1.128.0/17");
        assertThat(prefix.contains(InetAddress.ofLiteral("10.1.129.7"))).isTrue();
        assertThat(prefix.contains(InetAddress.ofLiteral("10.1.127.7"))).isFalse();
        assertThat(prefix.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(IpPrefix.parse("::1").length()).isEqualTo(128);
        assertThatThrownBy(() -> IpPrefix.parse("10.0.0.0/33"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a prefix of 33 bits of 10.0.0.0");
        assertThatThrownBy(() -> IpPrefix.parse("host/8"))
                .isInstanceOf(IllegalArgumentException.class);
        MapSpec odd = MapSpec.of("odd", MapType.LPM_TRIE, 12, 4, 4).flags(MapSpec.NO_PREALLOC);
        try (MapHandle map = create(odd)) {
            assertThatThrownBy(() -> map.openPrefixes(Integer.class))
                    .hasMessageContaining("the keys of map odd have 12 bytes");
        }
    }

    private MapHandle create(MapSpec spec) {
        return MapHandle.create(Kernel.of(calls), spec, null, null);
    }
}
