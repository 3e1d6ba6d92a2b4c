// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files of processes with a mount namespace of their own. */
class ProcessFilesTest {
    private static final int X86_64 = 62;
    private static final int PID = 77;

    @TempDir Path folder;
    private TestFiles files;

    @BeforeEach
    void begin() throws IOException {
        files = new TestFiles(folder);
        files.library("/proc/self/exe", 64, X86_64);
        link("/proc/self/ns/mnt", "mnt:[1]");
        link("/proc/77/ns/mnt", "mnt:[2]");
        Files.createDirectories(files.path("/proc/77/root"));
    }

    private void link(String at, String target) throws IOException {
        Files.createDirectories(files.path(at).getParent());
        Files.createSymbolicLink(files.path(at), Path.of(target));
    }

    private String find(String name, Map<String, String> environment) {
        return new BinarySearch(files.host(), environment, "amd64").find(name, PID);
    }

    private String find(String name) {
        return find(name, Map.of());
    }

    @Test
    void pathsAreTheProcesss() {
        files.write("/opt/tool", "x");
        assertThat(find("/opt/tool")).isEqualTo("/opt/tool");
        files.write("/proc/77/root/opt/tool", "x");
        assertThat(find("/opt/tool")).isEqualTo("/proc/77/root/opt/tool");
        assertThat(find("/proc/77/root/opt/tool")).isEqualTo("/proc/77/root/opt/tool");
    }

    @Test
    void linksAreFollowedBelowTheProcesssRoot() throws IOException {
        files.write("/proc/77/root/real/libz.so.1.3", "x");
        link("/proc/77/root/lib/libz.so.1", "/real/libz.so.1.3");
        link("/proc/77/root/alias", "./real/../real");
        link("/proc/77/root/up", "../../real");
        link("/proc/77/root/loop", "/loop");
        ProcessFiles seen = ProcessFiles.of(files.host(), PID);
        String real = "/proc/77/root/real/libz.so.1.3";
        assertThat(seen.resolve("/lib/libz.so.1")).isEqualTo(real);
        assertThat(seen.resolve("/alias/./libz.so.1.3")).isEqualTo(real);
        assertThat(seen.resolve("/up/libz.so.1.3")).isEqualTo(real);
        assertThat(seen.resolve("/a/../../../real/libz.so.1.3")).isEqualTo(real);
        assertThat(seen.resolve("/loop/x")).isEqualTo("/proc/77/root/loop/x");
    }

    @Test
    void librariesAreThoseThatTheProcesssLoaderFinds() throws IOException {
        files.library("/usr/lib/libz.so.1", 64, X86_64);
        files.library("/proc/77/root/real/libz.so.1", 64, X86_64);
        link("/proc/77/root/usr/lib/libz.so.1", "/real/libz.so.1");
        assertThat(find("libz.so.1")).isEqualTo("/proc/77/root/real/libz.so.1");
        assertThat(find("libz")).isEqualTo("/proc/77/root/real/libz.so.1");
        files.library("/proc/77/root/musl/libz.so.1", 64, X86_64);
        files.write("/proc/77/root/etc/ld-musl-x86_64.path", "/musl\n/usr/lib\n");
        assertThat(find("libz.so.1")).isEqualTo("/proc/77/root/musl/libz.so.1");
        files.library("/proc/77/root/own/libz.so.1", 64, X86_64);
        files.write("/proc/77/environ", "A=B\0LD_LIBRARY_PATH=/own\0C=D\0");
        assertThat(find("libz.so.1", Map.of("LD_LIBRARY_PATH", "/ours")))
                .isEqualTo("/proc/77/root/own/libz.so.1");
    }

    @Test
    void whatTheProcessLacksIsOurs() {
        files.library("/usr/lib/libz.so.1", 64, X86_64);
        assertThat(find("libz.so.1")).isEqualTo("/usr/lib/libz.so.1");
    }

    @Test
    void whatTheProcessHasMappedIsItsOwn() {
        files.library("/usr/lib/libz.so.1", 64, X86_64);
        files.library("/proc/77/root/usr/lib/libz.so.1", 64, X86_64);
        files.write("/proc/77/maps", "7f02-7f03 r-xp 00000000 fe:00 2       /usr/lib/libz.so.1\n");
        assertThat(find("libz.so.1")).isEqualTo("/proc/77/root/usr/lib/libz.so.1");
    }

    @Test
    void aProcessOfTheSameNamespaceAndRootSeesOurs() throws IOException {
        Files.delete(files.path("/proc/77/ns/mnt"));
        link("/proc/77/ns/mnt", "mnt:[1]");
        assertThat(ProcessFiles.of(files.host(), PID).elsewhere()).isTrue();
        Files.delete(files.path("/proc/77/root"));
        link("/proc/77/root", folder.toString());
        assertThat(ProcessFiles.of(files.host(), PID).elsewhere()).isFalse();
        assertThat(ProcessFiles.of(files.host(), PID).resolve("/a/../b")).isEqualTo("/a/../b");
        assertThat(ProcessFiles.of(files.host(), 0).elsewhere()).isFalse();
        assertThat(ProcessFiles.of(files.host(), 78).elsewhere()).isFalse();
    }

    @Test
    void entriesOfArchivesAreTheProcesssToo() {
        files.write("/data/app.apk", "x");
        assertThat(find("/data/app.apk!/lib/liba.so")).isEqualTo("/data/app.apk!/lib/liba.so");
        files.write("/proc/77/root/data/app.apk", "x");
        assertThat(find("/data/app.apk!/lib/liba.so"))
                .isEqualTo("/proc/77/root/data/app.apk!/lib/liba.so");
    }
}
