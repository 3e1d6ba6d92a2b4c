// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.NativeSystemCalls;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory shared with the kernel: all of it as one constant segment, its atomic accesses, and its
 * page size.
 */
final class Memory {
    /**
     * Everything, by absolute address; a constant, so that its bounds cost nothing. For addresses
     * that this module mapped or allocated only, and for codecs of its own, which touch no more
     * than their size.
     */
    static final MemorySegment ALL =
            NativeSystemCalls.segment(0, Long.MAX_VALUE, Arena.global(), null);

    /** Eight bytes that nobody writes. */
    static final MemorySegment NOTHING =
            Arena.global().allocate(ValueLayout.JAVA_LONG).asReadOnly();

    /** Aligned {@code int}s and {@code long}s with the order that the access mode names. */
    static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_FIXED_NOREPLACE = 0x100000;

    private static final int AT_PAGESZ = 6;

    private Memory() {}

    private static final class PageSize {
        static final int BYTES = read();

        /**
         * Finds AT_PAGESZ in the auxiliary vector (include/uapi/linux/auxvec.h): pairs of longs,
         * ended by a zero.
         */
        private static int read() {
            // not by java.nio.file, whose channels load the libraries of the network
            try (FileInputStream file = new FileInputStream("/proc/self/auxv")) {
                ByteBuffer vector =
                        ByteBuffer.wrap(file.readAllBytes()).order(ByteOrder.nativeOrder());
                while (vector.remaining() >= 2 * Long.BYTES) {
                    long type = vector.getLong();
                    long value = vector.getLong();
                    if (type == AT_PAGESZ) {
                        return Math.toIntExact(value);
                    }
                }
            } catch (IOException e) {
                throw new BpfException("cannot read the page size from /proc/self/auxv", e);
            }
            throw new BpfException("/proc/self/auxv has no AT_PAGESZ");
        }
    }

    /**
     * Returns the bytes of a page of the running kernel: 4096 on x86_64, up to 65536 on aarch64 and
     * ppc64le.
     */
    static int pageSize() {
        return PageSize.BYTES;
    }

    /** Rounds up to whole pages. */
    static long pages(long bytes) {
        long page = pageSize();
        return (bytes + page - 1) / page * page;
    }
}
