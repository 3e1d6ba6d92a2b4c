// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.BtfType.Member;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The structures that usdt.bpf.h declares, of libbpf before and since version 1.7. */
final class UsdtTypes {
    static final int SPEC_BYTES = 12 * 16 + 16;

    private UsdtTypes() {}

    static Btf old() {
        return build(ByteOrder.nativeOrder(), false, true);
    }

    static Btf indexed(ByteOrder order) {
        return build(order, true, true);
    }

    /** Returns types in which the arguments have no sign. */
    static Btf foreign() {
        return build(ByteOrder.nativeOrder(), false, false);
    }

    static int spec(Btf btf) {
        return btf.find("__bpf_usdt_spec", BtfType.Struct.class);
    }

    private static Btf build(ByteOrder order, boolean indexed, boolean signed) {
        BtfBuilder b = new BtfBuilder();
        int u64 = b.add(new BtfType.Int("unsigned long long", 8, 0, 0, 64));
        int u32 = b.add(new BtfType.Int("unsigned int", 4, 0, 0, 32));
        int u16 = b.add(new BtfType.Int("unsigned short", 2, 0, 0, 16));
        int u8 = b.add(new BtfType.Int("unsigned char", 1, 0, 0, 8));
        List<Member> argument = new ArrayList<>();
        argument.add(new Member("val_off", u64, 0, 0));
        // as clang lays them out: the bit fields of 1.7 move what follows
        int moved = indexed ? 16 : 0;
        if (indexed) {
            boolean little = order == ByteOrder.LITTLE_ENDIAN;
            argument.add(new Member(little ? "arg_type" : "__reserved", u32, 64, 8));
            argument.add(new Member("idx_reg_off", u16, 80, 12));
            argument.add(new Member("scale_bitshift", u16, 92, 4));
            argument.add(new Member(little ? "__reserved" : "arg_type", u32, 96, 8));
        } else {
            argument.add(new Member("arg_type", u32, 64, 0));
        }
        argument.add(new Member("reg_off", u16, 96 + moved, 0));
        if (signed) {
            argument.add(new Member("arg_signed", u8, 112 + moved, 0));
        }
        argument.add(new Member("arg_bitshift", u8, 120 + moved, 0));
        int bytes = indexed ? 24 : 16;
        int arg = b.add(new BtfType.Struct("__bpf_usdt_arg_spec", bytes, argument));
        int array = b.add(new BtfType.Array(arg, u32, 12));
        b.add(
                new BtfType.Struct(
                        "__bpf_usdt_spec",
                        12 * bytes + 16,
                        List.of(
                                new Member("args", array, 0, 0),
                                new Member("usdt_cookie", u64, 12 * bytes * 8, 0),
                                new Member("arg_cnt", u16, 12 * bytes * 8 + 64, 0))));
        return b.build(order);
    }
}
