// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.relocation.Linker;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Damaged objects parse, or fail with the exceptions that say so: nothing else, and soon. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DamagedObjectTest {

    private static final int FLIPPED_OBJECTS = 4_000;

    @ParameterizedTest
    @EnumSource
    void survivesBeingCutOffAnywhere(TestObject object) {
        byte[] whole = object.bytes();
        int parsed = 0;
        for (int length = 0; length < whole.length; length++) {
            parsed += parses(Arrays.copyOf(whole, length), "cut to " + length) ? 1 : 0;
        }
        // Headers of sections are at the end, so that nothing shorter is whole.
        assertThat(parsed).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void survivesFlippedBits(TestObject object) {
        byte[] whole = object.bytes();
        Random random = new Random(object.name().hashCode());
        int parsed = 0;
        for (int i = 0; i < FLIPPED_OBJECTS; i++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            parsed += parses(damaged, "round " + i) ? 1 : 0;
        }
        assertThat(parsed).isBetween(1, FLIPPED_OBJECTS - 1);
    }

    @ParameterizedTest
    @EnumSource
    void survivesExtremeNumbers(TestObject object) {
        byte[] whole = object.bytes();
        byte[] extremes = {0, (byte) 0xff, 0x7f, (byte) 0x80};
        int parsed = 0;
        for (int at = 4; at + 4 <= whole.length; at += 4) {
            for (byte extreme : extremes) {
                byte[] damaged = whole.clone();
                Arrays.fill(damaged, at, at + 4, extreme);
                parsed += parses(damaged, "word " + at + " of " + extreme) ? 1 : 0;
            }
        }
        assertThat(parsed).isPositive();
    }

    private static boolean parses(byte[] object, String how) {
        try {
            CollectionSpec spec = CollectionSpec.parse("damaged.o", object);
            link(spec);
            return true;
        } catch (ObjectFormatException | UnsupportedException e) {
            assertThat(e).hasMessageContaining("damaged.o");
            return false;
        } catch (RuntimeException | Error e) {
            return fail(how, e);
        }
    }

    private static void link(CollectionSpec spec) {
        for (ProgramSpec program : spec.copy().programs().values()) {
            try {
                Linker.link(program.function(), spec.functions()::get);
            } catch (RelocationException e) {
                assertThat(e).hasMessageContaining(program.name());
            }
        }
    }
}
