// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.kernel.Kernel;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What came of several objects, on one screen. */
final class LoadSummary {
    /** Objects are shown one by one as long as there are not more. */
    private static final int FEW = 12;

    private static final int LINES = 30;
    private static final int WIDTH = 150;

    private final String prefix;
    private final boolean few;
    private final List<String> lines = new ArrayList<>();
    private int objects;
    private int whole;
    private int sized;
    private int programs;
    private int loaded;

    LoadSummary(String prefix, int files) {
        this.prefix = prefix;
        this.few = files <= FEW;
    }

    void add(LoadTrial trial) {
        objects++;
        if (trial.spec() == null) {
            say(trial.name() + ": " + trial.outcome().reason());
            return;
        }
        LoadOutcome outcome = trial.outcome();
        whole += outcome.ok() && !trial.neededSizes() ? 1 : 0;
        sized += trial.neededSizes() ? 1 : 0;
        int here = 0;
        for (LoadOutcome program : trial.programs().values()) {
            here += program.ok() ? 1 : 0;
        }
        int all = trial.programs().size();
        programs += all;
        loaded += here;
        if (outcome.ok() && !few) {
            return;
        }
        String counts = here + " of " + all + (all == 1 ? " program" : " programs");
        if (outcome.ok()) {
            String how = trial.neededSizes() ? "loads, given sizes for its empty maps" : "loads";
            say(trial.name() + ": " + how + " (" + counts + ")");
        } else if (here == all || outcome.stage().equals("prepare")) {
            say(trial.name() + ": does not load (" + counts + "): " + outcome.reason());
        } else {
            say(trial.name() + ": " + counts + " load");
        }
        refusals(trial);
    }

    private void refusals(LoadTrial trial) {
        for (Map.Entry<String, LoadOutcome> program : trial.programs().entrySet()) {
            LoadOutcome outcome = program.getValue();
            boolean said = outcome.reason().equals(trial.outcome().reason());
            if (!outcome.ok() && !(said && outcome.stage().equals("prepare"))) {
                String section = trial.spec().program(program.getKey()).section();
                say("  " + program.getKey() + " (" + section + "): " + outcome.reason());
            }
        }
    }

    private void say(String line) {
        lines.add(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…");
    }

    boolean allLoaded() {
        return whole + sized == objects;
    }

    void print(PrintWriter out) {
        for (String line : lines.subList(0, Math.min(LINES, lines.size()))) {
            out.println(line);
        }
        if (lines.size() > LINES) {
            out.println("… and " + (lines.size() - LINES) + " more lines");
        }
        out.println(
                "objects: "
                        + whole
                        + " load, "
                        + sized
                        + " load given sizes for empty maps, "
                        + (objects - whole - sized)
                        + " do not");
        out.println("programs: " + loaded + " of " + programs + " load");
        out.println(
                "Linux " + Kernel.shared().version() + "; all of it: " + prefix + "-programs.tsv");
    }
}
