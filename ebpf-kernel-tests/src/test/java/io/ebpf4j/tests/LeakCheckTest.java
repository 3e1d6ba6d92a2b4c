// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The check of the checks: what is left behind is seen, and seen to go. */
@KernelTest
class LeakCheckTest {
    private static final int MAP_CREATE = 0;
    private static final int ARRAY = 2;

    @Test
    void namesAnOpenFileUntilItIsClosed() throws IOException {
        Held before = Held.now();
        try (InputStream open = Files.newInputStream(Path.of("/etc/passwd"))) {
            assertThat(open).isNotNull();
            assertThat(Held.since(before)).containsExactly("open /etc/passwd");
        }
        assertThat(Held.since(before)).isEmpty();
    }

    @Test
    void tellsOneMapFromAnotherByItsId() {
        long first = createArray();
        Held before = Held.now();
        long second = createArray();
        BpfCall.close(first);
        List<String> left = Held.since(before);
        BpfCall.close(second);
        assertThat(left).hasSize(1).first().asString().contains("bpf-map").contains("map_id=");
        assertThat(Held.since(before)).isEmpty();
    }

    @Test
    void seesAMapOfTheKernelWhereNothingElseLoadsAny() {
        KernelObjects before = KernelObjects.now();
        long map = createArray();
        List<String> left = KernelObjects.since(before);
        BpfCall.close(map);
        assertThat(left)
                .hasSize(KernelObjects.ALONE ? 1 : 0)
                .allMatch(l -> l.startsWith("kernel's map "));
    }

    @Test
    @Requires(Requirement.BPFFS)
    void seesAPin() throws IOException {
        KernelObjects before = KernelObjects.now();
        Path folder = Mounts.BPFFS.place().resolve("ebpf4j-" + ProcessHandle.current().pid());
        Files.createDirectory(folder);
        List<String> left = KernelObjects.since(before);
        Files.delete(folder);
        assertThat(left).containsExactly("pin " + folder);
        assertThat(KernelObjects.since(before)).isEmpty();
    }

    private static long createArray() {
        long fd =
                BpfCall.call(
                        MAP_CREATE,
                        BpfCall.attribute(72)
                                .putInt(0, ARRAY)
                                .putInt(4, 4)
                                .putInt(8, 8)
                                .putInt(12, 1));
        assertThat(fd).isPositive();
        return fd;
    }
}
