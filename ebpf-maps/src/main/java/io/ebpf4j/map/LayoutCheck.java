// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays a Java type over a C type known from BTF, and refuses what does not fit.
 *
 * <p>A component stands for the member of its name: the same name, the name in snake case ({@code
 * realParent} for {@code real_parent}), or the name without a trailing underscore ({@code class_}
 * for {@code class}). Components come in the order of the members. Members of anonymous structs and
 * unions count as members of the struct around them. Every member needs a component, except padding
 * (names that begin, after underscores, with pad, reserved or unused), members without size, and
 * the other members of a union of which one has a component.
 */
final class LayoutCheck {
    private final Btf btf;
    private final LayoutTable table = new LayoutTable();

    private LayoutCheck(Btf btf) {
        this.btf = btf;
    }

    /**
     * Returns the shape of a Java type over a C type.
     *
     * @param type the Java type
     * @param btf the BTF that has the C type
     * @param typeId the C type
     * @param where what the type is, for messages
     * @throws BpfException if they do not fit; the message prints both
     */
    static Shape check(Class<?> type, Btf btf, int typeId, String where) {
        LayoutCheck check = new LayoutCheck(btf);
        int id = btf.type(typeId) instanceof BtfType.Var v ? v.type() : typeId;
        Place place = new Place("", 0, CTypes.Member.of(btf, "", id), 0, "");
        Shape shape = check.fit(type, null, place);
        if (check.table.differs()) {
            throw new BpfException(
                    where
                            + ": "
                            + type.getSimpleName()
                            + " does not fit "
                            + btf.typeName(id)
                            + ":\n"
                            + check.table);
        }
        return shape;
    }

    /**
     * Where a component and its member are.
     *
     * @param name the component with those around it
     * @param javaOffset bytes from the start, as Java lays the record out
     * @param member the member
     * @param offset bytes from the start of the C type
     * @param problem what is wrong with the place; empty if nothing is
     */
    private record Place(
            String name, int javaOffset, CTypes.Member member, int offset, String problem) {}

    /** Returns the shape of a component, whose row or rows are added to the table. */
    private Shape fit(Class<?> type, AnnotatedElement annotations, Place at) {
        BtfType c = btf.resolve(at.member().type());
        if (type.isRecord() && c instanceof BtfType.Composite composite) {
            return structure(type, composite, at);
        }
        if (type.isArray()
                && type != byte[].class
                && c instanceof BtfType.Array array
                && array.count() > 0) {
            return sequence(type, annotations, array, at);
        }
        Fit fit =
                at.member().bits() != 0
                        ? BitfieldCheck.fit(type, annotations, c, at.member())
                        : leaf(type, annotations, c, at);
        Shape shape = fit.shape();
        table.add(
                new LayoutTable.Cell(
                        at.javaOffset(), shape.size(), type.getSimpleName(), at.name()),
                cell(at.member(), at.offset()),
                !at.problem().isEmpty() ? at.problem() : fit.problem());
        return shape;
    }

    /**
     * How a leaf fits.
     *
     * @param shape its shape; some shape if it does not fit
     * @param problem why it does not fit; empty if it does
     */
    record Fit(Shape shape, String problem) {}

    private Fit leaf(Class<?> type, AnnotatedElement annotations, BtfType c, Place at) {
        Class<?> kind = Shapes.unboxed(type);
        int size = at.member().size();
        if (kind.isPrimitive()) {
            Fit number = NumberCheck.fit(kind, annotations, c);
            return number.problem().isEmpty()
                    ? new Fit(Shapes.ordered(number.shape(), annotations, at.name()), "")
                    : number;
        }
        Shapes.checkOrder(type, annotations, at.name());
        if (type == String.class) {
            int chars = Shapes.length(annotations, Chars.class);
            return new Fit(
                    new Shape.Text(chars == Shapes.UNKNOWN ? size : chars),
                    charArray(c) ? length(chars, size, "@Chars") : "is no array of char");
        }
        if (type == byte[].class || type == MemorySegment.class) {
            int length = Shapes.length(annotations, Length.class);
            return new Fit(
                    new Shape.Raw(type, length == Shapes.UNKNOWN ? size : length),
                    length(length, size, "@Length"));
        }
        if (type == Inet4Address.class || type == Inet6Address.class) {
            int needed = type == Inet4Address.class ? 4 : 16;
            return new Fit(
                    new Shape.Address(type, needed),
                    needed == size ? "" : "an address of this kind has " + needed + " bytes");
        }
        if (type == Duration.class || type == Instant.class) {
            boolean fits = c instanceof BtfType.Int && size == Long.BYTES;
            return new Fit(Shape.Time.of(type), fits ? "" : "is no integer of 8 bytes");
        }
        if (type.isEnum()) {
            return EnumCheck.fit(type, c, size);
        }
        if (type.isRecord()) {
            return new Fit(Shapes.of(type, null, Shapes.UNKNOWN, at.name()), "is no struct");
        }
        if (type.isArray()) {
            return new Fit(new Shape.Raw(type, size), "is no array");
        }
        throw Shapes.unsupported(type, at.name());
    }

    private boolean charArray(BtfType c) {
        return c instanceof BtfType.Array a
                && btf.resolve(a.type()) instanceof BtfType.Int element
                && element.size() == 1;
    }

    private static String length(int annotated, int actual, String annotation) {
        if (actual == 0) {
            return "has no size";
        }
        return annotated == Shapes.UNKNOWN || annotated == actual
                ? ""
                : annotation + "(" + annotated + ") differs";
    }

    private Shape sequence(
            Class<?> type, AnnotatedElement annotations, BtfType.Array array, Place at) {
        int annotated = Shapes.length(annotations, Length.class);
        CTypes.Member element = CTypes.Member.of(btf, at.member().name(), array.type());
        Shape shape =
                fit(
                        type.getComponentType(),
                        annotations,
                        new Place(
                                at.name() + "[]",
                                at.javaOffset(),
                                element,
                                at.offset(),
                                at.problem()));
        String problem = length(annotated, array.count(), "@Length");
        if (!problem.isEmpty()) {
            table.add(null, cell(at.member(), at.offset()), problem);
        }
        return new Shape.Sequence(type, shape, array.count());
    }

    private Shape structure(Class<?> type, BtfType.Composite c, Place at) {
        String prefix = at.member().name().isEmpty() ? "" : at.name() + ".";
        List<CTypes.Member> members = CTypes.members(btf, c);
        boolean[] taken = new boolean[members.size()];
        List<Shape.Field> fields = new ArrayList<>();
        int end = 0;
        int alignment = 1;
        int last = 0;
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + component.getName();
            int index = find(members, component.getName());
            if (index < 0) {
                LayoutTable.Cell cell =
                        new LayoutTable.Cell(
                                at.javaOffset() + end,
                                0,
                                component.getType().getSimpleName(),
                                name);
                table.add(cell, null, "no member of this name");
                continue;
            }
            CTypes.Member m = members.get(index);
            taken[index] = true;
            int aligned = Shapes.align(end, naturalAlignment(component.getType(), m.size()));
            String order =
                    m.offset() < last ? "components must come in the order of the members" : "";
            Place place =
                    new Place(name, at.javaOffset() + aligned, m, at.offset() + m.offset(), order);
            Shape shape = fit(component.getType(), component, place);
            fields.add(new Shape.Field(component, shape, m.offset()));
            last = m.offset();
            end = aligned + shape.size();
            alignment = Math.max(alignment, shape.alignment());
        }
        leftOver(members, taken, at.offset());
        return new Shape.Structure(type, List.copyOf(fields), c.size(), alignment);
    }

    /**
     * Returns what a Java type is aligned to over a member of so many bytes; for the table only.
     */
    private static int naturalAlignment(Class<?> type, int size) {
        Class<?> kind = Shapes.unboxed(type);
        if (kind.isPrimitive()) {
            return Math.min(Shapes.primitiveSize(kind), Integer.highestOneBit(size | 1));
        }
        if (type.isEnum() || type == Duration.class || type == Instant.class) {
            return Math.min(Long.BYTES, Integer.highestOneBit(size | 1));
        }
        int most = 1;
        if (type.isArray()) {
            most = naturalAlignment(type.getComponentType(), Long.BYTES);
        } else if (type.isRecord()) {
            for (RecordComponent c : type.getRecordComponents()) {
                most = Math.max(most, naturalAlignment(c.getType(), Long.BYTES));
            }
        }
        return most;
    }

    private void leftOver(List<CTypes.Member> members, boolean[] taken, int base) {
        for (int i = 0; i < taken.length; i++) {
            CTypes.Member m = members.get(i);
            if (!taken[i]) {
                boolean spare = m.padding() || unionTaken(members, taken, m.union());
                table.add(
                        null, cell(m, base + m.offset()), spare ? "" : "no component of this name");
            }
        }
    }

    private static boolean unionTaken(List<CTypes.Member> members, boolean[] taken, int union) {
        for (int i = 0; i < taken.length; i++) {
            if (taken[i] && union >= 0 && members.get(i).union() == union) {
                return true;
            }
        }
        return false;
    }

    /** Returns the index of the member that a component stands for, or -1. */
    private static int find(List<CTypes.Member> members, String component) {
        int exact = indexOf(members, component);
        if (exact >= 0) {
            return exact;
        }
        int snake = indexOf(members, snakeCase(component));
        return snake < 0 && component.endsWith("_")
                ? indexOf(members, component.substring(0, component.length() - 1))
                : snake;
    }

    private static int indexOf(List<CTypes.Member> members, String name) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String snakeCase(String camel) {
        StringBuilder snake = new StringBuilder(camel.length() + 4);
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                snake.append('_');
            }
            snake.append(Character.toLowerCase(c));
        }
        return snake.toString();
    }

    private LayoutTable.Cell cell(CTypes.Member m, int offset) {
        return new LayoutTable.Cell(offset, m.size(), btf.typeName(m.type()), m.name());
    }
}
