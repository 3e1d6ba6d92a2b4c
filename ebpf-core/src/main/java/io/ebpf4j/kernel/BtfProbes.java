// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Asks for kinds of types by loading the least that has one. */
final class BtfProbes {
    /** {@code struct btf_header} before Linux 7.1, and its members from 7.1 on. */
    private static final int HEADER = 24;

    private static final int LONG_HEADER = 32;
    private static final int LAYOUT_ENTRY = 4;

    private final Kernel kernel;
    private final Trial trial;

    BtfProbes(Kernel kernel) {
        this.kernel = kernel;
        this.trial = new Trial(kernel);
    }

    Support ask(Feature feature) {
        return trial.close(load(types(feature).encode(ByteOrder.nativeOrder())));
    }

    private long load(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return kernel.bpf().btfLoad(NativeText.bytes(arena, bytes), null);
        }
    }

    private static BtfBuilder types(Feature feature) {
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, 1, 0, 32));
        switch (feature) {
            case BTF_FUNC -> function(types, BtfType.Func.STATIC);
            case BTF_GLOBAL_FUNC -> function(types, BtfType.Func.GLOBAL);
            case BTF_DATASEC -> section(types, integer, ".data");
            case BTF_QMARK_DATASEC -> section(types, integer, "?.data");
            case BTF_FLOAT -> types.add(new BtfType.Float("float", 4));
            case BTF_DECL_TAG -> {
                int variable = types.add(new BtfType.Var("v", integer, BtfType.Var.STATIC));
                types.add(new BtfType.DeclTag("tag", variable, -1, false));
            }
            case BTF_TYPE_TAG ->
                    types.add(
                            new BtfType.Ptr(types.add(new BtfType.TypeTag("tag", integer, false))));
            case BTF_ATTRIBUTE_TAG ->
                    types.add(
                            new BtfType.Ptr(types.add(new BtfType.TypeTag("tag", integer, true))));
            case BTF_ENUM64 ->
                    types.add(
                            new BtfType.Enum64(
                                    "e", 8, false, List.of(new BtfType.Enumerator("A", 0))));
            default -> {
                // an integer alone is what every kernel with BTF takes
            }
        }
        return types;
    }

    private static void function(BtfBuilder types, int linkage) {
        int prototype = types.add(new BtfType.FuncProto(0, List.of(new BtfType.Parameter("a", 1))));
        types.add(new BtfType.Func("f", prototype, linkage));
    }

    private static void section(BtfBuilder types, int integer, String name) {
        int variable = types.add(new BtfType.Var("v", integer, BtfType.Var.STATIC));
        types.add(new BtfType.DataSec(name, 4, List.of(new BtfType.Section(variable, 0, 4))));
    }

    /**
     * Kernels that describe modules by BTF say the name of any BTF, and older ones refuse to be
     * asked for it.
     */
    Support modules() {
        long btf = load(types(Feature.BTF).encode(ByteOrder.nativeOrder()));
        if (btf < 0) {
            return Trial.refused(btf);
        }
        try {
            kernel.bpf().btfInfo((int) btf);
            return Support.YES;
        } catch (BpfException e) {
            return Trial.refused(-e.errno());
        } finally {
            kernel.calls().close((int) btf);
        }
    }

    /** Older kernels take a longer header only if it is zero where they know nothing. */
    Support layout() {
        return trial.close(load(withLayout(types(Feature.BTF).encode(ByteOrder.nativeOrder()))));
    }

    /** Puts the lengths of the first two kinds (void; an int's 4 bytes) between types and text. */
    private static byte[] withLayout(byte[] plain) {
        ByteBuffer in = ByteBuffer.wrap(plain).order(ByteOrder.nativeOrder());
        int typeLength = in.getInt(12);
        int textOffset = in.getInt(16);
        int textLength = in.getInt(20);
        int layoutLength = 2 * LAYOUT_ENTRY;
        ByteBuffer out =
                ByteBuffer.allocate(LONG_HEADER + typeLength + layoutLength + textLength)
                        .order(ByteOrder.nativeOrder());
        out.put(plain, 0, 4)
                .putInt(LONG_HEADER)
                .putInt(0)
                .putInt(typeLength)
                .putInt(typeLength + layoutLength)
                .putInt(textLength)
                .putInt(typeLength)
                .putInt(layoutLength)
                .put(plain, HEADER, typeLength)
                .putInt(0)
                .put((byte) Integer.BYTES)
                .put(new byte[LAYOUT_ENTRY - 1])
                .put(plain, HEADER + textOffset, textLength);
        return out.array();
    }
}
