// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A static probe: a link for each of its places, or one for all, and what the object's maps say of
 * them.
 */
final class UsdtLink extends Link {
    private final LinkInfo.Usdt probe;
    private final List<Link> places;
    private final UsdtMaps.Entries entries;
    private final int programId;

    /** Takes ownership of the links and of the entries, which may be null. */
    UsdtLink(LinkInfo.Usdt probe, List<Link> places, UsdtMaps.Entries entries, int programId) {
        this.probe = probe;
        this.places = List.copyOf(places);
        this.entries = entries;
        this.programId = programId;
    }

    @Override
    public LinkInfo info() {
        LinkInfo first = places.get(0).info();
        return new LinkInfo(first.type(), places.size() == 1 ? first.id() : 0, programId, probe);
    }

    @Override
    void replace(Program replacement, Program expected) {
        places.get(0).info();
        throw new UnsupportedException(
                "replacing the program of " + this,
                "",
                "attach the new program and close this link");
    }

    @Override
    public void detach() {
        places.forEach(Link::detach);
        if (!isOpen()) {
            close();
        }
    }

    @Override
    public void pin(Path path) {
        if (places.size() > 1) {
            places.get(0).info();
            throw new UnsupportedException(
                    "pinning the " + places.size() + " links of " + this,
                    "6.10",
                    "load the program as SEC(\"usdt\") on a kernel where one link holds all"
                            + " places, or keep the process that attached it running");
        }
        places.get(0).pin(path);
    }

    @Override
    public void unpin() {
        places.get(0).unpin();
    }

    @Override
    public Optional<Path> pinPath() {
        return places.get(0).pinPath();
    }

    @Override
    public boolean isOpen() {
        return places.get(0).isOpen();
    }

    // What a pinned link's program reads stays, and its numbers stay taken.
    @Override
    public synchronized void close() {
        Throwable first = closeAll(places);
        if (entries != null && !isPinned()) {
            entries.remove();
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Closes all, the youngest first, and returns what failed first. */
    static Throwable closeAll(List<Link> links) {
        Throwable first = null;
        for (Link link : links.reversed()) {
            try {
                link.close();
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        return first;
    }

    @Override
    public String toString() {
        return "usdt " + probe.path() + ":" + probe.provider() + ":" + probe.name();
    }
}
