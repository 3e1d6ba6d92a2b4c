// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;

import io.ebpf4j.elf.ElfSymbol.Binding;
import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the libraries that this JVM itself runs on, and compares with what the dynamic linker made
 * of them.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "other systems' libraries are no ELF files")
@SuppressWarnings("restricted")
class ElfSharedObjectTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path LIBJVM =
            Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
    private static final int COMPARED = 16;

    @Test
    void readsTheVirtualMachine() {
        try (ElfFile file = ElfFile.open(LIBJVM)) {
            assertThat(file.type()).isEqualTo(ElfFile.ET_DYN);
            assertThat(file.machine()).isNotZero().isNotEqualTo(ElfFile.EM_BPF);
            assertThat(file.order()).isEqualTo(ByteOrder.nativeOrder());
            ElfSymbol create = file.dynamicSymbol("JNI_CreateJavaVM").orElseThrow();
            assertThat(create.type()).isEqualTo(ElfSymbol.Type.FUNC);
            assertThat(create.binding()).isEqualTo(Binding.GLOBAL);
            assertThat(create.size()).isPositive();
            ElfSection text = file.sections().get(create.sectionIndex());
            assertThat(file.fileOffset(create.value()))
                    .isEqualTo(create.value() - text.address() + text.offset());
            assertThat(file.dynamicSymbol("malloc").orElseThrow().isUndefined()).isTrue();
            assertThat(file.dynamicSymbol("JNI_CreateJavaV")).isEmpty();
        }
    }

    @Test
    void findsInALibraryWhatTheDynamicLinkerFinds() throws IOException {
        try (ElfFile file = ElfFile.open(LIBJVM);
                Arena arena = Arena.ofConfined()) {
            SymbolLookup loaded = SymbolLookup.libraryLookup(LIBJVM, arena);
            for (String name :
                    List.of(
                            "JNI_CreateJavaVM",
                            "JNI_GetCreatedJavaVMs",
                            "JNI_GetDefaultJavaVMInitArgs")) {
                assertThat(inFile(LIBJVM, file, name)).as(name).isEqualTo(inMemory(loaded, name));
            }
        }
    }

    @Test
    void findsInTheCLibraryWhatTheDynamicLinkerFinds() throws IOException {
        SymbolLookup loaded = Linker.nativeLinker().defaultLookup();
        Path libc = libraryOf(loaded.find("getpid").orElseThrow().address());
        try (ElfFile file = ElfFile.open(libc)) {
            for (String name : List.of("getpid", "qsort", "fopen")) {
                assertThat(inFile(libc, file, name)).as(name).isEqualTo(inMemory(loaded, name));
            }
        }
    }

    @Test
    void findsTheVersionThatNewProgramsLinkTo() throws IOException {
        SymbolLookup loaded = Linker.nativeLinker().defaultLookup();
        Path libc = libraryOf(loaded.find("getpid").orElseThrow().address());
        int several = 0;
        try (ElfFile file = ElfFile.open(libc)) {
            for (ElfSymbol symbol : file.dynamicSymbols()) {
                if (loaded.find(symbol.name()).isPresent() && versions(file, symbol.name()) > 1) {
                    several++;
                    assertThat(inFile(libc, file, symbol.name()))
                            .as(symbol.name())
                            .isEqualTo(inMemory(loaded, symbol.name()));
                }
            }
        }
        assumeThat(several).as("functions in several versions, which only glibc has").isPositive();
    }

    /** Returns how many functions have a name; 0 if one is chosen at run time only. */
    private static int versions(ElfFile file, String name) {
        Set<Long> addresses = new HashSet<>();
        for (ElfSymbol symbol : file.dynamicSymbols(name)) {
            if (symbol.type() != ElfSymbol.Type.FUNC) {
                return 0;
            }
            addresses.add(symbol.value());
        }
        return addresses.size();
    }

    private static byte[] inFile(Path path, ElfFile file, String name) throws IOException {
        long offset = file.fileOffset(file.dynamicSymbol(name).orElseThrow().value());
        ByteBuffer bytes = ByteBuffer.allocate(COMPARED);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.read(bytes, offset);
        }
        return bytes.array();
    }

    private static byte[] inMemory(SymbolLookup lookup, String name) {
        MemorySegment function = lookup.find(name).orElseThrow().reinterpret(COMPARED);
        return function.toArray(ValueLayout.JAVA_BYTE);
    }

    private static Path libraryOf(long address) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] columns = line.split("\\s+", 6);
            int dash = columns[0].indexOf('-');
            long from = Long.parseUnsignedLong(columns[0].substring(0, dash), 16);
            long to = Long.parseUnsignedLong(columns[0].substring(dash + 1), 16);
            if (address >= from && address < to) {
                return Path.of(columns[5].strip());
            }
        }
        throw new AssertionError("nothing is mapped at 0x" + Long.toHexString(address));
    }

    @Test
    void readsAnExecutable() {
        try (ElfFile file = ElfFile.open(JAVA)) {
            assertThat(file.type()).isIn(ElfFile.ET_DYN, ElfFile.ET_EXEC);
            assertThat(file.programHeaders()).anyMatch(p -> p.type() == ProgramHeader.PT_INTERP);
            ElfSymbol launch = file.dynamicSymbol("JLI_Launch").orElseThrow();
            assertThat(launch.isUndefined()).isTrue();
        }
    }

    @Test
    void addressesThatNoFileBytesBackHaveNoOffset() {
        try (ElfFile file = ElfFile.open(LIBJVM)) {
            int loaded = 0;
            for (ProgramHeader p : file.programHeaders()) {
                if (p.type() == ProgramHeader.PT_LOAD) {
                    loaded++;
                    assertThat(file.fileOffset(p.virtualAddress())).isEqualTo(p.offset());
                    assertThat(file.fileOffset(p.virtualAddress() + p.fileSize() - 1))
                            .isEqualTo(p.offset() + p.fileSize() - 1);
                }
            }
            assertThat(loaded).isGreaterThan(1);
            ElfSection bss = file.section(".bss").orElseThrow();
            assertThat(file.fileOffset(bss.address() + bss.size() - 1)).isEqualTo(-1);
            assertThat(file.fileOffset(Long.MAX_VALUE)).isEqualTo(-1);
            assertThat(file.fileOffset(-1)).isEqualTo(-1);
        }
    }

    @Test
    void dynamicRelocationsWithAddendsNameDynamicSymbols() {
        try (ElfFile file = ElfFile.open(JAVA)) {
            Set<String> names = new HashSet<>();
            for (ElfSection section : file.sections()) {
                for (ElfRelocation r : file.relocations(section)) {
                    names.add(r.symbol().name());
                }
            }
            assertThat(file.dynamicSymbols().stream().map(ElfSymbol::name)).containsAll(names);
        }
    }

    @Test
    void lookingUpOneSymbolReadsLittle() {
        ElfFile.open(LIBJVM).close();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (ElfFile file = ElfFile.open(LIBJVM)) {
            assertThat(file.dynamicSymbol("JNI_CreateJavaVM")).isPresent();
            assertThat(file.symbol("no such symbol")).isEmpty();
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    @Test
    void everySymbolCanBeFoundByItsName() {
        try (ElfFile file = ElfFile.open(LIBJVM)) {
            List<ElfSymbol> symbols = file.dynamicSymbols();
            for (int i = 1; i < symbols.size(); i += 7) {
                ElfSymbol symbol = symbols.get(i);
                if (!symbol.name().isEmpty()) {
                    assertThat(file.dynamicSymbols(symbol.name())).contains(symbol);
                }
            }
        }
    }

    @Test
    void aClosedFileIsNotReadAgain() {
        ElfFile file = ElfFile.open(LIBJVM);
        ElfSection text = file.section(".text").orElseThrow();
        file.close();
        file.close();

        assertThatThrownBy(() -> file.dynamicSymbol("malloc"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(text::bytes).isInstanceOf(IllegalStateException.class);
        assertThat(file.sections()).isNotEmpty();
    }

    @Test
    void truncatedLibrariesAreRefused() throws IOException {
        byte[] java = Files.readAllBytes(JAVA);
        for (int length = 1; length < java.length; length += 509) {
            byte[] cut = Arrays.copyOf(java, length);
            assertThatThrownBy(() -> ElfFile.parse(cut)).isInstanceOf(ObjectFormatException.class);
        }
    }
}
