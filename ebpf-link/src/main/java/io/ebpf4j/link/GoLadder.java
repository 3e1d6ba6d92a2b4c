// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ProgramHeader;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.golang.GoBinary;
import io.ebpf4j.golang.GoFunction;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import java.util.ArrayList;
import java.util.List;

/**
 * One attachment to a Go function: one link for all places, if the program was loaded for it, or a
 * uprobe for each. All are attached, or none is.
 */
final class GoLadder {
    private final HostFiles files;
    private final Program program;
    private final BinaryFile binary;
    private final String name;
    private final GoProbeOptions options;
    private final String where;

    /** Describes the attachment. */
    GoLadder(
            HostFiles files,
            Program program,
            BinaryFile binary,
            String function,
            GoProbeOptions options) {
        this.files = files;
        this.program = program;
        this.binary = binary;
        this.name = function;
        this.options = options;
        this.where =
                (options.returning() ? "return of Go function " : "Go function ")
                        + binary.name()
                        + ":"
                        + function;
    }

    Link attach() {
        Hooks.require(program, where, ProgramType.KPROBE);
        List<Long> offsets = offsets();
        int programId = program.info().id();
        List<Link> links = new ArrayList<>();
        try {
            if (program.attachType() == AttachType.TRACE_UPROBE_MULTI) {
                links.add(asOne(offsets));
            } else {
                for (long offset : offsets) {
                    links.add(one(offset));
                }
            }
            LinkInfo.GoFunction function =
                    new LinkInfo.GoFunction(
                            binary.name(),
                            name,
                            offsets.size(),
                            options.cookie(),
                            options.returning());
            return new GoLink(function, links, programId);
        } catch (RuntimeException | Error e) {
            PlacesLink.closeAfter(e, links);
            throw e;
        }
    }

    private Link one(long offset) {
        UprobeOptions uprobe =
                UprobeOptions.builder()
                        .pid(options.pid())
                        .cookie(options.cookie())
                        .mode(options.mode())
                        .build();
        String at = binary.name() + ":" + name + " at file offset 0x" + Long.toHexString(offset);
        return new UprobeLadder(files, program, binary.path(), offset, at, uprobe).attach();
    }

    private Link asOne(List<Long> offsets) {
        UprobeMultiOptions uprobes =
                UprobeMultiOptions.builder().pid(options.pid()).cookie(options.cookie()).build();
        long[] places = offsets.stream().mapToLong(offset -> offset - binary.start()).toArray();
        return new UprobeMultiAttachment(program, binary, name, uprobes).toOffsets(places);
    }

    private List<Long> offsets() {
        GoBinary go =
                GoBinary.read(binary.elf())
                        .orElseThrow(
                                () ->
                                        new BpfException(
                                                what()
                                                        + ": the file was not made by Go's linker"
                                                        + " (it has no section .go.buildinfo); use "
                                                        + (options.returning()
                                                                ? "attachUretprobe"
                                                                : "attachUprobe")));
        GoFunction function = find(go);
        List<Long> addresses =
                options.returning() ? go.returns(function) : List.of(go.body(function));
        List<Long> offsets = new ArrayList<>();
        for (long address : addresses) {
            offsets.add(binary.start() + binary.elf().fileOffset(address));
        }
        return offsets;
    }

    private GoFunction find(GoBinary go) {
        List<GoFunction> found = go.functions(name);
        if (found.isEmpty()) {
            Suggestions suggestions = new Suggestions(name);
            go.functions().forEach(function -> suggestions.offer(function.name()));
            throw new BpfException(
                    what()
                            + ": the file has no such function"
                            + suggestions.sentence()
                            + "; one that the compiler inlined everywhere has no code of its own"
                            + " (//go:noinline keeps it)");
        }
        if (found.size() > 1) {
            List<String> places = new ArrayList<>();
            found.forEach(function -> places.add("0x" + Long.toHexString(function.address())));
            throw new BpfException(
                    what()
                            + ": the file has it at "
                            + String.join(", ", places)
                            + ", and is stripped of the symbols that tell which is which");
        }
        return found.get(0);
    }

    private String what() {
        return "cannot attach " + program.name() + " to " + where;
    }

    /**
     * Refuses return probes of the kernel's in code of Go. Those of C libraries, which a Go program
     * may hold too, run on stacks that do not move.
     *
     * @param fileOffsets the functions' places, from the start of the ELF file
     * @throws BpfException if a Go function is at one of them
     */
    static void refuseReturns(ElfFile elf, Program program, String where, long... fileOffsets) {
        GoBinary go = GoBinary.read(elf).orElse(null);
        for (long fileOffset : fileOffsets) {
            if (go != null && isGo(go, elf, fileOffset)) {
                throw new BpfException(
                        "cannot attach "
                                + program.name()
                                + " to "
                                + where
                                + ": it is code of "
                                + go.build().version()
                                + ", whose stacks move, and the process would die of the return"
                                + " address that the kernel puts there; use attachGoReturn, or"
                                + " GoProbe");
            }
        }
    }

    /**
     * Refuses return probes at places of a file that need not be an ELF file: what is none, such as
     * code that some runtime keeps in a file, is not Go's either.
     *
     * @throws BpfException if a Go function is at one of them
     */
    static void refuseReturns(
            HostFiles files, Program program, String path, String where, long... fileOffsets) {
        BinaryFile file;
        try {
            file = BinaryFile.open(files, path);
        } catch (ObjectFormatException e) {
            return;
        }
        try (file) {
            refuseReturns(file.elf(), program, where, fileOffsets);
        }
    }

    private static boolean isGo(GoBinary go, ElfFile elf, long fileOffset) {
        for (ProgramHeader segment : elf.programHeaders()) {
            long distance = fileOffset - segment.offset();
            if (segment.type() == ProgramHeader.PT_LOAD
                    && (segment.flags() & ProgramHeader.PF_X) != 0
                    && Long.compareUnsigned(distance, segment.fileSize()) < 0) {
                try {
                    return go.functionAt(segment.virtualAddress() + distance).isPresent();
                } catch (ObjectFormatException e) {
                    // which functions are Go's cannot be told
                    return true;
                }
            }
        }
        return false;
    }
}
