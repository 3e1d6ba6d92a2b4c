// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.MapInfo;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be done with each type of map on this kernel, held against {@code map-matrix.tsv}; the
 * lines that it prints are what {@code .ci/map-matrix} writes docs/map-matrix.md from.
 */
@KernelTest
class MapMatrixTest {
    private static final Map<String, String> SINCE = table();

    private final Kernel kernel = Kernel.shared();

    /** Reads {@code TYPE operation since}; what is not there no kernel can. */
    private static Map<String, String> table() {
        Map<String, String> since = new HashMap<>();
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                MapMatrixTest.class.getResourceAsStream("/map-matrix.tsv"),
                                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith("#")) {
                    String[] row = line.split("\t", 3);
                    assertThat(since.put(row[0] + " " + row[1], row[2])).as(line).isNull();
                }
            }
            return since;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean expected(MapType type, String operation) {
        String since = SINCE.get(type + " " + operation);
        return since != null && Requirement.atLeast(since);
    }

    @ParameterizedTest
    @EnumSource(value = MapType.class, mode = EnumSource.Mode.EXCLUDE, names = "UNSPEC")
    @Requires({Requirement.CGROUP2, Requirement.BTF})
    void operations(MapType type) throws Exception {
        if (!there(type)) {
            return;
        }
        Map<String, Boolean> observed;
        try (Samples samples = new Samples(kernel)) {
            observed = MapProbe.of(kernel, samples.of(type)).all();
        }
        observed.forEach(
                (operation, works) ->
                        System.out.println(
                                "matrix " + type + " " + operation + " " + (works ? "yes" : "no")));
        Map<String, Boolean> wanted = new HashMap<>();
        observed.keySet().forEach(op -> wanted.put(op, expected(type, op)));
        assertThat(observed).isEqualTo(wanted);
    }

    @ParameterizedTest
    @EnumSource(value = MapType.class, mode = EnumSource.Mode.EXCLUDE, names = "UNSPEC")
    @Requires({Requirement.CGROUP2, Requirement.BPFFS, Requirement.BTF})
    void everyTypeIsOpenedByIdPinAndDescriptorAndFrozen(MapType type) throws Exception {
        if (!there(type)) {
            return;
        }
        Path pin = Path.of("/sys/fs/bpf/ebpf4j-matrix");
        Files.deleteIfExists(pin);
        try (Samples samples = new Samples(kernel);
                MapHandle map = samples.of(type).create(kernel)) {
            MapInfo info = map.info();
            assertThat(info.type()).isEqualTo(type);
            assertThat(info.keySize()).isEqualTo(map.keySize());
            assertThat(info.valueSize()).isEqualTo(map.valueSize());
            assertThat(info.maxEntries()).isEqualTo(map.maxEntries());
            map.pin(pin);
            try (MapHandle byId = MapHandle.fromId(kernel, info.id());
                    MapHandle byPin = MapHandle.fromPin(kernel, pin);
                    MapHandle byFd = MapHandle.fromFd(kernel, map.descriptor().fd())) {
                for (MapHandle same : List.of(byId, byPin, byFd)) {
                    assertThat(same.info()).isEqualTo(info);
                    assertThat(same.type()).isEqualTo(type);
                }
            } finally {
                map.unpin(pin);
            }
            switch (type) {
                // it is mapped, and so can be written
                case ARENA -> refusesToFreeze(map, Errno.EBUSY);
                case STRUCT_OPS -> refusesToFreeze(map, Errno.ENOTSUPP);
                default -> map.freeze();
            }
        }
    }

    private static void refusesToFreeze(MapHandle map, int errno) {
        assertThatThrownBy(map::freeze)
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    /** Says whether the kernel has the type; one without it refuses and names the version. */
    private boolean there(MapType type) throws Exception {
        boolean there = expected(type, "create");
        if (!there) {
            System.out.println("matrix " + type + " create no");
            if (Requirement.atLeast(type.since())) {
                // left out of this kernel's configuration
                return false;
            }
            assertThatThrownBy(
                            () -> {
                                try (Samples samples = new Samples(kernel)) {
                                    samples.of(type).create(kernel).close();
                                }
                            })
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining(type + " needs Linux " + type.since());
        }
        return there;
    }
}
