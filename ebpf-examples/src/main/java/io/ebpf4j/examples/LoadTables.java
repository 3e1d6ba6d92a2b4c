// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.PreparedCollection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.ProgramInfo;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.ProgramSpec;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/** Three tables of tab-separated values: what became of objects, of their programs and maps. */
final class LoadTables implements AutoCloseable {
    private static final int REASON_LENGTH = 160;

    private final PrintWriter objects;
    private final PrintWriter programs;
    private final PrintWriter maps;

    private LoadTables(String prefix) {
        objects =
                open(
                        prefix + "-objects.tsv",
                        "object sha16 size open progs maps load load_fixed tried loaded stage"
                                + " reason ms");
        programs =
                open(
                        prefix + "-programs.tsv",
                        "object program section type attach_type autoload mode stage rc insns_elf"
                                + " insns norm16 tag attach_btf_id func_infos line_infos maps"
                                + " reason");
        maps =
                open(
                        prefix + "-maps.tsv",
                        "object map when type key value max_entries flags extra numa key_btf"
                                + " value_btf autocreate internal pin init16 inner");
    }

    /** Begins tables whose files' names begin with this; replaces those that are there. */
    static LoadTables create(String prefix) {
        return new LoadTables(prefix);
    }

    private static PrintWriter open(String file, String columns) {
        try {
            BufferedWriter writer = Files.newBufferedWriter(Path.of(file));
            PrintWriter table = new PrintWriter(writer);
            table.print(columns.replace(' ', '\t') + "\n");
            return table;
        } catch (IOException e) {
            throw BpfException.unreadable("cannot write the table " + file, e);
        }
    }

    void object(Object... cells) {
        row(objects, cells);
    }

    /**
     * Adds a program.
     *
     * @param instructions how many slots the kernel is given, 0 if that is not known
     * @param digest of their normal text, or {@code -}
     * @param info what the kernel says about the loaded program, or null
     */
    void program(
            String object,
            ProgramSpec p,
            String mode,
            LoadOutcome outcome,
            int instructions,
            String digest,
            ProgramInfo info) {
        row(
                programs,
                object,
                p.name(),
                p.section(),
                LoadOutcome.lower(p.type()),
                p.attachType().number() == 0 ? "-" : LoadOutcome.lower(p.attachType()),
                p.autoload() ? 1 : 0,
                mode,
                outcome.stage(),
                outcome.rc(),
                p.function().instructions().slotCount(),
                instructions,
                digest,
                info == null ? "-" : info.tag(),
                info == null ? 0 : info.attachBtfId(),
                info == null ? 0 : info.functionRecords(),
                info == null ? 0 : info.lineRecords(),
                info == null ? 0 : info.mapIds().size(),
                cut(outcome.reason()));
    }

    /** Adds all maps of a parsed object. */
    void declared(String object, CollectionSpec spec) {
        for (MapSpec m : spec.maps().values()) {
            row(maps, MapCells.declared(object, "open", m));
        }
    }

    /**
     * Adds all maps of a prepared object.
     *
     * @param when {@code prepared}, or {@code fixed} if some were given a size
     */
    void created(String object, String when, CollectionSpec spec, PreparedCollection prepared) {
        for (MapSpec m : spec.maps().values()) {
            MapHandle handle = prepared.maps().get(m.name());
            row(
                    maps,
                    handle == null
                            ? MapCells.declared(object, when, m)
                            : MapCells.created(object, when, m, handle));
        }
    }

    static String cut(String reason) {
        String line = reason.replaceAll("[\t\n\r]", " ");
        return line.length() <= REASON_LENGTH ? line : line.substring(0, REASON_LENGTH);
    }

    private static void row(PrintWriter table, Object... cells) {
        StringJoiner row = new StringJoiner("\t", "", "\n");
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        table.print(row);
    }

    @Override
    public void close() {
        boolean lost = false;
        for (PrintWriter table : new PrintWriter[] {objects, programs, maps}) {
            lost |= table.checkError();
            table.close();
        }
        if (lost) {
            throw new BpfException("the tables could not be written whole; is the disk full?");
        }
    }
}
