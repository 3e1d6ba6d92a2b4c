// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class BinarySearchTest {
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int CACHE_HEADER = 48;
    private static final int CACHE_ENTRY = 24;

    @TempDir Path folder;
    private TestFiles files;

    @BeforeEach
    void begin() {
        files = new TestFiles(folder);
        files.library("/proc/self/exe", 64, X86_64);
    }

    private String find(String name, int pid, Map<String, String> environment) {
        return new BinarySearch(files.host(), environment, "amd64").find(name, pid);
    }

    private String find(String name) {
        return find(name, -1, Map.of());
    }

    @Test
    void aPathIsTakenAsItIs() {
        files.write("/opt/app/tool", "x");
        assertThat(find("/opt/app/tool")).isEqualTo("/opt/app/tool");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find("/opt/app/other"))
                .withMessage("there is no file /opt/app/other to put a uprobe into");
    }

    @Test
    void theLibraryPathComesBeforeTheCacheAndTheCacheBeforeFolders() {
        files.library("/usr/lib/x86_64-linux-gnu/libz.so.1", 64, X86_64);
        assertThat(find("libz.so.1")).isEqualTo("/usr/lib/x86_64-linux-gnu/libz.so.1");
        files.library("/opt/z/libz.so.1", 64, X86_64);
        writeCache("libz.so.1", "/opt/z/libz.so.1");
        assertThat(find("libz.so.1")).isEqualTo("/opt/z/libz.so.1");
        files.library("/home/z/libz.so.1", 64, X86_64);
        assertThat(find("libz.so.1", -1, Map.of("LD_LIBRARY_PATH", "relative::/home/z")))
                .isEqualTo("/home/z/libz.so.1");
    }

    @Test
    void librariesOfOtherMachinesArePassedOver() {
        files.library("/lib/x86_64-linux-gnu/libz.so.1", 32, 3);
        files.library("/lib64/libz.so.1", 64, AARCH64);
        files.write("/usr/lib64/libz.so.1", "INPUT(/lib/libz.so.1)");
        files.library("/usr/lib/libz.so.1", 64, X86_64);
        assertThat(find("libz.so.1")).isEqualTo("/usr/lib/libz.so.1");
    }

    @Test
    void aNameWithoutVersionFindsTheMostGeneralOne() {
        files.library("/usr/lib/libssl.so.3.0.2", 64, X86_64);
        files.library("/usr/lib/libssl.so.3", 64, X86_64);
        files.library("/usr/lib/libsslx.so", 64, X86_64);
        assertThat(find("libssl")).isEqualTo("/usr/lib/libssl.so.3");
    }

    @Test
    void aProcessIsAskedFirstWhatItHasMapped() {
        files.library("/usr/lib/libz.so.1", 64, X86_64);
        files.library("/proc/77/root/app/libz.so.1", 64, X86_64);
        files.write(
                "/proc/77/maps",
                """
                7f00-7f01 r-xp 00000000 fe:00 1 /app/libzz.so.1
                7f02-7f03 r-xp 00000000 fe:00 2       /app/libz.so.1
                """);
        assertThat(find("libz.so.1", 77, Map.of())).isEqualTo("/proc/77/root/app/libz.so.1");
        assertThat(find("libz.so.1", -1, Map.of())).isEqualTo("/usr/lib/libz.so.1");
    }

    @Test
    void executablesAreFoundByThePathAndMustBeExecutable() throws IOException {
        files.write("/a/bash", "x");
        files.write("/usr/bin/bash", "x");
        Files.setPosixFilePermissions(
                files.path("/usr/bin/bash"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(find("bash", -1, Map.of("PATH", "/a"))).isEqualTo("/usr/bin/bash");
    }

    @Test
    void saysWhereItLooked() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find("libnone.so.1", -1, Map.of("LD_LIBRARY_PATH", "/home/z")))
                .withMessageStartingWith(
                        "found no library libnone.so.1; looked in /home/z, /etc/ld.so.cache, ")
                .withMessageContaining("/usr/lib/x86_64-linux-gnu");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> find("nonesuch", -1, Map.of("PATH", "/a:/b")))
                .withMessageStartingWith(
                        "found no executable or library nonesuch; looked in /a, /b, ");
        assertThatExceptionOfType(BpfException.class).isThrownBy(() -> find(""));
    }

    @Test
    void brokenCachesAreIgnored() {
        files.library("/usr/lib/libz.so.1", 64, X86_64);
        files.write("/etc/ld.so.cache", "ld.so-1.7.0 and nothing else");
        assertThat(find("libz.so.1")).isEqualTo("/usr/lib/libz.so.1");
        byte[] cache = cache("libz.so.1", "/opt/z/libz.so.1");
        ByteBuffer.wrap(cache)
                .order(ByteOrder.nativeOrder())
                .putInt(20, 1 << 30)
                .putInt(CACHE_HEADER + 4, -5);
        files.write("/etc/ld.so.cache", cache);
        assertThat(find("libz.so.1")).isEqualTo("/usr/lib/libz.so.1");
    }

    private void writeCache(String soname, String path) {
        byte[] cache = cache(soname, path);
        // A table of the older format may stand before it.
        ByteBuffer both = ByteBuffer.allocate(32 + cache.length);
        both.put("ld.so-1.7.0".getBytes(StandardCharsets.US_ASCII)).position(32).put(cache);
        files.write("/etc/ld.so.cache", both.array());
    }

    private static byte[] cache(String soname, String path) {
        byte[] strings = (soname + "\0" + path + "\0").getBytes(StandardCharsets.US_ASCII);
        int start = CACHE_HEADER + CACHE_ENTRY;
        ByteBuffer cache =
                ByteBuffer.allocate(start + strings.length).order(ByteOrder.nativeOrder());
        cache.put("glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII))
                .putInt(1)
                .putInt(strings.length);
        cache.position(CACHE_HEADER)
                .putInt(0x303)
                .putInt(start)
                .putInt(start + soname.length() + 1);
        cache.position(start).put(strings);
        return cache.array();
    }
}
