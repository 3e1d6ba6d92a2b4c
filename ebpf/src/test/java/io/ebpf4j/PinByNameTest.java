// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/** Maps that are taken in place of creating them: from their pin, or from the caller. */
class PinByNameTest {
    private static final int ENOMEM = 12;

    private final TestKernel kernel = new TestKernel("6.12");
    private final CollectionSpec spec = pinned();
    @TempDir private Path root;

    private static CollectionSpec pinned() {
        CollectionSpec spec = TestKernel.spec();
        spec.map("counts").pinning(MapSpec.Pinning.BY_NAME);
        return spec;
    }

    private Collection load() {
        return Collection.load(spec, kernel.options().pinRoot(root).build());
    }

    private void fails(String... words) {
        assertThatThrownBy(this::load).isInstanceOf(BpfException.class).message().contains(words);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    private String pin() {
        return root.resolve("counts").toString();
    }

    private int created(String map) {
        return (int)
                kernel.fake.calls(BpfCommand.MAP_CREATE).stream()
                        .filter(c -> c.text("map_name").equals(map))
                        .count();
    }

    @Test
    void aMapIsPinnedUnderItsNameAndTakenFromThere() {
        try (Collection c = load()) {
            c.map("counts", Integer.class, Long.class).put(1, 2L);
        }
        assertThat(kernel.fake.pinned()).containsExactly(pin());
        try (Collection c = load()) {
            assertThat(c.map("counts", Integer.class, Long.class).get(1)).isEqualTo(2L);
            assertThat(c.map("counts").name()).isEqualTo("counts");
        }
        assertThat(created("counts")).isEqualTo(1);
        assertThat(created("events")).isEqualTo(2);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void withoutAnOptionPinsAreInTheUsualPlace() {
        kernel.load(spec).close();
        assertThat(kernel.fake.pinned()).containsExactly("/sys/fs/bpf/counts");
    }

    @Test
    void dotsAndSlashesDoNotReachThePath() {
        spec.map("counts").pinning(MapSpec.Pinning.NONE);
        spec.map(".bss").pinning(MapSpec.Pinning.BY_NAME);
        load().close();
        assertThat(kernel.fake.pinned()).containsExactly(root.resolve("_bss").toString());
    }

    @Test
    void everyDifferenceIsListed() {
        load().close();
        spec.map("counts").type(MapType.LRU_HASH).keySize(8).valueSize(16).maxEntries(65);
        spec.map("counts").flags(2).mapExtra(3);
        fails(
                pin(),
                "map \"counts\"",
                "type: HASH there, LRU_HASH declared",
                "key size: 4 there, 8 declared",
                "value size: 8 there, 16 declared",
                "max entries: 64 there, 65 declared",
                "flags: 0x0 there, 0x2 declared",
                "map_extra: 0x0 there, 0x3 declared");
        assertThat(kernel.fake.pinned()).containsExactly(pin());
    }

    @Test
    void whatAnotherProcessPinnedMeanwhileIsTaken() {
        load().close();
        // not there when first looked for, and there when it is pinned
        kernel.fake.fail(BpfCommand.OBJ_GET, 2, Errno.ENOENT);
        try (Collection c = load()) {
            c.map("counts", Integer.class, Long.class).put(1, 2L);
        }
        assertThat(created("counts")).isEqualTo(2);
        assertThat(kernel.fake.calls(BpfCommand.OBJ_GET)).hasSize(3);
        try (Collection c = load()) {
            assertThat(c.map("counts", Integer.class, Long.class).get(1)).isEqualTo(2L);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aPinThatComesAndGoesIsTriedOnce() {
        kernel.fake.failAll(BpfCommand.OBJ_PIN, Errno.EEXIST);
        fails("map \"counts\"", pin(), "comes and goes");
        assertThat(kernel.fake.calls(BpfCommand.OBJ_PIN)).hasSize(1);
    }

    @Test
    void aPlaceOutsideABpfFileSystemIsRefused() {
        kernel.fake.fail(BpfCommand.OBJ_PIN, 1, Errno.EPERM);
        fails(
                "map \"counts\"",
                root + " is in no bpf file system",
                "mount -t bpf bpf /sys/fs/bpf",
                "pinRoot(");
    }

    @Test
    void aFailedLoadUnpinsWhatItPinnedAndNothingElse() {
        kernel.fake.fail(BpfCommand.PROG_LOAD, 2, ENOMEM);
        kernel.fake.fail(BpfCommand.PROG_LOAD, 3, ENOMEM);
        fails("second");
        assertThat(kernel.fake.pinned()).isEmpty();

        load().close();
        spec.map("events").pinning(MapSpec.Pinning.BY_NAME);
        kernel.fake.reject("0: (95) exit\nR0 !read_ok\n", Errno.EACCES);
        fails("R0 !read_ok");
        assertThat(kernel.fake.calls(BpfCommand.OBJ_PIN)).hasSize(3);
        assertThat(kernel.fake.pinned()).containsExactly(pin());
    }

    /** Whichever call fails, neither a descriptor nor a pin is left by a load that fails. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.EINVAL, ENOMEM, Errno.EEXIST, Errno.ENOENT})
    void anyCallMayFail(int errno) {
        CollectionSpec all = pinned();
        all.map("events").pinning(MapSpec.Pinning.BY_NAME);
        all.map("counts")
                .type(MapType.ARRAY_OF_MAPS)
                .valueSize(4)
                .inner(MapSpec.of("template", MapType.RINGBUF, 0, 0, 4096))
                .slots()
                .put(1, "events");
        int refused = 0;
        int k = 0;
        TestKernel last;
        do {
            last = new TestKernel("6.12").failCall(++k, errno);
            List<String> left = List.of("/sys/fs/bpf/counts", "/sys/fs/bpf/events");
            try {
                last.load(all).close();
            } catch (BpfException e) {
                refused++;
                left = List.of();
            }
            assertThat(last.fake.leftOpen()).as("call " + k).isEmpty();
            assertThat(last.fake.pinned())
                    .as("call " + k)
                    .containsExactlyInAnyOrderElementsOf(left);
        } while (last.made() >= k);
        assertThat(refused).isBetween(5, k - 1);
    }

    @Test
    void aReusedMapIsOpenedASecondTimeAndNotPinned() {
        MapSpec like = MapSpec.of("like", MapType.HASH, 4, 8, 64);
        try (MapHandle mine = MapHandle.create(kernel.kernel(), like, null, null)) {
            LoadOptions options = kernel.options().pinRoot(root).reuse("counts", mine).build();
            try (Collection c = Collection.load(spec, options)) {
                c.map("counts", Integer.class, Long.class).put(1, 2L);
                assertThat(c.map("counts").descriptor().fd()).isNotEqualTo(mine.descriptor().fd());
            }
            assertThat(mine.open(Integer.class, Long.class).get(1)).isEqualTo(2L);
        }
        assertThat(created("counts")).isZero();
        assertThat(kernel.fake.pinned()).isEmpty();
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aReusedMapThatDiffersIsRefusedAndStaysOpen() {
        MapSpec other = MapSpec.of("other", MapType.HASH, 4, 8, 63);
        try (MapHandle mine = MapHandle.create(kernel.kernel(), other, null, null)) {
            List<String> before = kernel.fake.leftOpen();
            LoadOptions options = kernel.options().reuse("counts", mine).build();
            assertThatThrownBy(() -> Collection.load(spec, options))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("map other cannot be taken for map \"counts\"")
                    .hasMessageContaining("max entries: 63 there, 64 declared");
            assertThat(kernel.fake.leftOpen()).isEqualTo(before);
        }
    }

    @Test
    void reusingForAMapThatIsNotThereIsRefusedBeforeAnythingIsCreated() {
        MapSpec like = MapSpec.of("like", MapType.HASH, 4, 8, 64);
        try (MapHandle mine = MapHandle.create(kernel.kernel(), like, null, null)) {
            int before = kernel.fake.calls(BpfCommand.MAP_CREATE).size();
            LoadOptions options = kernel.options().reuse("count", mine).build();
            assertThatThrownBy(() -> Collection.load(spec, options))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("no map \"count\"")
                    .hasMessageContaining("counts");
            assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE)).hasSize(before);
            assertThat(kernel.fake.calls(BpfCommand.BTF_LOAD)).isEmpty();
        }
    }
}
