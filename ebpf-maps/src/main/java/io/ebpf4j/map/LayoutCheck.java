// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
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
    private final Times times = new Times();

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
        Shape shape =
                Shapes.isStructure(type) && btf.resolve(id) instanceof BtfType.Composite c
                        ? check.structure(type, c, place, true)
                        : check.fit(Slot.whole(type), place);
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
    private Shape fit(Slot slot, Place at) {
        Class<?> type = slot.type();
        BtfType c = btf.resolve(at.member().type());
        String misplaced = slot.misplaced();
        if (misplaced.isEmpty()) {
            if (Shapes.isStructure(type) && c instanceof BtfType.Composite composite) {
                return structure(type, composite, at, false);
            }
            if (type.isArray()
                    && type != byte[].class
                    && c instanceof BtfType.Array array
                    && array.count() > 0) {
                return sequence(slot, array, at);
            }
        }
        Fit fit =
                !misplaced.isEmpty()
                        ? new Fit(new Shape.Raw(type, at.member().size()), misplaced)
                        : at.member().bits() != 0
                                ? BitfieldCheck.fit(slot, c, at.member())
                                : leaf(slot, c, at);
        return added(slot, fit, at);
    }

    private Shape added(Slot slot, Fit fit, Place at) {
        Shape shape = fit.shape();
        table.add(
                new LayoutTable.Cell(
                        at.javaOffset(), shape.size(), slot.type().getSimpleName(), at.name()),
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

    private Fit leaf(Slot slot, BtfType c, Place at) {
        Class<?> type = slot.type();
        Class<?> kind = Shapes.unboxed(type);
        int size = at.member().size();
        if (slot.has(Bitfield.class)) {
            return new Fit(new Shape.Raw(type, size), "is no bitfield");
        }
        if (kind.isPrimitive()) {
            Fit number = NumberCheck.fit(kind, slot, c);
            return new Fit(Shapes.ordered(number.shape(), slot), number.problem());
        }
        if (type == String.class) {
            int chars = slot.chars();
            return new Fit(
                    new Shape.Text(chars == Shapes.UNKNOWN ? size : chars),
                    charArray(c) ? length(chars, size, "@Chars") : "is no array of char");
        }
        if (type == byte[].class || type == MemorySegment.class) {
            int length = slot.length();
            return new Fit(
                    new Shape.Raw(type, length == Shapes.UNKNOWN ? size : length),
                    length(length, size, lengthName(slot)));
        }
        if (InetAddress.class.isAssignableFrom(type)) {
            boolean fits = Shapes.isAddress(type, size);
            return new Fit(
                    new Shape.Address(type, size),
                    fits
                            ? length(slot.length(), size, "@Length")
                            : "an address of this kind has "
                                    + (type == InetAddress.class
                                            ? "4 or 16"
                                            : Shapes.addressSize(type))
                                    + " bytes");
        }
        if (type == Duration.class || type == Instant.class) {
            boolean fits = c instanceof BtfType.Int && size == Long.BYTES;
            return new Fit(Shapes.time(slot, times), fits ? "" : "is no integer of 8 bytes");
        }
        if (type.isEnum()) {
            return EnumCheck.fit(type, c, size);
        }
        if (Shapes.isStructure(type)) {
            return new Fit(new Shape.Raw(type, size), "is no struct");
        }
        if (type.isArray()) {
            return new Fit(new Shape.Raw(type, size), "is no array");
        }
        throw Shapes.unsupported(type, at.name());
    }

    private static String lengthName(Slot slot) {
        return slot.made() == Shapes.UNKNOWN ? "@Length" : slot.type().getSimpleName();
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

    private Shape sequence(Slot slot, BtfType.Array array, Place at) {
        CTypes.Member element = CTypes.Member.of(btf, at.member().name(), array.type());
        Shape shape =
                fit(
                        slot.element(),
                        new Place(
                                at.name() + "[]",
                                at.javaOffset(),
                                element,
                                at.offset(),
                                at.problem()));
        String problem = length(slot.length(), array.count(), lengthName(slot));
        if (!problem.isEmpty()) {
            table.add(null, cell(at.member(), at.offset()), problem);
        }
        return new Shape.Sequence(slot.type(), shape, array.count());
    }

    private Shape.Structure structure(
            Class<?> type, BtfType.Composite c, Place at, boolean outermost) {
        String prefix = at.name().isEmpty() ? "" : at.name() + ".";
        List<CTypes.Member> members = CTypes.members(btf, c);
        boolean[] taken = new boolean[members.size()];
        List<Shape.Field> fields = new ArrayList<>();
        List<Slot> slots = type.isRecord() ? Slot.components(type) : Structs.fields(type);
        int end = 0;
        int alignment = 1;
        int last = 0;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            String name = prefix + slot.name();
            int index = find(members, slot.name());
            boolean anonymous = index < 0 && Cases.is(slot.type());
            if (anonymous) {
                index = anonymousUnion(slot, members, taken);
            }
            if (index < 0) {
                LayoutTable.Cell cell =
                        new LayoutTable.Cell(
                                at.javaOffset() + end, 0, slot.type().getSimpleName(), name);
                table.add(cell, null, "no member of this name");
                continue;
            }
            CTypes.Member m = members.get(index);
            taken[index] = true;
            int aligned = Shapes.align(end, naturalAlignment(slot.type(), m.size()));
            boolean late = type.isRecord() && m.offset() < last;
            Place place =
                    new Place(
                            name,
                            at.javaOffset() + aligned,
                            m,
                            at.offset() + m.offset(),
                            late ? "components must come in the order of the members" : "");
            Shape shape;
            if (Cases.is(slot.type())) {
                shape = variant(slot, fields, anonymous ? members : null, place);
            } else if (m.size() == 0) {
                shape = rest(slot, place, outermost && i == slots.size() - 1);
            } else {
                shape = fit(slot, place);
            }
            fields.add(new Shape.Field(slot, shape, m.offset()));
            last = m.offset();
            end = aligned + shape.size();
            alignment = Math.max(alignment, shape.alignment());
        }
        leftOver(members, taken, at.offset());
        return new Shape.Structure(type, List.copyOf(fields), c.size(), alignment);
    }

    private Shape rest(Slot slot, Place at, boolean last) {
        Class<?> type = slot.type();
        boolean bytes = type == byte[].class || type == MemorySegment.class || type == String.class;
        BtfType c = btf.resolve(at.member().type());
        if (!last || !(c instanceof BtfType.Array array) || (!bytes && !type.isArray())) {
            return added(slot, new Fit(new Shape.Raw(type, 0), "has no size"), at);
        }
        if (!bytes) {
            CTypes.Member element = CTypes.Member.of(btf, at.member().name(), array.type());
            return Shapes.rest(
                    type,
                    fit(
                            slot.flexibleElement(),
                            new Place(
                                    at.name() + "[]",
                                    at.javaOffset(),
                                    element,
                                    at.offset(),
                                    at.problem())));
        }
        boolean single = btf.sizeOf(array.type()) == 1;
        return added(
                slot, new Fit(Shapes.rest(type, null), single ? "" : "is no array of bytes"), at);
    }

    /**
     * Returns the first member of the anonymous union that has a member for each record of a sealed
     * interface, and takes all of them; or -1.
     */
    private static int anonymousUnion(Slot slot, List<CTypes.Member> members, boolean[] taken) {
        int union = -1;
        for (Cases.One one : Cases.of(slot, slot.name()).all()) {
            int index = find(members, one.memberName());
            if (index < 0 && one.values().isEmpty()) {
                continue;
            }
            if (index < 0 || members.get(index).union() < 0) {
                return -1;
            }
            union = members.get(index).union();
        }
        for (int i = 0; union >= 0 && i < taken.length; i++) {
            taken[i] |= members.get(i).union() == union;
        }
        return union;
    }

    /**
     * Fits the records of a union, each to its member.
     *
     * @param around the members of the struct around an anonymous union; null if it has a name
     * @param at the union, or the first member of an anonymous one
     */
    private Shape variant(
            Slot slot, List<Shape.Field> before, List<CTypes.Member> around, Place at) {
        CTypes.Member union = at.member();
        boolean named = around == null;
        BtfType c = btf.resolve(union.type());
        if (named && !(c instanceof BtfType.Union)) {
            return added(
                    slot, new Fit(new Shape.Raw(slot.type(), union.size()), "is no union"), at);
        }
        List<CTypes.Member> members =
                named
                        ? CTypes.members(btf, (BtfType.Union) c)
                        : around.stream().filter(m -> m.union() == union.union()).toList();
        int base = named ? 0 : union.offset();
        Cases cases = Cases.of(slot, at.name());
        Cases.Tag tag = cases.tag(before);
        List<Shape.Alternative> alternatives = new ArrayList<>();
        int size = named ? union.size() : 0;
        for (CTypes.Member m : members) {
            size = Math.max(size, m.offset() - base + m.size());
        }
        int alignment = 1;
        for (Cases.One one : cases.all()) {
            Shape.Structure s = alternative(one, members, base, size, at);
            alternatives.add(new Shape.Alternative(s, one.values()));
            alignment = Math.max(alignment, s.alignment());
        }
        return new Shape.Variant(
                slot.type(),
                tag.shape(),
                union.offset() - tag.offset(),
                List.copyOf(alternatives),
                size,
                alignment);
    }

    private Shape.Structure alternative(
            Cases.One one, List<CTypes.Member> members, int base, int size, Place at) {
        String name = at.name() + " as " + one.type().getSimpleName();
        int index = find(members, one.memberName());
        if (index < 0) {
            Shape shape = Shapes.of(one.type(), Shapes.UNKNOWN, name);
            boolean rest = one.values().isEmpty() && shape.size() <= size;
            String problem =
                    rest
                            ? ""
                            : one.values().isEmpty()
                                    ? "is larger than the union of " + size + " bytes"
                                    : "no member " + one.memberName();
            table.add(
                    new LayoutTable.Cell(
                            at.javaOffset(), shape.size(), one.type().getSimpleName(), name),
                    null,
                    problem);
            return (Shape.Structure) shape;
        }
        CTypes.Member m = members.get(index);
        Place place =
                new Place(name, at.javaOffset(), m, at.offset() + m.offset() - base, at.problem());
        List<Slot> slots = Slot.components(one.type());
        if (btf.resolve(m.type()) instanceof BtfType.Composite c) {
            return structure(one.type(), c, place, false);
        }
        if (slots.size() != 1) {
            Shape shape = Shapes.of(one.type(), Shapes.UNKNOWN, name);
            added(Slot.whole(one.type()), new Fit(shape, "is no struct"), place);
            return (Shape.Structure) shape;
        }
        // a member that is no struct is the one component of its record
        Shape shape = fit(slots.get(0), place);
        return new Shape.Structure(
                one.type(),
                List.of(new Shape.Field(slots.get(0), shape, 0)),
                m.size(),
                shape.alignment());
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
        } else if (Shapes.isStructure(type)) {
            List<Slot> slots = type.isRecord() ? Slot.components(type) : Structs.fields(type);
            for (Slot c : slots) {
                most = Math.max(most, naturalAlignment(c.type(), Long.BYTES));
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
