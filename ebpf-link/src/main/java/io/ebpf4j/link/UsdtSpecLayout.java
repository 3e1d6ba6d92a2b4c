// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.UsdtArgument;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code struct __bpf_usdt_spec} of libbpf's {@code usdt.bpf.h}, where an object's own type
 * information has its members: the header got bit fields for indexed arguments in version 1.7,
 * which moved the members behind them.
 *
 * <pre>
 * struct __bpf_usdt_spec:     args[12] | u64 usdt_cookie | short arg_cnt
 * struct __bpf_usdt_arg_spec: u64 val_off | arg_type | short reg_off | bool arg_signed | char arg_bitshift
 *                             since 1.7: idx_reg_off | scale_bitshift
 * </pre>
 */
final class UsdtSpecLayout {
    // enum __bpf_usdt_arg_type
    private static final int CONSTANT = 0;
    private static final int REGISTER = 1;
    private static final int MEMORY = 2;
    private static final int INDEXED = 3;

    private static final String INDEX = "idx_reg_off";
    private static final String SCALE = "scale_bitshift";

    private record Place(int bit, int bits) {}

    private final int size;
    private final ByteOrder order;
    private final Place arguments;
    private final int most;
    private final int stride;
    private final Place cookie;
    private final Place count;
    private final Map<String, Place> members;

    private UsdtSpecLayout(Btf btf, BtfType.Struct spec) {
        this.size = spec.size();
        this.order = btf.order();
        Map<String, BtfType.Member> outer = byName(spec);
        BtfType.Member array = outer.get("args");
        if (array == null
                || !(btf.resolve(array.type()) instanceof BtfType.Array args)
                || !(btf.resolve(args.type()) instanceof BtfType.Struct argument)) {
            throw unknown("args");
        }
        this.arguments = place(btf, outer, "args");
        this.most = args.count();
        this.stride = argument.size();
        this.cookie = place(btf, outer, "usdt_cookie");
        this.count = place(btf, outer, "arg_cnt");
        this.members = new HashMap<>();
        Map<String, BtfType.Member> inner = byName(argument);
        for (String name :
                List.of("val_off", "arg_type", "reg_off", "arg_signed", "arg_bitshift")) {
            members.put(name, place(btf, inner, name));
        }
        if (inner.containsKey(INDEX) && inner.containsKey(SCALE)) {
            members.put(INDEX, place(btf, inner, INDEX));
            members.put(SCALE, place(btf, inner, SCALE));
        }
    }

    /**
     * Finds the members.
     *
     * @param type the type of the values of {@code __bpf_usdt_specs}
     * @throws BpfException if it is no such structure
     */
    static UsdtSpecLayout of(Btf btf, int type) {
        if (!(btf.resolve(type) instanceof BtfType.Struct spec)) {
            throw unknown("__bpf_usdt_spec");
        }
        return new UsdtSpecLayout(btf, spec);
    }

    private static Map<String, BtfType.Member> byName(BtfType.Struct struct) {
        Map<String, BtfType.Member> members = new HashMap<>();
        for (BtfType.Member member : struct.members()) {
            members.put(member.name(), member);
        }
        return members;
    }

    private static Place place(Btf btf, Map<String, BtfType.Member> members, String name) {
        BtfType.Member member = members.get(name);
        if (member == null) {
            throw unknown(name);
        }
        int bits = member.bitfieldBits();
        return new Place(
                member.bitOffset(),
                bits != 0 ? bits : Math.toIntExact(btf.sizeOf(member.type()) * Byte.SIZE));
    }

    private static BpfException unknown(String name) {
        return new BpfException(
                "the values of the map "
                        + UsdtMaps.SPECS
                        + " have no "
                        + name
                        + " as usdt.bpf.h of libbpf 1.0 and later declares it; compile the object"
                        + " with such a header");
    }

    int size() {
        return size;
    }

    /**
     * Writes the description of a probe's arguments.
     *
     * @throws UnsupportedException if the object's header is too old for one of them
     * @throws BpfException if there are more than it has room for
     */
    byte[] encode(List<UsdtArgument> found, long userCookie) {
        if (found.size() > most) {
            throw new BpfException(
                    "the probe has " + found.size() + " arguments, and usdt.bpf.h reads " + most);
        }
        byte[] bytes = new byte[size];
        for (int i = 0; i < found.size(); i++) {
            encode(bytes, arguments.bit + i * stride * Byte.SIZE, found.get(i));
        }
        put(bytes, cookie.bit, cookie.bits, userCookie);
        put(bytes, count.bit, count.bits, found.size());
        return bytes;
    }

    private void encode(byte[] bytes, int at, UsdtArgument argument) {
        switch (argument) {
            case UsdtArgument.Constant c -> {
                put(bytes, at, "arg_type", CONSTANT);
                put(bytes, at, "val_off", c.value());
            }
            case UsdtArgument.InRegister r -> {
                put(bytes, at, "arg_type", REGISTER);
                put(bytes, at, "reg_off", r.register().offset());
            }
            case UsdtArgument.InMemory m -> {
                put(bytes, at, "arg_type", MEMORY);
                put(bytes, at, "reg_off", m.base().offset());
                put(bytes, at, "val_off", m.offset());
            }
            case UsdtArgument.Indexed x -> {
                if (!members.containsKey(INDEX)) {
                    throw new UnsupportedException(
                            "an argument that is found by an index register, by the usdt.bpf.h"
                                    + " that the object was compiled with",
                            "",
                            "compile it with the header of libbpf 1.7 or later");
                }
                put(bytes, at, "arg_type", INDEXED);
                put(bytes, at, "reg_off", x.base().offset());
                put(bytes, at, INDEX, x.index().offset());
                put(bytes, at, SCALE, Integer.numberOfTrailingZeros(x.scale()));
                put(bytes, at, "val_off", x.offset());
            }
        }
        put(bytes, at, "arg_signed", argument.signed() ? 1 : 0);
        put(bytes, at, "arg_bitshift", Long.SIZE - argument.bytes() * Byte.SIZE);
    }

    private void put(byte[] bytes, int argument, String member, long value) {
        Place place = members.get(member);
        put(bytes, argument + place.bit, place.bits, value);
    }

    // BTF counts bits from the least significant one of little-endian machines, from the most
    // significant one of big-endian ones.
    private void put(byte[] bytes, int from, int bits, long value) {
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < bits; i++) {
            if ((value >>> i & 1) != 0) {
                int at = from + (little ? i : bits - 1 - i);
                bytes[at / Byte.SIZE] |= (byte) (little ? 1 << at % 8 : 0x80 >> at % 8);
            }
        }
    }
}
