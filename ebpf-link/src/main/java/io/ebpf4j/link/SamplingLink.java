// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.List;

/** A program on several perf events of one kind: a link or event for each CPU or thread. */
final class SamplingLink extends PlacesLink {
    private final String what;

    /** Takes ownership of the links, of which there is at least one. */
    SamplingLink(String what, LinkInfo.PerfEvent detail, List<Link> events, int programId) {
        super(detail, events, programId);
        this.what = what;
    }

    @Override
    String asOne() {
        return "attach to each CPU by itself and pin those links";
    }

    @Override
    String asOneSince() {
        return "";
    }

    @Override
    public String toString() {
        return what;
    }
}
