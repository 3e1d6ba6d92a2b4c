// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The running kernel's types: the largest BTF there is. Needs no privileges. */
@Tag("kernel-btf")
class KernelTypesTest {
    private static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");

    private static byte[] bytes;
    private static Btf btf;

    @BeforeAll
    static void parse() throws IOException {
        assumeTrue(
                Files.isReadable(VMLINUX),
                VMLINUX + " is not readable: no Linux, or one without CONFIG_DEBUG_INFO_BTF");
        bytes = Files.readAllBytes(VMLINUX);
        btf = Btf.parse(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "u8, 1",
        "u16, 2",
        "u32, 4",
        "u64, 8",
        "s64, 8",
        "pid_t, 4",
        "bool, 1",
        "sector_t, 8"
    })
    void typedefsHaveTheirSizes(String name, long size) {
        assertThat(btf.sizeOf(btf.find(name, BtfType.Typedef.class))).isEqualTo(size);
    }

    @Test
    void aTaskHasAPidAndAParent() {
        int id = btf.find("task_struct", BtfType.Struct.class);
        BtfType.Struct task = (BtfType.Struct) btf.type(id);
        Map<String, BtfType.Member> members = new HashMap<>();
        task.members().forEach(member -> members.put(member.name(), member));

        assertThat(btf.resolve(members.get("pid").type()))
                .isEqualTo(new BtfType.Int("int", 4, 1, 0, 32));
        BtfType.Ptr parent = (BtfType.Ptr) btf.resolve(members.get("real_parent").type());
        assertThat(btf.resolveId(parent.type())).isEqualTo(id);
        assertThat(btf.sizeOf(members.get("comm").type())).isEqualTo(16);
        assertThat(btf.sizeOf(id)).isEqualTo(task.size()).isGreaterThan(1000);
        assertThat(task.members()).anyMatch(member -> member.bitfieldBits() == 1);
    }

    @Test
    void theIndexFindsEveryNamedType() {
        Map<String, Integer> first = new HashMap<>();
        for (int id = 1; id < btf.typeCount(); id++) {
            if (btf.type(id) instanceof BtfType.Struct struct && !struct.name().isEmpty()) {
                first.putIfAbsent(struct.name(), id);
            }
        }
        assertThat(first).hasSizeGreaterThan(3000);
        first.forEach(
                (name, id) -> {
                    assertThat(btf.find(name, BtfType.Struct.class)).isEqualTo(id);
                    assertThat(btf.candidates(Btf.essentialName(name), BtfType.Struct.class))
                            .contains(id);
                });
    }

    @Test
    void everyTypeCanBeWrittenAgain() {
        BtfBuilder builder = new BtfBuilder();
        for (int id = 1; id < btf.typeCount(); id++) {
            builder.add(btf.type(id));
        }
        Btf copy = builder.build(ByteOrder.BIG_ENDIAN);

        assertThat(copy.typeCount()).isEqualTo(btf.typeCount());
        for (int id = 1; id < btf.typeCount(); id++) {
            // a plain comparison: an assertion per type takes longer than all else
            if (!copy.type(id).equals(btf.type(id))) {
                assertThat(copy.type(id)).isEqualTo(btf.type(id));
            }
        }
    }

    @Test
    void aSubsetOfATaskStandsByItself() {
        int id = btf.find("task_struct", BtfType.Struct.class);
        BtfSubset subset = BtfSubset.of(btf, new int[] {id}, new int[0]);

        assertThat(subset.btf().typeCount()).isLessThan(btf.typeCount());
        assertThat(subset.btf().sizeOf(subset.type(id))).isEqualTo(btf.sizeOf(id));
        assertThat(subset.btf().find("task_struct", BtfType.Struct.class))
                .isEqualTo(subset.type(id));
    }

    @Test
    void directAndHeapBuffersReadTheSame() {
        Btf direct = Btf.parse(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());

        assertThat(direct.typeCount()).isEqualTo(btf.typeCount());
        int last = btf.typeCount() - 1;
        assertThat(direct.type(last)).isEqualTo(btf.type(last));
    }
}
