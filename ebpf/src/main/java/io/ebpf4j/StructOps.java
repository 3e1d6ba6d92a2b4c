// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.link.Link;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.relocation.StructOpsValue;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The structures of programs that one load hands to the kernel: their values as the kernel lays
 * them out, and which member of which structure each program is for.
 */
final class StructOps {

    /**
     * A map's value.
     *
     * @param type the value's type in the kernel
     */
    private record Value(StructOpsValue content, KernelBtf.Target type) {}

    /**
     * What a program is for.
     *
     * @param struct the structure in the kernel's types
     * @param member the member's number in it
     * @param map the first map that has the program there
     */
    record Use(KernelBtf.Target struct, int member, String map) {}

    private final CollectionSpec spec;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Use> uses = new HashMap<>();

    private StructOps(CollectionSpec spec) {
        this.spec = spec;
    }

    /**
     * Finds the structures of the maps that are created, gives these maps the size of the kernel's,
     * and turns the loading of programs on or off, as they are in a map or not.
     */
    static StructOps resolve(CollectionSpec spec, Kernel kernel) {
        StructOps structOps = new StructOps(spec);
        boolean any = false;
        for (MapSpec map : spec.maps().values()) {
            if (map.type() == MapType.STRUCT_OPS) {
                any = true;
                if (map.autocreate()) {
                    structOps.resolve(map, kernel.btf());
                }
            }
        }
        if (any) {
            structOps.adjustAutoload();
        }
        return structOps;
    }

    private void resolve(MapSpec map, KernelBtf kernel) {
        Btf local = spec.btf().orElse(null);
        if (local == null || map.contents() == null) {
            throw new BpfException(
                    where(map) + "it has no contents; a struct_ops map is defined in an object");
        }
        String name = StructOpsValue.valueTypeName(map, local);
        KernelBtf.Target type = kernel.struct(name).orElse(null);
        if (type == null) {
            throw new UnsupportedException(
                    where(map) + "the running kernel has no struct " + name,
                    "",
                    "leave it out with spec.map(\"" + map.name() + "\").autocreate(false)");
        }
        StructOpsValue content;
        try {
            content = StructOpsValue.of(map, local, kernel.types(type), type.id());
        } catch (RelocationException e) {
            RelocationException located =
                    new RelocationException(spec.source() + ": " + e.getMessage());
            located.initCause(e);
            throw located;
        }
        values.put(map.name(), new Value(content, type));
        for (StructOpsValue.Function function : content.functions()) {
            use(map, function, new KernelBtf.Target(content.structId(), type.module()));
        }
        map.valueSize(content.bytes().length).types(0, 0);
    }

    private void use(MapSpec map, StructOpsValue.Function function, KernelBtf.Target struct) {
        ProgramSpec program = spec.programs().get(function.program());
        String where = where(map) + "member " + function.member() + ": ";
        if (program == null) {
            throw new BpfException(
                    where + "there is no program \"" + function.program() + "\" in the object");
        }
        if (program.type() != ProgramType.STRUCT_OPS) {
            throw new BpfException(
                    where
                            + "program \""
                            + program.name()
                            + "\" is of type "
                            + program.type()
                            + ", expected STRUCT_OPS");
        }
        Use use = new Use(struct, function.index(), map.name());
        Use other = uses.putIfAbsent(program.name(), use);
        if (other != null
                && !(other.struct().equals(struct) && other.member() == function.index())) {
            throw new BpfException(
                    where
                            + "program \""
                            + program.name()
                            + "\" is for another member in map \""
                            + other.map()
                            + "\", and a program is verified for one; define it twice");
        }
    }

    /** Loads what a created map has, and nothing that only others have, or had in the object. */
    private void adjustAutoload() {
        Set<String> idle = new HashSet<>();
        for (MapSpec map : spec.maps().values()) {
            idle.addAll(map.functions().values());
            idle.addAll(map.declaredFunctions().values());
        }
        for (ProgramSpec program : spec.programs().values()) {
            if (program.type() == ProgramType.STRUCT_OPS) {
                if (uses.containsKey(program.name())) {
                    program.autoload(true);
                } else if (idle.contains(program.name())) {
                    program.autoload(false);
                }
            }
        }
    }

    /** Returns what a program is for. */
    Use use(ProgramSpec program) {
        Use use = uses.get(program.name());
        if (use == null) {
            throw new BpfException(
                    spec.source()
                            + ": program \""
                            + program.name()
                            + "\": no struct_ops map that is created has it as a member; set it in"
                            + " a variable of SEC(\".struct_ops\"), or leave it out with"
                            + " autoload(false)");
        }
        return use;
    }

    /** Returns the type of a map's value in the kernel. */
    KernelBtf.Target valueType(MapSpec map) {
        return values.get(map.name()).type();
    }

    /** Returns the names of the maps that can be attached. */
    Set<String> maps() {
        return values.keySet();
    }

    /** Registers a map. */
    Link attach(MapHandle map, Map<String, Program> programs) {
        byte[] bytes = bytes(map, programs);
        boolean byLink = (map.flags() & MapSpec.LINK) != 0;
        return io.ebpf4j.link.StructOps.attach(
                map.kernel(), map.descriptor(), map.name(), bytes, byLink);
    }

    /** Puts a map in the place of the one that a link registered: of a certain one, or of any. */
    void update(Link link, MapHandle map, MapHandle expected, Map<String, Program> programs) {
        byte[] bytes = bytes(map, programs);
        io.ebpf4j.link.StructOps.update(
                link,
                map.descriptor(),
                map.name(),
                bytes,
                expected == null ? null : expected.descriptor());
    }

    private byte[] bytes(MapHandle map, Map<String, Program> programs) {
        Value value = values.get(map.name());
        if (value == null) {
            throw new BpfException(
                    "map \""
                            + map.name()
                            + "\" is no struct_ops map; there are "
                            + values.keySet());
        }
        byte[] bytes = value.content().bytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (StructOpsValue.Function function : value.content().functions()) {
            Program program = programs.get(function.program());
            if (program == null) {
                throw new BpfException(
                        "cannot register struct_ops map \""
                                + map.name()
                                + "\": its program \""
                                + function.program()
                                + "\" was not loaded");
            }
            buffer.putLong(function.offset(), program.fd());
        }
        return bytes;
    }

    private String where(MapSpec map) {
        return spec.source() + ": struct_ops map \"" + map.name() + "\": ";
    }
}
