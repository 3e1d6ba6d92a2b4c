// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.SectionDefinition;

/**
 * The attach type that a program is loaded with.
 *
 * @param type the type; kernels refuse to attach the program elsewhere
 * @param optional whether kernels that do not know the type may do without
 */
record Hook(AttachType type, boolean optional) {

    static Hook of(Kernel kernel, ProgramSpec program) {
        AttachType type = program.attachType();
        if (says(program, SectionDefinition.Flag.USDT)
                && type == AttachType.NONE
                && kernel.supports(Feature.UPROBE_MULTI_LINK) == Support.YES) {
            // one link then holds all places of a static probe
            type = AttachType.TRACE_UPROBE_MULTI;
        }
        return new Hook(type, says(program, SectionDefinition.Flag.EXPECTED_ATTACH_OPTIONAL));
    }

    private static boolean says(ProgramSpec program, SectionDefinition.Flag flag) {
        return program.definition().isPresent()
                && program.definition().get().flags().contains(flag);
    }
}
