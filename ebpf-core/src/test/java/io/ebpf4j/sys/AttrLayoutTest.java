// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.sys.AttrLayout.Struct;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What must hold without a kernel; the offsets themselves are held against kernel BTF by a kernel
 * test.
 */
class AttrLayoutTest {
    static List<Class<?>> structs() {
        return Stream.of(AttrLayout.class, LinkLayout.class, InfoLayout.class)
                .flatMap(table -> Stream.of(table.getDeclaredClasses()))
                .filter(type -> type.isAnnotationPresent(Struct.class))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("structs")
    void membersAreAlignedAndInside(Class<?> struct) throws IllegalAccessException {
        int bytes = 0;
        int members = 0;
        List<String> outside = new ArrayList<>();
        for (Field constant : struct.getDeclaredFields()) {
            if (constant.getName().equals("BYTES")) {
                bytes = constant.getInt(null);
            }
        }
        for (Field constant : struct.getDeclaredFields()) {
            int field = constant.getInt(null);
            if (constant.getName().equals("BYTES")) {
                continue;
            }
            members++;
            int width = AttrLayout.width(field);
            boolean aligned = width == 16 || AttrLayout.offset(field) % Math.min(width, 8) == 0;
            if (!aligned || AttrLayout.offset(field) + width > bytes) {
                outside.add(constant.getName());
            }
        }
        assertThat(outside).isEmpty();
        assertThat(members).isPositive();
        if (struct.getAnnotation(Struct.class).value().equals("bpf_attr")) {
            assertThat(bytes).isLessThanOrEqualTo(AttrLayout.ATTR_BYTES);
        }
    }
}
