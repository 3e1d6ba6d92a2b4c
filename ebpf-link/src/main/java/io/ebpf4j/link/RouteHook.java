// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;

/** The places of a route that have programs (include/uapi/linux/lwtunnel.h, seg6_local.h). */
enum RouteHook {
    IN(ProgramType.LWT_IN, 1),
    OUT(ProgramType.LWT_OUT, 2),
    XMIT(ProgramType.LWT_XMIT, 3),
    SEG6LOCAL(ProgramType.LWT_SEG6LOCAL, 8);

    private static final int ENCAP_BPF = 6;
    private static final int ENCAP_SEG6_LOCAL = 7;

    private final ProgramType type;
    private final int attribute;

    RouteHook(ProgramType type, int attribute) {
        this.type = type;
        this.attribute = attribute;
    }

    /**
     * Tells where a program belongs.
     *
     * @throws BpfException if it belongs to no route
     */
    static RouteHook of(Program program, String where) {
        for (RouteHook hook : values()) {
            if (program.type() == hook.type) {
                return hook;
            }
        }
        throw new BpfException(
                "cannot attach "
                        + program.name()
                        + " to "
                        + where
                        + ": it is a program of type "
                        + program.type()
                        + ", and routes take LWT_IN, LWT_OUT, LWT_XMIT and LWT_SEG6LOCAL");
    }

    /** Returns the kind of tunnel, LWTUNNEL_ENCAP_*. */
    int tunnel() {
        return this == SEG6LOCAL ? ENCAP_SEG6_LOCAL : ENCAP_BPF;
    }

    /** Returns the number of the tunnel's attribute that has the program. */
    int attribute() {
        return attribute;
    }
}
