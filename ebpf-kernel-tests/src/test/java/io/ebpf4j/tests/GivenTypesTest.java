// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CO-RE against types that a file has, in place of the running kernel's. */
@KernelTest
@Requires(Requirement.BTF)
class GivenTypesTest {
    private static final int PACKET_BYTES = 64;

    @TempDir private Path folder;

    private static int offset(LoadOptions options) {
        try (Collection c = Collection.load(Objects.spec("offset"), options)) {
            return c.program("offset")
                    .testRun(TestRun.create().data(new byte[PACKET_BYTES]))
                    .returnValue();
        }
    }

    private static int offset(Path types) {
        return offset(LoadOptions.builder().types(KernelBtf.from(types)).build());
    }

    /** Where the running kernel has task_struct.pid, in bytes. */
    private static int running() {
        Btf btf = Kernel.shared().btf().vmlinux();
        int id = btf.find("task_struct", BtfType.Struct.class);
        for (BtfType.Member member : ((BtfType.Struct) btf.type(id)).members()) {
            if (member.name().equals("pid")) {
                return member.bitOffset() / Byte.SIZE;
            }
        }
        throw new AssertionError("task_struct has no pid");
    }

    @Test
    void aCopyOfTheKernelsOwnTypesSaysTheSame() throws IOException {
        byte[] own = Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux"));
        Path copy = Files.write(folder.resolve("vmlinux.btf"), own);
        assertThat(offset(copy)).isEqualTo(running());
        assertThat(offset(LoadOptions.defaults())).isEqualTo(running());
    }

    @Test
    void otherTypesSayOtherwise() throws IOException {
        int elsewhere = running() + 40;
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        BtfType.Member pid = new BtfType.Member("pid", integer, elsewhere * Byte.SIZE, 0);
        types.add(new BtfType.Struct("task_struct", elsewhere + 4, List.of(pid)));
        byte[] bytes = types.build(ByteOrder.nativeOrder()).encode();
        assertThat(offset(Files.write(folder.resolve("other"), bytes))).isEqualTo(elsewhere);
    }

    @Test
    void anElfFilesTypesAreInItsSection() throws IOException {
        // the object itself declares the field at its beginning
        Path elf = Files.write(folder.resolve("vmlinux"), Objects.bytes("offset"));
        assertThat(offset(elf)).isZero();
    }

    @Test
    void aFileWithoutTypesIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no types, and no ELF file either");
        assertThatThrownBy(() -> offset(text)).isInstanceOf(ObjectFormatException.class);
    }
}
