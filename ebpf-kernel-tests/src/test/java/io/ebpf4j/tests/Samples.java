// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Register;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.FileDescriptor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** A map of each type, small, with a key and a value that it takes. */
final class Samples implements AutoCloseable {
    private static final int PAGE = 4096;

    private final Kernel kernel;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Samples(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * A map that can be made, and what goes into it.
     *
     * @param spec the map
     * @param key the bytes of a key, or null for none
     * @param value the bytes of a value, or null for none
     * @param structure what a structure of functions is made by, else null
     */
    record Sample(MapSpec spec, byte[] key, byte[] value, StructureSample structure) {
        MapHandle create(Kernel kernel) {
            return structure == null
                    ? MapHandle.create(kernel, spec, null, null)
                    : structure.create(kernel);
        }
    }

    /** Returns a sample of a type. */
    Sample of(MapType type) throws IOException {
        return switch (type) {
            case HASH, LRU_HASH, ARRAY -> sample(type, 4, 8, 4, 0, bytes(1), new byte[8]);
            case PERCPU_HASH, LRU_PERCPU_HASH, PERCPU_ARRAY ->
                    sample(type, 4, 8, 4, 0, bytes(1), new byte[8 * kernel.possibleCpus()]);
            case RHASH -> sample(type, 4, 8, 4, MapSpec.NO_PREALLOC, bytes(1), new byte[8]);
            case LPM_TRIE -> sample(type, 8, 8, 4, MapSpec.NO_PREALLOC, bytes(8, 10), new byte[8]);
            case QUEUE, STACK, BLOOM_FILTER -> sample(type, 0, 8, 4, 0, null, new byte[8]);
            case PROG_ARRAY -> sample(type, 4, 4, 4, 0, bytes(1), bytes(program()));
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> {
                MapSpec inner = MapSpec.of("inner", MapType.ARRAY, 4, 8, 1);
                Sample s = sample(type, 4, 4, 4, 0, bytes(1), bytes(map(inner)));
                s.spec().inner(inner);
                yield s;
            }
            case PERF_EVENT_ARRAY -> sample(type, 4, 4, 4, 0, bytes(1), bytes(event()));
            case CGROUP_ARRAY -> sample(type, 4, 4, 4, 0, bytes(1), bytes(cgroup()));
            case STACK_TRACE -> sample(type, 4, 64, 4, 0, bytes(1), new byte[64]);
            case DEVMAP, DEVMAP_HASH -> sample(type, 4, 4, 4, 0, bytes(1), bytes(1));
            case CPUMAP -> sample(type, 4, 4, 1, 0, bytes(0), bytes(64));
            case XSKMAP -> sample(type, 4, 4, 4, 0, bytes(1), bytes(keep(Sockets.xdp()).fd()));
            case SOCKMAP, SOCKHASH, REUSEPORT_SOCKARRAY ->
                    sample(type, 4, 8, 4, 0, bytes(1), bytes(keep(Sockets.listening()).fd(), 0));
            case SK_STORAGE -> storage(type, keep(Sockets.udp()).fd());
            case TASK_STORAGE ->
                    storage(
                            type,
                            keep(RawCall.call(RawCall.PIDFD_OPEN, ProcessHandle.current().pid())));
            case INODE_STORAGE -> storage(type, file("/proc/self/exe"));
            case CGRP_STORAGE -> storage(type, cgroup());
            case CGROUP_STORAGE -> sample(type, 16, 8, 0, 0, new byte[16], new byte[8]);
            case PERCPU_CGROUP_STORAGE ->
                    sample(type, 16, 8, 0, 0, new byte[16], new byte[8 * kernel.possibleCpus()]);
            case RINGBUF, USER_RINGBUF -> sample(type, 0, 0, PAGE, 0, null, null);
            case ARENA -> sample(type, 0, 0, 1, MapSpec.MMAPABLE, null, null);
            case INSN_ARRAY -> sample(type, 4, 16, 4, 0, bytes(1), new byte[16]);
            case STRUCT_OPS -> {
                StructureSample structure = keep(StructureSample.of(kernel));
                yield new Sample(structure.spec(), bytes(0), structure.value(), structure);
            }
            case UNSPEC -> throw new IllegalArgumentException("no type: " + type);
        };
    }

    private static Sample sample(
            MapType type, int key, int value, int entries, int flags, byte[] k, byte[] v) {
        MapSpec spec = MapSpec.of("sample", type, key, value, entries).flags(flags);
        return new Sample(spec, k, v, null);
    }

    private static Sample storage(MapType type, int fd) {
        return sample(type, 4, 8, 0, MapSpec.NO_PREALLOC, bytes(fd), new byte[8]);
    }

    private static byte[] bytes(int... numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * numbers.length).order(ByteOrder.nativeOrder());
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    private int keep(int fd) {
        return keep(FileDescriptor.adopt(kernel.calls(), fd, "a sample")).fd();
    }

    private int file(String path) {
        return keep((int) kernel.calls().open(path, 0, 0));
    }

    private int cgroup() throws IOException {
        Path cgroup = Cgroups.create("ebpf4j-sample");
        keep(() -> Files.delete(cgroup));
        return file(cgroup.toString());
    }

    private int event() {
        return keep(PerfEvents.output());
    }

    private int map(MapSpec spec) {
        return keep(MapHandle.create(kernel, spec, null, null)).descriptor().fd();
    }

    private int program() {
        return keep(Program.load(
                        kernel,
                        ProgramLoad.of(
                                        "sample",
                                        ProgramType.SOCKET_FILTER,
                                        new Assembler().mov(Register.R0, 0).exit().build())
                                .build()))
                .fd();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
