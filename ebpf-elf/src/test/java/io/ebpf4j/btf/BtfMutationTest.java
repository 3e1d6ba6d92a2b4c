// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.function.Supplier;

/** Whatever happens to the bytes, they are read or refused with {@link ObjectFormatException}. */
class BtfMutationTest {
    private static final int[] INTERESTING = {0, 1, 0x7f, 0x80, 0xff};

    private final byte[] types = Fixture.LITTLE_ENDIAN.types();
    private final byte[] extension = Fixture.LITTLE_ENDIAN.extension();
    private final Btf btf = Fixture.LITTLE_ENDIAN.btf();

    @Test
    void everyTruncationOfTypesIsRefused() {
        for (int length = 0; length < types.length; length++) {
            byte[] cut = Arrays.copyOf(types, length);

            assertThatThrownBy(() -> Btf.parse(cut)).isInstanceOf(ObjectFormatException.class);
        }
    }

    @Test
    void everyTruncationOfTheExtensionIsRefused() {
        for (int length = 0; length < extension.length; length++) {
            byte[] cut = Arrays.copyOf(extension, length);

            assertThatThrownBy(() -> BtfExt.parse(cut, btf))
                    .isInstanceOf(ObjectFormatException.class);
        }
    }

    @Test
    void everyChangedByteOfTypesIsReadOrRefused() {
        int refused = 0;
        for (int i = 0; i < types.length; i++) {
            for (int value : INTERESTING) {
                byte[] changed = types.clone();
                changed[i] = (byte) value;
                refused += survives(changed) ? 0 : 1;
            }
        }

        assertThat(refused).isPositive();
    }

    @Test
    void anyChangedWordsOfTypesAreReadOrRefused() {
        Random random = new Random(20260401);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = types.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(changed.length / 4) * 4;
                Arrays.fill(
                        changed,
                        at,
                        at + 4,
                        (byte) INTERESTING[random.nextInt(INTERESTING.length)]);
                changed[at] = (byte) random.nextInt();
            }
            refused += survives(changed) ? 0 : 1;
        }

        assertThat(refused).isPositive().isLessThan(5_000);
    }

    @Test
    void everyChangedByteOfTheExtensionIsReadOrRefused() {
        int refused = 0;
        for (int i = 0; i < extension.length; i++) {
            for (int value : INTERESTING) {
                byte[] changed = extension.clone();
                changed[i] = (byte) value;
                try {
                    BtfExt.parse(changed, btf);
                } catch (ObjectFormatException e) {
                    assertThat(e).hasMessageContaining(".BTF.ext");
                    refused++;
                }
            }
        }

        assertThat(refused).isPositive();
    }

    /** Uses everything that is there; anything thrown but ObjectFormatException fails the test. */
    private boolean survives(byte[] bytes) {
        Btf parsed;
        try {
            parsed = Btf.parse(bytes);
        } catch (ObjectFormatException e) {
            return false;
        }
        for (int i = 0; i < parsed.typeCount(); i++) {
            int id = i;
            attempt(() -> parsed.type(id));
            attempt(() -> parsed.resolve(id));
            attempt(() -> parsed.sizeOf(id));
        }
        for (int id = 1; id < btf.typeCount(); id++) {
            String name = btf.type(id).name();
            parsed.find(name, BtfType.class);
            parsed.candidates(name, BtfType.class);
        }
        attempt(() -> BtfSubset.of(parsed, new int[] {19, 57, 67, 68}, new int[0]));
        attempt(() -> BtfFeature.withoutAll(parsed, EnumSet.allOf(BtfFeature.class)));
        return true;
    }

    private static void attempt(Supplier<?> use) {
        try {
            assertThat(use.get()).isNotNull();
        } catch (ObjectFormatException e) {
            assertThat(e).hasMessageContaining("BTF");
        }
    }
}
