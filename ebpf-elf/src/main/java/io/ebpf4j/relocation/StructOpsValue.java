// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapSpec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A structure of functions as a kernel lays it out (struct_ops, Linux 5.6): members are found by
 * name, so that the object's declaration may lack some, have others, or order them differently.
 *
 * <p>The value of a struct_ops map is a structure of the kernel's, {@code bpf_struct_ops_NAME},
 * whose member {@code data} is the structure NAME. Pointers to functions are left zero here: what
 * goes there are descriptors of programs, 8 bytes each, see {@link Function#offset}.
 */
public final class StructOpsValue {

    private static final String VALUE = "bpf_struct_ops_";

    private final MapSpec map;
    private final Btf local;
    private final Btf kernel;
    private final int structId;
    private final int valueTypeId;
    private final int data;
    private final byte[] bytes;
    private final List<Function> functions = new ArrayList<>();

    /**
     * A member that is a pointer to a function, and is set.
     *
     * @param member the member's name
     * @param program the program's name
     * @param index the member's number in the kernel's structure, which BPF_PROG_LOAD takes as
     *     {@code expected_attach_type}
     * @param offset where in the value the program's descriptor goes, in bytes
     */
    public record Function(String member, String program, int index, int offset) {}

    private StructOpsValue(MapSpec map, Btf local, Btf kernel, int valueTypeId) {
        this.map = map;
        this.local = local;
        this.kernel = kernel;
        this.valueTypeId = valueTypeId;
        BtfType.Struct value = (BtfType.Struct) kernel.type(valueTypeId);
        String name = value.name().substring(VALUE.length());
        this.structId = kernel.find(name, BtfType.Struct.class);
        this.data = data(value);
        this.bytes = new byte[value.size()];
    }

    /**
     * Returns what the kernel calls the type of a map's values.
     *
     * @param map a struct_ops map
     * @param local the object's types
     * @return {@code bpf_struct_ops_} and the name of the object's structure without its flavour
     * @throws RelocationException if the map's type of values is no structure
     */
    public static String valueTypeName(MapSpec map, Btf local) {
        return VALUE + Btf.essentialName(struct(map, local).name());
    }

    /**
     * Converts the contents of a map.
     *
     * @param map a struct_ops map; it is not changed
     * @param local the object's types
     * @param kernel the types of vmlinux or of a module
     * @param valueTypeId id of the structure {@link #valueTypeName} in them
     * @return the value
     * @throws UnsupportedException if a member that is set is unknown to the kernel, or is a
     *     bitfield
     * @throws RelocationException if a member is of another kind or size than in the kernel, a
     *     pointer is set to something else than a program, or a program is to go where no pointer
     *     is
     */
    public static StructOpsValue of(MapSpec map, Btf local, Btf kernel, int valueTypeId) {
        StructOpsValue value = new StructOpsValue(map, local, kernel, valueTypeId);
        value.convert();
        return value;
    }

    /**
     * Returns the type of the structure that the programs are for.
     *
     * @return its id in the kernel's types, which BPF_PROG_LOAD takes as {@code attach_btf_id}
     */
    public int structId() {
        return structId;
    }

    /**
     * Returns the type of the map's value.
     *
     * @return its id in the kernel's types, which BPF_MAP_CREATE takes as {@code
     *     btf_vmlinux_value_type_id}
     */
    public int valueTypeId() {
        return valueTypeId;
    }

    /**
     * Returns the value.
     *
     * @return a copy of its bytes, in the object's byte order, zero where functions go
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the functions that are set, in the order of the object's members.
     *
     * @return an unmodifiable list
     */
    public List<Function> functions() {
        return Collections.unmodifiableList(functions);
    }

    private static BtfType.Struct struct(MapSpec map, Btf local) {
        if (local.type(map.valueTypeId()) instanceof BtfType.Struct struct) {
            return struct;
        }
        throw new RelocationException(
                "struct_ops map " + map.name() + " has no struct as the type of its values");
    }

    /** Returns where the structure begins in the value. */
    private int data(BtfType.Struct value) {
        for (BtfType.Member member : value.members()) {
            if (structId > 0 && member.type() == structId) {
                return member.bitOffset() / Byte.SIZE;
            }
        }
        throw new RelocationException(
                "the kernel's struct " + value.name() + " holds no structure of its functions");
    }

    private void convert() {
        BtfType.Struct theirs = (BtfType.Struct) kernel.type(structId);
        BtfType.Struct ours = struct(map, local);
        checkFunctions(ours);
        for (BtfType.Member member : ours.members()) {
            int index = index(theirs, member.name());
            if (index >= 0) {
                convert(member, theirs.members().get(index), index);
            } else if (isSet(member) || map.functions().containsKey(member.name())) {
                throw new UnsupportedException(
                        where(member)
                                + "the running kernel's structure has no such member, and it is"
                                + " set",
                        "",
                        "set it to zero in the map's contents(), or take it out of its"
                                + " functions()");
            }
        }
    }

    private void checkFunctions(BtfType.Struct ours) {
        for (String name : map.functions().keySet()) {
            int index = index(ours, name);
            if (index < 0
                    || !(local.resolve(ours.members().get(index).type()) instanceof BtfType.Ptr)) {
                throw new RelocationException(
                        "struct_ops map \""
                                + map.name()
                                + "\": struct "
                                + ours.name()
                                + " has no pointer "
                                + name
                                + " for program "
                                + map.functions().get(name));
            }
        }
    }

    private static int index(BtfType.Struct type, String name) {
        List<BtfType.Member> members = type.members();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isSet(BtfType.Member member) {
        int from = member.bitOffset() / Byte.SIZE;
        long end = from + local.sizeOf(member.type());
        byte[] contents = map.contents();
        for (int i = from; i < end && i < contents.length; i++) {
            if (contents[i] != 0) {
                return true;
            }
        }
        return false;
    }

    private void convert(BtfType.Member member, BtfType.Member theirs, int index) {
        if (member.bitfieldBits() != 0 || theirs.bitfieldBits() != 0) {
            throw new UnsupportedException(
                    where(member) + "it is a bitfield, which no loader converts",
                    "",
                    "leave it out of the declaration; it will be zero");
        }
        BtfType type = local.resolve(member.type());
        BtfType other = kernel.resolve(theirs.type());
        if (type.getClass() != other.getClass()) {
            throw mismatch(member, type, other);
        }
        int to = data + theirs.bitOffset() / Byte.SIZE;
        if (type instanceof BtfType.Ptr) {
            convertPointer(member, (BtfType.Ptr) other, index, to);
            return;
        }
        long size = local.sizeOf(member.type());
        long room = kernel.sizeOf(theirs.type());
        int from = member.bitOffset() / Byte.SIZE;
        if (size != room || from + size > map.contents().length || to + size > bytes.length) {
            throw new RelocationException(
                    where(member)
                            + "it takes "
                            + size
                            + " bytes, but in the running kernel "
                            + room);
        }
        System.arraycopy(map.contents(), from, bytes, to, (int) size);
    }

    private void convertPointer(BtfType.Member member, BtfType.Ptr theirs, int index, int to) {
        String program = map.functions().get(member.name());
        if (program == null) {
            if (isSet(member)) {
                throw new RelocationException(
                        where(member)
                                + "a pointer can be set to a program only; put its name into the"
                                + " map's functions()");
            }
            return;
        }
        if (!(kernel.resolve(theirs.type()) instanceof BtfType.FuncProto)) {
            throw new RelocationException(
                    where(member) + "in the running kernel it is no pointer to a function");
        }
        functions.add(new Function(member.name(), program, index, to));
    }

    private RelocationException mismatch(BtfType.Member member, BtfType ours, BtfType theirs) {
        return new RelocationException(
                where(member)
                        + "it is declared as "
                        + ours
                        + ", but in the kernel it is "
                        + theirs);
    }

    private String where(BtfType.Member member) {
        return "struct_ops map \""
                + map.name()
                + "\": member "
                + struct(map, local).name()
                + "."
                + member.name()
                + ": ";
    }
}
