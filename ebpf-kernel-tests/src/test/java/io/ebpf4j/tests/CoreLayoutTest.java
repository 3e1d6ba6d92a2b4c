// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.BtfType.Composite;
import io.ebpf4j.btf.BtfType.Member;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Holds the layouts and numbers that the library writes down against the running kernel's BTF. */
@KernelTest
@Requires(Requirement.BTF)
class CoreLayoutTest {
    private static final List<String> TABLES = List.of("AttrLayout", "LinkLayout", "InfoLayout");

    /** A member with its place from the start of the outermost struct. */
    private record Place(int offset, long size, int type) {}

    static List<Class<?>> structs() throws ClassNotFoundException {
        List<Class<?>> structs = new ArrayList<>();
        for (String table : TABLES) {
            // package-private, as it should be: only this test looks at it from outside
            for (Class<?> type : Class.forName("io.ebpf4j.sys." + table).getDeclaredClasses()) {
                if (!type.isAnnotation()) {
                    structs.add(type);
                }
            }
        }
        return structs;
    }

    @ParameterizedTest
    @MethodSource("structs")
    void membersLieWhereTheKernelHasThem(Class<?> layout) throws ReflectiveOperationException {
        Annotation struct = layout.getAnnotations()[0];
        String name = text(struct, "value");
        String member = text(struct, "member");
        String since = text(struct, "since");
        Btf btf = Kernel.shared().btf().vmlinux();
        boolean union = btf.find(name, BtfType.Union.class) >= 0;
        Composite type =
                (Composite)
                        btf.type(
                                btf.find(name, union ? BtfType.Union.class : BtfType.Struct.class));

        List<Map<String, Place>> candidates = new ArrayList<>();
        if (!member.isEmpty()) {
            Map<String, Place> inside = inside(btf, type, member);
            if (inside == null) {
                assertThat(Requirement.atLeast(since.isEmpty() ? "5.10" : since))
                        .as(member)
                        .isFalse();
                return;
            }
            candidates.add(inside);
        } else if (union) {
            unnamed(btf, type, candidates);
        } else {
            candidates.add(flatten(btf, type, 0, new HashMap<>()));
        }
        Map<String, String> expected = expected(layout);
        assertThat(candidates).anySatisfy(actual -> assertMembers(expected, actual));
    }

    /**
     * Every member the kernel has must be where the layout says; the first must exist on any
     * kernel.
     */
    private static void assertMembers(Map<String, String> expected, Map<String, Place> actual) {
        int known = 0;
        for (Map.Entry<String, String> e : expected.entrySet()) {
            Place place = actual.get(e.getKey());
            if (place == null) {
                // a member that came later: another name of a place, or where this kernel has none
                assertThat(isAliasOrFree(e.getValue(), actual)).as(e.getKey()).isTrue();
                continue;
            }
            known++;
            assertThat(place.offset() + "+" + place.size()).as(e.getKey()).isEqualTo(e.getValue());
        }
        assertThat(known).isGreaterThanOrEqualTo(Math.min(2, expected.size()));
    }

    private static boolean isAliasOrFree(String place, Map<String, Place> actual) {
        int plus = place.indexOf('+');
        int offset = Integer.parseInt(place.substring(0, plus));
        int end = offset + Integer.parseInt(place.substring(plus + 1));
        boolean free = true;
        for (Place known : actual.values()) {
            if ((known.offset() + "+" + known.size()).equals(place)) {
                return true;
            }
            free &= known.offset() >= end || known.offset() + known.size() <= offset;
        }
        return free;
    }

    private static String text(Annotation annotation, String element)
            throws ReflectiveOperationException {
        var method = annotation.annotationType().getDeclaredMethod(element);
        method.setAccessible(true);
        return (String) method.invoke(annotation);
    }

    private static Map<String, String> expected(Class<?> layout)
            throws ReflectiveOperationException {
        Map<String, String> expected = new HashMap<>();
        for (Field constant : layout.getDeclaredFields()) {
            constant.setAccessible(true);
            if (!constant.getName().equals("BYTES")) {
                int field = constant.getInt(null);
                expected.put(
                        constant.getName().toLowerCase(Locale.ROOT),
                        (field & 0xffff) + "+" + (field >>> 16));
            }
        }
        return expected;
    }

    /** Collects each unnamed struct of a union on its own. */
    private static void unnamed(Btf btf, Composite union, List<Map<String, Place>> into) {
        for (Member member : union.members()) {
            if (member.name().isEmpty()) {
                Composite type = (Composite) btf.resolve(member.type());
                into.add(flatten(btf, type, member.bitOffset() / 8, new HashMap<>()));
            }
        }
    }

    /** Follows a path of members, or returns null where it ends before its end. */
    private static Map<String, Place> inside(Btf btf, Composite type, String path) {
        Map<String, Place> members = flatten(btf, type, 0, new HashMap<>());
        for (String step : path.split("\\.", -1)) {
            Place place = members.get(step);
            if (place == null) {
                return null;
            }
            Composite inner = (Composite) btf.resolve(place.type());
            members = flatten(btf, inner, place.offset(), new HashMap<>());
        }
        return members;
    }

    private static Map<String, Place> flatten(
            Btf btf, Composite type, int base, Map<String, Place> into) {
        for (Member member : type.members()) {
            int offset = base + member.bitOffset() / 8;
            if (member.name().isEmpty() && btf.resolve(member.type()) instanceof Composite inner) {
                flatten(btf, inner, offset, into);
            } else {
                into.put(
                        member.name(), new Place(offset, btf.sizeOf(member.type()), member.type()));
            }
        }
        return into;
    }

    @Test
    void commandsHaveTheKernelsNumbers() {
        Btf btf = Kernel.shared().btf().vmlinux();
        BtfType.Enum commands = (BtfType.Enum) btf.type(btf.find("bpf_cmd", BtfType.Enum.class));
        Map<String, Long> numbers = new HashMap<>();
        for (BtfType.Enumerator enumerator : commands.enumerators()) {
            numbers.put(enumerator.name(), enumerator.value());
        }
        for (BpfCommand command : BpfCommand.values()) {
            if (Requirement.atLeast(command.since()) || numbers.containsKey(command.kernelName())) {
                assertThat(numbers).containsEntry(command.kernelName(), (long) command.number());
            }
        }
    }
}
