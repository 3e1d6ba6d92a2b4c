// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What BTF can say today that some kernel does not accept, with what to say to that kernel instead.
 * {@link #withoutAll} rewrites types for such a kernel; ids do not move, and sizes and offsets of
 * data stay the same.
 */
public enum BtfFeature {
    /** Functions: FUNC becomes TYPEDEF, FUNC_PROTO becomes an ENUM without enumerators. */
    FUNCTION("5.0") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            if (type instanceof BtfType.Func function) {
                return new BtfType.Typedef(function.name(), function.type());
            }
            return type instanceof BtfType.FuncProto
                    ? new BtfType.Enum("", 4, false, List.of())
                    : type;
        }
    },
    /**
     * Variables: VAR becomes a one-byte INT, DATASEC a STRUCT whose members have the variables'
     * names.
     */
    DATA_SECTION("5.2") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            if (type instanceof BtfType.Var variable) {
                return placeholder(variable.name());
            }
            return type instanceof BtfType.DataSec section ? struct(section, rewrite.source) : type;
        }
    },
    /** Linkage of functions: every FUNC becomes static. */
    GLOBAL_FUNCTION("5.6") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            return type instanceof BtfType.Func function
                            && function.linkage() != BtfType.Func.STATIC
                    ? new BtfType.Func(function.name(), function.type(), BtfType.Func.STATIC)
                    : type;
        }
    },
    /** Floating point: FLOAT becomes an anonymous STRUCT of its size without members. */
    FLOAT("5.13") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            return type instanceof BtfType.Float number
                    ? new BtfType.Struct("", number.size(), List.of())
                    : type;
        }
    },
    /** Tags on declarations: DECL_TAG becomes a one-byte INT. */
    DECL_TAG("5.16") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            return type instanceof BtfType.DeclTag tag ? placeholder(tag.name()) : type;
        }
    },
    /** Tags on types: TYPE_TAG becomes CONST. */
    TYPE_TAG("5.17") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            return type instanceof BtfType.TypeTag tag ? new BtfType.Const(tag.type()) : type;
        }
    },
    /** Wide and signed enums: ENUM64 becomes a UNION of one-byte members, ENUM loses its sign. */
    ENUM64("6.0") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            if (type instanceof BtfType.Enum narrow && narrow.signed()) {
                return new BtfType.Enum(narrow.name(), narrow.size(), false, narrow.enumerators());
            }
            return type instanceof BtfType.Enum64 wide
                    ? union(wide, rewrite.placeholderId())
                    : type;
        }
    },
    /** A question mark that begins the name of a DATASEC becomes an underscore. */
    OPTIONAL_SECTION("6.9") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            return type instanceof BtfType.DataSec section && section.name().startsWith("?")
                    ? new BtfType.DataSec(
                            "_" + section.name().substring(1), section.size(), section.variables())
                    : type;
        }
    },
    /** Tags for any attribute: such a TYPE_TAG becomes CONST, such a DECL_TAG a one-byte INT. */
    ATTRIBUTE_TAG("6.15") {
        @Override
        BtfType replace(BtfType type, Rewrite rewrite) {
            if (type instanceof BtfType.TypeTag tag && tag.attribute()) {
                return new BtfType.Const(tag.type());
            }
            return type instanceof BtfType.DeclTag tag && tag.attribute()
                    ? placeholder(tag.name())
                    : type;
        }
    };

    private final String since;

    BtfFeature(String since) {
        this.since = since;
    }

    /**
     * Returns the kernel that the feature came with.
     *
     * @return a version, such as {@code 5.13}
     */
    public String since() {
        return since;
    }

    /**
     * Returns what some BTF makes use of.
     *
     * @param btf the types
     * @return a new set
     * @throws io.ebpf4j.error.ObjectFormatException if a type's bytes are bad
     */
    public static Set<BtfFeature> usedBy(Btf btf) {
        Set<BtfFeature> used = EnumSet.noneOf(BtfFeature.class);
        Rewrite rewrite = new Rewrite(btf);
        for (int id = btf.firstId(); id < btf.typeCount(); id++) {
            BtfType type = btf.type(id);
            for (BtfFeature feature : values()) {
                if (!feature.replace(type, rewrite).equals(type)) {
                    used.add(feature);
                }
            }
        }
        return used;
    }

    /**
     * Rewrites types for a kernel.
     *
     * @param btf the types
     * @param missing what the kernel lacks
     * @return BTF that does without it, with the ids and string offsets of {@code btf}; one INT may
     *     follow the last type
     * @throws io.ebpf4j.error.ObjectFormatException if a type's bytes are bad or its kind is
     *     unknown
     */
    public static Btf withoutAll(Btf btf, Set<BtfFeature> missing) {
        if (missing.isEmpty()) {
            return btf;
        }
        Set<BtfFeature> ordered = EnumSet.copyOf(missing);
        Rewrite rewrite = new Rewrite(btf);
        for (int id = btf.firstId(); id < btf.typeCount(); id++) {
            BtfType type = btf.type(id);
            BtfType rewritten = type;
            for (BtfFeature feature : ordered) {
                rewritten = feature.replace(rewritten, rewrite);
            }
            if (!rewritten.equals(type)) {
                rewrite.builder.set(id, rewritten);
            }
        }
        return rewrite.builder.build(btf.order());
    }

    /**
     * Returns what stands for a type on a kernel without this feature, or the very type when that
     * kernel accepts it.
     */
    abstract BtfType replace(BtfType type, Rewrite rewrite);

    // One byte fits whatever a replaced declaration occupied.
    private static BtfType placeholder(String name) {
        return new BtfType.Int(name, 1, 0, 0, Byte.SIZE);
    }

    private static BtfType struct(BtfType.DataSec section, Btf source) {
        List<BtfType.Member> members = new ArrayList<>();
        for (BtfType.Section variable : section.variables()) {
            String name = source.type(variable.type()).name();
            members.add(
                    new BtfType.Member(name, variable.type(), variable.offset() * Byte.SIZE, 0));
        }
        return new BtfType.Struct(
                section.name().replace('.', '_').replace('?', '_'), section.size(), members);
    }

    private static BtfType union(BtfType.Enum64 wide, int memberType) {
        List<BtfType.Member> members = new ArrayList<>();
        for (BtfType.Enumerator enumerator : wide.enumerators()) {
            members.add(new BtfType.Member(enumerator.name(), memberType, 0, 0));
        }
        return new BtfType.Union(wide.name(), wide.size(), members);
    }

    /** The BTF under work. */
    static final class Rewrite {
        private final Btf source;
        private final BtfBuilder builder;
        private int placeholderId;

        Rewrite(Btf source) {
            this.source = source;
            this.builder = BtfBuilder.edit(source);
        }

        /** Returns the id of a one-byte integer, which is added on the first call. */
        int placeholderId() {
            if (placeholderId == 0) {
                placeholderId = builder.add(placeholder("placeholder"));
            }
            return placeholderId;
        }
    }
}
