// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.elf.UsdtArgument;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The maps by which programs that include libbpf's {@code usdt.bpf.h} find the arguments of static
 * probes: descriptions by a number that comes as the attachment's cookie, or, on kernels without
 * cookies, by the address of the instruction. One object stands for the maps of one loaded object,
 * whose attachments share the numbers.
 */
public final class UsdtMaps {
    /** The name of the array of descriptions. */
    public static final String SPECS = "__bpf_usdt_specs";

    /** The name of the hash map of their numbers by address. */
    public static final String ADDRESSES = "__bpf_usdt_ip_to_spec_id";

    private static final int NO_EXIST = 1;

    private final Kernel kernel;
    private final FileDescriptor specs;
    private final int maxSpecs;
    private final FileDescriptor addresses;
    private final UsdtSpecLayout layout;
    private final BitSet used = new BitSet();

    /**
     * Describes the maps, which stay their owner's.
     *
     * @param kernel the kernel that holds them
     * @param specs the map {@value #SPECS}
     * @param addresses the map {@value #ADDRESSES}
     * @param btf the types of the object that declares them
     * @param specType the type of the values of {@code specs}
     * @throws BpfException if the values have not the members that {@code usdt.bpf.h} gives them,
     *     or the kernel does not say how many there are
     * @throws IllegalStateException if the map is closed
     */
    @SuppressWarnings("exports") // for the module that loads, which sees descriptors
    public UsdtMaps(
            Kernel kernel, FileDescriptor specs, FileDescriptor addresses, Btf btf, int specType) {
        this.kernel = kernel;
        this.specs = specs;
        this.addresses = addresses;
        this.layout = UsdtSpecLayout.of(btf, specType);
        int fd = specs.acquire();
        try {
            this.maxSpecs = kernel.bpf().mapInfo(fd).maxEntries();
        } finally {
            specs.release();
        }
    }

    /** Says whether the programs find descriptions by cookie, as the loader told them. */
    boolean byCookie() {
        return kernel.supports(Feature.BPF_COOKIE) == Support.YES;
    }

    /** What one attachment has in the maps. */
    final class Entries {
        private final Map<String, Integer> ids = new LinkedHashMap<>();
        private final List<Long> known = new ArrayList<>();
        private boolean removed;

        private Entries() {}

        /** Returns the number of a description, the same one for the same text. */
        int describe(int machine, String arguments, long cookie) {
            Integer known = ids.get(arguments);
            if (known != null) {
                return known;
            }
            byte[] value = layout.encode(UsdtArgument.parse(machine, arguments), cookie);
            int id = take();
            ids.put(arguments, id);
            long result = update(specs, integer(id), value, 0);
            if (result < 0) {
                throw Failure.of(
                        BpfCommand.MAP_UPDATE_ELEM,
                        (int) -result,
                        "cannot describe the probe's arguments in " + SPECS);
            }
            return id;
        }

        /** Has an instruction's address lead to a description. */
        void find(long address, int id) {
            long result =
                    update(
                            addresses,
                            ByteBuffer.allocate(Long.BYTES)
                                    .order(ByteOrder.nativeOrder())
                                    .putLong(address)
                                    .array(),
                            integer(id),
                            NO_EXIST);
            if (result == -Errno.EEXIST) {
                throw new BpfException(
                        "another program of the object is attached to the same probe already;"
                                + " before Linux 5.15 one can be",
                        BpfCommand.MAP_UPDATE_ELEM.kernelName(),
                        Errno.EEXIST);
            }
            if (result < 0) {
                throw Failure.of(
                        BpfCommand.MAP_UPDATE_ELEM,
                        (int) -result,
                        "cannot note the probe's address in "
                                + ADDRESSES
                                + (result == -Errno.E2BIG
                                        ? ", which is full (define BPF_USDT_MAX_IP_CNT before"
                                                + " including usdt.bpf.h)"
                                        : ""));
            }
            known.add(address);
        }

        /** Removes everything, once; maps that are closed already take it with them. */
        void remove() {
            synchronized (used) {
                if (removed) {
                    return;
                }
                removed = true;
            }
            for (long address : known) {
                delete(address);
            }
            synchronized (used) {
                ids.values().forEach(used::clear);
            }
        }
    }

    Entries begin() {
        return new Entries();
    }

    private int take() {
        synchronized (used) {
            int id = used.nextClearBit(0);
            if (id >= maxSpecs) {
                throw new BpfException(
                        SPECS
                                + " is full with "
                                + maxSpecs
                                + " descriptions of arguments; define BPF_USDT_MAX_SPEC_CNT"
                                + " before including usdt.bpf.h, or detach something");
            }
            used.set(id);
            return id;
        }
    }

    private static byte[] integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    private long update(FileDescriptor map, byte[] key, byte[] value, long flags) {
        int fd = map.acquire();
        try (Arena arena = Arena.ofConfined()) {
            return kernel.bpf()
                    .mapUpdate(
                            fd,
                            NativeText.bytes(arena, key).address(),
                            NativeText.bytes(arena, value).address(),
                            flags);
        } finally {
            map.release();
        }
    }

    // An address that stays behind leads nowhere once the probe is gone, hence no error.
    private void delete(long address) {
        if (!addresses.isOpen()) {
            return;
        }
        int fd;
        try {
            fd = addresses.acquire();
        } catch (IllegalStateException e) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] key =
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .putLong(address)
                            .array();
            kernel.bpf().mapDelete(fd, NativeText.bytes(arena, key).address());
        } finally {
            addresses.release();
        }
    }
}
