// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.link.Link;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Structures of functions, against a kernel whose struct some_ops has the members swapped. */
class StructOpsTest {
    private static final Path OBJECT = Path.of("../ebpf-elf/src/test/bpf/spec_struct_ops.bpf.o");

    /** Where the kernel's value has the structure, and in it the functions and the number. */
    private static final int DATA = 64;

    private static final int SECOND = DATA;
    private static final int FIRST = DATA + 8;
    private static final int NUMBER = DATA + 16;
    private static final int VALUE_BYTES = DATA + 40;

    @TempDir private Path folder;
    private final CollectionSpec spec = CollectionSpec.parse(OBJECT);
    private TestKernel kernel;
    private int structId;
    private int valueId;

    @BeforeEach
    void prepare() throws IOException {
        kernel = kernel("6.12");
        create("plain");
    }

    private TestKernel kernel(String version) throws IOException {
        Path file = folder.resolve("vmlinux");
        Files.write(file, types(new BtfBuilder()).encode(ByteOrder.nativeOrder()));
        return new TestKernel(version, KernelBtf.from(file));
    }

    private BtfBuilder types(BtfBuilder types) {
        int number = types.add(new BtfType.Int("int", 4, 1, 0, 32));
        int character = types.add(new BtfType.Int("char", 1, 1, 0, 8));
        int function =
                types.add(new BtfType.Ptr(types.add(new BtfType.FuncProto(number, List.of()))));
        int name = types.add(new BtfType.Array(character, number, 8));
        BtfType.Member low = new BtfType.Member("low", number, 0, 0);
        BtfType.Member high = new BtfType.Member("high", number, 32, 0);
        int settings = types.add(new BtfType.Struct("inner_settings", 8, List.of(low, high)));
        structId =
                types.add(
                        new BtfType.Struct(
                                "some_ops",
                                40,
                                List.of(
                                        new BtfType.Member("second", function, 0, 0),
                                        new BtfType.Member("first", function, 64, 0),
                                        new BtfType.Member("number", number, 128, 0),
                                        new BtfType.Member("settings", settings, 192, 0),
                                        new BtfType.Member("name", name, 256, 0))));
        valueId =
                types.add(
                        new BtfType.Struct(
                                "bpf_struct_ops_some_ops",
                                VALUE_BYTES,
                                List.of(new BtfType.Member("data", structId, DATA * 8, 0))));
        return types;
    }

    /** Has the maps of these names created, and no others. */
    private void create(String... names) {
        for (MapSpec map : spec.maps().values()) {
            map.autocreate(Set.of(names).contains(map.name()));
        }
    }

    private List<FakeCall> calls(BpfCommand command) {
        return kernel.fake.calls(command);
    }

    private FakeCall created(String map) {
        return calls(BpfCommand.MAP_CREATE).stream()
                .filter(c -> c.text("map_name").equals(map))
                .findAny()
                .orElseThrow();
    }

    private FakeCall loaded(String program) {
        return calls(BpfCommand.PROG_LOAD).stream()
                .filter(c -> c.text("prog_name").equals(program))
                .findAny()
                .orElseThrow();
    }

    private ByteBuffer value(Collection c, String map) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(VALUE_BYTES);
            int fd = c.map(map).descriptor().fd();
            long result = kernel.kernel().bpf().mapLookup(fd, key.address(), value.address(), 0);
            if (result < 0) {
                return null;
            }
            return ByteBuffer.wrap(value.toArray(ValueLayout.JAVA_BYTE))
                    .order(ByteOrder.nativeOrder());
        }
    }

    private void refuses(Class<? extends BpfException> type, String... words) {
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(type)
                .hasMessageContainingAll(words);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void theMapIsCreatedWithTheKernelsType() {
        kernel.load(spec).close();
        FakeCall map = created("plain");
        assertThat(map.field("map_type")).isEqualTo(MapType.STRUCT_OPS.number());
        assertThat(map.field("btf_vmlinux_value_type_id")).isEqualTo(valueId);
        assertThat(map.field("btf_value_type_id")).isZero();
        assertThat(map.field("btf_fd")).isEqualTo(calls(BpfCommand.BTF_LOAD).getFirst().result());
        assertThat(map.field("value_size")).isEqualTo(VALUE_BYTES);
        assertThat(map.field("key_size")).isEqualTo(4);
        assertThat(map.field("max_entries")).isEqualTo(1);
        assertThat(map.field("map_flags")).isZero();
        assertThat(map.field("value_type_btf_obj_fd")).isZero();
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramIsLoadedForItsMember() {
        create("plain", "linked_one");
        kernel.load(spec).close();
        assertThat(loaded("second").field("attach_btf_id")).isEqualTo(structId);
        assertThat(loaded("second").field("expected_attach_type")).isZero();
        assertThat(loaded("first").field("attach_btf_id")).isEqualTo(structId);
        assertThat(loaded("first").field("expected_attach_type")).isEqualTo(1);
    }

    @Test
    void onlyProgramsOfMapsThatAreCreatedAreLoaded() {
        try (Collection c = kernel.load(spec)) {
            assertThat(c.programs()).containsOnlyKeys("second");
            assertThat(c.maps()).containsOnlyKeys("plain");
        }
        spec.program("second").autoload(false);
        spec.program("first").autoload(false);
        create("not_created");
        try (Collection c = kernel.load(spec)) {
            assertThat(c.programs()).containsOnlyKeys("first");
        }
    }

    @Test
    void aProgramThatWasTakenOutIsNotLoaded() {
        create("linked_one");
        spec.map("linked_one").functions().remove("first");
        try (Collection c = kernel.load(spec)) {
            assertThat(c.programs()).containsOnlyKeys("second");
        }
        spec.map("linked_one").functions().put("second", "first");
        try (Collection c = kernel.load(spec)) {
            assertThat(c.programs()).containsOnlyKeys("first");
            assertThat(loaded("first").field("expected_attach_type")).isZero();
        }
    }

    @Test
    void withoutALinkTheValueRegisters() {
        try (Collection c = kernel.load(spec)) {
            assertThat(value(c, "plain")).isNull();
            Link link = c.attachStructOps("plain");
            ByteBuffer value = value(c, "plain");
            assertThat(value.getInt(NUMBER)).isEqualTo(0x01020304);
            assertThat(value.getLong(SECOND)).isEqualTo(c.program("second").fd());
            assertThat(value.getLong(FIRST)).isZero();
            assertThat(link.isOpen()).isTrue();
            assertThatThrownBy(() -> link.pin(folder.resolve("pin")))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining(".struct_ops.link");
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(value(c, "plain")).isNull();
            assertThat(calls(BpfCommand.LINK_CREATE)).isEmpty();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aLinkRegistersWhatHasItsValue() {
        create("linked_one");
        try (Collection c = kernel.load(spec)) {
            assertThat(created("linked_one").field("map_flags")).isEqualTo(MapSpec.LINK);
            assertThat(c.attach()).hasSize(1);
            assertThat(value(c, "linked_one").getLong(FIRST)).isEqualTo(c.program("first").fd());
            FakeCall link = calls(BpfCommand.LINK_CREATE).getFirst();
            assertThat(link.field("prog_fd")).isEqualTo(c.map("linked_one").descriptor().fd());
            assertThat(link.field("attach_type")).isEqualTo(44);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aValueThatIsThereIsLinkedAgain() {
        create("linked_one");
        kernel.fake.fail(BpfCommand.MAP_UPDATE_ELEM, 1, Errno.EBUSY);
        try (Collection c = kernel.load(spec)) {
            assertThat(c.attachStructOps("linked_one").isOpen()).isTrue();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aFailureLeavesNothing() {
        create("plain", "linked_one");
        for (BpfCommand command :
                List.of(BpfCommand.MAP_UPDATE_ELEM, BpfCommand.LINK_CREATE, BpfCommand.BTF_LOAD)) {
            TestKernel failing = kernel;
            failing.fake.failAll(command, Errno.EINVAL);
            assertThatThrownBy(
                            () -> {
                                try (Collection c = failing.load(spec)) {
                                    c.attach();
                                }
                            })
                    .isInstanceOf(BpfException.class);
            assertThat(failing.fake.leftOpen()).isEmpty();
        }
    }

    @Test
    void aKernelThatHasNotReadItsTypesIsMadeTo() {
        kernel.fake.fail(BpfCommand.MAP_CREATE, 1, Errno.ENOTSUPP);
        try (Collection c = kernel.load(spec)) {
            assertThat(c.maps()).containsKey("plain");
            assertThat(calls(BpfCommand.PROG_LOAD)).hasSize(2);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aKernelWithoutLinksOfStructuresIsNamed() throws IOException {
        kernel = kernel("6.1");
        create("linked_one");
        refuses(UnsupportedException.class, "linked_one", "6.4");
    }

    @Test
    void aStructureThatTheKernelLacksIsNamed() {
        create("linked_two");
        refuses(UnsupportedException.class, "linked_two", "bpf_struct_ops_other_ops");
    }

    @Test
    void aStructureOfAModuleIsCreatedWithItsTypes() throws IOException {
        Btf vmlinux = new BtfBuilder().build(ByteOrder.nativeOrder());
        kernel = new TestKernel("6.12");
        kernel.fake.file("/sys/kernel/btf/vmlinux", vmlinux.encode());
        kernel.fake.fail("mmap", 1, Errno.ENODEV);
        kernel.module(types(BtfBuilder.split(vmlinux)).encode(ByteOrder.nativeOrder()));
        kernel.load(spec).close();
        FakeCall map = created("plain");
        assertThat(map.field("btf_vmlinux_value_type_id")).isEqualTo(valueId);
        assertThat(map.field("map_flags")).isEqualTo(1 << 15);
        assertThat(kernel.moduleDescriptors()).contains((int) map.field("value_type_btf_obj_fd"));
        assertThat(loaded("second").field("attach_btf_id")).isEqualTo(structId);
        assertThat(kernel.moduleDescriptors())
                .contains((int) loaded("second").field("attach_btf_obj_fd"));
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramInNoStructureIsRefused() {
        spec.program("lonely").autoload(true);
        refuses(BpfException.class, "lonely", "no struct_ops map", "autoload(false)");
    }

    @Test
    void aProgramForTwoMembersIsRefused() {
        spec.map("plain").functions().put("first", "second");
        refuses(BpfException.class, "second", "another member");
    }

    @Test
    void whatIsNoProgramOfTheObjectIsRefused() {
        spec.map("plain").functions().put("first", "nobody");
        refuses(BpfException.class, "plain", "member first", "nobody");
    }

    @Test
    void onlyStructuresAreRegistered() {
        try (Collection c = kernel.load(spec)) {
            assertThatThrownBy(() -> c.attachStructOps("linked_one"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("linked_one");
        }
    }
}
