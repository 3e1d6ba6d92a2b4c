// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A program that asks every question of CO-RE is answered what the kernel's BTF says. */
@KernelTest
@Requires(Requirement.BTF)
class CoreQuestionsTest {
    private static final Btf KERNEL = Kernel.shared().btf().vmlinux();
    private static final int TASK = KERNEL.find("task_struct", BtfType.Struct.class);

    private CollectionSpec spec;
    private Collection collection;

    @BeforeEach
    void askAll() {
        spec = Objects.spec("core");
        spec.program("widths").autoload(false);
        collection = Collection.load(spec);
        collection.program("questions").testRun(TestRun.create());
    }

    @AfterEach
    void close() {
        collection.close();
    }

    private long answer(String variable) {
        return collection.variable(variable, long.class).get();
    }

    /** Finds a member of task_struct; its offset counts from there. */
    private static BtfType.Member member(String name) {
        List<BtfType.Member> found = new ArrayList<>();
        collect(TASK, 0, name, found);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static void collect(int type, int base, String name, List<BtfType.Member> found) {
        if (KERNEL.resolve(type) instanceof BtfType.Composite c) {
            for (BtfType.Member m : c.members()) {
                int at = base + m.bitOffset();
                if (m.name().equals(name)) {
                    found.add(new BtfType.Member(name, m.type(), at, m.bitfieldBits()));
                } else if (m.name().isEmpty()) {
                    collect(m.type(), at, name, found);
                }
            }
        }
    }

    @Test
    void whereAFieldIsAndHowItIsRead() {
        BtfType.Member comm = member("comm");
        assertThat(answer("pid_offset")).isEqualTo(member("pid").bitOffset() / 8);
        assertThat(answer("second_offset")).isEqualTo(comm.bitOffset() / 8 + 2);
        assertThat(answer("comm_size")).isEqualTo(KERNEL.sizeOf(comm.type()));
        assertThat(answer("comm_exists")).isEqualTo(1);
        assertThat(answer("missing_exists")).isZero();
        assertThat(answer("flags_signed")).isZero();
        assertThat(answer("pid_signed")).isEqualTo(1);
    }

    @Test
    void howABitfieldIsRead() {
        BtfType.Member bit = member("sched_reset_on_fork");
        byte[] task = new byte[(int) KERNEL.sizeOf(TASK)];
        task[bit.bitOffset() / 8] = (byte) (1 << bit.bitOffset() % 8);
        assertThat(read(task)).isEqualTo(1);
        for (int i = 0; i < task.length; i++) {
            task[i] = (byte) ~task[i];
        }
        assertThat(read(task)).isZero();
    }

    /** Reads the bitfield as a program would, by the answers. */
    private long read(byte[] task) {
        ByteBuffer bytes = ByteBuffer.wrap(task).order(ByteOrder.nativeOrder());
        int at = (int) answer("bit_offset");
        long word =
                switch ((int) answer("bit_size")) {
                    case 1 -> bytes.get(at);
                    case 2 -> bytes.getShort(at);
                    case 4 -> bytes.getInt(at);
                    default -> bytes.getLong(at);
                };
        return word << answer("bit_left") >>> answer("bit_right");
    }

    @Test
    void whatTypesThereAre() {
        Btf local = spec.btf().orElseThrow();
        assertThat(answer("local_id")).isEqualTo(local.find("no_such_type", BtfType.Struct.class));
        assertThat(answer("target_id")).isEqualTo(TASK);
        assertThat(answer("missing_id")).isZero();
        assertThat(answer("type_exists")).isEqualTo(1);
        assertThat(answer("missing_type_exists")).isZero();
        assertThat(answer("typedef_exists")).isEqualTo(1);
        assertThat(answer("task_size")).isEqualTo(KERNEL.sizeOf(TASK));
        assertThat(answer("missing_size")).isZero();
    }

    @Test
    void whatEnumeratorsThereAre() {
        BtfType.Enumeration e =
                (BtfType.Enumeration)
                        KERNEL.type(KERNEL.find("pid_type", BtfType.Enumeration.class));
        assertThat(e.enumerators())
                .contains(new BtfType.Enumerator("PIDTYPE_TGID", answer("enumerator")));
        assertThat(answer("enumerator_exists")).isEqualTo(1);
        assertThat(answer("missing_enumerator_exists")).isZero();
    }

    @Test
    void whatShapesThereAre() {
        try (Collection shapes = Collection.load(Objects.spec("shapes"))) {
            shapes.program("shapes").testRun(TestRun.create());
            assertThat(shapes.variable("matches", long.class).get()).isEqualTo(1);
            assertThat(shapes.variable("mismatches", long.class).get()).isZero();
        }
    }
}
