// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What is no BPF object for this machine is refused with the file, the place and the reason. */
class ObjectErrorsTest {
    private static final int EI_CLASS = 4;
    private static final int EI_DATA = 5;
    private static final int E_TYPE = 16;
    private static final int E_MACHINE = 18;
    private static final int X86_64 = 62;

    @TempDir Path folder;

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] object() throws IOException {
        return Files.readAllBytes(TestKernel.OBJECT);
    }

    private ObjectFormatException refused(Path file) {
        ObjectFormatException e =
                catchThrowableOfType(
                        ObjectFormatException.class, () -> Collection.load(file.toString()));
        assertThat(e).isNotNull().hasMessageStartingWith(file + ": ");
        return e;
    }

    @Test
    void aMissingFile() {
        Path missing = folder.resolve("missing.bpf.o");
        assertThatThrownBy(() -> Collection.load(missing))
                .isInstanceOf(BpfException.class)
                .hasMessage("cannot read object file " + missing + ": no such file");
    }

    @Test
    void aFolder() {
        assertThatThrownBy(() -> Collection.load(folder))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("directory");
    }

    @Test
    void anEmptyFile() throws IOException {
        assertThat(refused(file("empty.bpf.o", new byte[0])))
                .hasMessageContaining("0 bytes")
                .hasMessageContaining("ELF");
    }

    @Test
    void aFileOfAnotherFormat() throws IOException {
        byte[] source = Files.readAllBytes(Path.of("src/test/bpf/pipeline.bpf.c"));
        ObjectFormatException e = refused(file("pipeline.bpf.c", source));
        assertThat(e).hasMessageContaining("ELF");
        assertThat(e.offset()).isZero();
    }

    @Test
    void anObjectCutAtAnyPlace() throws IOException {
        byte[] whole = object();
        for (int length = 1; length < whole.length; length += 37) {
            ObjectFormatException e = refused(file("cut.bpf.o", Arrays.copyOf(whole, length)));
            assertThat(e)
                    .as("cut to " + length)
                    .message()
                    .containsAnyOf("at file offset", "section");
        }
    }

    @Test
    void anObjectCutInHalf() throws IOException {
        byte[] whole = object();
        ObjectFormatException e =
                refused(file("half.bpf.o", Arrays.copyOf(whole, whole.length / 2)));
        assertThat(e)
                .hasMessageContaining("section header")
                .hasMessageContaining("ends at 0x" + Integer.toHexString(whole.length / 2))
                .hasMessageContaining("truncated");
        assertThat(e.offset()).isGreaterThan(whole.length / 2);
    }

    @Test
    void anObjectForTheOtherByteOrder() {
        ObjectFormatException e = refused(TestKernel.BIG_ENDIAN_OBJECT);
        assertThat(e)
                .hasMessageContaining("BIG_ENDIAN")
                .hasMessageContaining("LITTLE_ENDIAN")
                .hasMessageContaining("-target bpfel");
        assertThat(e.offset()).isEqualTo(EI_DATA);
    }

    @Test
    void anObjectFor32Bits() throws IOException {
        byte[] bytes = object();
        bytes[EI_CLASS] = 1;
        ObjectFormatException e = refused(file("elf32.bpf.o", bytes));
        assertThat(e).hasMessageContaining("ELF64");
        assertThat(e.offset()).isEqualTo(EI_CLASS);
    }

    @Test
    void anExecutable() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        assertThat(refused(java)).hasMessageContaining("machine");
    }

    @Test
    void anObjectForAnotherMachine() throws IOException {
        byte[] bytes = object();
        bytes[E_MACHINE] = X86_64;
        ObjectFormatException e = refused(file("x86.o", bytes));
        assertThat(e).hasMessageContaining("62").hasMessageContaining("247");
        assertThat(e.offset()).isEqualTo(E_MACHINE);
    }

    @Test
    void aLinkedBpfFile() throws IOException {
        byte[] bytes = object();
        bytes[E_TYPE] = 2;
        ObjectFormatException e = refused(file("linked.o", bytes));
        assertThat(e).hasMessageContaining("type 2").hasMessageContaining("type 1");
        assertThat(e.offset()).isEqualTo(E_TYPE);
    }

    @Test
    void bytesWithoutAFileAreNamedAsGiven() throws IOException {
        byte[] whole = object();
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        assertThatThrownBy(() -> CollectionSpec.parse("resource.bpf.o", half))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageStartingWith("resource.bpf.o: ");
        assertThatThrownBy(() -> Collection.load(half))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("section header");
        assertThatThrownBy(() -> Collection.load(new ByteArrayInputStream(half)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("section header");
    }
}
