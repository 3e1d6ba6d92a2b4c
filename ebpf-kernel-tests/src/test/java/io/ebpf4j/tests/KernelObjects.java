// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the kernel holds, for whomever: programs, maps and links by id, pins in bpffs, and probe
 * events in tracefs.
 *
 * <p>The kernel does not say who made an object. Where the tests are {@linkplain #ALONE alone} on
 * it (in a guest), whatever is new is theirs, and everything is compared. On a shared machine ids
 * are left out (what this process still holds is {@link Held}'s to find), and pins and events count
 * when this process's id is in their name: tests pin below {@code /sys/fs/bpf/ebpf4j-PID}, and the
 * library names its events so.
 *
 * @param names what there is
 */
record KernelObjects(Set<String> names) {

    /** Whether nothing else loads programs into this kernel: {@code -Debpf.kernel.alone=true}. */
    static final boolean ALONE = Boolean.getBoolean("ebpf.kernel.alone");

    private static final String OWN = Long.toString(ProcessHandle.current().pid());

    /**
     * Looks now.
     *
     * @return what there is
     */
    static KernelObjects now() {
        Set<String> names = new TreeSet<>();
        if (ALONE) {
            addIds(names, "program", BpfCall.PROG_GET_NEXT_ID);
            addIds(names, "map", BpfCall.MAP_GET_NEXT_ID);
            addIds(names, "link", BpfCall.LINK_GET_NEXT_ID);
        }
        if (Mounts.BPFFS.isMounted()) {
            addPins(names);
        }
        if (Mounts.TRACEFS.isMounted()) {
            addEvents(names, "kprobe_events");
            addEvents(names, "uprobe_events");
        }
        return new KernelObjects(names);
    }

    /**
     * Tells what there is now that was not there before.
     *
     * @param before the earlier look
     * @return one line for each object, empty if there is none
     */
    static List<String> since(KernelObjects before) {
        Set<String> names = now().names;
        names.removeAll(before.names);
        return new ArrayList<>(names);
    }

    private static void addIds(Set<String> names, String kind, int command) {
        ByteBuffer attr = BpfCall.attribute(12);
        long answer = BpfCall.call(command, attr);
        while (answer == 0) {
            int id = attr.getInt(4);
            names.add("kernel's " + kind + " " + id);
            answer = BpfCall.call(command, attr.putInt(0, id));
        }
        if (answer != -BpfCall.ENOENT) {
            throw new IllegalStateException(
                    "cannot list the kernel's " + kind + "s: errno " + -answer);
        }
    }

    /**
     * Counts the kernel's programs, maps and links, whoever made them.
     *
     * @return how many of each there are
     */
    static Counts counts() {
        return new Counts(
                count("program", BpfCall.PROG_GET_NEXT_ID),
                count("map", BpfCall.MAP_GET_NEXT_ID),
                count("link", BpfCall.LINK_GET_NEXT_ID));
    }

    private static int count(String kind, int command) {
        Set<String> names = new TreeSet<>();
        addIds(names, kind, command);
        return names.size();
    }

    /**
     * How many objects the kernel has.
     *
     * @param programs number of programs
     * @param maps number of maps
     * @param links number of links
     */
    record Counts(int programs, int maps, int links) {
        boolean atMost(Counts other) {
            return programs <= other.programs && maps <= other.maps && links <= other.links;
        }
    }

    private static void addPins(Set<String> names) {
        try (Stream<Path> pins = Files.walk(Mounts.BPFFS.place())) {
            pins.filter(pin -> isOurs(pin.toString())).forEach(pin -> names.add("pin " + pin));
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException("cannot list pins", e);
        }
    }

    private static void addEvents(Set<String> names, String file) {
        Path events = Mounts.TRACEFS.place().resolve(file);
        if (!Files.isReadable(events)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(events)) {
                if (isOurs(line)) {
                    names.add(file + " " + line);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot list " + file, e);
        }
    }

    private static boolean isOurs(String name) {
        return ALONE || name.contains(OWN);
    }
}
