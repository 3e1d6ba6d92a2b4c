// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;

/** The modules depend on each other as designed, and show users the packages meant for them. */
class ModulesTest {
    private static final Map<String, Set<String>> ARROWS =
            Map.of(
                    "io.ebpf4j.elf", Set.of(),
                    "io.ebpf4j.core", Set.of("io.ebpf4j.elf"),
                    "io.ebpf4j.maps", Set.of("io.ebpf4j.core"),
                    "io.ebpf4j.link", Set.of("io.ebpf4j.core"),
                    "io.ebpf4j",
                            Set.of(
                                    "io.ebpf4j.elf",
                                    "io.ebpf4j.core",
                                    "io.ebpf4j.maps",
                                    "io.ebpf4j.link"));

    private static final Map<String, Set<String>> PACKAGES =
            Map.of(
                    "io.ebpf4j.elf",
                            Set.of(
                                    "io.ebpf4j.asm",
                                    "io.ebpf4j.btf",
                                    "io.ebpf4j.elf",
                                    "io.ebpf4j.error",
                                    "io.ebpf4j.golang",
                                    "io.ebpf4j.relocation",
                                    "io.ebpf4j.spec"),
                    "io.ebpf4j.core", Set.of("io.ebpf4j.kernel", "io.ebpf4j.program"),
                    "io.ebpf4j.maps", Set.of("io.ebpf4j.map"),
                    "io.ebpf4j.link", Set.of("io.ebpf4j.link"),
                    "io.ebpf4j", Set.of("io.ebpf4j"));

    private static Map<String, ModuleDescriptor> descriptors() {
        Map<String, ModuleDescriptor> descriptors = new TreeMap<>();
        ModuleFinder finder = ModuleFinder.of(Jars.LIBRARY.toArray(Path[]::new));
        for (ModuleReference module : finder.findAll()) {
            descriptors.put(module.descriptor().name(), module.descriptor());
        }
        return descriptors;
    }

    @Test
    void thereAreFiveModulesAndNoneIsAutomatic() {
        assertThat(descriptors()).containsOnlyKeys(ARROWS.keySet());
        assertThat(descriptors().values()).noneMatch(ModuleDescriptor::isAutomatic);
    }

    @Test
    void modulesRequireWhatTheDesignDrawsAndSlf4jAlone() {
        descriptors()
                .forEach(
                        (name, module) -> {
                            Set<String> siblings = new TreeSet<>();
                            for (ModuleDescriptor.Requires r : module.requires()) {
                                if (r.name().startsWith("io.ebpf4j")) {
                                    siblings.add(r.name());
                                    assertThat(r.modifiers())
                                            .contains(
                                                    ModuleDescriptor.Requires.Modifier.TRANSITIVE);
                                } else {
                                    assertThat(r.name()).isIn("java.base", "org.slf4j");
                                }
                            }
                            assertThat(siblings).as(name).isEqualTo(ARROWS.get(name));
                        });
    }

    @Test
    void usersSeeTheDesignedPackages() {
        descriptors()
                .forEach(
                        (name, module) -> {
                            Set<String> shown = new TreeSet<>();
                            for (ModuleDescriptor.Exports e : module.exports()) {
                                if (!e.isQualified()) {
                                    shown.add(e.source());
                                }
                            }
                            assertThat(shown).as(name).isEqualTo(PACKAGES.get(name));
                            assertThat(module.opens()).as(name).isEmpty();
                            assertThat(module.isOpen()).as(name).isFalse();
                        });
    }

    @Test
    void systemCallsAreShownToSiblingsAlone() {
        Map<String, Set<String>> qualified = new TreeMap<>();
        descriptors()
                .values()
                .forEach(
                        module ->
                                module.exports().stream()
                                        .filter(ModuleDescriptor.Exports::isQualified)
                                        .forEach(e -> qualified.put(e.source(), e.targets())));
        assertThat(qualified)
                .isEqualTo(
                        Map.of(
                                "io.ebpf4j.sys",
                                Set.of("io.ebpf4j", "io.ebpf4j.link", "io.ebpf4j.maps")));
    }

    /** What the classes use, whatever the descriptors say. */
    @Test
    void classesUseNothingElseThanTheirModulesRequire() {
        List<String> arguments =
                new ArrayList<>(List.of("--multi-release", "base", "-summary", "--module-path"));
        arguments.add(Jars.path());
        Jars.LIBRARY.forEach(jar -> arguments.add(jar.toString()));
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        int status =
                ToolProvider.findFirst("jdeps")
                        .orElseThrow()
                        .run(writer, writer, arguments.toArray(String[]::new));
        assertThat(status).as(out.toString()).isZero();
        Map<String, Set<String>> used = new TreeMap<>();
        out.toString()
                .lines()
                .map(line -> line.split(" -> "))
                .forEach(
                        arrow ->
                                used.computeIfAbsent(arrow[0].strip(), m -> new TreeSet<>())
                                        .add(arrow[1].strip()));
        assertThat(used.keySet()).isEqualTo(ARROWS.keySet());
        used.forEach(
                (name, modules) -> {
                    Set<String> allowed = new TreeSet<>(reachable(name));
                    allowed.addAll(Set.of("java.base", "org.slf4j"));
                    assertThat(allowed).as(name).containsAll(modules);
                });
        assertThat(used.get("io.ebpf4j.elf")).containsExactly("java.base");
    }

    private static Set<String> reachable(String module) {
        Set<String> reached = new TreeSet<>(ARROWS.get(module));
        for (String direct : ARROWS.get(module)) {
            reached.addAll(reachable(direct));
        }
        return reached;
    }
}
