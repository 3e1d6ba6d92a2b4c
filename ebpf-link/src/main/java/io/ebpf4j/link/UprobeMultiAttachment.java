// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Availability;
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

import java.util.Arrays;
import java.util.List;

/** One attachment to many functions of a file. */
final class UprobeMultiAttachment {
    private static final int EIO = 5;

    private final Kernel kernel;
    private final Program program;
    private final BinaryFile file;
    private final UprobeMultiOptions options;
    private final AttachType[] types;
    private final String where;

    /**
     * Checks the program and the options.
     *
     * @throws BpfException if the program was loaded for something else
     */
    UprobeMultiAttachment(
            Program program, BinaryFile file, String what, UprobeMultiOptions options) {
        this.kernel = program.kernel();
        this.program = program;
        this.file = file;
        this.options = options;
        boolean session = program.attachType() == AttachType.TRACE_UPROBE_SESSION;
        String kind = options.returning() ? "uretprobe.multi " : "uprobe.multi ";
        this.where = (session ? "uprobe.session " : kind) + file.name() + ":" + what;
        Hooks.require(program, where, ProgramType.KPROBE);
        this.types =
                Hooks.many(
                        program,
                        where,
                        AttachType.TRACE_UPROBE_MULTI,
                        AttachType.TRACE_UPROBE_SESSION);
        if (session && options.returning()) {
            throw new IllegalArgumentException(
                    where + " runs at entry and return; returning is for uprobe.multi");
        }
    }

    /** Attaches to functions; a place that several symbols have counts once. */
    Link toPattern(String pattern) {
        if (options.hasLists()) {
            throw new IllegalArgumentException(
                    "a cookie or counter for each place was given, but a pattern, " + pattern);
        }
        Glob glob = new Glob(pattern);
        List<BinarySymbol> symbols = Binary.symbols(file.elf());
        long[] offsets =
                symbols.stream()
                        .filter(UprobeMultiAttachment::isFunction)
                        .filter(symbol -> glob.matches(symbol.name()))
                        .mapToLong(symbol -> file.start() + symbol.fileOffset())
                        .distinct()
                        .toArray();
        if (offsets.length == 0) {
            boolean stripped = file.elf().section(".symtab").isEmpty();
            throw new BpfException(
                    what()
                            + ": the file has no function that matches"
                            + (stripped
                                    ? " (it is stripped: only its dynamic symbols are known)"
                                    : ""));
        }
        refuseGo(offsets);
        return attach(offsets);
    }

    private static boolean isFunction(BinarySymbol symbol) {
        return symbol.type() == ElfSymbol.Type.FUNC && symbol.fileOffset() >= 0;
    }

    Link toSymbols(List<String> symbols) {
        long[] offsets = new long[symbols.size()];
        for (int i = 0; i < offsets.length; i++) {
            String symbol = symbols.get(i);
            offsets[i] = file.start() + SymbolOffsets.find(file.elf(), file.name(), symbol);
        }
        refuseGo(offsets);
        return attach(offsets);
    }

    private void refuseGo(long[] offsets) {
        if (returns()) {
            long[] places = Arrays.stream(offsets).map(offset -> offset - file.start()).toArray();
            GoLadder.refuseReturns(file.elf(), program, where, places);
        }
    }

    /** Tells whether the kernel puts an address of its own on the stack. */
    private boolean returns() {
        return options.returning() || program.attachType() == AttachType.TRACE_UPROBE_SESSION;
    }

    /** Attaches to places of a file that may not have been read. */
    Link toOffsets(HostFiles files, long[] fileOffsets) {
        if (returns()) {
            GoLadder.refuseReturns(files, program, file.name(), where, fileOffsets);
        }
        return toOffsets(fileOffsets);
    }

    Link toOffsets(long[] fileOffsets) {
        long[] offsets = new long[fileOffsets.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = Math.addExact(file.start(), fileOffsets[i]);
        }
        return attach(offsets);
    }

    private Link attach(long[] offsets) {
        if (offsets.length == 0) {
            throw new IllegalArgumentException(where + ": there is none to attach to");
        }
        long[] cookies = new long[options.cookie() == 0 ? 0 : offsets.length];
        Arrays.fill(cookies, options.cookie());
        UprobeMultiRequest uprobes =
                new UprobeMultiRequest(
                        file.path(),
                        offsets,
                        each("counters", options.refCtrOffsets(), offsets.length),
                        options.cookies().isEmpty()
                                ? cookies
                                : each("cookies", options.cookies(), offsets.length),
                        process(),
                        options.returning());
        long result = uprobes.create(program, types);
        if (result < 0) {
            throw refused((int) -result);
        }
        return UprobeMultiRequest.own(program, result, where);
    }

    private long[] each(String what, List<Long> values, int count) {
        if (!values.isEmpty() && values.size() != count) {
            throw new IllegalArgumentException(
                    values.size() + " " + what + " were given for " + where);
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the process as the kernel is told it; 0 is all. */
    private int process() {
        if (options.pid() < 0) {
            return 0;
        }
        // Kernels before 6.10 watch the thread of that number alone, and say nothing.
        boolean hasLinks = kernel.features().attachType(types[0]).support() != Support.NO;
        if (hasLinks && kernel.supports(Feature.UPROBE_MULTI_LINK) == Support.NO) {
            throw new UnsupportedException(
                    what() + ": the kernel watches one thread instead of one process",
                    Feature.UPROBE_MULTI_LINK.since(),
                    "watch every process and look for the process in the program");
        }
        return options.pid() == 0 ? (int) ProcessHandle.current().pid() : options.pid();
    }

    private BpfException refused(int errno) {
        if (errno == Errno.EINVAL || errno == Errno.E2BIG || errno == Errno.EOPNOTSUPP) {
            Availability kind = kernel.features().attachType(types[0]);
            if (kind.support() == Support.NO) {
                return Hooks.lacking(
                        program,
                        where,
                        kind,
                        errno == Errno.EOPNOTSUPP
                                ? "the kernel is built without CONFIG_UPROBE_EVENTS"
                                : "the kernel has no such link for many functions",
                        "attach it to single functions, loaded as SEC(\"uprobe\")",
                        errno);
            }
        }
        String why =
                switch (errno) {
                    case Errno.ESRCH -> ": there is no process " + options.pid();
                    case Errno.EINVAL ->
                            program.attachType() == AttachType.NONE
                                    ? ": the program was not loaded for many functions, as one of"
                                            + " SEC(\"uprobe.multi\") is, or a place holds no"
                                            + " instruction that can be probed"
                                    : ": a place holds no instruction that can be probed";
                    case EIO, Errno.ENOTSUPP -> ": a place holds no instruction that can be probed";
                    case Errno.EBADF -> ": it is no regular file";
                    case Errno.E2BIG -> ": they are more than the kernel takes at once";
                    default -> "";
                };
        return Failure.of(BpfCommand.LINK_CREATE, errno, what() + why, Capability.PERFMON);
    }

    private String what() {
        return "cannot attach " + program.name() + " to " + where;
    }
}
