// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process with a low limit or few capabilities is told, and helped with. */
@KernelTest
class FewRightsTest {
    private static final int MANY = 64;

    /** Fills many times 64 KiB of maps. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] arguments) throws IOException {
            List<MapHandle> maps = new ArrayList<>();
            try (Collection c = Collection.load(Objects.spec("replaced"))) {
                for (int i = 0; i < MANY; i++) {
                    MapSpec spec = MapSpec.of("large" + i, MapType.ARRAY, 4, 4096, 16);
                    maps.add(MapHandle.create(Kernel.shared(), spec, null, null));
                }
                System.out.println("loaded " + c.programs().size() + " and " + maps.size());
            } catch (BpfException e) {
                System.out.println("loaded " + e.getClass().getSimpleName() + " " + e.getMessage());
            }
            maps.forEach(MapHandle::close);
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max locked memory")) {
                    System.out.println("limit " + line.replaceAll(" +", " "));
                }
            }
        }
    }

    @Test
    void aLowLimitOfLockedMemoryIsRaisedWhereItCounts() throws IOException {
        String[] limit = {"sh", "-c", "ulimit -S -l 64; exec \"$@\"", "sh"};
        try (ChildJvm child = new ChildJvm(Limited.class, limit)) {
            assertThat(child.answer("loaded")).isEqualTo("2 and " + MANY);
            String now = child.answer("limit");
            if (Requirement.atLeast("5.11")) {
                assertThat(now).startsWith("Max locked memory 65536 ");
            } else {
                assertThat(now).startsWith("Max locked memory unlimited unlimited");
            }
        }
    }

    @Test
    void aLimitThatMayNotBeRaisedIsNamedWhereItCounts() throws IOException {
        String[] limit = {
            "setpriv",
            "--bounding-set=-sys_resource",
            "--inh-caps=-sys_resource",
            "sh",
            "-c",
            "ulimit -l 64; exec \"$@\"",
            "sh"
        };
        try (ChildJvm child = new ChildJvm(Limited.class, limit)) {
            String loaded = child.answer("loaded");
            if (Requirement.atLeast("5.11")) {
                assertThat(loaded).isEqualTo("2 and " + MANY);
            } else {
                assertThat(loaded)
                        .startsWith("PermissionDeniedException")
                        .contains("RLIMIT_MEMLOCK")
                        .contains("ulimit -l unlimited");
            }
        }
    }

    /** Creates maps that ask for a capability beside CAP_BPF, which is all that it has. */
    static final class Capable {
        private Capable() {}

        public static void main(String[] arguments) {
            for (MapType type : new MapType[] {MapType.SOCKMAP, MapType.DEVMAP, MapType.HASH}) {
                MapSpec spec = MapSpec.of("map", type, 4, 4, 1);
                try (MapHandle map = MapHandle.create(Kernel.shared(), spec, null, null)) {
                    System.out.println(type + " created " + map.type());
                } catch (BpfException e) {
                    System.out.println(type + " " + e.getMessage());
                }
            }
        }
    }

    @Test
    void theCapabilityThatMapsOfSocketsAndDevicesAskForIsNamed() throws IOException {
        String[] only = {"setpriv", "--bounding-set=-all,+bpf", "--inh-caps=-all,+bpf"};
        try (ChildJvm child = new ChildJvm(Capable.class, only)) {
            assertThat(child.answer("SOCKMAP")).contains("missing CAP_NET_ADMIN;");
            assertThat(child.answer("DEVMAP")).contains("missing CAP_NET_ADMIN;");
            assertThat(child.answer("HASH")).isEqualTo("created HASH");
        }
    }
}
