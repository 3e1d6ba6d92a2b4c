// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.UsdtArgument;
import io.ebpf4j.elf.UsdtRegister;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;

/** What programs that include usdt.bpf.h read. */
class UsdtSpecLayoutTest {
    private static final UsdtRegister RAX = new UsdtRegister("%rax", 80);
    private static final UsdtRegister RBX = new UsdtRegister("%rbx", 40);
    private static final UsdtArgument INDEXED = new UsdtArgument.Indexed(4, true, RAX, RBX, 8, -16);

    private static ByteBuffer encode(Btf btf, List<UsdtArgument> arguments, long cookie) {
        byte[] bytes = UsdtSpecLayout.of(btf, UsdtTypes.spec(btf)).encode(arguments, cookie);
        return ByteBuffer.wrap(bytes).order(btf.order());
    }

    @Test
    void argumentsAreWhereTheHeaderDeclaresThem() {
        ByteBuffer spec =
                encode(
                        UsdtTypes.old(),
                        List.of(
                                new UsdtArgument.Constant(8, true, -9),
                                new UsdtArgument.InRegister(2, false, RBX),
                                new UsdtArgument.InMemory(1, true, RAX, -60)),
                        0x1122_3344_5566_7788L);
        assertThat(spec.getLong(0)).isEqualTo(-9);
        assertThat(spec.getInt(8)).isZero();
        assertThat(spec.get(14)).isEqualTo((byte) 1);
        assertThat(spec.get(15)).isZero();
        assertThat(spec.getInt(16 + 8)).isEqualTo(1);
        assertThat(spec.getShort(16 + 12)).isEqualTo((short) 40);
        assertThat(spec.get(16 + 14)).isZero();
        assertThat(spec.get(16 + 15)).isEqualTo((byte) 48);
        assertThat(spec.getLong(32)).isEqualTo(-60);
        assertThat(spec.getInt(32 + 8)).isEqualTo(2);
        assertThat(spec.getShort(32 + 12)).isEqualTo((short) 80);
        assertThat(spec.get(32 + 15)).isEqualTo((byte) 56);
        assertThat(spec.getLong(192)).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(spec.getShort(200)).isEqualTo((short) 3);
        assertThat(spec.capacity()).isEqualTo(UsdtTypes.SPEC_BYTES);
    }

    @Test
    void indexedArgumentsNeedANewerHeader() {
        ByteBuffer little = encode(UsdtTypes.indexed(ByteOrder.LITTLE_ENDIAN), List.of(INDEXED), 0);
        assertThat(little.getLong(0)).isEqualTo(-16);
        // 8 bits of 3, 8 unused, then 12 bits of 40, then 4 bits of 3
        assertThat(little.getInt(8)).isEqualTo(3 | 40 << 16 | 3 << 28);
        assertThat(little.getShort(14)).isEqualTo((short) 80);
        assertThat(little.get(16)).isEqualTo((byte) 1);
        assertThat(little.get(17)).isEqualTo((byte) 32);
        assertThat(little.getShort(12 * 24 + 8)).isEqualTo((short) 1);
        ByteBuffer big = encode(UsdtTypes.indexed(ByteOrder.BIG_ENDIAN), List.of(INDEXED), 0);
        assertThat(big.getLong(0)).isEqualTo(-16);
        // 16 bits unused, 12 bits of 40, 4 bits of 3, then 8 of 3
        assertThat(big.getInt(8)).isEqualTo(40 << 4 | 3);
        assertThat(big.get(12)).isEqualTo((byte) 3);
        assertThat(big.getShort(14)).isEqualTo((short) 80);
        assertThat(big.get(17)).isEqualTo((byte) 32);
        assertThat(big.getShort(12 * 24 + 8)).isEqualTo((short) 1);
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> encode(UsdtTypes.old(), List.of(INDEXED), 0))
                .withMessageContaining("libbpf 1.7");
    }

    @Test
    void moreArgumentsThanThereIsRoomForAreRefused() {
        UsdtArgument one = new UsdtArgument.Constant(1, false, 1);
        assertThat(encode(UsdtTypes.old(), Collections.nCopies(12, one), 0).getShort(200))
                .isEqualTo((short) 12);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> encode(UsdtTypes.old(), Collections.nCopies(13, one), 0))
                .withMessageContaining("13 arguments, and usdt.bpf.h reads 12");
    }

    @Test
    void otherTypesAreRefused() {
        Btf foreign = UsdtTypes.foreign();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> UsdtSpecLayout.of(foreign, UsdtTypes.spec(foreign)))
                .withMessageContaining("have no arg_signed");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> UsdtSpecLayout.of(foreign, 1))
                .withMessageContaining("have no __bpf_usdt_spec");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(
                        () ->
                                UsdtSpecLayout.of(
                                        foreign,
                                        foreign.find("__bpf_usdt_arg_spec", BtfType.Struct.class)))
                .withMessageContaining("have no args");
    }
}
