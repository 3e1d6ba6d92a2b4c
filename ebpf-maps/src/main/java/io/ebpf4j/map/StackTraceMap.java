// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapSpec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The stack traces that programs record by {@code bpf_get_stackid} ({@code
 * BPF_MAP_TYPE_STACK_TRACE}, Linux 4.6), by the id that it returned.
 *
 * <p>A trace is a list of addresses or, in a map with {@link MapSpec#STACK_BUILD_ID} (Linux 4.17),
 * of places in files that are known by their build id. User space cannot write any. Safe for use by
 * several threads; it ends with its map.
 */
public final class StackTraceMap {
    private static final int BUILD_ID_BYTES = 20;

    /** Of {@code struct bpf_stack_build_id}: status, build id, offset. */
    private static final int FRAME_BYTES = 32;

    private static final int OFFSET = 24;

    private final BpfMap<Integer, byte[]> traces;
    private final boolean buildIds;

    private StackTraceMap(BpfMap<Integer, byte[]> traces, boolean buildIds) {
        this.traces = traces;
        this.buildIds = buildIds;
    }

    /** What is known of a frame ({@code enum bpf_stack_build_id_status}). */
    public enum Status {
        /** The file's build id and the offset in it ({@code BPF_STACK_BUILD_ID_VALID}). */
        VALID,
        /** Only the address, as for memory that is of no file ({@code BPF_STACK_BUILD_ID_IP}). */
        ADDRESS
    }

    /**
     * A frame of a user stack by its place in a file.
     *
     * @param status what is known
     * @param buildId the file's build id, 20 bytes, shorter ones with zeros behind; empty where
     *     only the address is known
     * @param offset bytes from the start of the file, or the address in the process
     */
    public record Frame(Status status, byte[] buildId, long offset) {

        /** Compares the build ids' bytes too. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Frame f
                    && status == f.status
                    && offset == f.offset
                    && Arrays.equals(buildId, f.buildId);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(buildId) + Long.hashCode(offset);
        }

        /** Shows the build id, if it is known, and the offset in hexadecimal. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (byte b : buildId) {
                text.append(Character.forDigit(b >> 4 & 15, 16))
                        .append(Character.forDigit(b & 15, 16));
            }
            return text.append(text.isEmpty() ? "0x" : "+0x")
                    .append(Long.toHexString(offset))
                    .toString();
        }
    }

    /**
     * Opens stack traces.
     *
     * @param map a map of type STACK_TRACE
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static StackTraceMap of(MapHandle map) {
        View.STACK_TRACES.check(map.shape());
        return new StackTraceMap(
                Engine.open(View.STACK_TRACES, map, Engine.INT, Codec.bytes(map.valueSize())),
                (map.flags() & MapSpec.STACK_BUILD_ID) != 0);
    }

    /**
     * Reads a trace of addresses.
     *
     * @param id what {@code bpf_get_stackid} returned
     * @return the addresses, the innermost first; null if there is no such trace
     * @throws io.ebpf4j.error.UnsupportedException if the map has build ids, see {@link #frames}
     * @throws BpfException if the kernel refuses
     */
    public long[] addresses(int id) {
        if (buildIds) {
            throw new UnsupportedException(
                    "map " + traces.handle().name() + " has build ids, not addresses",
                    "",
                    "read its frames");
        }
        byte[] trace = traces.get(id);
        if (trace == null) {
            return null;
        }
        MemorySegment bytes = MemorySegment.ofArray(trace);
        long[] addresses = new long[trace.length / Long.BYTES];
        int count = 0;
        while (count < addresses.length) {
            long address = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) count * Long.BYTES);
            if (address == 0) {
                break;
            }
            addresses[count++] = address;
        }
        return Arrays.copyOf(addresses, count);
    }

    /**
     * Reads a trace of places in files.
     *
     * @param id what {@code bpf_get_stackid} returned
     * @return the frames, the innermost first; null if there is no such trace
     * @throws io.ebpf4j.error.UnsupportedException if the map has addresses, see {@link #addresses}
     * @throws BpfException if the kernel refuses
     */
    public List<Frame> frames(int id) {
        if (!buildIds) {
            throw new UnsupportedException(
                    "map " + traces.handle().name() + " has addresses, not build ids",
                    "",
                    "read its addresses, or create it with MapSpec.STACK_BUILD_ID");
        }
        byte[] trace = traces.get(id);
        return trace == null ? null : decode(trace);
    }

    static List<Frame> decode(byte[] trace) {
        MemorySegment bytes = MemorySegment.ofArray(trace);
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at + FRAME_BYTES <= trace.length; at += FRAME_BYTES) {
            int status = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            long offset = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at + OFFSET);
            if (status == 0) {
                break;
            }
            int id = at + Integer.BYTES;
            frames.add(
                    status == 1
                            ? new Frame(
                                    Status.VALID,
                                    Arrays.copyOfRange(trace, id, id + BUILD_ID_BYTES),
                                    offset)
                            : new Frame(Status.ADDRESS, new byte[0], offset));
        }
        return frames;
    }

    /**
     * Finds the id that follows an id among those of the traces there are.
     *
     * @param id an id, or -1 for the first
     * @return the next id; empty after the last
     * @throws BpfException if the kernel refuses
     */
    public OptionalInt nextId(int id) {
        Integer next = traces.nextKey(id < 0 ? null : id);
        return next == null ? OptionalInt.empty() : OptionalInt.of(next);
    }

    /**
     * Removes a trace, so that its id can stand for another one.
     *
     * @param id what {@code bpf_get_stackid} returned
     * @return false if there was none
     * @throws BpfException if the kernel refuses
     */
    public boolean remove(int id) {
        return traces.delete(id);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return traces.toString();
    }
}
