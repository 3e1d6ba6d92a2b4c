// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

/**
 * Damaged files give {@link ObjectFormatException} and nothing else, and never take memory out of
 * proportion.
 */
class ElfMutationTest {
    private static final int[] TELLING = {0, 1, 0x7f, 0x80, 0xff};
    private static final long LARGEST_ALLOCATION = 4 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int refused;
    private int read;

    private void walk(byte[] bytes, String what) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            Walk.everything(ElfFile.parse(bytes));
            read++;
        } catch (ObjectFormatException e) {
            refused++;
        } catch (RuntimeException | Error e) {
            fail(what + " gave " + e, e);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (allocated > LARGEST_ALLOCATION) {
            fail(what + " took " + allocated + " bytes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationIsRefused(Shapes shapes) {
        byte[] bytes = shapes.bytes();
        for (int length = 0; length < bytes.length; length++) {
            walk(Arrays.copyOf(bytes, length), "the first " + length + " bytes");
        }

        assertThat(refused).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @EnumSource
    void everyByteMayHaveAnyTellingValue(Shapes shapes) {
        byte[] bytes = shapes.bytes();
        for (int at = 0; at < bytes.length; at++) {
            byte kept = bytes[at];
            for (int value : TELLING) {
                bytes[at] = (byte) value;
                walk(bytes, "byte " + at + " set to " + value);
            }
            bytes[at] = kept;
        }

        assertThat(refused).isGreaterThan(100);
        assertThat(read).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource
    void manyBytesMayBeRandom(Shapes shapes) {
        byte[] original = shapes.bytes();
        Random random = new Random(20_260_101);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = original.clone();
            int headers = bytes.length - 19 * 64;
            for (int change = random.nextInt(1, 8); change > 0; change--) {
                int at =
                        random.nextBoolean()
                                ? random.nextInt(headers, bytes.length)
                                : random.nextInt(bytes.length);
                bytes[at] =
                        (byte)
                                (random.nextBoolean()
                                        ? random.nextInt()
                                        : TELLING[random.nextInt(TELLING.length)]);
            }
            walk(bytes, "round " + round);
        }

        assertThat(refused).isGreaterThan(1_000);
        assertThat(read).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @EnumSource
    void noiseAfterAGoodIdentificationIsRead(Shapes shapes) {
        Random random = new Random(4);
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = new byte[random.nextInt(16, 2_000)];
            random.nextBytes(bytes);
            System.arraycopy(
                    shapes.bytes(), 0, bytes, 0, Math.min(bytes.length, round % 2 == 0 ? 16 : 64));
            walk(bytes, "round " + round);
        }

        assertThat(refused).isPositive();
    }
}
