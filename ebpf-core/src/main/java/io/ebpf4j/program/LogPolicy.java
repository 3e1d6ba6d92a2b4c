// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

/**
 * What the verifier is asked to say, and when.
 *
 * @param level {@code BPF_LOG_*} asked for on the first attempt: 0 for nothing, 1 the path, 2 every
 *     instruction, 4 statistics (levels add up: 6 for every instruction and statistics)
 * @param startBytes size of the first buffer; it grows until the log fits
 * @param maxBytes size of the largest buffer; of a longer log as much is kept as the kernel puts
 *     into it, which is the end since Linux 6.4, and was the beginning before
 */
public record LogPolicy(int level, int startBytes, int maxBytes) {
    private static final int MIN_BYTES = 128;

    /** What kernels take at most (kernel/bpf/log.c, bpf_verifier_log_attr_valid). */
    private static final int MOST_BYTES = (1 << 30) - 1;

    /** Says nothing unless the program is rejected, and then all of level 1. */
    public static final LogPolicy ON_FAILURE = new LogPolicy(0, 1 << 16);

    /** Asks for the path that the verifier walks last, accepted or not. */
    public static final LogPolicy PATH = new LogPolicy(1, 1 << 16);

    /** Asks for statistics whether or not the program is accepted. */
    public static final LogPolicy STATISTICS = new LogPolicy(4, 1 << 16);

    /** Asks for every instruction the verifier looks at, accepted or not. */
    public static final LogPolicy VERBOSE = new LogPolicy(2, 1 << 20);

    /**
     * Asks for a whole log, however long.
     *
     * @param level {@code BPF_LOG_*} asked for on the first attempt
     * @param startBytes size of the first buffer
     * @throws IllegalArgumentException if the level is negative or the buffer smaller than the
     *     kernel takes (128 bytes), or larger (1 GiB)
     */
    public LogPolicy(int level, int startBytes) {
        this(level, startBytes, MOST_BYTES);
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the level is negative, the first buffer smaller than the
     *     kernel takes (128 bytes), or the last smaller than the first or larger than the kernel
     *     takes (1 GiB)
     */
    public LogPolicy {
        if (level < 0 || startBytes < MIN_BYTES || maxBytes < startBytes || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "log level "
                            + level
                            + " or buffer of "
                            + startBytes
                            + " to "
                            + maxBytes
                            + " bytes (from "
                            + MIN_BYTES
                            + " to "
                            + MOST_BYTES
                            + ")");
        }
    }
}
