// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static io.ebpf4j.link.TestLibrary.CODE_ADDRESS;
import static io.ebpf4j.link.TestLibrary.CODE_OFFSET;
import static io.ebpf4j.link.TestLibrary.DATA_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.MapCreate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The ladder of static probes: one link, a uprobe for each place, and the map of addresses. */
class UsdtTest {
    private static final String APP = "/opt/app";
    private static final int HASH = 1;
    private static final int ARRAY = 2;

    @TempDir Path folder;

    private FileDescriptor specs;
    private FileDescriptor addresses;

    private UsdtMaps maps(FakeHost host, int maxSpecs) {
        Btf btf = UsdtTypes.old();
        int type = UsdtTypes.spec(btf);
        int bytes = Math.toIntExact(btf.sizeOf(type));
        specs = map(host, ARRAY, 4, bytes, maxSpecs);
        addresses = map(host, HASH, 8, 4, 16);
        return new UsdtMaps(host.kernel, specs, addresses, btf, type);
    }

    private static FileDescriptor map(FakeHost host, int type, int key, int value, int most) {
        long fd = host.kernel.bpf().mapCreate(MapCreate.of(type, key, value, most, 0, "m"));
        return FileDescriptor.adopt(host.kernel.calls(), (int) fd, "map");
    }

    private void closeMaps() {
        specs.close();
        addresses.close();
    }

    private byte[] value(FakeHost host, FileDescriptor map, byte[] key, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment k = arena.allocate(8, 8);
            MemorySegment.copy(key, 0, k, ValueLayout.JAVA_BYTE, 0, key.length);
            MemorySegment value = arena.allocate(bytes, 8);
            long result = host.kernel.bpf().mapLookup(map.fd(), k.address(), value.address(), 0);
            return result < 0 ? null : value.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static byte[] number(int bytes, long value) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        return bytes == 4 ? buffer.putInt((int) value).array() : buffer.putLong(value).array();
    }

    private Integer specOf(FakeHost host, long address) {
        byte[] id = value(host, addresses, number(8, address), 4);
        return id == null ? null : ByteBuffer.wrap(id).order(ByteOrder.nativeOrder()).getInt();
    }

    private static TestLibrary app() {
        return new TestLibrary()
                .probe(CODE_ADDRESS + 0x10, DATA_ADDRESS + 6, "app", "started", "-4@%edi")
                .probe(CODE_ADDRESS + 0x20, DATA_ADDRESS + 6, "app", "started", "-4@8(%rbp)")
                .probe(CODE_ADDRESS + 0x30, DATA_ADDRESS + 6, "app", "started", "-4@%edi")
                .probe(CODE_ADDRESS + 0x40, 0, "app", "ended", "")
                .probe(CODE_ADDRESS + 0x50, 0, "app", "indexed", "8@(%rax,%rbx,8)")
                .probe(CODE_ADDRESS + 0x60, 0, "app", "floating", "8@%xmm0")
                .probe(DATA_ADDRESS, 0, "app", "nowhere", "");
    }

    private static Link attach(
            FakeHost host, Program program, UsdtMaps maps, String name, UsdtOptions options) {
        BinarySearch search = new BinarySearch(host.host(), Map.of(), "amd64");
        UsdtTarget target = new UsdtTarget(APP, "app", name);
        return Usdt.attach(host.host(), search, program, maps, target, options);
    }

    private static FakeHost host(Path folder, String version) {
        FakeHost host = new FakeHost(folder, version);
        host.uprobePmu();
        host.files.write(APP, app().build());
        return host;
    }

    private static Program multi(FakeHost host) {
        return host.program(ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI);
    }

    @Test
    void newKernelsGetOneLinkForAllPlaces() {
        FakeHost host = host(folder, "6.12");
        try (Program program = multi(host)) {
            UsdtMaps maps = maps(host, 4);
            UsdtOptions options = UsdtOptions.builder().pid(77).cookie(99).build();
            Link link = attach(host, program, maps, "started", options);
            assertThat(host.opened).isEmpty();
            assertThat(host.linkCreate.getInt(4)).isZero();
            assertThat(host.linkCreate.getInt(8)).isEqualTo(48);
            // link_create.uprobe_multi: path, offsets, ref_ctr_offsets, cookies, cnt, flags, pid
            assertThat(host.multi.path()).isEqualTo(APP);
            assertThat(host.multi.offsets())
                    .containsExactly(CODE_OFFSET + 0x10, CODE_OFFSET + 0x20, CODE_OFFSET + 0x30);
            assertThat(host.multi.counters()).containsOnly(2 * CODE_OFFSET + 6);
            // two places have the same arguments
            assertThat(host.multi.cookies()).containsExactly(0L, 1L, 0L);
            assertThat(host.multi.pid()).isEqualTo(77);
            byte[] first = value(host, specs, number(4, 0), UsdtTypes.SPEC_BYTES);
            ByteBuffer spec = ByteBuffer.wrap(first).order(ByteOrder.nativeOrder());
            assertThat(spec.getInt(8)).isEqualTo(1);
            assertThat(spec.getShort(12)).isEqualTo((short) 112);
            assertThat(spec.get(14)).isEqualTo((byte) 1);
            assertThat(spec.get(15)).isEqualTo((byte) 32);
            assertThat(spec.getLong(12 * 16)).isEqualTo(99);
            assertThat(spec.getShort(12 * 16 + 8)).isEqualTo((short) 1);
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.Usdt(APP, "app", "started", 3, 99));
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            closeMaps();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void everyProcessAndNoSemaphoreAreNothing() {
        FakeHost host = host(folder, "6.12");
        try (Program program = multi(host)) {
            attach(host, program, null, "ended", UsdtOptions.builder().cookie(5).build()).close();
            assertThat(host.multi.counters()).isEmpty();
            assertThat(host.multi.pid()).isZero();
            // without the maps of usdt.bpf.h the cookie is the caller's
            assertThat(host.multi.cookies()).containsExactly(5L);
            attach(host, program, null, "ended", UsdtOptions.builder().pid(0).build()).close();
            assertThat(host.multi.pid()).isEqualTo((int) ProcessHandle.current().pid());
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void otherProgramsGetAUprobeForEachPlaceWithItsCookie() {
        FakeHost host = host(folder, "6.1");
        try (Program program = host.program(ProgramType.KPROBE)) {
            UsdtMaps maps = maps(host, 4);
            Link other = attach(host, program, maps, "ended", UsdtOptions.DEFAULT);
            host.opened.clear();
            Link link = attach(host, program, maps, "started", UsdtOptions.DEFAULT);
            long counter = 2 * CODE_OFFSET + 6 << 32;
            assertThat(host.opened)
                    .containsExactly(
                            new FakeHost.Opened(7, counter, APP, CODE_OFFSET + 0x10, -1, 0),
                            new FakeHost.Opened(7, counter, APP, CODE_OFFSET + 0x20, -1, 0),
                            new FakeHost.Opened(7, counter, APP, CODE_OFFSET + 0x30, -1, 0));
            List<FakeCall> creations = host.fake.calls(BpfCommand.LINK_CREATE);
            assertThat(creations).hasSizeGreaterThanOrEqualTo(4);
            // number 0 is taken by the other probe
            assertThat(host.linkCreate.getLong(16)).isEqualTo(1);
            assertThat(specOf(host, CODE_ADDRESS + 0x10)).isNull();
            assertThat(link.info().id()).isZero();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/x")))
                    .withMessageContaining("the 3 links of usdt /opt/app:app:started");
            link.close();
            other.close();
            closeMaps();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsGetTheAddressesOfAProcess() {
        FakeHost host = host(folder, "5.10");
        host.files.write(
                "/proc/77/maps",
                """
                400000-401000 r--p 00000000 08:01 9          /opt/app
                7f0000001000-7f0000002000 r-xp 00001000 08:01 9          /opt/app
                7f0000002000-7f0000003000 rw-p 00002000 08:01 9          /opt/app
                7f1000001000-7f1000002000 r-xp 00001000 08:01 9          /opt/app
                7f2000000000-7f2000001000 r-xp 00001000 08:01 3          /opt/other
                """);
        try (Program program = host.program(ProgramType.KPROBE)) {
            UsdtMaps maps = maps(host, 4);
            UsdtOptions options = UsdtOptions.builder().pid(77).cookie(1).build();
            Link link = attach(host, program, maps, "started", options);
            assertThat(host.opened).hasSize(3);
            assertThat(specOf(host, 0x7f00_0000_1010L)).isZero();
            assertThat(specOf(host, 0x7f00_0000_1020L)).isEqualTo(1);
            assertThat(specOf(host, 0x7f10_0000_1030L)).isZero();
            assertThat(specOf(host, 0x7f20_0000_0010L)).isNull();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, maps, "started", options))
                    .withMessageContaining("another program of the object is attached");
            assertThat(specOf(host, 0x7f00_0000_1010L)).isZero();
            link.close();
            assertThat(specOf(host, 0x7f00_0000_1010L)).isNull();
            // what was removed can be used again
            attach(host, program, maps, "started", options).close();
            closeMaps();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsNeedAProcessUnlessTheAddressIsFixed() {
        FakeHost host = host(folder, "5.10");
        try (Program program = host.program(ProgramType.KPROBE)) {
            UsdtMaps maps = maps(host, 4);
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, maps, "started", UsdtOptions.DEFAULT))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.15"))
                    .withMessageContaining("name one process");
            UsdtOptions elsewhere = UsdtOptions.builder().pid(78).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, maps, "started", elsewhere))
                    .withMessageContaining("process 78 has not loaded the file");
            host.files.write(APP, app().fixed().build());
            Link link = attach(host, program, maps, "started", UsdtOptions.DEFAULT);
            assertThat(specOf(host, CODE_ADDRESS + 0x20)).isEqualTo(1);
            link.close();
            assertThat(specOf(host, CODE_ADDRESS + 0x20)).isNull();
            closeMaps();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.18, 1, 0", "6.18, 0, 0", "6.12, 0, 0", "6.18, 0, 1"})
    void theSecondOfTwoNopsIsProbedWhereTheKernelCallsFromIt(
            String version, int moved, int damage) {
        // the kernel that has the call finds two nops, or none, where the probe is
        byte[] nops = {(byte) 0x90, 0x0f, 0x1f, 0x44, (byte) damage, 0, (byte) 0x90};
        long place = moved == 1 || version.equals("6.12") || damage == 1 ? 0 : 6;
        FakeHost host = host(folder, version);
        host.files.write(
                APP,
                new TestLibrary()
                        .code(nops)
                        .probe(CODE_ADDRESS + place, 0, "app", "hit", "")
                        .build());
        try (Program program = host.program(ProgramType.KPROBE)) {
            attach(host, program, null, "hit", UsdtOptions.DEFAULT).close();
            assertThat(host.opened)
                    .extracting(FakeHost.Opened::offset)
                    .containsExactly(CODE_OFFSET + place + moved);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void fullMapsAndUnreadableArgumentsAreRefused() {
        FakeHost host = host(folder, "6.12");
        try (Program program = multi(host)) {
            UsdtMaps maps = maps(host, 1);
            refused(host, program, maps, "started", "is full with 1 descriptions");
            attach(host, program, maps, "ended", UsdtOptions.DEFAULT).close();
            refused(host, program, maps, "indexed", "libbpf 1.7 or later");
            assertThatExceptionOfType(ObjectFormatException.class)
                    .isThrownBy(() -> attach(host, program, maps, "floating", UsdtOptions.DEFAULT))
                    .withMessageContaining("%xmm0");
            attach(host, program, null, "floating", UsdtOptions.DEFAULT).close();
            refused(host, program, maps, "nowhere", "in no executable segment");
            refused(host, program, maps, "startet", "did you mean app:started?");
            host.files.write(APP, new TestLibrary().build());
            refused(host, program, maps, "started", "has no static probes");
            closeMaps();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    private static void refused(
            FakeHost host, Program program, UsdtMaps maps, String name, String words) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> attach(host, program, maps, name, UsdtOptions.DEFAULT))
                .withMessageContaining(words);
    }

    @Test
    void aProgramOfAnotherTypeIsRefused() {
        FakeHost host = host(folder, "6.12");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            refused(host, program, null, "ended", "this hook takes KPROBE");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void closedMapsDoNotKeepALinkFromClosing() {
        FakeHost host = host(folder, "5.10");
        host.files.write(APP, app().fixed().build());
        try (Program program = host.program(ProgramType.KPROBE)) {
            UsdtMaps maps = maps(host, 4);
            Link link = attach(host, program, maps, "started", UsdtOptions.DEFAULT);
            closeMaps();
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aPinnedLinkKeepsItsNumbers() {
        FakeHost host = host(folder, "6.12");
        try (Program program = multi(host)) {
            UsdtMaps maps = maps(host, 2);
            Link pinned = attach(host, program, maps, "ended", UsdtOptions.DEFAULT);
            pinned.pin(Path.of("/sys/fs/bpf/usdt"));
            assertThat(pinned.isPinned()).isTrue();
            pinned.close();
            refused(host, program, maps, "started", "is full with 2 descriptions");
            pinned.unpin();
            closeMaps();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    /** Fails each call in turn, until none is left to fail. */
    @ParameterizedTest
    @CsvSource({"6.12, true, true", "6.1, false, true", "5.10, false, true", "5.10, false, false"})
    void aFailureOfAnyCallLeavesNothing(String version, boolean one, boolean pmu) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder.resolve(version + nth + pmu), version);
            if (pmu) {
                host.uprobePmu();
            } else {
                host.eventFile("uprobe_events", "");
            }
            host.files.write(APP, app().fixed().build());
            try (Program program = one ? multi(host) : host.program(ProgramType.KPROBE)) {
                UsdtMaps maps = maps(host, 4);
                host.failCall(nth);
                Link link = null;
                try {
                    link = attach(host, program, maps, "started", UsdtOptions.DEFAULT);
                } catch (BpfException e) {
                    failures++;
                }
                int made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                for (int place = 0x10; place <= 0x30; place += 0x10) {
                    assertThat(specOf(host, CODE_ADDRESS + place)).as("call " + nth).isNull();
                }
                assertThat(host.fake.leftOpen()).as("call " + nth).hasSize(3);
                assertThat(host.events()).as("call " + nth).isEmpty();
                // the numbers are free again
                attach(host, program, maps, "started", UsdtOptions.DEFAULT).close();
                closeMaps();
                if (made < nth) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
            assertThat(host.fake.leftOpen()).isEmpty();
        }
        assertThat(failures).isGreaterThan(one ? 3 : 9);
    }
}
