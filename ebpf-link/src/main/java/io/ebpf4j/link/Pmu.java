// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;

/**
 * One of the kernel's perf event sources, as sysfs describes it below {@code
 * /sys/bus/event_source/devices}.
 *
 * @param type the number for {@code perf_event_attr.type}, given out when the kernel boots
 * @param returnBit the bit of {@code perf_event_attr.config} that asks for the function's return
 * @param refCounterShift the lowest bit of {@code config} that holds the reference counter's file
 *     offset, or -1 for kprobes and on kernels before 4.20
 */
record Pmu(int type, int returnBit, int refCounterShift) {
    private static final String DEVICES = "/sys/bus/event_source/devices/";

    /** Returns the source of kprobes, or null where the kernel has none (before 4.17). */
    static Pmu ofKprobes(HostFiles files) {
        int type = type(files, "kprobe");
        return type < 0 ? null : new Pmu(type, returnBit(files, "kprobe"), -1);
    }

    /** Returns the source of uprobes, or null where the kernel has none (before 4.17). */
    static Pmu ofUprobes(HostFiles files) {
        int type = type(files, "uprobe");
        return type < 0
                ? null
                : new Pmu(
                        type,
                        returnBit(files, "uprobe"),
                        configBit(files, "uprobe", "ref_ctr_offset"));
    }

    private static int type(HostFiles files, String name) {
        String type = files.readOrNull(DEVICES + name + "/type");
        return type == null ? -1 : number(type, name);
    }

    private static int returnBit(HostFiles files, String name) {
        return Math.max(configBit(files, name, "retprobe"), 0);
    }

    long config(boolean returning, long refCtrOffset) {
        return (returning ? 1L << returnBit : 0)
                | (refCtrOffset == 0 ? 0 : refCtrOffset << refCounterShift);
    }

    // The file reads "config:N" or "config:N-M".
    private static int configBit(HostFiles files, String name, String field) {
        String format = files.readOrNull(DEVICES + name + "/format/" + field);
        if (format == null) {
            return -1;
        }
        int start = format.indexOf(':') + 1;
        int end = format.indexOf('-', start);
        return number(end < 0 ? format.substring(start) : format.substring(start, end), name);
    }

    private static int number(String text, String name) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BpfException(
                    DEVICES
                            + name
                            + " describes the event source with \""
                            + text
                            + "\" where a number should be");
        }
    }
}
