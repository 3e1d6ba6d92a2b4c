// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.spec.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class TargetFilesTest {
    @TempDir Path folder;

    private Path write(String name, Btf btf) throws IOException {
        return Files.write(folder.resolve(name), btf.encode());
    }

    private static Btf types(BtfBuilder builder, String name) {
        builder.add(new BtfType.Struct(name, 4, List.of()));
        return builder.build(ByteOrder.nativeOrder());
    }

    @Test
    void bareBtfIsReadWithItsModules() throws IOException {
        Btf base = types(new BtfBuilder(), "base");
        Path vmlinux = write("vmlinux", base);
        Path first = write("first", types(BtfBuilder.split(base), "of_first"));
        Path second = write("second.ko", types(BtfBuilder.split(base), "of_second"));

        TargetFiles files = TargetFiles.read(vmlinux, first, second);

        assertThat(files.vmlinux().find("base", BtfType.Struct.class)).isEqualTo(1);
        assertThat(files.modules()).hasSize(2);
        assertThat(files.modules().get(1).find("of_second", BtfType.Struct.class)).isEqualTo(2);
        assertThat(files.name(files.vmlinux())).isEqualTo("vmlinux");
        assertThat(files.modules().stream().map(files::name)).containsExactly("first", "second");
    }

    @Test
    void btfOfAnElfFileIsThatOfItsSection() {
        Btf expected = TestObject.FUNCTIONS.parse().btf().orElseThrow();
        TargetFiles files = TargetFiles.read(TestObject.FUNCTIONS.path());
        assertThat(files.vmlinux().typeCount()).isEqualTo(expected.typeCount());
        assertThat(files.modules()).isEmpty();
    }

    /** Writes an object in which one name, and all that end like it, are another one. */
    private Path renamed(String name, String other) throws IOException {
        byte[] object = TestObject.FUNCTIONS.bytes();
        String text = new String(object, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(name + "\0");
        byte[] changed =
                text.replace(name + "\0", other + "\0").getBytes(StandardCharsets.ISO_8859_1);
        return Files.write(folder.resolve("renamed.o"), changed);
    }

    @Test
    void anElfFileWithoutBtfIsRefused() throws IOException {
        Path file = renamed(".BTF", ".XXX");
        assertThatThrownBy(() -> TargetFiles.read(file))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("renamed.o has no section .BTF");
    }

    @Test
    void aModuleWithABaseOfItsOwnIsRefused() throws IOException {
        Path file = renamed(".llvm_addrsig", ".BTF.base\0\0\0\0");
        assertThatThrownBy(() -> TargetFiles.read(TestObject.FUNCTIONS.path(), file))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("/sys/kernel/btf");
    }

    @Test
    void aFileThatIsNeitherIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "no types here, only text of a file");
        assertThatThrownBy(() -> TargetFiles.read(file)).isInstanceOf(ObjectFormatException.class);
        assertThatThrownBy(() -> TargetFiles.read(folder.resolve("missing")))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("missing");
    }
}
