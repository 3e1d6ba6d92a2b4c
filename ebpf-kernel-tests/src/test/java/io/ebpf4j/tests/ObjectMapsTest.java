// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.CgroupArray;
import io.ebpf4j.map.CgroupStorageKey;
import io.ebpf4j.map.CpuMap;
import io.ebpf4j.map.DeviceMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.MapOfMaps;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.map.PerfEventArray;
import io.ebpf4j.map.ProgramArray;
import io.ebpf4j.map.SocketMap;
import io.ebpf4j.map.StackTraceMap;
import io.ebpf4j.map.StructOpsMap;
import io.ebpf4j.map.UpdateFlag;
import io.ebpf4j.map.XskMap;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Maps of programs, maps, cgroups, events, devices, CPUs, sockets and stacks. */
@KernelTest
class ObjectMapsTest {
    /** An Ethernet header, the least that a test run takes. */
    private static final int PACKET_BYTES = 14;

    /** The loopback, which is the same number everywhere. */
    private static final int LOOPBACK = 1;

    private final Kernel kernel = Kernel.shared();

    private static Collection load(String... programs) {
        CollectionSpec spec = Objects.spec("kinds");
        Set<String> kept = Set.of(programs);
        spec.programs().values().forEach(p -> p.autoload(kept.contains(p.name())));
        return Collection.load(spec);
    }

    @Test
    void aProgramArrayIsFilledAndEmptied() {
        try (Collection c = load("first", "second", "call_second_slot")) {
            ProgramArray calls = c.programArray("calls");
            Program caller = c.program("call_second_slot");
            TestRun packet = TestRun.create().data(new byte[PACKET_BYTES]);
            assertThat(caller.testRun(packet).returnValue()).isZero();
            calls.set(1, c.program("first"));
            assertThat(caller.testRun(packet).returnValue()).isEqualTo(1);
            calls.set(1, c.program("second"));
            assertThat(caller.testRun(packet).returnValue()).isEqualTo(2);
            assertThat(calls.id(1)).isEqualTo(c.program("second").info().id());
            assertThat(calls.id(0)).isZero();
            assertThat(calls.remove(1)).isTrue();
            assertThat(calls.remove(1)).isFalse();
            assertThat(caller.testRun(packet).returnValue()).isZero();
            assertThat(calls.size()).isEqualTo(4);
            assertThatThrownBy(() -> calls.set(4, c.program("first")))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("the key is not less than 4");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void mapsArePutIntoMapsAndOpenedFromThere(MapType type) {
        MapSpec template = MapSpec.of("inner", MapType.HASH, 4, 8, 16);
        try (MapHandle map = create(MapSpec.of("outer", type, 4, 4, 8).inner(template));
                MapHandle first = create(template);
                MapHandle second = create(template);
                MapHandle other = create(MapSpec.of("other", MapType.HASH, 4, 16, 16))) {
            MapOfMaps<Integer> outer = MapOfMaps.of(map, Integer.class);
            BpfMap<Integer, Long> counts = first.open(Integer.class, Long.class);
            counts.put(1, 11L);
            assertThat(outer.get(3)).isNull();
            assertThat(outer.id(3)).isZero();
            outer.put(3, counts);
            outer.put(5, second);
            try (MapHandle inner = outer.get(3)) {
                assertThat(inner.open(Integer.class, Long.class).get(1)).isEqualTo(11);
            }
            Map<Integer, Integer> ids = new HashMap<>();
            outer.forEachId(ids::put);
            assertThat(ids).isEqualTo(Map.of(3, first.info().id(), 5, second.info().id()));
            assertThatThrownBy(() -> outer.put(6, other))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
            if (type == MapType.HASH_OF_MAPS) {
                assertThatThrownBy(() -> outer.put(3, second, UpdateFlag.NOEXIST))
                        .isInstanceOfSatisfying(
                                BpfException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            }
            assertThat(outer.remove(3)).isTrue();
            assertThat(outer.remove(3)).isFalse();
            assertThat(outer.get(3)).isNull();
        }
    }

    @Test
    @Requires(Requirement.CGROUP2)
    void aCgroupArrayTakesDirectories() throws IOException {
        Path cgroup = Cgroups.create("ebpf4j-array");
        try (MapHandle map = create(MapSpec.of("groups", MapType.CGROUP_ARRAY, 4, 4, 2))) {
            CgroupArray groups = CgroupArray.of(map);
            groups.set(1, cgroup);
            assertThat(groups.remove(1)).isTrue();
            assertThat(groups.remove(1)).isFalse();
            assertThatThrownBy(() -> groups.set(0, Path.of("/proc")))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
            assertThatThrownBy(() -> groups.set(2, cgroup))
                    .hasMessageContaining("the key is not less than 2");
        } finally {
            Files.delete(cgroup);
        }
    }

    @Test
    void aPerfEventArrayTakesEvents() {
        int event = PerfEvents.output();
        try (MapHandle map = create(MapSpec.of("events", MapType.PERF_EVENT_ARRAY, 4, 4, 0))) {
            PerfEventArray events = PerfEventArray.of(map);
            assertThat(events.size()).isEqualTo(kernel.possibleCpus());
            events.set(0, event);
            assertThat(events.remove(0)).isTrue();
            assertThat(events.remove(0)).isFalse();
            assertThatThrownBy(() -> events.set(0, map.descriptor().fd()))
                    .isInstanceOf(BpfException.class);
            assertThatThrownBy(() -> events.set(0, -1))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            kernel.calls().close(event);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"DEVMAP", "DEVMAP_HASH"})
    void devicesAreKeptByTheirIndex(MapType type) {
        try (Collection c = load("at_device");
                MapHandle map = create(MapSpec.of("ports", type, 4, 8, 4))) {
            DeviceMap ports = DeviceMap.of(map);
            assertThat(ports.get(2)).isNull();
            ports.put(2, LOOPBACK);
            assertThat(ports.get(2)).isEqualTo(new DeviceMap.Device(LOOPBACK, 0));
            Program program = c.program("at_device");
            ports.put(2, LOOPBACK, program);
            assertThat(ports.get(2)).isEqualTo(new DeviceMap.Device(LOOPBACK, program.info().id()));
            assertThat(ports.remove(2)).isTrue();
            assertThat(ports.get(2)).isNull();
            assertThatThrownBy(() -> ports.put(1, 1 << 30)).isInstanceOf(BpfException.class);
            try (MapHandle narrow = create(MapSpec.of("narrow", type, 4, 4, 4))) {
                DeviceMap plain = DeviceMap.of(narrow);
                plain.put(0, LOOPBACK);
                assertThat(plain.get(0)).isEqualTo(new DeviceMap.Device(LOOPBACK, 0));
                assertThatThrownBy(() -> plain.put(0, LOOPBACK, program))
                        .hasMessageContaining("no room for a program");
            }
        }
    }

    @Test
    void cpusHaveQueues() {
        try (Collection c = load("at_cpu");
                MapHandle map = create(MapSpec.of("queues", MapType.CPUMAP, 4, 8, 0))) {
            CpuMap queues = CpuMap.of(map);
            assertThat(queues.get(0)).isNull();
            queues.put(0, 192);
            assertThat(queues.get(0)).isEqualTo(new CpuMap.Queue(192, 0));
            Program program = c.program("at_cpu");
            queues.put(0, 64, program);
            assertThat(queues.get(0)).isEqualTo(new CpuMap.Queue(64, program.info().id()));
            queues.remove(0);
            assertThat(queues.get(0)).isNull();
            assertThatThrownBy(() -> queues.put(0, 1 << 20)).isInstanceOf(BpfException.class);
            assertThatThrownBy(() -> queues.put(0, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anXskMapTakesNothingButItsSockets() {
        try (MapHandle map = create(MapSpec.of("xsks", MapType.XSKMAP, 4, 4, 4));
                Sockets udp = Sockets.udp()) {
            XskMap sockets = XskMap.of(map);
            assertThat(sockets.size()).isEqualTo(4);
            assertThatThrownBy(() -> sockets.set(0, udp.fd()))
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            e -> assertThat(e.errno()).isIn(Errno.EOPNOTSUPP, Errno.ENOTSUPP));
            try (Sockets xsk = Sockets.xdp()) {
                if (xsk != null) {
                    sockets.set(0, xsk.fd());
                    sockets.remove(0);
                }
            }
            sockets.remove(1);
        }
    }

    @Test
    void aSockmapKeepsSockets() {
        try (MapHandle map = create(MapSpec.of("socks", MapType.SOCKMAP, 4, 8, 4));
                Sockets listening = Sockets.listening()) {
            SocketMap<Integer> sockets = SocketMap.of(map, Integer.class);
            assertThat(sockets.cookie(1)).isNull();
            sockets.put(1, listening.fd());
            assertThat(sockets.cookie(1)).isNotNull();
            assertThat(sockets.nextKey(null)).isZero();
            assertThat(sockets.remove(1)).isTrue();
            assertThat(sockets.cookie(1)).isNull();
        }
    }

    @Test
    void aSockhashKeepsSocketsByAnyKey() {
        record Peer(int address, int port) {}
        try (MapHandle map = create(MapSpec.of("peers", MapType.SOCKHASH, 8, 8, 4));
                Sockets listening = Sockets.listening()) {
            SocketMap<Peer> peers = SocketMap.of(map, Peer.class);
            Peer peer = new Peer(1, 2);
            assertThat(peers.remove(peer)).isFalse();
            peers.put(peer, listening.fd(), UpdateFlag.NOEXIST);
            assertThat(peers.cookie(peer)).isNotNull();
            assertThat(peers.nextKey(null)).isEqualTo(peer);
            assertThat(peers.nextKey(peer)).isNull();
            assertThatThrownBy(() -> peers.put(peer, listening.fd(), UpdateFlag.NOEXIST))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            assertThatThrownBy(() -> peers.put(peer, map.descriptor().fd()))
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENOTSOCK));
            assertThat(peers.remove(peer)).isTrue();
        }
    }

    @Test
    void aReuseportArrayKeepsSockets() {
        try (MapHandle map = create(MapSpec.of("group", MapType.REUSEPORT_SOCKARRAY, 4, 8, 4));
                MapHandle narrow =
                        create(MapSpec.of("narrow", MapType.REUSEPORT_SOCKARRAY, 4, 4, 4));
                Sockets listening = Sockets.listening()) {
            SocketMap<Integer> group = SocketMap.of(map, Integer.class);
            group.put(2, listening.fd());
            assertThat(group.cookie(2)).isNotNull();
            assertThat(group.remove(2)).isTrue();
            assertThat(group.remove(2)).isFalse();
            SocketMap<Integer> plain = SocketMap.of(narrow, Integer.class);
            assertThatThrownBy(() -> plain.cookie(2))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("with 8 bytes");
        }
    }

    @Test
    void stacksAreAddressesOrPlacesInFiles() {
        try (Collection c = load("record")) {
            c.program("record").testRun(TestRun.create().context(new byte[8]));
            StackTraceMap kernelStacks = c.stackTraces("kernel_stacks");
            int kernelId = c.variable("kernel_id", int.class).get();
            assertThat(kernelId).isNotNegative();
            long[] addresses = kernelStacks.addresses(kernelId);
            assertThat(addresses).isNotEmpty();
            assertThat(Arrays.stream(addresses)).allMatch(a -> a < 0);
            assertThat(kernelStacks.nextId(-1)).hasValue(kernelId);
            assertThat(kernelStacks.nextId(kernelId)).isEmpty();
            assertThatThrownBy(() -> kernelStacks.frames(kernelId))
                    .isInstanceOf(UnsupportedException.class);
            StackTraceMap userStacks = c.stackTraces("user_stacks");
            List<StackTraceMap.Frame> frames =
                    userStacks.frames(c.variable("user_id", int.class).get());
            assertThat(frames).isNotEmpty();
            assertThat(frames.get(0).buildId().length).isIn(0, 20);
            assertThatThrownBy(() -> userStacks.addresses(0))
                    .isInstanceOf(UnsupportedException.class);
            assertThat(kernelStacks.remove(kernelId)).isTrue();
            assertThat(kernelStacks.remove(kernelId)).isFalse();
            assertThat(kernelStacks.addresses(kernelId)).isNull();
        }
    }

    record SpinLock(int val) {}

    record Pair(SpinLock lock, int first, long second) {}

    @Test
    void aValueIsReadAndWrittenUnderItsLock() {
        try (Collection c = load("change_pair")) {
            BpfMap<Integer, Pair> pairs = c.map("pairs", Integer.class, Pair.class).locked();
            pairs.put(1, new Pair(new SpinLock(0), 5, 5));
            Program change = c.program("change_pair");
            for (int i = 0; i < 100; i++) {
                change.testRun(TestRun.create().data(new byte[PACKET_BYTES]));
                Pair pair = pairs.get(1);
                assertThat((long) pair.first()).isEqualTo(pair.second()).isEqualTo(6L + i);
            }
            assertThat(pairs.stream().map(BpfMap.Entry::value))
                    .containsExactly(new Pair(new SpinLock(0), 105, 105));
            try (MapHandle plain = create(MapSpec.of("plain", MapType.HASH, 4, 8, 4))) {
                BpfMap<Integer, Long> locked = plain.open(Integer.class, Long.class).locked();
                assertThatThrownBy(() -> locked.put(1, 1L))
                        .isInstanceOf(BpfException.class)
                        .hasMessageContaining("struct bpf_spin_lock");
            }
        }
    }

    @Test
    @Requires(Requirement.CGROUP2)
    void programsAtCgroupsHaveStorage() throws IOException {
        Path cgroup = Cgroups.create("ebpf4j-legacy");
        try (Collection c = load("count_egress")) {
            BpfMap<CgroupStorageKey, Long> counts =
                    c.map("cgroup_counts", CgroupStorageKey.class, Long.class);
            BpfMap<CgroupStorageKey, PerCpu<Long>> each =
                    c.perCpuMap("cgroup_cpu_counts", CgroupStorageKey.class, Long.class);
            assertThat(counts).isEmpty();
            int program = c.program("count_egress").fd();
            int directory = (int) kernel.calls().open(cgroup.toString(), 0, 0);
            int type = AttachType.CGROUP_INET_EGRESS.number();
            assertThat(kernel.bpf().progAttach(directory, program, type, 0)).isZero();
            try {
                CgroupStorageKey key = counts.iterator().next().key();
                assertThat(key.attachType()).isEqualTo(type);
                assertThat(counts.get(key)).isZero();
                counts.put(key, 7L);
                assertThat(counts.get(key)).isEqualTo(7);
                assertThat(counts.nextKey(key)).isNull();
                assertThat(each.get(key)).containsOnly(0L).hasSize(kernel.possibleCpus());
                assertThatThrownBy(() -> counts.delete(key))
                        .isInstanceOf(UnsupportedException.class);
                assertThatThrownBy(
                                () -> counts.put(new CgroupStorageKey(1, 1), 1L, UpdateFlag.EXIST))
                        .isInstanceOfSatisfying(
                                BpfException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
            } finally {
                kernel.calls().close(directory);
            }
        } finally {
            // the program goes with its cgroup
            Files.delete(cgroup);
        }
    }

    @Test
    void aStructureSaysHowItStands() {
        CollectionSpec spec = Objects.spec("struct_ops");
        spec.map("by_link").autocreate(false);
        try (Collection c = Collection.load(spec)) {
            StructOpsMap structure = StructOpsMap.of(c.map("by_value"));
            assertThat(structure.state()).isEqualTo(StructOpsMap.State.INIT);
            c.attachStructOps("by_value");
            assertThat(structure.state()).isEqualTo(StructOpsMap.State.INUSE);
            assertThat(structure.unregister()).isTrue();
            assertThatThrownBy(() -> ProgramArray.of(c.map("by_value")))
                    .hasMessageContaining("open it by StructOpsMap.of");
        }
    }

    @Test
    void aMapIsOpenedByADescriptor() {
        try (MapHandle map = create(MapSpec.of("shared", MapType.HASH, 4, 8, 4));
                MapHandle same = MapHandle.fromFd(kernel, map.descriptor().fd())) {
            map.open(Integer.class, Long.class).put(1, 2L);
            assertThat(same.open(Integer.class, Long.class).get(1)).isEqualTo(2);
            assertThat(same.name()).isEqualTo("shared");
            assertThat(same.info().interfaceIndex()).isZero();
        }
        assertThatThrownBy(() -> MapHandle.fromFd(kernel, 1 << 20))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("cannot duplicate descriptor 1048576");
    }

    private MapHandle create(MapSpec spec) {
        return MapHandle.create(kernel, spec, null, null);
    }
}
