// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Maps outlive their load under their names, and are taken again if they are what is declared. */
@KernelTest
@Requires(Requirement.BPFFS)
class PinnedMapsTest {
    /** An Ethernet header, the least that a test run takes. */
    private static final int PACKET_BYTES = 14;

    private static final List<String> NAMES =
            List.of("counts", "devices", "one_per_cpu", "rounded");

    private final Path root =
            Mounts.BPFFS.place().resolve("ebpf4j-" + ProcessHandle.current().pid());

    @BeforeEach
    void makeRoot() throws IOException {
        Files.createDirectory(root);
    }

    @AfterEach
    void removeRoot() throws IOException {
        for (String pin : pins()) {
            Files.delete(root.resolve(pin));
        }
        Files.delete(root);
    }

    private List<String> pins() throws IOException {
        try (Stream<Path> pins = Files.list(root)) {
            return pins.map(pin -> pin.getFileName().toString()).sorted().toList();
        }
    }

    private LoadOptions options() {
        return LoadOptions.builder().pinRoot(root).build();
    }

    private Collection load(CollectionSpec spec) {
        return Collection.load(spec, options());
    }

    private static CollectionSpec spec() {
        return Objects.spec("pinned");
    }

    private static int count(Collection c) {
        return c.program("count")
                .testRun(TestRun.create().data(new byte[PACKET_BYTES]))
                .returnValue();
    }

    private static Map<String, Integer> ids(Collection c) {
        Map<String, Integer> ids = new TreeMap<>();
        for (String name : NAMES) {
            ids.put(name, c.map(name).info().id());
        }
        return ids;
    }

    @Test
    void aValueIsStillThereAfterTheNextLoad() throws IOException {
        try (Collection c = load(spec())) {
            assertThat(count(c)).isEqualTo(1);
            assertThat(count(c)).isEqualTo(2);
        }
        assertThat(pins()).isEqualTo(NAMES);
        try (Collection c = load(spec())) {
            assertThat(c.map("counts", Integer.class, Long.class).get(1)).isEqualTo(2L);
            assertThat(count(c)).isEqualTo(3);
        }
    }

    @Test
    void mapsWhoseNumbersTheKernelChangesAreTakenAgain() {
        Map<String, Integer> before;
        int own;
        try (Collection c = load(spec())) {
            before = ids(c);
            own = c.map("own").info().id();
        }
        try (Collection c = load(spec())) {
            assertThat(ids(c)).isEqualTo(before);
            assertThat(c.map("own").info().id()).isNotEqualTo(own);
        }
    }

    @Test
    void aPinOfAnotherShapeIsRefusedAndStays() throws IOException {
        MapSpec other = MapSpec.of("other", MapType.ARRAY, 4, 16, 17);
        try (MapHandle map = MapHandle.create(Kernel.shared(), other, null, null)) {
            map.pin(root.resolve("counts"));
        }
        assertThatThrownBy(() -> load(spec()))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(root.resolve("counts").toString())
                .hasMessageContaining("type: ARRAY there, HASH declared")
                .hasMessageContaining("value size: 16 there, 8 declared")
                .hasMessageContaining("max entries: 17 there, 16 declared");
        assertThat(pins()).containsExactly("counts");
    }

    @Test
    void aPinnedProgramIsRefused() {
        try (Collection c = load(spec())) {
            c.map("counts").unpin(root.resolve("counts"));
            c.program("count").pin(root.resolve("counts"));
        }
        assertThatThrownBy(() -> load(spec()))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("is no map but a program");
    }

    @Test
    void aFailedLoadRemovesOnlyItsOwnPins() throws IOException {
        CollectionSpec spec = spec();
        spec.map("rounded").pinning(MapSpec.Pinning.NONE);
        spec.map("one_per_cpu").pinning(MapSpec.Pinning.NONE);
        spec.map("devices").pinning(MapSpec.Pinning.NONE);
        load(spec).close();
        assertThat(pins()).containsExactly("counts");

        CollectionSpec broken = spec();
        broken.map("own").slots().put(0, "counts");
        broken.map("own").type(MapType.ARRAY_OF_MAPS).valueSize(4);
        assertThatThrownBy(() -> load(broken)).isInstanceOf(BpfException.class);
        assertThat(pins()).containsExactly("counts");
    }

    @Test
    void aFolderThatIsInNoBpfFileSystemIsRefused(@TempDir Path elsewhere) {
        LoadOptions options = LoadOptions.builder().pinRoot(elsewhere).build();
        assertThatThrownBy(() -> Collection.load(spec(), options))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("map \"counts\"")
                .hasMessageContaining(elsewhere + " is in no bpf file system")
                .hasMessageContaining("mount -t bpf bpf /sys/fs/bpf");
        LoadOptions missing = LoadOptions.builder().pinRoot(root.resolve("missing")).build();
        assertThatThrownBy(() -> Collection.load(spec(), missing))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("there is no folder " + root.resolve("missing"));
    }

    @Test
    void globalDataIsPinnedUnderANameWithoutDots() throws IOException {
        CollectionSpec spec = Objects.spec("nested");
        spec.map(".bss").pinning(MapSpec.Pinning.BY_NAME);
        try (Collection c = load(spec)) {
            c.variable("slot", int.class).set(4711);
        }
        assertThat(pins()).containsExactly("_bss");
        try (Collection c = load(spec)) {
            assertThat(c.variable("slot", int.class).get()).isEqualTo(4711);
        }
    }

    @Test
    void aReusedMapIsSharedAndStaysTheCallers() throws IOException {
        CollectionSpec spec = Objects.spec("pinned");
        spec.maps().values().forEach(map -> map.pinning(MapSpec.Pinning.NONE));
        MapSpec like = MapSpec.of("like", MapType.HASH, 4, 8, 16);
        try (MapHandle mine = MapHandle.create(Kernel.shared(), like, null, null)) {
            mine.open(Integer.class, Long.class).put(1, 40L);
            LoadOptions options = LoadOptions.builder().reuse("counts", mine).build();
            try (Collection c = Collection.load(spec, options)) {
                assertThat(count(c)).isEqualTo(41);
            }
            assertThat(mine.open(Integer.class, Long.class).get(1)).isEqualTo(41L);
        }
        assertThat(pins()).isEmpty();
    }
}
