// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Files whose section counts and indices do not fit the header's sixteen bits. */
class ElfNumberingTest {

    @ParameterizedTest
    @ValueSource(ints = {3, 0xfef0, 0xfff1, 70_000})
    void countsAndIndicesComeFromSectionZero(int plain) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            ElfFile file = ElfFile.parse(new ElfWriter(order).manySections(plain));

            assertThat(file.sections()).hasSize(plain + 4);
            assertThat(file.sections().get(plain).name()).isEqualTo("code");
            ElfSymbol far = file.symbol("far").orElseThrow();
            assertThat(far.sectionIndex()).isEqualTo(plain);
            assertThat(far.inSection()).isTrue();
        }
    }

    @Test
    void anExtendedIndexOfNoSectionIsRefused() {
        byte[] bytes = new ElfWriter(ByteOrder.LITTLE_ENDIAN).manySections(10);
        ElfSection indices = ElfFile.parse(bytes).sections().get(13);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) indices.offset() + 4, -1);

        assertThatThrownBy(() -> ElfFile.parse(bytes).symbol("far"))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("is in section 4294967295, but there are 14");
    }

    @Test
    void aTableOfExtendedIndicesThatIsTooShortIsRefused() {
        byte[] bytes = new ElfWriter(ByteOrder.LITTLE_ENDIAN).manySections(10);
        int header = bytes.length - ElfWriter.SECTION_BYTES;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(header + 0x20, 4);

        assertThatThrownBy(() -> ElfFile.parse(bytes).symbols())
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("fewer entries than the 2 symbols");
    }

    @Test
    void relocationSectionsThatOverlapAreRefusedBeforeTheyFillMemory() {
        byte[] bytes = new ElfWriter(ByteOrder.LITTLE_ENDIAN).manySections(2_000);
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) file.getLong(0x28);
        for (int i = 2; i <= 2_000; i++) {
            int at = headers + i * ElfWriter.SECTION_BYTES;
            file.putInt(at + 4, ElfSection.SHT_REL)
                    .putLong(at + 0x18, 0x1000)
                    .putLong(at + 0x20, 0xf000);
            file.putInt(at + 0x28, 2_002).putInt(at + 0x2c, 1).putLong(at + 0x38, 16);
        }
        file.putLong(headers + ElfWriter.SECTION_BYTES + 0x20, 0x10000);
        for (int at = 0x1000; at < 0x10000; at += 16) {
            file.putLong(at, 0).putLong(at + 8, 1);
        }
        // Those entries replace the headers of the sections in between; nearly a thousand
        // relocation sections are left.
        assertThatThrownBy(() -> Walk.everything(ElfFile.parse(bytes)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("overlaps other relocations of section 1");
    }
}
