// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.List;

/** A function of a Go program, at its entry or at each of its returns. */
final class GoLink extends PlacesLink {
    private final LinkInfo.GoFunction function;

    /** Takes ownership of the links. */
    GoLink(LinkInfo.GoFunction function, List<Link> places, int programId) {
        super(function, places, programId);
        this.function = function;
    }

    @Override
    String asOne() {
        return "load the program as SEC(\"uprobe.multi\") on a kernel where one link holds all"
                + " places, or keep the process that attached it running";
    }

    @Override
    public String toString() {
        return (function.returning() ? "return of Go function " : "Go function ")
                + function.path()
                + ":"
                + function.function();
    }
}
