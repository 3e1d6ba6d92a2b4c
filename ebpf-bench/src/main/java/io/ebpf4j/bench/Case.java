// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import java.io.IOException;

/**
 * Something that is measured.
 *
 * @param name its name on the command line and in the report
 * @param bound what must not be exceeded
 * @param setup starts the two sides
 * @param warmup how often our side runs before it counts
 * @param pairs how often both are measured
 */
record Case(String name, Bound bound, Setup setup, int warmup, int pairs) {

    /** Starts a side. */
    interface Starter {
        Side start() throws IOException;
    }

    /** Both sides. */
    record Setup(Starter ours, Starter theirs) {}

    /** A limit. */
    sealed interface Bound {
        /** On the ratio of ours to the other's. */
        record Ratio(double most) implements Bound {}

        /** On ours alone, in the unit of the case. */
        record Ours(double most) implements Bound {}
    }

    Pairs measure() throws IOException {
        try (Side ours = setup.ours().start();
                Side theirs = setup.theirs().start()) {
            return Pairs.measure(ours, theirs, warmup, pairs);
        }
    }

    /** Says by how much the bound is missed, or returns null where it is kept. */
    String miss(Pairs measured) {
        boolean relative = bound instanceof Bound.Ratio;
        double most = bound instanceof Bound.Ratio r ? r.most() : ((Bound.Ours) bound).most();
        double is = relative ? measured.ratio() : measured.ours();
        return is <= most
                ? null
                : (relative ? "the ratio is " : "ours is ")
                        + Bench.format(is)
                        + ", more than "
                        + Bench.format(most);
    }
}
