// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A program on several perf events of one kind: a link or event for each CPU or thread. */
final class SamplingLink extends PlacesLink {
    private final String what;
    private final Sampling sampling;
    private Map<Integer, Link> byCpu;

    /** Takes ownership of the links of threads, of which there is at least one. */
    SamplingLink(String what, LinkInfo.PerfEvent detail, List<Link> events, int programId) {
        super(detail, events, programId);
        this.what = what;
        this.sampling = null;
    }

    /** Takes ownership of the links of all CPUs, of which there is at least one. */
    SamplingLink(
            Sampling sampling,
            String what,
            LinkInfo.PerfEvent detail,
            Map<Integer, Link> byCpu,
            int programId) {
        super(detail, List.copyOf(byCpu.values()), programId);
        this.what = what;
        this.sampling = sampling;
        this.byCpu = byCpu;
    }

    /**
     * Samples the CPUs that are online now, and no longer those that are not.
     *
     * @return how many came in, or -1 when this link is not for all CPUs
     */
    synchronized int refresh() {
        if (sampling == null) {
            return -1;
        }
        places().get(0).info();
        Map<Integer, Link> now = new TreeMap<>();
        List<Link> came = new ArrayList<>();
        try {
            for (int cpu : sampling.onlineCpus()) {
                Link known = byCpu.get(cpu);
                if (known == null) {
                    sampling.attachTo(cpu, came, now);
                } else {
                    now.put(cpu, known);
                }
            }
        } catch (RuntimeException | Error e) {
            closeAfter(e, came);
            throw e;
        }
        List<Link> gone = new ArrayList<>(byCpu.values());
        gone.removeAll(now.values());
        byCpu = now;
        places(List.copyOf(now.values()));
        gone.forEach(Link::close);
        return came.size();
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
