// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** The notes of static probes. */
class UsdtProbeTest {
    private static final int X86_64 = 62;
    private static final long CODE = UsdtFile.CODE;
    private static final long BASE = UsdtFile.BASE;

    private static List<UsdtProbe> list(byte[] file) {
        return UsdtProbe.list(ElfFile.parse(file));
    }

    private static ByteOrder order(boolean little) {
        return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areReadInBothByteOrders(boolean little) {
        byte[] file =
                new UsdtFile(order(little))
                        .probe(CODE + 0x10, BASE, 0, "app", "started", "-4@%edi 8@%rax")
                        .probe(CODE + 0x20, BASE, UsdtFile.DATA + 2, "app", "ended", "")
                        .build(X86_64);
        assertThat(list(file))
                .containsExactly(
                        new UsdtProbe("app", "started", CODE + 0x10, 0x810, 0, 0, "-4@%edi 8@%rax"),
                        new UsdtProbe(
                                "app", "ended", CODE + 0x20, 0x820, UsdtFile.DATA + 2, 0xc02, ""));
    }

    @Test
    void moveWithTheirBase() {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .probe(0x11, BASE - CODE, UsdtFile.DATA - CODE, "app", "moved", "")
                        .probe(CODE, 0, 0, "app", "unmoved", "")
                        .build(X86_64);
        assertThat(list(file))
                .extracting(UsdtProbe::address, UsdtProbe::semaphore)
                .containsExactly(tuple(CODE + 0x11, UsdtFile.DATA), tuple(CODE, 0L));
    }

    @Test
    void mayLieInNoCode() {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .probe(UsdtFile.DATA, BASE, CODE + 0x100, "app", "nowhere", "")
                        .build(X86_64);
        assertThat(list(file).get(0).fileOffset()).isEqualTo(-1);
        assertThat(list(file).get(0).semaphoreOffset()).isEqualTo(-1);
    }

    @Test
    void otherNotesArePassedOver() {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .other(4, "stapsdt")
                        .other(3, "GNU")
                        .other(3, "stapsdx")
                        .probe(CODE, BASE, 0, "app", "here", "")
                        .other(3, "longer name")
                        .build(X86_64);
        assertThat(list(file)).extracting(UsdtProbe::name).containsExactly("here");
    }

    @Test
    void theLastNoteNeedNotBePadded() {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .probe(CODE, BASE, 0, "app", "here", "")
                        .cut(1)
                        .build(X86_64);
        assertThat(list(file)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 8, 20, 40, 48})
    void cutNotesAreRefused(int bytes) {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .probe(CODE, BASE, 0, "app", "here", "")
                        .cut(bytes)
                        .build(X86_64);
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(() -> list(file))
                .withMessageContaining(".note.stapsdt");
    }

    @Test
    void textsThatDoNotEndAreRefused() {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .probe(CODE, BASE, 0, "app", "here", "abc")
                        .build(X86_64);
        int end = 0x240 + 12 + 8 + 24 + "app_here_abc".length();
        assertThat(file[end]).isZero();
        file[end] = 'd';
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(() -> list(file))
                .withMessageContaining("do not end");
    }

    @Test
    void everyByteMayHaveAnyTellingValue() {
        byte[] file =
                new UsdtFile(ByteOrder.LITTLE_ENDIAN)
                        .probe(CODE, BASE, 0, "app", "here", "8@%rax")
                        .other(1, "x")
                        .probe(CODE + 4, BASE, UsdtFile.DATA, "app", "there", "")
                        .build(X86_64);
        int refused = 0;
        for (int at = 0x240; at < 0x300; at++) {
            byte kept = file[at];
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                file[at] = (byte) value;
                try {
                    list(file);
                } catch (ObjectFormatException e) {
                    refused++;
                }
            }
            file[at] = kept;
        }
        assertThat(refused).isGreaterThan(30);
    }

    @Test
    void filesWithoutNotesHaveNone() {
        assertThat(list(new ElfWriter(ByteOrder.nativeOrder()).manySections(1))).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems' libraries are no ELF files")
    void theVirtualMachineHasMany() {
        Path path = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        try (ElfFile file = ElfFile.open(path)) {
            assumeThat(file.section(".note.stapsdt"))
                    .as("a JDK that is built with static probes")
                    .isPresent();
            List<UsdtProbe> probes = UsdtProbe.list(file);
            assertThat(probes)
                    .filteredOn(p -> p.provider().equals("hotspot"))
                    .extracting(UsdtProbe::name)
                    .contains("gc__begin", "gc__end", "class__loaded", "vm__shutdown");
            for (UsdtProbe probe : probes) {
                assertThat(probe.fileOffset()).as(probe.toString()).isPositive();
                // every argument of the JVM's C++ has a form that is known
                assertThat(UsdtArgument.parse(file.machine(), probe.arguments()))
                        .as(probe.toString())
                        .hasSize(probe.arguments().isEmpty() ? 0 : spaces(probe) + 1);
            }
        }
    }

    private static int spaces(UsdtProbe probe) {
        return (int) probe.arguments().chars().filter(c -> c == ' ').count();
    }
}
