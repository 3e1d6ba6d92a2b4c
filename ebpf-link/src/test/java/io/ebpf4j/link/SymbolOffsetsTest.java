// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static io.ebpf4j.link.TestLibrary.CODE_ADDRESS;
import static io.ebpf4j.link.TestLibrary.CODE_OFFSET;
import static io.ebpf4j.link.TestLibrary.DATA_ADDRESS;
import static io.ebpf4j.link.TestLibrary.FUNC;
import static io.ebpf4j.link.TestLibrary.GLOBAL;
import static io.ebpf4j.link.TestLibrary.HIDDEN;
import static io.ebpf4j.link.TestLibrary.IFUNC;
import static io.ebpf4j.link.TestLibrary.LOCAL;
import static io.ebpf4j.link.TestLibrary.NOTYPE;
import static io.ebpf4j.link.TestLibrary.OBJECT;
import static io.ebpf4j.link.TestLibrary.WEAK;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

class SymbolOffsetsTest {
    private static final String NAME = "/usr/lib/libt.so.1";

    @TempDir Path folder;

    private long find(TestLibrary library, String symbol) throws IOException {
        Path file = folder.resolve("libt.so.1");
        Files.write(file, library.build());
        return SymbolOffsets.find(file, NAME, symbol);
    }

    private void refuses(TestLibrary library, String symbol, String message) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find(library, symbol))
                .withMessageContaining(message)
                .withMessageContaining(NAME);
    }

    @Test
    void segmentsGiveTheOffsetNotSections() throws IOException {
        TestLibrary library = new TestLibrary().dynamic("f", CODE_ADDRESS + 0x123);
        assertThat(find(library, "f")).isEqualTo(CODE_OFFSET + 0x123);
    }

    @Test
    void dynamicSymbolsComeFirstAndOthersAreFoundToo() throws IOException {
        TestLibrary library =
                new TestLibrary()
                        .dynamic("f", CODE_ADDRESS + 0x10)
                        .symbol("f", LOCAL, FUNC, CODE_ADDRESS + 0x20)
                        .symbol("hidden", LOCAL, FUNC, CODE_ADDRESS + 0x30);
        assertThat(find(library, "f")).isEqualTo(CODE_OFFSET + 0x10);
        assertThat(find(library, "hidden")).isEqualTo(CODE_OFFSET + 0x30);
    }

    @Test
    void aPlainNameMeansTheDefaultVersionAndOthersAreNamed() throws IOException {
        TestLibrary library = new TestLibrary();
        int old = library.version("LIB_1.0");
        int current = library.version("LIB_2.0");
        library.dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x10, old | HIDDEN)
                .dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x20, current);
        assertThat(find(library, "f")).isEqualTo(CODE_OFFSET + 0x20);
        assertThat(find(library, "f@LIB_1.0")).isEqualTo(CODE_OFFSET + 0x10);
        assertThat(find(library, "f@LIB_2.0")).isEqualTo(CODE_OFFSET + 0x20);
        assertThat(find(library, "f@@LIB_2.0")).isEqualTo(CODE_OFFSET + 0x20);
        refuses(library, "f@LIB_3.0", "has no f@LIB_3.0, but f@LIB_1.0, f@LIB_2.0");
    }

    @Test
    void versionsMayStandInTheSymbolTableAsText() throws IOException {
        TestLibrary library =
                new TestLibrary()
                        .symbol("f@LIB_1.0", LOCAL, FUNC, CODE_ADDRESS + 0x10)
                        .symbol("f@@LIB_2.0", GLOBAL, FUNC, CODE_ADDRESS + 0x20);
        assertThat(find(library, "f@LIB_1.0")).isEqualTo(CODE_OFFSET + 0x10);
        assertThat(find(library, "f@LIB_2.0")).isEqualTo(CODE_OFFSET + 0x20);
    }

    @Test
    void aWeakSymbolGivesWayToAStrongOne() throws IOException {
        TestLibrary library =
                new TestLibrary()
                        .symbol("f", WEAK, FUNC, CODE_ADDRESS + 0x10)
                        .symbol("f", GLOBAL, FUNC, CODE_ADDRESS + 0x20);
        assertThat(find(library, "f")).isEqualTo(CODE_OFFSET + 0x20);
    }

    @Test
    void aLabelOfAssemblerCodeIsAFunctionForWantOfABetterOne() throws IOException {
        TestLibrary library =
                new TestLibrary()
                        .symbol("start", GLOBAL, NOTYPE, CODE_ADDRESS + 0x10)
                        .symbol("f", GLOBAL, NOTYPE, CODE_ADDRESS + 0x20)
                        .symbol("f", LOCAL, FUNC, CODE_ADDRESS + 0x30);
        assertThat(find(library, "start")).isEqualTo(CODE_OFFSET + 0x10);
        assertThat(find(library, "f")).isEqualTo(CODE_OFFSET + 0x30);
    }

    @Test
    void twoFunctionsOfOneNameAreAmbiguousUnlessTheSame() throws IOException {
        TestLibrary library =
                new TestLibrary()
                        .symbol("f", LOCAL, FUNC, CODE_ADDRESS + 0x10)
                        .symbol("f", LOCAL, FUNC, CODE_ADDRESS + 0x20)
                        .symbol("g", LOCAL, FUNC, CODE_ADDRESS + 0x30)
                        .symbol("g", GLOBAL, FUNC, CODE_ADDRESS + 0x30);
        refuses(library, "f", "defines f at 0x403010 and at 0x403020");
        assertThat(find(library, "g")).isEqualTo(CODE_OFFSET + 0x30);
    }

    @Test
    void whatIsNoFunctionOfTheFileIsRefused() {
        TestLibrary library =
                new TestLibrary()
                        .dynamic("imported", GLOBAL, FUNC, 0, 1)
                        .dynamic("chosen", GLOBAL, IFUNC, CODE_ADDRESS, 1)
                        .dynamic("table", GLOBAL, OBJECT, DATA_ADDRESS, 1)
                        .dynamic("strange", GLOBAL, FUNC, DATA_ADDRESS + 8, 1)
                        .dynamic("function", CODE_ADDRESS);
        refuses(library, "imported", "only imports imported");
        refuses(library, "chosen", "STT_GNU_IFUNC");
        refuses(library, "table", "is data, not a function");
        refuses(library, "strange", "has the address 0x605008, which no executable segment");
        refuses(library, "fuction", "has no symbol fuction (it is stripped");
        refuses(library, "fuction", "did you mean function?");
    }

    @Test
    void aFileThatIsNoElfFileIsRefused() throws IOException {
        Path file = folder.resolve("script");
        Files.writeString(file, "#!/bin/sh\n");
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(() -> SymbolOffsets.find(file, "/bin/script", "main"));
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> SymbolOffsets.find(folder.resolve("none"), "/bin/none", "main"));
    }

    @Test
    void versionsThatPointFarBehindTheFileAreNone() throws IOException {
        // {where in the section, value}: the second definition's name, the first's successor
        for (int[] damage :
                new int[][] {{28 + 12, Integer.MAX_VALUE - 28}, {16, Integer.MAX_VALUE}}) {
            TestLibrary library = new TestLibrary();
            int version = library.version("LIB_1.0");
            library.version("LIB_2.0");
            library.dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x10, version + 1);
            byte[] bytes = library.build();
            try (ElfFile elf = ElfFile.parse(bytes)) {
                int at = (int) elf.section(".gnu.version_d").orElseThrow().offset();
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(at + damage[0], damage[1]);
            }
            Path file = Files.write(folder.resolve("libt.so.1"), bytes);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> SymbolOffsets.find(file, NAME, "f@LIB_2.0"))
                    .withMessageContaining("has no");
        }
    }
}
