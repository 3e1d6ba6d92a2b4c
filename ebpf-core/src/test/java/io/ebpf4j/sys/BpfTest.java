// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class BpfTest {
    private static final int HASH = 1;

    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");
    private final Bpf bpf = new Bpf(calls);

    @Test
    void leavesNoStaleMemberInAnAttribute() {
        int fd = (int) bpf.mapCreate(MapCreate.of(HASH, 4, 8, 10, 0, "m"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_INT, 5);
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_LONG, 99L);
            assertThat(bpf.mapUpdate(fd, key.address(), value.address(), 0)).isZero();
            value.set(ValueLayout.JAVA_LONG, 0, 0);
            assertThat(bpf.mapLookup(fd, key.address(), value.address(), 0)).isZero();
            assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(99);
            assertThat(bpf.mapDelete(fd, key.address())).isZero();
            assertThat(bpf.mapDelete(fd, key.address())).isEqualTo(-Errno.ENOENT);
        }
        FakeCall delete = calls.calls(BpfCommand.MAP_DELETE_ELEM).getFirst();
        assertThat(delete.field("value")).isZero();
        assertThat(delete.field("flags")).isZero();
        assertThat(bpf.mapFreeze(fd)).isZero();
        FakeCall freeze = calls.calls(BpfCommand.MAP_FREEZE).getFirst();
        assertThat(freeze.field("key")).isZero();
    }

    @Test
    void walksKeys() {
        int fd = (int) bpf.mapCreate(MapCreate.of(HASH, 4, 4, 10, 0, ""));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(4);
            MemorySegment next = arena.allocate(4);
            for (int i = 1; i <= 3; i++) {
                key.set(ValueLayout.JAVA_INT, 0, i);
                bpf.mapUpdate(fd, key.address(), key.address(), 0);
            }
            assertThat(bpf.mapNextKey(fd, 0, next.address())).isZero();
            assertThat(next.get(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
            assertThat(bpf.mapNextKey(fd, key.address(), next.address())).isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void cutsNamesBeforeTheirNul() {
        int fd = (int) bpf.mapCreate(MapCreate.of(HASH, 4, 4, 1, 0, "0123456789abcdefXYZ"));
        assertThat(bpf.mapInfo(fd).name()).isEqualTo("0123456789abcde");
        assertThat(KernelName.of("päckchen-7.data")).isEqualTo("p_ckchen_7.data");
        assertThat(KernelName.of("0123456789abcdefXYZ")).isEqualTo("0123456789abcde");
    }

    @Test
    void throwsForAnErrorNumberItIsToOwn() {
        assertThatThrownBy(
                        () ->
                                bpf.own(
                                        BpfCommand.MAP_CREATE,
                                        -Errno.ENOMEM,
                                        "map m",
                                        "cannot create "))
                .isInstanceOfSatisfying(
                        BpfException.class,
                        e -> {
                            assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
                            assertThat(e.command()).isEqualTo("BPF_MAP_CREATE");
                        })
                .hasMessageContaining("cannot create map m: ENOMEM");
    }

    @Test
    void writesTheMemberOfALinksUnionThatItsKindReads() {
        try (FileDescriptor program = bpf.objGet(pinnedProgram(), 0)) {
            LinkCreate request =
                    new LinkCreate(program.fd(), 0, 41, 0, new LinkCreate.PerfEvent(0x1122L));
            assertThat(bpf.linkCreate(request)).isPositive();
            FakeCall create = calls.calls(BpfCommand.LINK_CREATE).getLast();
            assertThat(create.field("target_btf_id")).isEqualTo(0x1122);
            assertThat(create.field("prog_fd")).isEqualTo(program.fd());
        }
    }

    private String pinnedProgram() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code =
                    NativeText.bytes(arena, new byte[] {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0});
            MemorySegment none = MemorySegment.NULL;
            ProgLoad load =
                    new ProgLoad(
                            1,
                            0,
                            0,
                            code,
                            NativeText.string(arena, "GPL"),
                            "p",
                            0,
                            0,
                            none,
                            none,
                            0,
                            0,
                            none);
            bpf.objPin((int) bpf.progLoad(load, null), "/sys/fs/bpf/p");
        }
        return "/sys/fs/bpf/p";
    }
}
