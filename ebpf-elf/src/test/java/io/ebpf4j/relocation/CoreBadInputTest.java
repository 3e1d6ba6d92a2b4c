// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.LOAD_W;
import static io.ebpf4j.relocation.CoreScene.field;
import static io.ebpf4j.relocation.CoreScene.load;
import static io.ebpf4j.relocation.CoreScene.move;
import static io.ebpf4j.relocation.CoreScene.relocate;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.relocation.CoreScene.Types;
import io.ebpf4j.relocation.CoreScene.Vmlinux;
import io.ebpf4j.spec.FunctionSpec;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.List;

class CoreBadInputTest {
    private final Types local = new Types();
    private final Types target = new Types();
    private final int here = local.struct("s", 8, field("x", Types.INT, 4));

    private void assertRefused(CoreRelocation r, Instruction i, String reason) {
        target.struct("s", 70000, field("x", Types.INT, 4));
        assertThatThrownBy(() -> relocate(local, target, r, i))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void accessStringsAreNumbersAndColons() {
        for (String bad :
                List.of("", ":", "0:", "0::1", "-1", "0:x", "99999999999", "0:1".repeat(64))) {
            assertRefused(relocation(here, bad, Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4), "access");
        }
    }

    @Test
    void accessesLeadSomewhere() {
        assertRefused(
                relocation(here, "0:1", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4), "leads nowhere");
        assertRefused(
                relocation(here, "0:0:0", Kind.FIELD_BYTE_OFFSET),
                load(LOAD_W, 4),
                "leads nowhere");
        assertRefused(relocation(here, "1", Kind.TYPE_EXISTS), move(1), "\"0\"");
        assertRefused(relocation(here, "0", Kind.ENUMVAL_VALUE), move(1), "enumerator");
    }

    @Test
    void instructionsHoldWhatTheTypesSay() {
        assertRefused(
                relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 8), "it holds 8");
        assertRefused(relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), move(5), "it holds 5");
    }

    @Test
    void onlyImmediatesAndOffsetsAreRelocated() {
        assertRefused(
                relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                new Instruction(0xbf, 1, 2, 0, 0),
                "immediate operand");
        assertRefused(
                relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                new Instruction(0x95, 0, 0, 0, 0),
                "only ALU");
    }

    @Test
    void offsetsFit16Bits() {
        target.struct("far", 70000, field("x", Types.INT, 65536));
        int far = local.struct("far", 8, field("x", Types.INT, 4));
        assertRefused(relocation(far, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4), "16 bits");
    }

    @Test
    void rootTypesHaveAName() {
        int anonymous = local.struct("", 8, field("x", Types.INT, 4));
        assertRefused(
                relocation(anonymous, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4), "no name");
    }

    @Test
    void wideLoadsHaveASecondSlotOfTheirOwn() {
        target.struct("s", 8, field("x", Types.INT, 4));
        CoreRelocation r = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
        List<Instruction> wide =
                List.of(
                        new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, 4),
                        new Instruction(0x95, 0, 0, 0, 0));
        assertThat(relocate(local.build(), kernel(), List.of(r), wide).code()).isEqualTo(wide);
        for (int spoiled : new int[] {8, 9, 10}) {
            Instructions code = Instructions.empty(ByteOrder.nativeOrder());
            wide.forEach(code::add);
            byte[] bytes = code.encode();
            bytes[spoiled] = 1;
            FunctionSpec function =
                    new FunctionSpec(
                            "f",
                            "kprobe",
                            0,
                            FunctionSpec.Linkage.GLOBAL,
                            Instructions.decode(bytes, ByteOrder.nativeOrder()),
                            List.of(),
                            List.of(),
                            List.of(r));
            assertThatThrownBy(() -> new CoreRelocator(local.build(), kernel()).apply(function))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining("second slot");
        }
    }

    private TargetTypes kernel() {
        return new Vmlinux(target.build(), List.of());
    }

    @Test
    void offsetsAreNotNegative() {
        BtfType.Enumerator one = new BtfType.Enumerator("A", 4);
        int e = local.add(new BtfType.Enum("e", 4, false, List.of(one)));
        target.add(new BtfType.Enum("e", 4, true, List.of(new BtfType.Enumerator("A", -4))));
        assertRefused(relocation(e, "0", Kind.ENUMVAL_VALUE), load(LOAD_W, 4), "16 bits");
    }
}
