// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.MemorySegment;

/**
 * What BPF_PROG_TEST_RUN takes, and where it leaves its results.
 *
 * @param progFd the program
 * @param dataIn the input data, or {@link MemorySegment#NULL}
 * @param dataOut room for the output data, or {@link MemorySegment#NULL}
 * @param contextIn the input context, or {@link MemorySegment#NULL}
 * @param contextOut room for the output context, or {@link MemorySegment#NULL}
 * @param repeat number of runs
 * @param flags {@code BPF_F_TEST_*}
 * @param cpu the CPU to run on, read with BPF_F_TEST_RUN_ON_CPU only
 * @param batchSize frames per batch, for BPF_F_TEST_XDP_LIVE_FRAMES only
 */
public record TestRunCall(
        int progFd,
        MemorySegment dataIn,
        MemorySegment dataOut,
        MemorySegment contextIn,
        MemorySegment contextOut,
        int repeat,
        int flags,
        int cpu,
        int batchSize) {

    /**
     * What came back.
     *
     * @param result 0 or a negated errno; after ENOSPC the sizes say what is needed
     * @param returnValue what the program returned
     * @param durationNanos mean time of a run in nanoseconds
     * @param dataBytes bytes of output data
     * @param contextBytes bytes of output context
     */
    public record Outcome(
            long result, int returnValue, int durationNanos, int dataBytes, int contextBytes) {}

    Outcome issue(SystemCalls calls) {
        Attr attr =
                Attr.begin(AttrLayout.TestRun.BYTES)
                        .set(AttrLayout.TestRun.PROG_FD, progFd)
                        .set(AttrLayout.TestRun.DATA_IN, dataIn)
                        .set(AttrLayout.TestRun.DATA_SIZE_IN, dataIn.byteSize())
                        .set(AttrLayout.TestRun.DATA_OUT, dataOut)
                        .set(AttrLayout.TestRun.DATA_SIZE_OUT, dataOut.byteSize())
                        .set(AttrLayout.TestRun.CTX_IN, contextIn)
                        .set(AttrLayout.TestRun.CTX_SIZE_IN, contextIn.byteSize())
                        .set(AttrLayout.TestRun.CTX_OUT, contextOut)
                        .set(AttrLayout.TestRun.CTX_SIZE_OUT, contextOut.byteSize())
                        .set(AttrLayout.TestRun.REPEAT, repeat)
                        .set(AttrLayout.TestRun.FLAGS, flags)
                        .set(AttrLayout.TestRun.CPU, cpu)
                        .set(AttrLayout.TestRun.BATCH_SIZE, batchSize);
        long result = attr.issue(calls, BpfCommand.PROG_TEST_RUN);
        return new Outcome(
                result,
                attr.get(AttrLayout.TestRun.RETVAL),
                attr.get(AttrLayout.TestRun.DURATION),
                attr.get(AttrLayout.TestRun.DATA_SIZE_OUT),
                attr.get(AttrLayout.TestRun.CTX_SIZE_OUT));
    }
}
