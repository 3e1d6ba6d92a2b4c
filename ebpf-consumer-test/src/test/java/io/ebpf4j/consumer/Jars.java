// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.consumer;

import io.ebpf4j.Collection;
import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.Link;
import io.ebpf4j.map.BpfMap;

import org.slf4j.Logger;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

/** Where the build put the library, its one dependency, and the application. */
final class Jars {
    static final List<Path> LIBRARY =
            List.of(
                    home(ElfFile.class),
                    home(Kernel.class),
                    home(BpfMap.class),
                    home(Link.class),
                    home(Collection.class));
    static final Path SLF4J = home(Logger.class);
    static final Path APPLICATION = home(Consumer.class);

    private Jars() {}

    private static Path home(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the path for {@code --class-path} or {@code --module-path}. */
    static String path() {
        StringJoiner path = new StringJoiner(File.pathSeparator);
        for (Path jar : LIBRARY) {
            path.add(jar.toString());
        }
        return path.add(SLF4J.toString()).add(APPLICATION.toString()).toString();
    }
}
