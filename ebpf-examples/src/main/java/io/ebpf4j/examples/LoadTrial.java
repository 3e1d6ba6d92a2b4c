// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.PreparedCollection;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramInfo;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramSpec;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loads one object in several ways: whole, as it is and then with sizes for empty maps; then each
 * program alone, with such sizes, that was not loaded so. What came of it goes into tables.
 */
final class LoadTrial {
    private final String name;
    private final byte[] bytes;
    private final LoadOptions options;
    private final LoadTables tables;
    private final InstructionDumps dumps;
    private final Map<String, LoadOutcome> outcomes = new LinkedHashMap<>();
    private CollectionSpec spec;
    private LoadOutcome whole;
    private LoadOutcome fixed;

    /** The instructions of a prepared program: how many slots, and the digest of their text. */
    private record Code(int slots, String digest) {
        static final Code UNKNOWN = new Code(0, "-");
    }

    LoadTrial(
            String name,
            byte[] bytes,
            LoadOptions options,
            LoadTables tables,
            InstructionDumps dumps) {
        this.name = name;
        this.bytes = bytes;
        this.options = options;
        this.tables = tables;
        this.dumps = dumps;
    }

    /** Returns the file's name. */
    String name() {
        return name;
    }

    /** Returns the parsed object, or null if it is none. */
    CollectionSpec spec() {
        return spec;
    }

    /** Returns what became of the whole object, in the end. */
    LoadOutcome outcome() {
        return fixed == null ? whole : fixed;
    }

    /** Returns whether it loads only if empty maps are given a size. */
    boolean neededSizes() {
        return fixed != null && fixed.ok();
    }

    /** Returns what became of each program. */
    Map<String, LoadOutcome> programs() {
        return outcomes;
    }

    void run(boolean perProgram) {
        long start = System.nanoTime();
        try {
            spec = CollectionSpec.parse(name, bytes);
        } catch (RuntimeException e) {
            whole = LoadOutcome.of("open", e);
            tables.object(
                    name,
                    NormalText.digest(bytes),
                    bytes.length,
                    whole.rc(),
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    whole.stage(),
                    LoadTables.cut(whole.reason()),
                    0);
            return;
        }
        tables.declared(name, spec);
        CollectionSpec unpinned = spec.copy();
        unpinned.maps().values().forEach(m -> m.pinning(MapSpec.Pinning.NONE));
        CollectionSpec sized = unpinned.copy();
        boolean sizable = EmptyMaps.fill(sized);
        whole = whole(unpinned, "obj", "prepared", perProgram);
        if (!whole.ok() && sizable) {
            fixed = whole(sized, "objfix", "fixed", perProgram);
        }
        for (ProgramSpec p : spec.programs().values()) {
            if (!outcomes.containsKey(p.name())) {
                outcomes.put(p.name(), alone(p, sized, sizable ? "onefix" : "one"));
            }
        }
        long ms = (System.nanoTime() - start) / 1_000_000;
        long loaded = outcomes.values().stream().filter(LoadOutcome::ok).count();
        LoadOutcome last = outcome();
        tables.object(
                name,
                NormalText.digest(bytes),
                bytes.length,
                0,
                spec.programs().size(),
                spec.maps().size(),
                whole.rc(),
                fixed == null ? "-" : fixed.rc(),
                outcomes.size(),
                loaded,
                last.stage().equals("verify") ? "load" : last.stage(),
                LoadTables.cut(last.reason()),
                ms);
    }

    /** Loads the object as one; its programs are done if that succeeds, unless all are tried. */
    private LoadOutcome whole(CollectionSpec tried, String mode, String when, boolean perProgram) {
        String stage = "prepare";
        try (PreparedCollection prepared = Collection.prepare(tried, options)) {
            stage = "load";
            tables.created(name, when, tried, prepared);
            Map<String, Code> codes = new LinkedHashMap<>();
            for (String program : prepared.programs()) {
                codes.put(program, dump(prepared, program));
            }
            try (Collection loaded = prepared.load()) {
                for (Program p : loaded.programs().values()) {
                    if (!perProgram) {
                        done(p.name(), mode, codes.get(p.name()), p.info());
                    }
                }
            }
            return LoadOutcome.OK;
        } catch (RuntimeException e) {
            return stage.equals("load") ? LoadOutcome.ofProgram(e) : LoadOutcome.of(stage, e);
        }
    }

    private void done(String program, String mode, Code code, ProgramInfo info) {
        outcomes.put(program, LoadOutcome.OK);
        tables.program(
                name,
                spec.program(program),
                mode,
                LoadOutcome.OK,
                code.slots(),
                code.digest(),
                info);
    }

    private LoadOutcome alone(ProgramSpec p, CollectionSpec sized, String mode) {
        CollectionSpec tried = sized.copy();
        tried.programs().values().forEach(other -> other.autoload(other.name().equals(p.name())));
        tried.maps().values().forEach(m -> leaveOutOthers(m, p));
        Code code = Code.UNKNOWN;
        ProgramInfo info = null;
        LoadOutcome outcome;
        boolean prepares = true;
        try (PreparedCollection prepared = Collection.prepare(tried, options)) {
            prepares = false;
            code = dump(prepared, p.name());
            info = prepared.load(p.name()).info();
            outcome = LoadOutcome.OK;
        } catch (RuntimeException e) {
            outcome = prepares ? LoadOutcome.of("prepare", e) : LoadOutcome.ofProgram(e);
        }
        tables.program(name, p, mode, outcome, code.slots(), code.digest(), info);
        return outcome;
    }

    /** Takes other programs out of what a map is declared with. */
    private static void leaveOutOthers(MapSpec map, ProgramSpec kept) {
        if (map.type() == MapType.PROG_ARRAY) {
            map.slots().values().removeIf(held -> !held.equals(kept.name()));
        }
        if (map.type() == MapType.STRUCT_OPS) {
            map.functions().values().removeIf(held -> !held.equals(kept.name()));
            map.autocreate(map.autocreate() && !map.functions().isEmpty());
        }
    }

    private Code dump(PreparedCollection prepared, String program) {
        Instructions code = prepared.instructions(program);
        Map<Integer, String> maps = new HashMap<>();
        prepared.maps()
                .forEach((map, h) -> maps.put(h.descriptor().fd(), MapCells.label(spec.map(map))));
        String text = new NormalText(maps).of(code);
        dumps.write(name, program, code, text);
        return new Code(code.slotCount(), NormalText.digest(text));
    }
}
