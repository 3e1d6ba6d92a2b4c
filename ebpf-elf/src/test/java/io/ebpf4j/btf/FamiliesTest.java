// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class FamiliesTest {
    static final List<Class<?>> CLASSES =
            Arrays.stream(BtfType.class.getDeclaredClasses())
                    .filter(BtfType.class::isAssignableFrom)
                    .toList();

    @ParameterizedTest
    @FieldSource("CLASSES")
    void aFamilyHasTheKindsOfItsRecords(Class<? extends BtfType> family) {
        RandomTypes random = new RandomTypes(new Random(1));
        int kinds = 0;
        for (int i = 0; i < 1000; i++) {
            BtfType type = random.type();
            kinds |= family.isInstance(type) ? 1 << Families.kind(type).number : 0;
        }
        kinds |= family.isInstance(new BtfType.Void()) ? 1 : 0;

        assertThat(Families.kinds(family)).isEqualTo(kinds);
    }
}
