// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.List;

/** A static probe, and what the object's maps say of its places. */
final class UsdtLink extends PlacesLink {
    private final LinkInfo.Usdt probe;
    private final UsdtMaps.Entries entries;

    /** Takes ownership of the links and of the entries, which may be null. */
    UsdtLink(LinkInfo.Usdt probe, List<Link> places, UsdtMaps.Entries entries, int programId) {
        super(probe, places, programId);
        this.probe = probe;
        this.entries = entries;
    }

    @Override
    String asOne() {
        return "load the program as SEC(\"usdt\") on a kernel where one link holds all places, or"
                + " keep the process that attached it running";
    }

    // What a pinned link's program reads stays, and its numbers stay taken.
    @Override
    void closed() {
        if (entries != null && !isPinned()) {
            entries.remove();
        }
    }

    @Override
    public String toString() {
        return "usdt " + probe.path() + ":" + probe.provider() + ":" + probe.name();
    }
}
