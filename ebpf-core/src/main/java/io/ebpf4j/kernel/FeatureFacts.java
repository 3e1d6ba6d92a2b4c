// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Helpers;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which kernel introduced what: the table features.tsv beside this class, read when first asked.
 *
 * <p>A line has a family, a name, a version and a commit. A helper's line goes on with the types of
 * programs that may call it, each with {@code =VERSION} where that came later than both the helper
 * and the type; lines of the family {@code group} name several types at once.
 */
final class FeatureFacts {
    private static final Fact UNKNOWN = new Fact("", "");
    private static final Map<String, Fact> FACTS = read();

    private FeatureFacts() {}

    /**
     * Since when there is a feature.
     *
     * @param since a version, or empty when unknown
     * @param commit 12 hexadecimal digits, or empty when unknown
     */
    record Fact(String since, String commit) {}

    static Fact programType(ProgramType type) {
        return fact("program", type.name());
    }

    static Fact mapType(MapType type) {
        return fact("map", type.name());
    }

    static Fact attachType(AttachType type) {
        return fact("attach", type.name());
    }

    static Fact instructions(InstructionSet set) {
        return fact("instructions", set.name());
    }

    static Fact helper(ProgramType type, int id) {
        return fact("helper", type.name() + ' ' + Helpers.name(id));
    }

    /** Returns since when there is a helper, whoever may call it. */
    static Fact helper(String name) {
        return fact("helper", name);
    }

    static Fact kfunc(String name) {
        return fact("kfunc", name.substring(name.indexOf(':') + 1));
    }

    static List<String> kfuncs() {
        List<String> names = new ArrayList<>();
        for (String key : FACTS.keySet()) {
            if (key.startsWith("kfunc ")) {
                names.add(key.substring("kfunc ".length()));
            }
        }
        Collections.sort(names);
        return List.copyOf(names);
    }

    private static Fact fact(String family, String name) {
        return FACTS.getOrDefault(family + ' ' + name, UNKNOWN);
    }

    private static Map<String, Fact> read() {
        Map<String, Fact> facts = new HashMap<>();
        Map<String, String> groups = new HashMap<>();
        try (InputStream bytes = FeatureFacts.class.getResourceAsStream("features.tsv");
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t", -1);
                if (columns[0].equals("group")) {
                    groups.put(columns[1], columns[2]);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    Fact fact = new Fact(columns[2], columns[3]);
                    facts.put(columns[0] + ' ' + columns[1], fact);
                    if (columns.length > 4 && !columns[4].isEmpty()) {
                        callers(facts, groups, columns, fact);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(facts);
    }

    /** Reads which types of programs may call a helper. */
    private static void callers(
            Map<String, Fact> facts, Map<String, String> groups, String[] columns, Fact helper) {
        for (String caller : columns[4].split(" ", -1)) {
            int equals = caller.indexOf('=');
            String name = equals < 0 ? caller : caller.substring(0, equals);
            for (String type : groups.getOrDefault(name, name).split(" ", -1)) {
                Fact fact =
                        equals < 0
                                ? later(helper, facts.get("program " + type))
                                : new Fact(caller.substring(equals + 1), "");
                facts.put(columns[0] + ' ' + type + ' ' + columns[1], fact);
            }
        }
    }

    /** A program of a type calls a helper once there are both. */
    private static Fact later(Fact helper, Fact program) {
        return KernelVersion.parse(helper.since()).isAtLeast(program.since()) ? helper : program;
    }
}
