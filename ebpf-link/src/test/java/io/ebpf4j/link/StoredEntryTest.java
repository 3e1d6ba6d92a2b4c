// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Libraries in zip archives. */
class StoredEntryTest {
    private static final String LIBRARY = "lib/x86_64/libt.so";
    private static final int ZIP64_SIZE_IN_END = 12;

    @TempDir Path folder;

    private static byte[] archive(int alignment) throws IOException {
        return new TestArchive()
                .compressed("first.txt", new byte[100])
                .stored(LIBRARY + "x", new byte[10], 4)
                .stored(LIBRARY, library(), alignment)
                .compressed("lib/x86_64/libz.so", library())
                .build("signed by nobody");
    }

    private static byte[] library() {
        return new TestLibrary()
                .dynamic("f", TestLibrary.CODE_ADDRESS + 0x20)
                .probe(TestLibrary.CODE_ADDRESS + 0x30, 0, "app", "hit", "")
                .build();
    }

    private StoredEntry find(byte[] archive, String name) throws IOException {
        Path file = folder.resolve("app.apk");
        Files.write(file, archive);
        return StoredEntry.find(file, name);
    }

    @Test
    void anEntryIsFoundAndRead() throws IOException {
        StoredEntry entry = find(archive(4096), LIBRARY);
        assertThat(entry.offset() % 4096).isZero();
        assertThat(entry.size()).isEqualTo(library().length);
        assertThat(entry.read(folder.resolve("app.apk"))).isEqualTo(library());
    }

    @Test
    void whatCannotBeMappedIsRefused() throws IOException {
        byte[] archive = archive(4);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find(archive, LIBRARY))
                .withMessageContaining("not at a page");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find(archive, "lib/x86_64/libz.so"))
                .withMessageContaining("is compressed in");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find(archive, "lib/x86_64/liby.so"))
                .withMessageContaining("has no entry lib/x86_64/liby.so");
        int end = archive.length - 22 - "signed by nobody".length();
        Arrays.fill(archive, end + ZIP64_SIZE_IN_END, end + 20, (byte) 0xff);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find(archive, LIBRARY))
                .withMessageContaining("zip64");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 21, 100, 4096})
    void filesThatAreNoArchivesAreRefused(int bytes) {
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(() -> find(new byte[bytes], LIBRARY));
    }

    @Test
    void damagedArchivesAreRefusedOrRead() throws IOException {
        byte[] whole = archive(4096);
        int refused = 0;
        // the headers of the last entry, the directory and its end
        for (int at = whole.length - 800; at < whole.length; at++) {
            byte kept = whole[at];
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                whole[at] = (byte) value;
                try {
                    find(whole, LIBRARY);
                } catch (BpfException e) {
                    refused++;
                }
            }
            whole[at] = kept;
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void uprobesAndStaticProbesGoIntoTheArchive() throws IOException {
        FakeHost host = new FakeHost(folder, "6.12");
        host.uprobePmu();
        host.files.write("/data/app.apk", archive(4096));
        String name = "/data/app.apk!/" + LIBRARY;
        long start = StoredEntry.find(host.files.path("/data/app.apk"), LIBRARY).offset();
        BinarySearch search = new BinarySearch(host.host(), Map.of(), "amd64");
        try (Program program = host.program(ProgramType.KPROBE)) {
            UprobeOptions options = UprobeOptions.DEFAULT;
            Uprobe.attach(host.host(), search, program, name, "f", options).close();
            Uprobe.attach(host.host(), search, program, name, 0x1234, options).close();
            UsdtTarget target = new UsdtTarget(name, "app", "hit");
            Link probe =
                    Usdt.attach(host.host(), search, program, null, target, UsdtOptions.DEFAULT);
            assertThat(((LinkInfo.Usdt) probe.info().detail()).path()).isEqualTo(name);
            probe.close();
            assertThat(host.opened).extracting(FakeHost.Opened::name).containsOnly("/data/app.apk");
            assertThat(host.opened)
                    .extracting(FakeHost.Opened::offset)
                    .containsExactly(
                            start + TestLibrary.CODE_OFFSET + 0x20,
                            start + 0x1234,
                            start + TestLibrary.CODE_OFFSET + 0x30);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    Uprobe.attach(
                                            host.host(),
                                            search,
                                            program,
                                            "/data/none.apk!/" + LIBRARY,
                                            "f",
                                            options))
                    .withMessageContaining("there is no file /data/none.apk");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aFileMayHaveTheNameOfAnEntry() throws IOException {
        TestFiles files = new TestFiles(folder);
        files.write("/data/odd!/libt.so", library());
        try (BinaryFile file = BinaryFile.open(files.host(), "/data/odd!/libt.so")) {
            assertThat(file.start()).isZero();
            assertThat(file.path()).isEqualTo("/data/odd!/libt.so");
        }
    }
}
