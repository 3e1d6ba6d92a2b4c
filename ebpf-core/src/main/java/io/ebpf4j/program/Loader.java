// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.KernelLog;
import io.ebpf4j.sys.KernelName;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.ProgLoad;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Walks one program through BPF_PROG_LOAD.
 *
 * <p>The first attempt is the one that nearly always succeeds: everything sent, no log. After a
 * failure the log is asked for; if the verifier has nothing to say, the kernel did not get as far
 * as verifying, and probes find out what it does not know.
 */
final class Loader {
    /**
     * The verifier gives up with EAGAIN when a signal is pending (Linux 4.20); profilers send many.
     */
    private static final int MAX_INTERRUPTIONS = 10;

    /** Each attempt verifies anew, so there are to be few. */
    private static final int LOG_GROWTH = 16;

    /**
     * What verifiers before Linux 5.2 take at most: one less than 16 MiB (kernel commit
     * 7a9f5c65abcc).
     */
    private static final int OLD_MAX_LOG_BYTES = (1 << 24) - 1;

    /** What later ones take at most. */
    private static final int MAX_LOG_BYTES = (1 << 30) - 1;

    /** A log is held twice for a moment, and needs not take what else the process needs. */
    private static final int SHARE_OF_HEAP = 6;

    private static final int REASON_BYTES = 1 << 16;

    /** BPF_LOG_STATS (include/linux/bpf_verifier.h). */
    private static final int LOG_STATISTICS = 4;

    private static final int FUNC_INFO_BYTES = 8;
    private static final int LINE_INFO_BYTES = 16;

    private final Kernel kernel;
    private final ProgramLoad load;
    private final int limit;
    private String log = "";
    private boolean legacyReads;
    private boolean beginningOnly;

    Loader(Kernel kernel, ProgramLoad load) {
        this(kernel, load, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /**
     * Keeps no more of a log than that or what the oldest kernels say at most, nor than the policy
     * says.
     */
    Loader(Kernel kernel, ProgramLoad load, long logBytes) {
        this.kernel = kernel;
        this.load = load;
        int most = Math.clamp(logBytes, OLD_MAX_LOG_BYTES, MAX_LOG_BYTES);
        this.limit = Math.min(most, load.log().maxBytes());
    }

    Program load() {
        FileDescriptor btf = load.btf() == null ? null : load.btf().descriptor();
        int btfFd = btf == null ? 0 : btf.acquire();
        try (Arena arena = Arena.ofConfined()) {
            long result = persist(request(arena, btfFd));
            if (result < 0) {
                throw explain((int) -result);
            }
            FileDescriptor fd =
                    kernel.bpf()
                            .own(
                                    BpfCommand.PROG_LOAD,
                                    result,
                                    "program ".concat(load.name()),
                                    "cannot load ");
            return new Program(kernel, fd, load.name(), load.type(), load.attachType(), log);
        } finally {
            if (btf != null) {
                btf.release();
            }
        }
    }

    private ProgLoad request(Arena arena, int btfFd) {
        return new ProgLoad(
                load.type().number(),
                load.member() >= 0 ? load.member() : load.attachType().number(),
                load.flags(),
                NativeText.bytes(arena, load.instructions().encode()),
                NativeText.string(arena, load.license()),
                KernelName.of(load.name()),
                0,
                btfFd,
                funcInfo(arena, load.funcInfo()),
                lineInfo(arena, load.lineInfo()),
                load.attachBtfId(),
                load.attachTarget(),
                fdArray(arena, load.fdArray()));
    }

    private static MemorySegment funcInfo(Arena arena, List<FuncInfo> records) {
        MemorySegment memory = table(arena, records.size(), FUNC_INFO_BYTES);
        ByteBuffer bytes = NativeText.buffer(memory);
        for (int i = 0; i < records.size(); i++) {
            FuncInfo record = records.get(i);
            bytes.putInt(record.slot()).putInt(record.type());
        }
        return memory;
    }

    private static MemorySegment lineInfo(Arena arena, List<LineInfo> records) {
        MemorySegment memory = table(arena, records.size(), LINE_INFO_BYTES);
        ByteBuffer bytes = NativeText.buffer(memory);
        for (int i = 0; i < records.size(); i++) {
            LineInfo record = records.get(i);
            bytes.putInt(record.slot())
                    .putInt(record.fileOffset())
                    .putInt(record.lineOffset())
                    .putInt(record.lineColumn());
        }
        return memory;
    }

    private static MemorySegment fdArray(Arena arena, List<Integer> descriptors) {
        MemorySegment memory = table(arena, descriptors.size(), Integer.BYTES);
        ByteBuffer bytes = NativeText.buffer(memory);
        for (int i = 0; i < descriptors.size(); i++) {
            bytes.putInt(descriptors.get(i));
        }
        return memory;
    }

    private static MemorySegment table(Arena arena, int records, int recordBytes) {
        return records == 0
                ? MemorySegment.NULL
                : arena.allocate((long) records * recordBytes, Long.BYTES);
    }

    /** Tries in every way that may help; returns the last result. */
    private long persist(ProgLoad request) {
        long result = attempt(request, load.log().level());
        if (result == -Errno.EPERM && kernel.raiseMemoryLimit()) {
            result = attempt(request, load.log().level());
        }
        if (result < 0 && result != -Errno.EPERM && load.log().level() == 0) {
            result = attempt(request, 1);
        }
        if (result == -Errno.EINVAL && knowsNoReads()) {
            return persistWithLegacyReads(request);
        }
        if (result < 0 && log.isEmpty() && mayBeIgnorance((int) -result)) {
            ProgLoad reduced = reduce(request);
            return reduced.equals(request) ? result : persist(reduced);
        }
        return result;
    }

    /** The verifier calls a helper it does not know invalid, which an older one may do without. */
    private boolean knowsNoReads() {
        return !legacyReads
                && LegacyReads.apply(load.instructions())
                && lacks(Feature.PROBE_READ_KERNEL);
    }

    private long persistWithLegacyReads(ProgLoad request) {
        legacyReads = true;
        log = "";
        try (Arena arena = Arena.ofConfined()) {
            byte[] code = LegacyReads.rewrite(load.instructions()).encode();
            return persist(request.withInstructions(NativeText.bytes(arena, code)));
        }
    }

    private static boolean mayBeIgnorance(int errno) {
        return errno == Errno.EINVAL || errno == Errno.E2BIG;
    }

    /**
     * Leaves out what a probe says the kernel does not know; returns the same request when there is
     * nothing.
     */
    private ProgLoad reduce(ProgLoad request) {
        ProgLoad reduced = request;
        if (!reduced.name().isEmpty() && lacks(Feature.PROG_NAME)) {
            reduced = reduced.withoutName();
        }
        if (reduced.expectedAttachType() != 0
                && load.attachTypeOptional()
                && lacks(Feature.EXPECTED_ATTACH_TYPE)) {
            reduced = reduced.withoutExpectedAttachType();
        }
        if (reduced.btfFd() != 0 && lacks(Feature.BTF_FUNC)) {
            reduced = reduced.withoutBtf();
        }
        if (load.type() == ProgramType.KPROBE
                && reduced.kernelVersion() == 0
                && !kernel.version().isAtLeast(5, 0)) {
            reduced = reduced.withKernelVersion(kernel.version().code());
        }
        return reduced;
    }

    private boolean lacks(Feature feature) {
        return kernel.supports(feature) == Support.NO;
    }

    /**
     * Loads with a log of the level, in a buffer that grows until all of it fits; level 0 asks for
     * none.
     */
    private long attempt(ProgLoad request, int level) {
        if (level == 0) {
            return uninterrupted(request, null);
        }
        beginningOnly = false;
        long bytes = load.log().startBytes();
        while (true) {
            try (Arena arena = Arena.ofConfined()) {
                KernelLog buffer = new KernelLog(arena, (int) bytes, level);
                long result = uninterrupted(request, buffer);
                String text = buffer.text();
                if (result == -Errno.EINVAL && text.isEmpty() && beginningOnly) {
                    // before Linux 5.2: the buffer is too large for it
                    return withoutTrace(request);
                }
                log = text;
                beginningOnly = result == -Errno.ENOSPC && buffer.needed() == 0;
                if (result != -Errno.ENOSPC) {
                    return result;
                }
                if (bytes >= limit) {
                    return withoutTrace(request);
                }
                bytes = nextSize(bytes, buffer.needed());
            }
        }
    }

    /**
     * Asks for the verdict, and for the reason where the log lacks its end: with statistics alone
     * (Linux 5.2) the verifier says why, but not how it got there. Older kernels say all or
     * nothing.
     */
    private long withoutTrace(ProgLoad request) {
        try (Arena arena = Arena.ofConfined()) {
            KernelLog buffer = new KernelLog(arena, REASON_BYTES, LOG_STATISTICS);
            long result = uninterrupted(request, buffer);
            String text = buffer.text();
            if (beginningOnly && result != -Errno.ENOSPC && !text.isEmpty()) {
                log = log.concat("\n" + VerifierLog.CUT + "\n").concat(text);
                beginningOnly = false;
            }
            return result;
        }
    }

    /**
     * Takes the size that Linux 6.4 and newer say, else many times the last, stopping at what older
     * kernels take.
     */
    private long nextSize(long bytes, long needed) {
        if (needed > bytes) {
            return Math.min(needed, limit);
        }
        long most = bytes < OLD_MAX_LOG_BYTES ? Math.min(OLD_MAX_LOG_BYTES, limit) : limit;
        return Math.min(bytes * LOG_GROWTH, most);
    }

    private long uninterrupted(ProgLoad request, KernelLog buffer) {
        long result = -Errno.EAGAIN;
        for (int i = 0; i < MAX_INTERRUPTIONS && result == -Errno.EAGAIN; i++) {
            result = kernel.bpf().progLoad(request, buffer);
        }
        return result;
    }

    private BpfException explain(int errno) {
        String what = "cannot load program " + load.name() + " (" + load.type() + ")";
        if (!log.isEmpty()) {
            return beginningOnly
                    ? Explanation.ofBeginning(load, log, errno)
                    : Explanation.of(load, log, errno);
        }
        if (load.instructions().slotCount() == 0) {
            return new BpfException(
                    what + ": it has no instructions", BpfCommand.PROG_LOAD.kernelName(), errno);
        }
        if (errno == Errno.EAGAIN) {
            return new BpfException(
                    what
                            + ": signals interrupted the verifier "
                            + MAX_INTERRUPTIONS
                            + " times; pause a profiler that sends them",
                    BpfCommand.PROG_LOAD.kernelName(),
                    errno);
        }
        boolean ignorance =
                mayBeIgnorance(errno) || errno == Errno.EOPNOTSUPP || errno == Errno.ENOTSUPP;
        if (ignorance && !kernel.version().isAtLeast(load.type().since())) {
            return new UnsupportedException(
                    what + " on Linux " + kernel.version(),
                    load.type().since(),
                    "",
                    BpfCommand.PROG_LOAD.kernelName(),
                    errno);
        }
        if (errno == Errno.E2BIG) {
            return new BpfException(
                    what
                            + ": "
                            + load.instructions().slotCount()
                            + " instructions are more than the kernel takes"
                            + " (4096 without CAP_BPF, else 1 million)",
                    BpfCommand.PROG_LOAD.kernelName(),
                    errno);
        }
        return kernel.explain(
                BpfCommand.PROG_LOAD, errno, what, Requirements.capabilities(load.type()));
    }
}
