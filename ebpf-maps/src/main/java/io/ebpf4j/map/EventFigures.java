// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

/**
 * What a reader of events has read, at one moment.
 *
 * @param records records handed out since the reader was opened
 * @param bytes their bytes, without headers
 * @param discarded records that programs reserved and then discarded; ring buffers only
 * @param lost records that found no room in a perf buffer, as the kernel counted them, CPU by CPU,
 *     when there was room again. In a ring buffer only the programs can count those
 * @param overwritten bytes, headers included, that were overwritten before they were read; ring
 *     buffers in overwrite mode only
 * @param pending bytes, headers included, that wait in the buffer
 */
public record EventFigures(
        long records, long bytes, long discarded, long lost, long overwritten, long pending) {}
