// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class ElfErrorsTest {
    private static final int E_SHOFF = 0x28;
    private static final int E_SHENTSIZE = 0x3a;
    private static final int E_SHNUM = 0x3c;
    private static final int E_SHSTRNDX = 0x3e;
    private static final int SH_NAME = 0;
    private static final int SH_OFFSET = 0x18;
    private static final int SH_SIZE = 0x20;
    private static final int SH_LINK = 0x28;
    private static final int SH_ENTSIZE = 0x38;

    private final byte[] bytes = Shapes.LITTLE.bytes();
    private final ElfFile good = ElfFile.parse(bytes.clone());
    private final ByteBuffer file = ByteBuffer.wrap(bytes).order(good.order());

    /** Returns where a field of a section's header is. */
    private int field(String section, int field) {
        int index = good.section(section).orElseThrow().index();
        return (int) file.getLong(E_SHOFF) + index * 64 + field;
    }

    private ObjectFormatException failure() {
        return catchThrowableOfType(
                ObjectFormatException.class, () -> Walk.everything(ElfFile.parse("x.o", bytes)));
    }

    @Test
    void somethingElseIsNoElfFile() {
        assertThatThrownBy(
                        () -> ElfFile.parse("x.o", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessage(
                        "x.o: not an ELF file: it begins with 23 21 2f 62, expected 7f 45 4c 46 (at"
                                + " file offset 0x0)");
        assertThatThrownBy(() -> ElfFile.parse("x.o", new byte[0]))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("not an ELF file")
                .hasMessageContaining("0 bytes");
    }

    @Test
    void thirtyTwoBitFilesAreNotSupported() {
        bytes[4] = 1;

        assertThat(failure())
                .hasMessageContaining("x.o: ELF32 is not supported")
                .hasMessageContaining("offset 0x4");
    }

    @Test
    void anUnknownClassOrEncodingIsNamed() {
        bytes[4] = 3;
        assertThat(failure()).hasMessageContaining("ELF class 3, expected 2");
        bytes[4] = 2;
        bytes[5] = 3;
        assertThat(failure())
                .hasMessageContaining("data encoding 3, expected 1 (little) or 2 (big endian)");
    }

    @Test
    void aFileCutInHalfSaysWhereItEndsAndWhatIsMissing() {
        byte[] half = Arrays.copyOf(bytes, bytes.length / 2);

        assertThatThrownBy(() -> ElfFile.parse("x.o", half))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("x.o: ")
                .hasMessageContaining("section header")
                .hasMessageContaining("0x" + Integer.toHexString(half.length))
                .hasMessageContaining("0x" + Long.toHexString(file.getLong(E_SHOFF)))
                .hasMessageContaining("truncated");
    }

    @Test
    void aFileCutWithinTheSectionHeadersSaysHowManyFit() {
        byte[] cut = Arrays.copyOf(bytes, (int) file.getLong(E_SHOFF) + 3 * 64 + 5);

        assertThatThrownBy(() -> ElfFile.parse("x.o", cut))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(good.sections().size() + " section headers")
                .hasMessageContaining("room for 3");
    }

    @Test
    void aSectionThatLeavesTheFileIsNamed() {
        file.putLong(field("tp/first", SH_SIZE), 1 << 20);

        assertThat(failure())
                .hasMessageContaining("\"tp/first\"")
                .hasMessageContaining("1048576 bytes")
                .hasMessageContaining("leaves the file")
                .hasMessageContaining("0x" + Integer.toHexString(bytes.length));
    }

    @Test
    void rangesThatWrapAroundAreRefused() {
        file.putLong(field(".data", SH_OFFSET), -8);
        assertThat(failure()).hasMessageContaining("\".data\"");
        file.putLong(field(".data", SH_OFFSET), 64);
        file.putLong(field(".data", SH_SIZE), -32);
        assertThat(failure())
                .hasMessageContaining("\".data\"")
                .hasMessageContaining("18446744073709551584 bytes");
        file.putLong(field(".data", SH_SIZE), Long.MAX_VALUE);
        assertThat(failure()).hasMessageContaining("\".data\"");
    }

    @Test
    void headersOfAnotherSizeAreRefused() {
        file.putShort(E_SHENTSIZE, (short) 40);

        assertThat(failure()).hasMessageContaining("section headers of 40 bytes, expected 64");
    }

    @Test
    void aNameTableThatIsNoneIsRefused() {
        file.putShort(E_SHSTRNDX, (short) 2);
        assertThat(failure())
                .hasMessageContaining("section 2")
                .hasMessageContaining("names of sections");
        file.putShort(E_SHSTRNDX, (short) 900);
        assertThat(failure())
                .hasMessageContaining("section 900")
                .hasMessageContaining("19 sections");
        file.putShort(E_SHSTRNDX, (short) 0xff10);
        assertThat(failure()).hasMessageContaining("0xff10 is reserved");
    }

    @Test
    void aNameBeyondItsTableIsRefused() {
        file.putInt(field(".text", SH_NAME), 100_000);

        assertThat(failure()).hasMessageContaining("section 2 has the name at 100000");
    }

    @Test
    void aNameThatItsTableDoesNotEndIsRefused() {
        ElfSection strings = good.section(".strtab").orElseThrow();
        bytes[(int) (strings.offset() + strings.size()) - 1] = 'x';

        assertThat(failure())
                .hasMessageContaining("has the name at")
                .hasMessageContaining(
                        "of a string table of " + strings.size() + " bytes, where none ends");
    }

    @Test
    void entriesOfAnotherSizeAreRefused() {
        file.putLong(field(".symtab", SH_ENTSIZE), 16);
        assertThat(failure())
                .hasMessageContaining("\".symtab\" has entries of 16 bytes, expected 24");
        file.putLong(field(".symtab", SH_ENTSIZE), 24);
        file.putLong(field(".reltp/first", SH_ENTSIZE), 0);
        assertThat(failure())
                .hasMessageContaining("\".reltp/first\" has entries of 0 bytes, expected 16");
        file.putLong(field(".reltp/first", SH_ENTSIZE), 16);
        file.putLong(field(".symtab", SH_SIZE), 25);
        assertThat(failure()).hasMessageContaining("25 bytes, which is no multiple");
    }

    @Test
    void tablesThatBelongToTheWrongSectionAreRefused() {
        int text = good.section(".text").orElseThrow().index();
        int link = file.getInt(field(".symtab", SH_LINK));
        file.putInt(field(".symtab", SH_LINK), text);
        assertThat(failure())
                .hasMessageContaining("\".text\" should be the string table of")
                .hasMessageContaining(".symtab");
        file.putInt(field(".symtab", SH_LINK), 77);
        assertThat(failure()).hasMessageContaining("names section 77 as its string table");
        file.putInt(field(".symtab", SH_LINK), link);
        file.putInt(field(".reltp/first", SH_LINK), text);
        assertThat(failure())
                .hasMessageContaining("should be the symbol table of")
                .hasMessageContaining(".reltp/first");
    }

    @Test
    void relocationsOfNothingAreRefused() {
        int relocations = (int) good.section(".reltp/first").orElseThrow().offset();
        long offset = file.getLong(relocations);
        file.putLong(relocations, 1 << 16);
        assertThat(failure())
                .hasMessageContaining("relocation 0 of")
                .hasMessageContaining("changes offset 0x10000")
                .hasMessageContaining("\"tp/first\" has 168 bytes");
        file.putLong(relocations, offset);
        file.putInt(relocations + 12, 5_000);
        assertThat(failure()).hasMessageContaining("refers to symbol 5000, but there are 17");
    }

    @Test
    void symbolsOfNothingAreRefused() {
        int symbol =
                (int) good.section(".symtab").orElseThrow().offset()
                        + 24 * good.symbol("hits").orElseThrow().index();
        file.putShort(symbol + 6, (short) 300);
        assertThat(failure())
                .hasMessageContaining("symbol 8 of")
                .hasMessageContaining("is in section 300, but there are 19");
        file.putShort(symbol + 6, (short) 0xffff);
        assertThat(failure()).hasMessageContaining("has an extended section index");
        file.putShort(symbol + 6, (short) 0xfff1);
        assertThat(failure()).isNull();
        assertThat(ElfFile.parse(bytes).symbol("hits").orElseThrow().sectionIndex())
                .isEqualTo(ElfSymbol.ABSOLUTE);
        file.putInt(symbol, 1 << 20);
        assertThat(failure())
                .hasMessageContaining("symbol 8 of")
                .hasMessageContaining("has the name at 1048576");
    }

    @Test
    void aCountThatCannotBeIsRefusedBeforeAnythingIsAllocated() {
        file.putShort(E_SHNUM, (short) 0);
        file.putLong((int) file.getLong(E_SHOFF) + SH_SIZE, 1L << 40);

        assertThat(failure())
                .hasMessageContaining("1099511627776 section headers")
                .hasMessageContaining("room for 19");
    }

    @Test
    void openingNamesTheFile(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
        Path empty = Files.createFile(folder.resolve("empty.o"));

        assertThatThrownBy(() -> ElfFile.open(text))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith(text + ": not an ELF file");
        assertThatThrownBy(() -> ElfFile.open(empty))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith(empty + ": not an ELF file");
        assertThatThrownBy(() -> ElfFile.open(folder.resolve("absent.o")))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("absent.o");
        assertThatThrownBy(() -> ElfFile.open(folder))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void aLargeFileThatIsNotElfIsUnmappedAgain(@TempDir Path folder) throws IOException {
        Path large = Files.write(folder.resolve("large.bin"), new byte[3 << 20]);

        assertThatThrownBy(() -> ElfFile.open(large))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("begins with 00 00 00 00");
        assertThat(Files.isReadable(Path.of("/proc/self/maps")) && maps().contains("large.bin"))
                .isFalse();
    }

    private static String maps() throws IOException {
        return Files.readString(Path.of("/proc/self/maps"));
    }
}
