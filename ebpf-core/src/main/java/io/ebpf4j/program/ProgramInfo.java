// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.RawProgInfo;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * What the kernel says about a program (Linux 4.13).
 *
 * @param id the program's id, unique while it is loaded
 * @param type the program's type; {@link ProgramType#UNSPEC} for one this library does not know
 * @param name as the kernel keeps it: at most 15 characters
 * @param tag hash of the instructions: 16 hexadecimal digits
 * @param loadTime from boot, suspends included, to load
 * @param uid the user who loaded it
 * @param gplCompatible whether its license opened GPL-only helpers
 * @param translatedBytes length of the instructions as the kernel rewrote them
 * @param jitedBytes length of the machine code; 0 without permission to see it
 * @param mapIds ids of its maps
 * @param btfId id of its BTF, or 0
 * @param runTime how long it ran, while statistics were on
 * @param runCount how often it ran, while statistics were on
 * @param recursionMisses runs left out since it was already running on the CPU (Linux 5.12)
 * @param verifiedInstructions instructions the verifier looked at (Linux 5.16), else 0
 * @param attachBtfId the kernel's type that it was loaded for (Linux 6.0), or 0
 * @param functionRecords how many functions of it the kernel has types of (Linux 5.0)
 * @param lineRecords how many records of source lines the kernel has (Linux 5.0)
 */
public record ProgramInfo(
        int id,
        ProgramType type,
        String name,
        String tag,
        Duration loadTime,
        int uid,
        boolean gplCompatible,
        int translatedBytes,
        int jitedBytes,
        List<Integer> mapIds,
        int btfId,
        Duration runTime,
        long runCount,
        long recursionMisses,
        int verifiedInstructions,
        int attachBtfId,
        int functionRecords,
        int lineRecords) {

    static ProgramInfo of(RawProgInfo raw) {
        return new ProgramInfo(
                raw.id(),
                type(raw.type()),
                raw.name(),
                HexFormat.of().toHexDigits(raw.tag()),
                Duration.ofNanos(raw.loadNanos()),
                raw.uid(),
                raw.gplCompatible(),
                raw.xlatedBytes(),
                raw.jitedBytes(),
                raw.mapIds(),
                raw.btfId(),
                Duration.ofNanos(raw.runNanos()),
                raw.runCount(),
                raw.recursionMisses(),
                raw.verifiedInstructions(),
                raw.attachBtfId(),
                raw.functionRecords(),
                raw.lineRecords());
    }

    private static ProgramType type(int number) {
        ProgramType[] types = ProgramType.values();
        return number >= 0 && number < types.length ? types[number] : ProgramType.UNSPEC;
    }
}
