// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.UsdtProbe;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One attachment to a static probe: one link for all of its places, or a uprobe for each. All
 * places are attached, or none is.
 */
final class UsdtLadder {
    private static final String MULTI_SINCE = "6.10";
    private static final int EM_X86_64 = 62;

    /** nop, and nop of five bytes. */
    private static final byte[] NOPS = {(byte) 0x90, 0x0f, 0x1f, 0x44, 0, 0};

    private final HostFiles files;
    private final Kernel kernel;
    private final Program program;
    private final UsdtMaps maps;
    private final BinaryFile binary;
    private final UsdtTarget target;
    private final UsdtOptions options;
    private final String where;

    /** Describes the attachment; the maps may be null. */
    UsdtLadder(
            HostFiles files,
            Program program,
            UsdtMaps maps,
            BinaryFile binary,
            UsdtTarget target,
            UsdtOptions options) {
        this.files = files;
        this.kernel = program.kernel();
        this.program = program;
        this.maps = maps;
        this.binary = binary;
        this.target = target;
        this.options = options;
        this.where = "usdt " + binary.name() + ":" + target.provider() + ":" + target.name();
    }

    Link attach() {
        Hooks.require(program, where, ProgramType.KPROBE);
        List<UsdtProbe> places = places();
        long[] cookies = new long[places.size()];
        Arrays.fill(cookies, options.cookie());
        UsdtMaps.Entries entries = maps == null ? null : maps.begin();
        List<Link> links = new ArrayList<>();
        try {
            if (entries != null) {
                describe(entries, places, cookies);
            }
            int programId = program.info().id();
            if (program.attachType() == AttachType.TRACE_UPROBE_MULTI) {
                links.add(asOne(places, cookies));
            } else {
                for (int i = 0; i < cookies.length; i++) {
                    links.add(one(places.get(i), cookies[i]));
                }
            }
            LinkInfo.Usdt probe =
                    new LinkInfo.Usdt(
                            binary.name(),
                            target.provider(),
                            target.name(),
                            places.size(),
                            options.cookie());
            return new UsdtLink(probe, links, entries, programId);
        } catch (RuntimeException | Error e) {
            PlacesLink.closeAfter(e, links);
            if (entries != null) {
                entries.remove();
            }
            throw e;
        }
    }

    private List<UsdtProbe> places() {
        List<UsdtProbe> all = UsdtProbe.list(binary.elf());
        Set<UsdtProbe> places = new LinkedHashSet<>();
        for (UsdtProbe probe : all) {
            if (probe.provider().equals(target.provider()) && probe.name().equals(target.name())) {
                requireCode(probe);
                places.add(probe);
            }
        }
        if (places.isEmpty()) {
            throw notFound(all);
        }
        return List.copyOf(places);
    }

    private void requireCode(UsdtProbe probe) {
        if (probe.fileOffset() < 0) {
            throw new BpfException(
                    what()
                            + ": its address 0x"
                            + Long.toHexString(probe.address())
                            + " is in no executable segment of the file");
        }
        if (probe.semaphoreOffset() < 0) {
            throw new BpfException(
                    what()
                            + ": its semaphore's address 0x"
                            + Long.toHexString(probe.semaphore())
                            + " is in no segment of the file");
        }
    }

    private BpfException notFound(List<UsdtProbe> all) {
        Suggestions suggestions = new Suggestions(target.provider() + ":" + target.name());
        for (UsdtProbe probe : all) {
            suggestions.offer(probe.provider() + ":" + probe.name());
        }
        return new BpfException(
                what()
                        + ": "
                        + (all.isEmpty()
                                ? "the file has no static probes (no section .note.stapsdt)"
                                : "the file has no such probe" + suggestions.sentence()));
    }

    // The programs take the cookie for a number of the maps, or look the address up.
    private void describe(UsdtMaps.Entries entries, List<UsdtProbe> places, long[] cookies) {
        boolean byCookie = maps.byCookie();
        boolean fixed = binary.elf().type() == ElfFile.ET_EXEC;
        if (!byCookie && !fixed && options.pid() < 0) {
            throw new UnsupportedException(
                    "attaching to " + where + " in every process",
                    "5.15",
                    "name one process with the option pid");
        }
        LoadAddresses loaded =
                byCookie || fixed ? null : new LoadAddresses(files, process(), binary.path());
        for (int i = 0; i < cookies.length; i++) {
            UsdtProbe place = places.get(i);
            int id = entries.describe(binary.elf().machine(), place.arguments(), options.cookie());
            cookies[i] = byCookie ? id : 0;
            if (!byCookie) {
                List<Long> addresses = fixed ? List.of(place.address()) : loaded.of(offset(place));
                if (addresses.isEmpty()) {
                    throw new BpfException(
                            what()
                                    + ": process "
                                    + process()
                                    + " has not loaded the file; before Linux 5.15 it has to be"
                                    + " loaded first");
                }
                for (long address : addresses) {
                    entries.find(address, id);
                }
            }
        }
    }

    private int process() {
        return options.pid() == 0 ? (int) ProcessHandle.current().pid() : options.pid();
    }

    private long offset(UsdtProbe place) {
        return binary.start() + place.fileOffset() + (isFast(place) ? 1 : 0);
    }

    // Newer probes have a second instruction, which the kernel replaces by a call of its own; that
    // costs less than the trap that the first one becomes.
    private boolean isFast(UsdtProbe place) {
        if (binary.elf().machine() != EM_X86_64) {
            return false;
        }
        for (ElfSection section : binary.elf().sections()) {
            long at = place.fileOffset() - section.offset();
            if (section.hasBytes() && at >= 0 && at <= section.size() - NOPS.length) {
                byte[] code =
                        section.data().asSlice(at, NOPS.length).toArray(ValueLayout.JAVA_BYTE);
                return Arrays.equals(code, NOPS)
                        && kernel.supports(Feature.UPROBE_SYSCALL) == Support.YES;
            }
        }
        return false;
    }

    private long semaphore(UsdtProbe place) {
        return place.semaphore() == 0 ? 0 : binary.start() + place.semaphoreOffset();
    }

    private Link one(UsdtProbe place, long cookie) {
        UprobeOptions.Builder uprobe =
                UprobeOptions.builder()
                        .pid(options.pid())
                        .refCtrOffset(semaphore(place))
                        .cookie(cookie);
        String at = where.substring("usdt ".length()) + " at 0x" + Long.toHexString(offset(place));
        return new UprobeLadder(files, program, binary.path(), offset(place), at, uprobe.build())
                .attach();
    }

    private Link asOne(List<UsdtProbe> places, long[] cookies) {
        long[] offsets = new long[cookies.length];
        long[] semaphores = new long[cookies.length];
        boolean counted = false;
        for (int i = 0; i < cookies.length; i++) {
            UsdtProbe place = places.get(i);
            offsets[i] = offset(place);
            semaphores[i] = semaphore(place);
            counted |= place.semaphore() != 0;
        }
        UprobeMultiRequest uprobes =
                new UprobeMultiRequest(
                        binary.path(),
                        offsets,
                        counted ? semaphores : new long[0],
                        cookies,
                        options.pid() < 0 ? 0 : process(),
                        false);
        long result = uprobes.create(program, AttachType.TRACE_UPROBE_MULTI);
        if (result < 0) {
            throw refused((int) -result);
        }
        return UprobeMultiRequest.own(program, result, where);
    }

    private BpfException refused(int errno) {
        String why =
                switch (errno) {
                    case Errno.ESRCH -> ": there is no process " + options.pid();
                    case Errno.EINVAL ->
                            ": a place of the probe holds no instruction that can be probed, or"
                                    + " the kernel has no link for many uprobes of a process (it"
                                    + " needs Linux "
                                    + MULTI_SINCE
                                    + ")";
                    default -> "";
                };
        return Failure.of(BpfCommand.LINK_CREATE, errno, what() + why, Capability.PERFMON);
    }

    private String what() {
        return "cannot attach " + program.name() + " to " + where;
    }
}
