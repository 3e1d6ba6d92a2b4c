// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program on several perf events of one kind: a link or event for each CPU or thread. */
final class SamplingLink extends Link {
    private final String what;
    private final LinkInfo.PerfEvent detail;
    private final List<Link> events;
    private final int programId;

    /** Takes ownership of the links, of which there is at least one. */
    SamplingLink(String what, LinkInfo.PerfEvent detail, List<Link> events, int programId) {
        this.what = what;
        this.detail = detail;
        this.events = List.copyOf(events);
        this.programId = programId;
    }

    @Override
    public LinkInfo info() {
        return new LinkInfo(events.get(0).info().type(), 0, programId, detail);
    }

    @Override
    void replace(Program replacement, Program expected) {
        events.get(0).info();
        throw new UnsupportedException(
                "replacing the program of " + this,
                "",
                "attach the new program and close this link");
    }

    @Override
    public void detach() {
        events.forEach(Link::detach);
    }

    @Override
    public void pin(Path path) {
        events.get(0).info();
        throw new UnsupportedException(
                "pinning the " + events.size() + " events of " + this,
                "",
                "attach to each CPU by itself and pin those links");
    }

    @Override
    public void unpin() {}

    @Override
    public Optional<Path> pinPath() {
        return Optional.empty();
    }

    @Override
    public boolean isOpen() {
        return events.get(0).isOpen();
    }

    @Override
    public synchronized void close() {
        Throwable first = UsdtLink.closeAll(events);
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
