// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import io.ebpf4j.Collection;
import io.ebpf4j.link.KprobeMultiOptions;
import io.ebpf4j.link.Link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Our side of the measurements of attaching; does the same as {@code libbpf-attach.c}. Each answers
 * with the nanoseconds that it took.
 */
final class AttachMeasures {
    private static final KprobeMultiOptions ENTRY = KprobeMultiOptions.builder().build();

    private final Collection collection;
    private final List<String> functions;

    private AttachMeasures(Collection collection, List<String> functions) {
        this.collection = collection;
        this.functions = functions;
    }

    /**
     * Opens a measurement.
     *
     * @param file the path of the object in its first line, and the functions in the others
     */
    static Server.Measure open(String name, Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Collection object = Collection.load(Path.of(lines.get(0)));
        AttachMeasures measures = new AttachMeasures(object, lines.subList(1, lines.size()));
        return name.equals("kprobes") ? measures::each : measures::all;
    }

    private long each() {
        List<Link> links = new ArrayList<>();
        long begin = System.nanoTime();
        for (String function : functions) {
            links.add(collection.attachKprobe("on_one", function));
        }
        long took = System.nanoTime() - begin;
        links.forEach(Link::close);
        return took;
    }

    private long all() {
        long begin = System.nanoTime();
        Link link = collection.attachKprobeMulti("on_many", functions, ENTRY);
        long took = System.nanoTime() - begin;
        link.close();
        return took;
    }
}
