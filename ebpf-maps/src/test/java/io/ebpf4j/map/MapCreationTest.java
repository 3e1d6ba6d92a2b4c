// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.Sections;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

class MapCreationTest {
    private FakeSystemCalls calls = new FakeSystemCalls("6.12");

    @Test
    void theSpecReachesTheKernel() {
        MapSpec spec =
                MapSpec.of("counts", MapType.HASH, 20, 8, 1024)
                        .flags(MapSpec.NO_PREALLOC)
                        .numaNode(1)
                        .mapExtra(5);
        try (MapHandle map = create(spec)) {
            assertThat(map.maxEntries()).isEqualTo(1024);
        }
        FakeCall call = onlyCreation();
        assertThat(call.field("map_type")).isEqualTo(MapType.HASH.number());
        assertThat(call.field("key_size")).isEqualTo(20);
        assertThat(call.field("value_size")).isEqualTo(8);
        assertThat(call.field("max_entries")).isEqualTo(1024);
        assertThat(call.field("map_flags")).isEqualTo(MapSpec.NO_PREALLOC | MapSpec.NUMA_NODE);
        assertThat(call.field("numa_node")).isEqualTo(1);
        assertThat(call.field("map_extra")).isEqualTo(5);
        assertThat(call.text("map_name")).isEqualTo("counts");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void ringBuffersAreRoundedToPagesTimesAPowerOfTwo() {
        int page = Memory.pageSize();
        assertThat(ringSize(1)).isEqualTo(page);
        assertThat(ringSize(page)).isEqualTo(page);
        assertThat(ringSize(page + 1)).isEqualTo(2 * page);
        assertThat(ringSize(3 * page)).isEqualTo(4 * page);
        assertThat(ringSize(0)).isZero();
        assertThatThrownBy(() -> ringSize(Integer.MAX_VALUE))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("2147483647 bytes is too large");
    }

    private int ringSize(int bytes) {
        try (MapHandle map = create(MapSpec.of("events", MapType.RINGBUF, 0, 16, bytes))) {
            assertThat(calls.calls(BpfCommand.MAP_CREATE).getLast().field("value_size")).isZero();
            return map.maxEntries();
        }
    }

    @Test
    void perCpuTablesWithoutEntriesGetOneForEachPossibleCpu() {
        for (MapType type : List.of(MapType.PERF_EVENT_ARRAY, MapType.CPUMAP)) {
            try (MapHandle map = create(MapSpec.of("table", type, 4, 4, 0))) {
                assertThat(map.maxEntries()).isEqualTo(4);
            }
        }
    }

    @Test
    void perCpuTablesKeepTheEntriesThatTheyDeclare() {
        for (int entries : new int[] {2, 4, 1000}) {
            try (MapHandle map =
                    create(MapSpec.of("perf", MapType.PERF_EVENT_ARRAY, 4, 4, entries))) {
                assertThat(map.maxEntries()).isEqualTo(entries);
            }
        }
    }

    @Test
    void mappingIsLeftOutWhereTheKernelCannot() {
        calls = new FakeSystemCalls("5.4");
        MapSpec data = data();
        try (MapHandle map = create(data)) {
            assertThat(map.flags() & MapSpec.MMAPABLE).isZero();
            assertThat(calls.calls(BpfCommand.MAP_CREATE)).hasSize(2);
        }
        assertThat(data.flags() & MapSpec.MMAPABLE).isNotZero();
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void typesAreGivenToTheKernelAndLeftOutWhenItRefusesThem() {
        Btf btf = types();
        Kernel kernel = Kernel.of(calls);
        try (BtfObject loaded = BtfObject.load(kernel, btf.encode())) {
            MapSpec spec = MapSpec.of("typed", MapType.HASH, 4, 4, 8).types(1, 1);
            MapHandle.create(kernel, spec, loaded, btf).close();
            assertThat(onlyCreation().field("btf_key_type_id")).isEqualTo(1);
            assertThat(onlyCreation().field("btf_fd")).isPositive();

            calls.fail(BpfCommand.MAP_CREATE, 2, Errno.EINVAL);
            MapHandle.create(kernel, spec, loaded, btf).close();
            FakeCall last = calls.calls(BpfCommand.MAP_CREATE).getLast();
            assertThat(calls.calls(BpfCommand.MAP_CREATE)).hasSize(3);
            assertThat(last.field("btf_fd")).isZero();
            assertThat(last.field("btf_value_type_id")).isZero();
            assertThat(last.text("map_name")).isEqualTo("typed");
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void typesStayWhereTheKernelRefusesSomethingElse() {
        Btf btf = types();
        Kernel kernel = Kernel.of(calls);
        try (BtfObject loaded = BtfObject.load(kernel, btf.encode())) {
            MapSpec spec = MapSpec.of("typed", MapType.HASH, 4, 4, 8).types(1, 1);
            calls.fail(BpfCommand.MAP_CREATE, 1, Errno.ENOMEM);
            assertThatThrownBy(() -> MapHandle.create(kernel, spec, loaded, btf))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
            assertThat(onlyCreation().field("btf_fd")).isPositive();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void typesAreNotGivenForMapsThatTakeNone() {
        Btf btf = types();
        Kernel kernel = Kernel.of(calls);
        try (BtfObject loaded = BtfObject.load(kernel, btf.encode())) {
            for (MapType type :
                    List.of(MapType.STACK_TRACE, MapType.QUEUE, MapType.CPUMAP, MapType.RINGBUF)) {
                MapHandle.create(kernel, MapSpec.of("m", type, 4, 4, 8).types(1, 1), loaded, btf)
                        .close();
                assertThat(calls.calls(BpfCommand.MAP_CREATE).getLast().field("btf_fd")).isZero();
            }
        }
    }

    @Test
    void aRefusalIsReportedOnceEverythingWasTried() {
        calls.failAll(BpfCommand.MAP_CREATE, Errno.EINVAL);
        MapSpec odd = MapSpec.of("odd", MapType.LPM_TRIE, 3, 1, 1).flags(MapSpec.NO_PREALLOC);
        assertThatThrownBy(() -> create(odd))
                .isInstanceOfSatisfying(
                        BpfException.class,
                        e -> {
                            assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                            assertThat(e.command()).isEqualTo("BPF_MAP_CREATE");
                            assertThat(e)
                                    .hasMessageContaining("odd")
                                    .hasMessageContaining("LPM_TRIE needs Linux 4.11");
                        });
        assertThat(calls.calls(BpfCommand.MAP_CREATE)).hasSize(2);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aRefusalForLackOfPermissionIsNotRetried() {
        calls.failAll(BpfCommand.MAP_CREATE, Errno.EPERM);
        assertThatThrownBy(() -> create(data())).isInstanceOf(PermissionDeniedException.class);
        assertThat(calls.calls(BpfCommand.MAP_CREATE)).hasSize(1);
    }

    @Test
    void theMemoryLimitIsRaisedAndTheMapTriedAgainBefore511() {
        calls = new FakeSystemCalls("5.10");
        MapHandle first = create(MapSpec.of("first", MapType.HASH, 4, 4, 4));
        calls.limitMemory(1, 1 << 30, true);
        long before = calls.memoryLimit();
        create(MapSpec.of("second", MapType.HASH, 4, 4, 4)).close();
        assertThat(calls.memoryLimit()).isNotEqualTo(before);
        first.close();
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void contentsAreWrittenAndReadOnlyDataFrozen() {
        MapSpec data = Sections.of(".rodata", 0, 1, 2, 3, 4).frozen(true);
        try (MapHandle map = create(data)) {
            assertThat(map.open(Integer.class, byte[].class).get(0)).containsExactly(1, 2, 3, 4);
            assertThat(map.frozen()).isTrue();
            assertThat(calls.calls(BpfCommand.MAP_FREEZE)).hasSize(1);
            assertThatThrownBy(() -> map.open(Integer.class, byte[].class).put(0, new byte[4]))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("map .rodata is frozen; user space cannot write it");
        }
    }

    @Test
    void zerosNeedNotBeWritten() {
        create(Sections.of(".bss", 0, 0, 0, 0, 0)).close();
        create(MapSpec.of("plain", MapType.ARRAY, 4, 4, 1)).close();
        assertThat(calls.calls(BpfCommand.MAP_UPDATE_ELEM)).isEmpty();
    }

    @Test
    void aMapThatCannotBeFilledOrFrozenIsClosed() {
        calls.fail(BpfCommand.MAP_UPDATE_ELEM, 1, Errno.ENOMEM);
        assertThatThrownBy(() -> create(Sections.of(".data", 0, 1)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("cannot fill .data");
        assertThat(calls.leftOpen()).isEmpty();

        calls.failAll(BpfCommand.MAP_FREEZE, Errno.EINVAL);
        assertThatThrownBy(() -> create(Sections.of(".rodata", 0, 1).frozen(true)))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("needs Linux 5.2");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void anInnerMapLivesOnlyWhileTheOuterIsCreated() {
        MapSpec outer =
                MapSpec.of("outer", MapType.HASH_OF_MAPS, 4, 4, 8)
                        .inner(MapSpec.of("outer.inner", MapType.ARRAY, 4, 8, 2));
        try (MapHandle map = create(outer)) {
            assertThat(map.type()).isEqualTo(MapType.HASH_OF_MAPS);
            List<FakeCall> creations = calls.calls(BpfCommand.MAP_CREATE);
            assertThat(creations).hasSize(2);
            assertThat(creations.get(1).field("inner_map_fd")).isEqualTo(creations.get(0).result());
            assertThat(calls.leftOpen()).hasSize(1);
        }
        calls.fail(BpfCommand.MAP_CREATE, 4, Errno.ENOMEM);
        assertThatThrownBy(() -> create(outer)).isInstanceOf(BpfException.class);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void pinsKeepTheMap() {
        Path path = Path.of("/sys/fs/bpf/pinned");
        Kernel kernel = Kernel.of(calls);
        try (MapHandle map =
                MapHandle.create(kernel, MapSpec.of("pinned", MapType.HASH, 4, 8, 4), null, null)) {
            map.pin(path);
            assertThat(calls.pinned()).containsExactly("/sys/fs/bpf/pinned");
        }
        try (MapHandle again = MapHandle.fromPin(kernel, path)) {
            assertThat(again.name()).isEqualTo("pinned");
            assertThat(again.type()).isEqualTo(MapType.HASH);
            assertThat(again.valueSize()).isEqualTo(8);
            again.unpin(path);
            assertThat(calls.pinned()).isEmpty();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aPinOfAnotherKindIsNoMap() {
        Path path = Path.of("/sys/fs/bpf/pinned");
        Kernel kernel = Kernel.of(calls);
        try (BtfObject loaded = BtfObject.load(kernel, types().encode())) {
            kernel.bpf().objPin(loaded.descriptor().fd(), path.toString());
        }
        assertThatThrownBy(() -> MapHandle.fromPin(kernel, path))
                .isInstanceOf(BpfException.class)
                .hasMessage("/sys/fs/bpf/pinned is no map but a BTF object");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void anOpenedMapThatCannotBeDescribedIsClosed() {
        Path path = Path.of("/sys/fs/bpf/pinned");
        Kernel kernel = Kernel.of(calls);
        try (MapHandle map =
                MapHandle.create(kernel, MapSpec.of("pinned", MapType.HASH, 4, 8, 4), null, null)) {
            map.pin(path);
        }
        calls.failAll(BpfCommand.OBJ_GET_INFO_BY_FD, Errno.EINVAL);
        assertThatThrownBy(() -> MapHandle.fromPin(kernel, path)).isInstanceOf(BpfException.class);
        assertThat(calls.leftOpen()).isEmpty();
    }

    private static MapSpec data() {
        return Sections.of(".data", MapSpec.MMAPABLE, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    private static Btf types() {
        BtfBuilder types = new BtfBuilder();
        types.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        return types.build(ByteOrder.nativeOrder());
    }

    private MapHandle create(MapSpec spec) {
        return MapHandle.create(Kernel.of(calls), spec, null, null);
    }

    private FakeCall onlyCreation() {
        assertThat(calls.calls(BpfCommand.MAP_CREATE)).hasSize(1);
        return calls.calls(BpfCommand.MAP_CREATE).getFirst();
    }
}
