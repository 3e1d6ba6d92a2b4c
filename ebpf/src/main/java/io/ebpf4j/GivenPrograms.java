// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;

import java.util.Map;
import java.util.Set;

/** What the options say about single programs. */
final class GivenPrograms {

    private GivenPrograms() {}

    /**
     * Refuses what is said about programs that there are not, before the kernel is asked for
     * anything. A program that is given counts as one that is loaded.
     */
    static void check(CollectionSpec spec, LoadOptions options) {
        require(spec, options.reusedPrograms().keySet(), "to reuse another for");
        require(spec, options.targets().keySet(), "to attach to another");
        require(spec, options.logs().keySet(), "to log");
        for (Map.Entry<String, Program> given : options.reusedPrograms().entrySet()) {
            ProgramSpec declared = spec.program(given.getKey());
            if (declared.type() != given.getValue().type()) {
                throw new BpfException(
                        spec.source()
                                + ": program \""
                                + declared.name()
                                + "\" is of type "
                                + declared.type()
                                + ", and cannot be replaced by "
                                + given.getValue());
            }
            declared.autoload(true);
        }
    }

    private static void require(CollectionSpec spec, Set<String> names, String what) {
        for (String name : names) {
            if (!spec.programs().containsKey(name)) {
                throw new BpfException(
                        spec.source()
                                + ": there is no program \""
                                + name
                                + "\" "
                                + what
                                + ", only "
                                + spec.programs().keySet());
            }
        }
    }

    /**
     * Opens the given programs a second time, each under the name and hook of the one it is for.
     */
    static void open(CollectionSpec spec, LoadOptions options, Map<String, Program> into) {
        for (Map.Entry<String, Program> given : options.reusedPrograms().entrySet()) {
            ProgramSpec declared = spec.program(given.getKey());
            into.put(declared.name(), given.getValue().inPlaceOf(declared));
        }
    }
}
