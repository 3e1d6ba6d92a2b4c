// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.Collection;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.relocation.StructOpsValue;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A structure of functions, a TCP congestion control, that maps are made for by hand. Whoever
 * writes the value into one registers it, and removes the element to end that.
 *
 * @param programs the structure's functions
 * @param type the type of its value in the kernel
 * @param value its value, with descriptors of the programs
 */
record StructureSample(Collection programs, KernelBtf.Target type, byte[] value)
        implements AutoCloseable {
    private static final String NAME = "by_value";

    static StructureSample of(Kernel kernel) {
        CollectionSpec spec = Objects.spec("struct_ops");
        for (MapSpec map : spec.maps().values()) {
            map.autocreate(map.internal() || map.name().equals(NAME));
        }
        Btf local = spec.btf().orElseThrow();
        MapSpec map = spec.map(NAME).copy();
        KernelBtf.Target type =
                kernel.btf().struct(StructOpsValue.valueTypeName(map, local)).orElseThrow();
        StructOpsValue content = StructOpsValue.of(map, local, kernel.btf().types(type), type.id());
        Collection programs = Collection.load(spec);
        ByteBuffer value = ByteBuffer.wrap(content.bytes()).order(ByteOrder.nativeOrder());
        for (StructOpsValue.Function function : content.functions()) {
            value.putLong(function.offset(), programs.program(function.program()).fd());
        }
        return new StructureSample(programs, type, value.array());
    }

    MapSpec spec() {
        return MapSpec.of("sample", MapType.STRUCT_OPS, Integer.BYTES, value.length, 1);
    }

    MapHandle create(Kernel kernel) {
        BtfBuilder types = new BtfBuilder();
        types.add(new BtfType.Int("int", Integer.BYTES, BtfType.Int.SIGNED, 0, Integer.SIZE));
        try (BtfObject any = BtfObject.load(kernel, types.encode(ByteOrder.nativeOrder()))) {
            return MapHandle.createStructOps(kernel, spec(), any, type);
        }
    }

    @Override
    public void close() {
        programs.close();
    }
}
