// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * The CPUs that XDP programs redirect frames to ({@code BPF_MAP_TYPE_CPUMAP}, Linux 4.15), each
 * with a queue and a kernel thread that empties it.
 *
 * <p>Safe for use by several threads; it ends with its map.
 */
public final class CpuMap {
    private final PairMap queues;

    private CpuMap(PairMap queues) {
        this.queues = queues;
    }

    /**
     * A CPU's queue.
     *
     * @param frames how many frames it holds at most
     * @param programId the id of the program that runs on the CPU for each frame, or 0 for none
     */
    public record Queue(int frames, int programId) {}

    /**
     * Opens a map of CPUs.
     *
     * @param map a map of type CPUMAP; its values have 4 bytes, or 8 with room for a program (Linux
     *     5.9)
     * @return the view; it ends with the map
     * @throws BpfException if its values have another size
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static CpuMap of(MapHandle map) {
        return new CpuMap(PairMap.of(View.CPUS, map));
    }

    /**
     * Gives a CPU a queue, in place of the one it has.
     *
     * @param cpu the CPU
     * @param frames how many frames it holds at most, 1 to 16384
     * @throws BpfException if there is no such CPU (errno ENODEV or E2BIG), the number is out of
     *     range (EOVERFLOW), or the kernel refuses
     * @throws IllegalArgumentException if the number is less than 1
     */
    public void put(int cpu, int frames) {
        queues.put(cpu, positive(frames));
    }

    /**
     * Gives a CPU a queue with a program that runs there for each frame (Linux 5.9).
     *
     * @param cpu the CPU
     * @param frames how many frames it holds at most, 1 to 16384
     * @param program an XDP program that was loaded with the attach type {@code BPF_XDP_CPUMAP}
     * @throws BpfException if there is no such CPU, the number is out of range, the map's values
     *     have no room for a program, the program is of another kind (errno EINVAL), or the kernel
     *     refuses
     * @throws IllegalArgumentException if the number is less than 1
     */
    public void put(int cpu, int frames, Program program) {
        queues.put(cpu, positive(frames), program);
    }

    /** The kernel would take a queue away that has no frames. */
    private static int positive(int frames) {
        if (frames < 1) {
            throw new IllegalArgumentException("a queue of " + frames + " frames");
        }
        return frames;
    }

    /**
     * Reads a CPU's queue.
     *
     * @param cpu the CPU
     * @return the queue, or null if it has none
     * @throws BpfException if the kernel refuses
     */
    public Queue get(int cpu) {
        long pair = queues.get(cpu);
        return pair == 0 ? null : new Queue((int) pair, (int) (pair >>> Integer.SIZE));
    }

    /**
     * Takes a CPU's queue away; what is in it is still handled.
     *
     * @param cpu the CPU
     * @throws BpfException if there is no such CPU (errno EINVAL), or the kernel refuses
     */
    public void remove(int cpu) {
        queues.remove(cpu);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return queues.toString();
    }
}
