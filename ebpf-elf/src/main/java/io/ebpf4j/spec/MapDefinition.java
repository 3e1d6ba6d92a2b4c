// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.ObjectFormatException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads one map's definition: a struct whose members are the map's attributes.
 *
 * <p>Numbers are dimensions of arrays that a member points to, types are what a member points to,
 * and {@code values} is an array without dimension, the last member ({@code __uint}, {@code __type}
 * and {@code __array} of bpf_helpers.h).
 */
final class MapDefinition {

    private static final MapType[] TYPES = MapType.values();
    private static final int DESCRIPTOR_BYTES = 4;

    private final ObjectFile file;
    private final Btf btf;
    private final String name;
    private final boolean outer;
    private MapSpec map;
    private int keySize = -1;
    private int valueSize = -1;
    private int keyTypeId;
    private int valueTypeId;
    private int values = -1;

    MapDefinition(ObjectFile file, Btf btf, String name, boolean outer) {
        this.file = file;
        this.btf = btf;
        this.name = name;
        this.outer = outer;
    }

    /** Returns where in the definition {@code values} begins, in bytes, or -1. */
    int values() {
        return values;
    }

    MapSpec read(BtfType.Struct definition) {
        map = MapSpec.of(name, MapType.UNSPEC, 0, 0, 0);
        List<BtfType.Member> members = definition.members();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            BtfType.Member member = members.get(i);
            if (!seen.add(member.name())) {
                throw bad(member, "is there twice");
            }
            if (member.name().equals("values") && i != members.size() - 1) {
                throw bad(member, "is not the last attribute");
            }
            attribute(member);
        }
        if (map.type() == MapType.UNSPEC) {
            throw file.bad("section .maps: map " + name + " has no type");
        }
        map.keySize(Math.max(keySize, 0))
                .valueSize(Math.max(valueSize, 0))
                .types(keyTypeId, valueTypeId);
        return map;
    }

    private void attribute(BtfType.Member member) {
        switch (member.name()) {
            case "type" -> map.type(type(member));
            case "max_entries" -> map.maxEntries(number(member));
            case "map_flags" -> map.flags(number(member));
            case "numa_node" -> map.numaNode(number(member));
            case "map_extra" -> map.mapExtra(longNumber(member));
            case "pinning" -> map.pinning(pinning(member));
            case "key_size" -> keySize = size(member, keySize, number(member));
            case "value_size" -> valueSize = size(member, valueSize, number(member));
            case "key" -> {
                keyTypeId = pointee(member);
                keySize = size(member, keySize, btf.sizeOf(keyTypeId));
            }
            case "value" -> {
                valueTypeId = pointee(member);
                valueSize = size(member, valueSize, btf.sizeOf(valueTypeId));
            }
            case "values" -> values(member);
            default ->
                    throw file.unsupported(
                            "section .maps: map " + name + ": attribute " + member.name(),
                            "remove it; this library does not know what it asks for");
        }
    }

    private MapType type(BtfType.Member member) {
        int number = number(member);
        if (number >= TYPES.length) {
            throw file.unsupported(
                    "section .maps: map " + name + ": map type number " + number, "");
        }
        return TYPES[number];
    }

    private MapSpec.Pinning pinning(BtfType.Member member) {
        int number = number(member);
        if (!outer) {
            throw bad(member, "cannot be given to an inner map");
        }
        return switch (number) {
            case 0 -> MapSpec.Pinning.NONE;
            case 1 -> MapSpec.Pinning.BY_NAME;
            default -> throw bad(member, "is " + number + ", expected 0 or 1");
        };
    }

    private int number(BtfType.Member member) {
        if (btf.resolve(member.type()) instanceof BtfType.Ptr pointer
                && btf.type(pointer.type()) instanceof BtfType.Array array) {
            return array.count();
        }
        throw bad(member, "is no number; write it with __uint");
    }

    private long longNumber(BtfType.Member member) {
        if (btf.resolve(member.type()) instanceof BtfType.Enumeration values) {
            if (values.enumerators().size() != 1) {
                throw bad(
                        member,
                        "is an enum with " + values.enumerators().size() + " values, expected 1");
            }
            long value = values.enumerators().get(0).value();
            return values instanceof BtfType.Enum && !values.signed()
                    ? value & 0xffff_ffffL
                    : value;
        }
        return number(member);
    }

    private int pointee(BtfType.Member member) {
        if (btf.type(member.type()) instanceof BtfType.Ptr pointer) {
            return pointer.type();
        }
        throw bad(member, "is no type; write it with __type");
    }

    private int size(BtfType.Member member, int before, long size) {
        if (size > Integer.MAX_VALUE) {
            throw bad(member, "takes " + size + " bytes");
        }
        if (before >= 0 && before != size) {
            throw bad(member, "takes " + size + " bytes, but another attribute says " + before);
        }
        return (int) size;
    }

    private void values(BtfType.Member member) {
        boolean ofMaps = map.type() == MapType.ARRAY_OF_MAPS || map.type() == MapType.HASH_OF_MAPS;
        if (!outer || !ofMaps && map.type() != MapType.PROG_ARRAY) {
            throw file.unsupported(
                    "section .maps: map " + name + ": values of a map of type " + map.type(),
                    outer
                            ? "only maps of maps and program arrays have values"
                            : "maps nest one level deep");
        }
        valueSize = size(member, valueSize, DESCRIPTOR_BYTES);
        values = member.bitOffset() / Byte.SIZE;
        BtfType target = null;
        if (btf.type(member.type()) instanceof BtfType.Array array
                && array.count() == 0
                && btf.resolve(array.type()) instanceof BtfType.Ptr pointer) {
            target = btf.resolve(pointer.type());
        }
        if (ofMaps && target instanceof BtfType.Struct definition) {
            map.inner(new MapDefinition(file, btf, name + ".inner", false).read(definition));
        } else if (ofMaps || !(target instanceof BtfType.FuncProto)) {
            throw bad(
                    member,
                    "is no array of "
                            + (ofMaps ? "map definitions" : "functions")
                            + " without dimension; write it with __array");
        }
    }

    private ObjectFormatException bad(BtfType.Member member, String message) {
        return file.bad(
                "section .maps: map " + name + ": attribute " + member.name() + " " + message);
    }
}
