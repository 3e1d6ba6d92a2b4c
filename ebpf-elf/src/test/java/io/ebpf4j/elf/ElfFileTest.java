// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.elf.ElfSymbol.Binding;
import io.ebpf4j.elf.ElfSymbol.Visibility;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class ElfFileTest {
    private static final int R_BPF_64_64 = 1;
    private static final int R_BPF_64_32 = 10;

    @Test
    void readsTheHeader() {
        ElfFile little = Shapes.LITTLE.parse();
        ElfFile big = Shapes.BIG.parse();

        assertThat(little.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(big.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        for (ElfFile file : List.of(little, big)) {
            assertThat(file.type()).isEqualTo(ElfFile.ET_REL);
            assertThat(file.machine()).isEqualTo(ElfFile.EM_BPF);
            assertThat(file.programHeaders()).isEmpty();
            assertThat(file.dynamicSymbols()).isEmpty();
            assertThat(file.dynamicSymbol("on_first")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsSectionsWithTheirBytes(Shapes shapes) {
        ElfFile file = shapes.parse();

        assertThat(file.sections().stream().map(ElfSection::name))
                .contains(
                        "",
                        ".text",
                        "tp/first",
                        "tp/second",
                        ".rodata",
                        ".data",
                        ".bss",
                        ".maps",
                        "license",
                        ".BTF");
        for (int i = 0; i < file.sections().size(); i++) {
            assertThat(file.sections().get(i).index()).isEqualTo(i);
        }
        ElfSection license = file.section("license").orElseThrow();
        assertThat(license.type()).isEqualTo(ElfSection.SHT_PROGBITS);
        assertThat(license.flags()).isEqualTo(ElfSection.SHF_ALLOC | ElfSection.SHF_WRITE);
        assertThat(license.bytes()).isEqualTo("Apache-2.0\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(license.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(license.bytes());
        assertThat(license.data().isReadOnly()).isTrue();
        ElfSection data = file.section(".data").orElseThrow();
        assertThat(ByteBuffer.wrap(data.bytes()).order(file.order()).getInt()).isEqualTo(7);
        ElfSection code = file.section("tp/first").orElseThrow();
        assertThat(code.flags()).isEqualTo(ElfSection.SHF_ALLOC | ElfSection.SHF_EXECINSTR);
        assertThat(code.size()).isEqualTo(code.bytes().length).isPositive();
        assertThat(file.section("absent")).isEmpty();
        assertThat(file.section("")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSectionOfZeroesHasASizeAndNoBytes(Shapes shapes) {
        ElfSection bss = shapes.parse().section(".bss").orElseThrow();

        assertThat(bss.type()).isEqualTo(ElfSection.SHT_NOBITS);
        assertThat(bss.hasBytes()).isFalse();
        assertThat(bss.size()).isEqualTo(16);
        assertThat(bss.bytes()).isEmpty();
        assertThat(bss.data().byteSize()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void readsSymbolsOfEveryKind(Shapes shapes) {
        ElfFile file = shapes.parse();
        int text = file.section(".text").orElseThrow().index();

        assertSymbol(
                file,
                "on_first",
                Binding.GLOBAL,
                ElfSymbol.Type.FUNC,
                Visibility.DEFAULT,
                "tp/first");
        assertSymbol(
                file,
                "hidden_function",
                Binding.GLOBAL,
                ElfSymbol.Type.FUNC,
                Visibility.HIDDEN,
                ".text");
        assertSymbol(
                file,
                "weak_function",
                Binding.WEAK,
                ElfSymbol.Type.FUNC,
                Visibility.DEFAULT,
                ".text");
        assertSymbol(
                file, "twice", Binding.LOCAL, ElfSymbol.Type.FUNC, Visibility.DEFAULT, ".text");
        assertSymbol(
                file, "zeroed", Binding.LOCAL, ElfSymbol.Type.OBJECT, Visibility.DEFAULT, ".bss");
        assertSymbol(
                file, "counts", Binding.GLOBAL, ElfSymbol.Type.OBJECT, Visibility.DEFAULT, ".maps");
        ElfSymbol missing = file.symbol("missing_function").orElseThrow();
        assertThat(missing.isUndefined()).isTrue();
        assertThat(missing.inSection()).isFalse();
        assertThat(missing.binding()).isEqualTo(Binding.GLOBAL);
        assertThat(file.symbol("perhaps_missing").orElseThrow().binding()).isEqualTo(Binding.WEAK);
        assertThat(file.symbols().get(0).name()).isEmpty();
        assertThat(file.symbols())
                .anyMatch(
                        s ->
                                s.type() == ElfSymbol.Type.SECTION
                                        && s.sectionIndex() == text
                                        && s.name().isEmpty());
        assertThat(file.symbol("absent")).isEmpty();
        assertThat(file.symbol("on_firs")).isEmpty();
        assertThat(file.symbol("n_first")).isEmpty();
    }

    private static void assertSymbol(
            ElfFile file,
            String name,
            Binding binding,
            ElfSymbol.Type type,
            Visibility visibility,
            String section) {
        ElfSymbol symbol = file.symbol(name).orElseThrow();
        assertThat(symbol.binding()).isEqualTo(binding);
        assertThat(symbol.type()).isEqualTo(type);
        assertThat(symbol.visibility()).isEqualTo(visibility);
        assertThat(symbol.inSection()).isTrue();
        ElfSection home = file.sections().get(symbol.sectionIndex());
        assertThat(home.name()).isEqualTo(section);
        assertThat(symbol.value() + symbol.size()).isPositive().isLessThanOrEqualTo(home.size());
        assertThat(file.symbols().get(symbol.index())).isEqualTo(symbol);
        assertThat(file.symbols(name)).containsExactly(symbol);
    }

    @ParameterizedTest
    @EnumSource
    void functionsFillTheirSection(Shapes shapes) {
        ElfFile file = shapes.parse();
        long sum = 0;
        for (String name : List.of("hidden_function", "twice", "weak_function")) {
            sum += file.symbol(name).orElseThrow().size();
        }

        assertThat(file.section(".text").orElseThrow().size()).isEqualTo(sum);
    }

    @ParameterizedTest
    @EnumSource
    void resolvesRelocationsToSymbols(Shapes shapes) {
        ElfFile file = shapes.parse();
        List<String> first = new ArrayList<>();
        for (ElfRelocation r : file.relocations(file.section("tp/first").orElseThrow())) {
            assertThat(r.addend()).isZero();
            assertThat(r.offset() % 8).isZero();
            first.add(r.symbol().name() + " " + r.type());
        }

        assertThat(first)
                .containsExactly(
                        "counts " + R_BPF_64_64,
                        "wanted_pid " + R_BPF_64_64,
                        "weak_function " + R_BPF_64_32);
        assertThat(
                        file.relocations(file.section("tp/second").orElseThrow()).stream()
                                .map(r -> r.symbol().name()))
                .containsExactly("perhaps_missing", "hits", "missing_function");
        assertThat(file.relocations(file.section("license").orElseThrow())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void relocationsPointAtTheInstructionsThatRefer(Shapes shapes) {
        ElfFile file = shapes.parse();
        byte[] code = file.section("tp/first").orElseThrow().bytes();

        for (ElfRelocation r : file.relocations(file.section("tp/first").orElseThrow())) {
            int opcode = code[(int) r.offset()] & 0xff;
            assertThat(opcode).isEqualTo(r.type() == R_BPF_64_32 ? 0x85 : 0x18);
        }
    }

    @Test
    void readsTheSameFromEveryKindOfMemory() {
        byte[] bytes = Shapes.LITTLE.bytes();
        long[] longs = new long[(bytes.length + 7) / 8];
        MemorySegment.ofArray(longs).copyFrom(MemorySegment.ofArray(bytes));
        try (Arena arena = Arena.ofConfined();
                ElfFile opened = ElfFile.open(Shapes.LITTLE.path())) {
            MemorySegment nativeBytes =
                    arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            List<ElfFile> files =
                    List.of(
                            ElfFile.parse(bytes),
                            ElfFile.parse("name", bytes),
                            ElfFile.parse(MemorySegment.ofArray(bytes).asReadOnly()),
                            ElfFile.parse(MemorySegment.ofArray(longs)),
                            ElfFile.parse(nativeBytes),
                            opened);
            for (ElfFile file : files) {
                assertThat(file.symbols())
                        .containsExactlyElementsOf(Shapes.LITTLE.parse().symbols());
                assertThat(file.section(".BTF").orElseThrow().bytes())
                        .isEqualTo(Shapes.LITTLE.parse().section(".BTF").orElseThrow().bytes());
                assertThat(file.section(".BTF").orElseThrow().data().byteSize())
                        .isEqualTo(file.section(".BTF").orElseThrow().size());
            }
        }
    }

    @Test
    void listsAreUnmodifiableAndChecked() {
        ElfFile file = Shapes.LITTLE.parse();

        assertThatThrownBy(() -> file.sections().set(0, null))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> file.symbols().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> file.symbols().get(9_999))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> file.symbols().get(-1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void closingTwiceIsHarmless() {
        ElfFile file = ElfFile.open(Shapes.LITTLE.path());
        file.close();
        file.close();

        assertThat(file.symbol("on_first")).isPresent();
    }
}
