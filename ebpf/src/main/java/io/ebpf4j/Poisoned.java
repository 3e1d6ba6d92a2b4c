// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.VerifierException;
import io.ebpf4j.relocation.CoreResolution;
import io.ebpf4j.relocation.LinkedProgram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The instructions of one load that ask for what the kernel's types do not have.
 *
 * <p>The verifier calls such an instruction, if it is reachable, an unknown function; only here is
 * known what it was.
 */
final class Poisoned {

    private final Map<String, List<CoreResolution>> byFunction = new HashMap<>();

    void add(String function, List<CoreResolution> resolutions) {
        List<CoreResolution> found = new ArrayList<>();
        for (CoreResolution r : resolutions) {
            if (r.poisoned()) {
                found.add(r);
            }
        }
        byFunction.put(function, found);
    }

    /** Names what is missing, where the rejected instruction is a poisoned one. */
    VerifierException explain(VerifierException e, List<LinkedProgram.Placement> functions) {
        LinkedProgram.Placement holder = null;
        for (LinkedProgram.Placement p : functions) {
            if (p.slot() <= e.instruction() && (holder == null || p.slot() > holder.slot())) {
                holder = p;
            }
        }
        if (holder != null) {
            for (CoreResolution r : byFunction.getOrDefault(holder.name(), List.of())) {
                if (r.relocation().slot() == e.instruction() - holder.slot()) {
                    return explain(e, r);
                }
            }
        }
        return e;
    }

    private static VerifierException explain(VerifierException e, CoreResolution r) {
        String missing =
                "the kernel's types have no "
                        + r.description()
                        + (r.candidates() == 0 ? ", nor any type of that name" : "")
                        + "; ask bpf_core_field_exists(), bpf_core_type_exists() or"
                        + " bpf_core_enum_value_exists() before it is used ("
                        + e.reason()
                        + ")";
        return because(e, missing);
    }

    /** Says the same with a reason that the verifier could not know. */
    static VerifierException because(VerifierException e, String reason) {
        VerifierException explained =
                new VerifierException(
                        e.program(),
                        reason,
                        e.instruction(),
                        e.sourceLine(),
                        e.registerState(),
                        e.log(),
                        e.errno());
        explained.setStackTrace(e.getStackTrace());
        return explained;
    }
}
