// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program attached to several places that count as one: a link for each, or one for all. */
abstract sealed class PlacesLink extends Link permits GoLink, SamplingLink, UsdtLink {
    private final LinkInfo.Detail detail;
    private final int programId;
    private volatile List<Link> places;

    /** Takes ownership of the links, of which there is at least one. */
    PlacesLink(LinkInfo.Detail detail, List<Link> places, int programId) {
        this.detail = detail;
        this.places = List.copyOf(places);
        this.programId = programId;
    }

    /** Returns the links there are now. */
    final List<Link> places() {
        return places;
    }

    /** Replaces the list of links, of which there is at least one, while {@link #close} waits. */
    final void places(List<Link> now) {
        places = List.copyOf(now);
    }

    /** Tells how to be attached by a single link, which can be pinned. */
    abstract String asOne();

    /** Returns the kernel that has a single link for all places; empty where none has. */
    String asOneSince() {
        return "6.10";
    }

    /** Follows when all links are closed. */
    void closed() {}

    @Override
    public LinkInfo info() {
        LinkInfo first = places.get(0).info();
        return new LinkInfo(first.type(), places.size() == 1 ? first.id() : 0, programId, detail);
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
                    "pinning the " + places.size() + " links of " + this, asOneSince(), asOne());
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

    @Override
    public synchronized void close() {
        Throwable first = closeAll(places);
        closed();
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Closes all of an attachment that failed; what fails then is told of by its cause. */
    static void closeAfter(Throwable cause, List<Link> links) {
        Throwable failure = closeAll(links);
        if (failure != null) {
            cause.addSuppressed(failure);
        }
    }

    /** Closes all, the youngest first, and returns what failed first. */
    private static Throwable closeAll(List<Link> links) {
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
}
