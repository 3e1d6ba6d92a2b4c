// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * RLIMIT_MEMLOCK, which maps and programs are charged to before Linux 5.11 (kernel commit
 * 97306be45fbe moved them to the memory cgroup); its default of 64 KiB is spent after a few maps.
 */
final class MemoryLimit {
    private static final int RLIMIT_MEMLOCK = 8;
    private static final long INFINITY = -1;

    private final Kernel kernel;
    private boolean raised;

    MemoryLimit(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Also says true to a thread that was refused just before another one raised the limit. */
    synchronized boolean raise() {
        raised = raised || raiseNow();
        return raised;
    }

    private boolean raiseNow() {
        if (kernel.supports(Feature.MEMCG_ACCOUNT) == Support.YES) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(2 * Long.BYTES, Long.BYTES);
            ByteBuffer pair = NativeText.buffer(limit);
            if (kernel.calls().resourceLimit(RLIMIT_MEMLOCK, MemorySegment.NULL, limit) < 0) {
                return false;
            }
            long soft = pair.getLong(0);
            long hard = pair.getLong(Long.BYTES);
            if (soft == INFINITY) {
                return false;
            }
            pair.putLong(0, INFINITY).putLong(Long.BYTES, INFINITY);
            if (kernel.calls().resourceLimit(RLIMIT_MEMLOCK, limit, MemorySegment.NULL) == 0) {
                return true;
            }
            if (soft == hard) {
                return false;
            }
            pair.putLong(0, hard).putLong(Long.BYTES, hard);
            return kernel.calls().resourceLimit(RLIMIT_MEMLOCK, limit, MemorySegment.NULL) == 0;
        }
    }
}
