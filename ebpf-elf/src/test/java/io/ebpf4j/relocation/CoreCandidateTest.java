// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.LOAD_W;
import static io.ebpf4j.relocation.CoreScene.bits;
import static io.ebpf4j.relocation.CoreScene.field;
import static io.ebpf4j.relocation.CoreScene.load;
import static io.ebpf4j.relocation.CoreScene.move;
import static io.ebpf4j.relocation.CoreScene.relocate;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.relocation.CoreScene.Result;
import io.ebpf4j.relocation.CoreScene.Types;
import io.ebpf4j.relocation.CoreScene.Vmlinux;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

class CoreCandidateTest {
    private final Types local = new Types();
    private final int here = local.struct("s", 8, field("x", Types.INT, 4));
    private final CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);

    @Test
    void thatDisagreeAreAmbiguous() {
        Types target = new Types();
        target.struct("s", 32, field("x", Types.INT, 16));
        target.struct("s___other", 32, field("x", Types.INT, 20));
        assertThatThrownBy(() -> relocate(local, target, offset, load(LOAD_W, 4)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("ambiguous")
                .hasMessageContaining("s___other")
                .hasMessageContaining("f, instruction 0");
    }

    @Test
    void thatAgreeAreFine() {
        Types target = new Types();
        target.struct("s", 32, field("x", Types.INT, 16));
        target.struct("s", 64, field("x", Types.INT, 16));
        assertThat(relocate(local, target, offset, load(LOAD_W, 4)).only().offset()).isEqualTo(16);
    }

    @Test
    void thatFailedOneRelocationAreNotMeantByTheNext() {
        Types wide = new Types();
        int both = wide.struct("s", 8, field("x", Types.INT, 4), field("y", Types.INT, 0));
        Types target = new Types();
        target.struct("s", 32, field("x", Types.INT, 16));
        target.struct("s", 32, field("x", Types.INT, 20), field("y", Types.INT, 24));
        Result r =
                relocate(
                        wide.build(),
                        new Vmlinux(target.build(), List.of()),
                        List.of(
                                new CoreRelocation(0, both, "0:1", Kind.FIELD_BYTE_OFFSET),
                                new CoreRelocation(1, both, "0:0", Kind.FIELD_BYTE_OFFSET)),
                        List.of(load(LOAD_W, 0), load(LOAD_W, 4)));
        assertThat(r.code()).containsExactly(load(LOAD_W, 24), load(LOAD_W, 20));
    }

    @Test
    void ofModulesCountOnlyWhenVmlinuxHasNone() {
        Btf vmlinux = new Types().build();
        BtfBuilder module = BtfBuilder.split(vmlinux);
        module.add(new BtfType.Struct("s", 64, List.of(field("x", Types.INT, 60))));
        List<Btf> modules = List.of(module.build(ByteOrder.nativeOrder()));
        assertThat(
                        relocate(
                                        local.build(),
                                        new Vmlinux(vmlinux, modules),
                                        offset,
                                        load(LOAD_W, 4))
                                .only()
                                .offset())
                .isEqualTo(60);
        Types with = new Types();
        with.struct("s", 32, field("x", Types.INT, 8));
        TargetTypes noModules =
                new TargetTypes() {
                    @Override
                    public Btf vmlinux() {
                        return with.build();
                    }

                    @Override
                    public List<Btf> modules() {
                        throw new AssertionError(
                                "modules are searched although vmlinux has the type");
                    }
                };
        assertThat(relocate(local.build(), noModules, offset, load(LOAD_W, 4)).only().offset())
                .isEqualTo(8);
    }

    @Test
    void oneThatHasTheFieldIsEnough() {
        Types target = new Types();
        target.struct("s", 32, field("y", Types.INT, 16));
        target.struct("s", 32, field("x", Types.INT, 24));
        CoreRelocation exists = relocation(here, "0:0", Kind.FIELD_EXISTS);
        assertThat(relocate(local, target, exists, move(1)).only().imm()).isEqualTo(1);
        assertThat(relocate(local, target, offset, load(LOAD_W, 4)).only().offset()).isEqualTo(24);
    }

    @Test
    void ofOneShapeButTwoIdsAreAmbiguousWhereTheIdIsAsked() {
        Types target = new Types();
        target.struct("s", 8, field("x", Types.INT, 4));
        target.struct("s", 8, field("x", Types.INT, 4));
        CoreRelocation id = relocation(here, "0", Kind.TYPE_ID_TARGET);
        assertThatThrownBy(() -> relocate(local, target, id, move(7)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("ambiguous");
    }

    @Test
    void thatDisagreeInTheBitAreAmbiguousThoughTheWordIsTheSame() {
        Types target = new Types();
        target.struct("s", 32, field("x", Types.INT, 16));
        target.struct("s", 32, bits("x", Types.INT, 16 * 8 + 3, 4));
        assertThatThrownBy(() -> relocate(local, target, offset, move(4)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("ambiguous");
    }

    @Test
    void ofSeveralModulesMustAgreeToo() {
        Btf vmlinux = new Types().build();
        List<Btf> modules = new ArrayList<>();
        for (int at : new int[] {8, 12}) {
            BtfBuilder module = BtfBuilder.split(vmlinux);
            module.add(new BtfType.Struct("s", 64, List.of(field("x", Types.INT, at))));
            modules.add(module.build(ByteOrder.nativeOrder()));
        }
        Btf types = local.build();
        Instruction load = load(LOAD_W, 4);
        assertThatThrownBy(() -> relocate(types, new Vmlinux(vmlinux, modules), offset, load))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("ambiguous");
        assertThat(
                        relocate(types, new Vmlinux(vmlinux, modules.subList(1, 2)), offset, load)
                                .only())
                .isEqualTo(load(LOAD_W, 12));
    }

    @Test
    void ofAnotherKindAreNone() {
        Types target = new Types();
        target.add(new BtfType.Union("s", 8, List.of(field("x", Types.INT, 0))));
        target.add(new BtfType.Typedef("s", Types.INT));
        Result r = relocate(local, target, offset, load(LOAD_W, 4));
        r.assertPoisoned();
        assertThat(r.report().get(0).candidates()).isZero();
    }
}
