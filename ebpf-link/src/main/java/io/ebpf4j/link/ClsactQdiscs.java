// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The {@code clsact} qdiscs that links have made, and how many links use each: the last one of them
 * removes it, whichever has made it.
 *
 * <p>Whoever looks for a qdisc and makes or removes it holds this object's monitor meanwhile.
 */
final class ClsactQdiscs {
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");

    private final Map<Place, Integer> users = new HashMap<>();

    /**
     * Where a qdisc is.
     *
     * @param namespace the number of the network namespace, or 0 if it has none
     * @param ifindex the interface
     */
    record Place(long namespace, int ifindex) {
        /** Names an interface of the calling thread's network namespace. */
        static Place of(NetDevice device) {
            try {
                long inode = (long) Files.getAttribute(NAMESPACE, "unix:ino");
                return new Place(inode, device.index());
            } catch (IOException | UnsupportedOperationException e) {
                // a kernel without namespaces, or a machine without that kernel
                return new Place(0, device.index());
            }
        }
    }

    /** Takes in the link that makes a qdisc. */
    synchronized void make(Place place) {
        users.merge(place, 1, Integer::sum);
    }

    /** Takes in a link that finds a qdisc; returns false if no link has made it. */
    synchronized boolean join(Place place) {
        return users.computeIfPresent(place, (key, count) -> count + 1) != null;
    }

    /** Lets a link go; returns whether it was the last one. */
    synchronized boolean leave(Place place) {
        return users.computeIfPresent(place, (key, count) -> count == 1 ? null : count - 1) == null;
    }
}
