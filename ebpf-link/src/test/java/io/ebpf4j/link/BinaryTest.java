// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static io.ebpf4j.link.TestLibrary.CODE_ADDRESS;
import static io.ebpf4j.link.TestLibrary.CODE_OFFSET;
import static io.ebpf4j.link.TestLibrary.DATA_ADDRESS;
import static io.ebpf4j.link.TestLibrary.FUNC;
import static io.ebpf4j.link.TestLibrary.GLOBAL;
import static io.ebpf4j.link.TestLibrary.HIDDEN;
import static io.ebpf4j.link.TestLibrary.LOCAL;
import static io.ebpf4j.link.TestLibrary.NOTYPE;
import static io.ebpf4j.link.TestLibrary.OBJECT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.elf.UsdtProbe;
import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** What of a binary can be probed. */
class BinaryTest {
    private static final String PATH = "/usr/lib/libt.so.1";

    @TempDir Path folder;

    private Binary binary(TestLibrary library) {
        TestFiles files = new TestFiles(folder);
        files.write(PATH, library.build());
        return new Binary(files.host(), PATH);
    }

    @Test
    void symbolsHaveVersionsAndOffsets() {
        TestLibrary library = new TestLibrary();
        int old = library.version("LIB_1.0");
        int current = library.version("LIB_2.0");
        library.dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x10, old | HIDDEN)
                .dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x20, current)
                .dynamic("imported", GLOBAL, FUNC, 0, 1)
                .dynamic("table", GLOBAL, OBJECT, DATA_ADDRESS + 8, 1)
                .symbol("f@LIB_1.0", GLOBAL, FUNC, CODE_ADDRESS + 0x10)
                .symbol("g@@LIB_2.0", GLOBAL, FUNC, CODE_ADDRESS + 0x30)
                .symbol("h@LIB_1.0", LOCAL, FUNC, CODE_ADDRESS + 0x40)
                .symbol("start", LOCAL, NOTYPE, CODE_ADDRESS + 0x50)
                .symbol("outside", LOCAL, FUNC, 0x10);
        List<BinarySymbol> symbols = binary(library).symbols();
        assertThat(symbols)
                .extracting(BinarySymbol::target)
                .containsExactly("f@LIB_1.0", "f", "table", "g", "h@LIB_1.0", "start", "outside");
        assertThat(symbols.get(0))
                .isEqualTo(
                        new BinarySymbol(
                                "f",
                                "LIB_1.0",
                                false,
                                ElfSymbol.Type.FUNC,
                                CODE_ADDRESS + 0x10,
                                CODE_OFFSET + 0x10,
                                16,
                                true));
        assertThat(symbols.get(1).version()).isEqualTo("LIB_2.0");
        assertThat(symbols.get(2).type()).isEqualTo(ElfSymbol.Type.OBJECT);
        assertThat(symbols.get(2).fileOffset()).isEqualTo(2 * CODE_OFFSET + 8);
        assertThat(symbols.get(3).dynamic()).isFalse();
        assertThat(symbols.get(6).fileOffset()).isEqualTo(-1);
    }

    @Test
    void everyListedFunctionIsFoundByItsTarget() {
        TestLibrary library = new TestLibrary();
        int old = library.version("LIB_1.0");
        library.dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x10, old | HIDDEN)
                .dynamic("f", GLOBAL, FUNC, CODE_ADDRESS + 0x20, library.version("LIB_2.0"))
                .symbol("h@LIB_1.0", LOCAL, FUNC, CODE_ADDRESS + 0x40);
        Binary binary = binary(library);
        for (BinarySymbol symbol : binary.symbols()) {
            assertThat(SymbolOffsets.find(new TestFiles(folder).path(PATH), PATH, symbol.target()))
                    .as(symbol.target())
                    .isEqualTo(symbol.fileOffset());
        }
    }

    @Test
    void probesAreListed() {
        TestLibrary library = new TestLibrary().probe(CODE_ADDRESS, 0, "app", "hit", "1@%al");
        assertThat(binary(library).probes())
                .containsExactly(
                        new UsdtProbe("app", "hit", CODE_ADDRESS, CODE_OFFSET, 0, 0, "1@%al"));
        assertThat(binary(new TestLibrary()).probes()).isEmpty();
    }

    @Test
    void aBinaryIsFoundByItsPath() {
        Path libjvm = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        Binary binary = Binary.find(libjvm.toString());
        assertThat(binary.path()).isEqualTo(libjvm.toString());
        assertThat(binary).hasToString(libjvm.toString());
        assertThat(binary.symbols())
                .filteredOn(BinarySymbol::dynamic)
                .extracting(BinarySymbol::name)
                .contains("JNI_CreateJavaVM");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Binary.find("/nowhere/libx.so"));
    }
}
