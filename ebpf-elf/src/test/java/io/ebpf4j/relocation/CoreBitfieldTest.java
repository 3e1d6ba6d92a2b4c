// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.bits;
import static io.ebpf4j.relocation.CoreScene.field;
import static io.ebpf4j.relocation.CoreScene.move;
import static io.ebpf4j.relocation.CoreScene.relocate;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.relocation.CoreScene.Types;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.List;

class CoreBitfieldTest {
    private final Types local = new Types();
    private final Types target = new Types();
    private int here;

    private long ask(Kind kind, long expected) {
        return relocate(local, target, relocation(here, "0:0", kind), move(expected)).only().imm();
    }

    @Test
    void areReadFromTheSmallestAlignedWordAndShifted() {
        here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        target.struct("s", 16, field("a", Types.U64, 0), bits("x", Types.U32, 64 + 5, 7));
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isEqualTo(8);
        assertThat(ask(Kind.FIELD_BYTE_SIZE, 4)).isEqualTo(4);
        assertThat(ask(Kind.FIELD_LSHIFT_U64, 61)).isEqualTo(little ? 64 - 12 : 32 + 5);
        assertThat(ask(Kind.FIELD_RSHIFT_U64, 61)).isEqualTo(57);
        assertThat(ask(Kind.FIELD_SIGNED, 0)).isZero();
    }

    @Test
    void thatCrossTheirWordAreReadFromAWiderOne() {
        here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        target.struct("s", 8, bits("x", Types.U32, 28, 10));
        assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isZero();
        assertThat(ask(Kind.FIELD_BYTE_SIZE, 4)).isEqualTo(8);
    }

    @Test
    void mayHaveBeenReadByTheCompilerThroughAnotherWord() {
        here = local.struct("s", 4, bits("x", Types.U32, 8, 8));
        target.struct("s", 4, bits("x", Types.U32, 16, 8));
        assertThat(ask(Kind.FIELD_BYTE_OFFSET, 1)).isZero();
    }

    @Test
    void becomePlainFieldsAndBack() {
        here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        target.struct("s", 16, field("x", Types.U64, 8));
        assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isEqualTo(8);
        assertThat(ask(Kind.FIELD_BYTE_SIZE, 4)).isEqualTo(8);
        assertThat(ask(Kind.FIELD_LSHIFT_U64, 61)).isZero();
        assertThat(ask(Kind.FIELD_RSHIFT_U64, 61)).isZero();
    }

    @Test
    void thatNoWordHoldsAreAnError() {
        here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        target.struct("s", 16, bits("x", Types.U64, 60, 8));
        assertThatThrownBy(() -> ask(Kind.FIELD_BYTE_OFFSET, 0))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("8 bytes");
    }

    @Test
    void mustStillHaveTheSignAndTheShiftThatTheCompilerWrote() {
        here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        target.struct("s", 4, bits("x", Types.U32, 0, 3));
        for (Kind kind : List.of(Kind.FIELD_SIGNED, Kind.FIELD_RSHIFT_U64)) {
            assertThatThrownBy(() -> ask(kind, 5))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining("it holds 5");
        }
    }

    @Test
    void areFoundInsideUnnamedMembers() {
        here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        int inner = target.struct("", 8, field("a", Types.U32, 0), bits("x", Types.U32, 33, 3));
        target.struct("s", 24, field("b", Types.U64, 0), field("", inner, 8));
        assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isEqualTo(12);
        assertThat(ask(Kind.FIELD_RSHIFT_U64, 61)).isEqualTo(61);
    }
}
