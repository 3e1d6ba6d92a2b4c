// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a descriptor of a {@link FakeSystemCalls} stands for. */
abstract sealed class FakeObject {
    final int id;

    FakeObject(int id) {
        this.id = id;
    }

    /** Fills the struct that BPF_OBJ_GET_INFO_BY_FD is asked for. */
    void describe(ByteBuffer info) {
        // files and events have no description
    }

    /** Returns what /proc/self/fdinfo shows. */
    String fdinfo() {
        return "pos:\t0\n";
    }

    static void put(ByteBuffer info, int field, long value) {
        int offset = AttrLayout.offset(field);
        if (offset + AttrLayout.width(field) > info.capacity()) {
            return;
        }
        if (AttrLayout.width(field) == Long.BYTES) {
            info.putLong(offset, value);
        } else {
            info.putInt(offset, (int) value);
        }
    }

    /** A program. */
    static final class Program extends FakeObject {
        final int type;
        final String name;
        final byte[] instructions;
        final Types types;

        Program(int id, int type, String name, byte[] instructions, Types types) {
            super(id);
            this.types = types;
            this.type = type;
            this.name = name;
            this.instructions = instructions;
        }

        @Override
        void describe(ByteBuffer info) {
            put(info, InfoLayout.ProgInfo.TYPE, type);
            put(info, InfoLayout.ProgInfo.ID, id);
            put(info, InfoLayout.ProgInfo.BTF_ID, types == null ? 0 : types.id);
            put(info, InfoLayout.ProgInfo.XLATED_PROG_LEN, instructions.length);
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            info.put(AttrLayout.offset(InfoLayout.ProgInfo.NAME), text);
        }

        @Override
        String fdinfo() {
            return "pos:\t0\nprog_type:\t" + type + "\n";
        }
    }

    /** The types of a module. */
    static final class Module extends FakeObject {
        final String name;
        final byte[] types;

        Module(int id, String name, byte[] types) {
            super(id);
            this.name = name;
            this.types = types;
        }

        @Override
        void describe(ByteBuffer info) {
            give(info, InfoLayout.BtfInfo.BTF, types);
            give(info, InfoLayout.BtfInfo.NAME, (name + '\0').getBytes(StandardCharsets.UTF_8));
            put(info, InfoLayout.BtfInfo.ID, id);
            put(info, InfoLayout.BtfInfo.BTF_SIZE, types.length);
            put(info, InfoLayout.BtfInfo.KERNEL_BTF, 1);
        }

        /** Copies to where a member points, if it does. */
        private static void give(ByteBuffer info, int field, byte[] bytes) {
            long address = info.getLong(AttrLayout.offset(field));
            if (address != 0) {
                MemorySegment room =
                        NativeSystemCalls.segment(address, bytes.length, Arena.global(), null);
                MemorySegment.copy(bytes, 0, room, ValueLayout.JAVA_BYTE, 0, bytes.length);
            }
        }
    }

    /** Type information. */
    static final class Types extends FakeObject {
        final byte[] bytes;

        Types(int id, byte[] bytes) {
            super(id);
            this.bytes = bytes;
        }

        @Override
        void describe(ByteBuffer info) {
            put(info, InfoLayout.BtfInfo.ID, id);
            put(info, InfoLayout.BtfInfo.BTF_SIZE, bytes.length);
        }

        @Override
        String fdinfo() {
            return "pos:\t0\nbtf_id:\t" + id + "\n";
        }
    }

    /** A link. */
    static final class Link extends FakeObject {
        final int type;
        Program program;
        boolean detached;

        /** What it goes over, for an iterator; else null. */
        final Iteration iteration;

        Link(int id, int type, Program program) {
            this(id, type, program, null);
        }

        Link(int id, int type, Program program, Iteration iteration) {
            super(id);
            this.type = type;
            this.program = program;
            this.iteration = iteration;
        }

        /** Puts a program in the place of another, null for any. */
        long update(Program replacement, Program expected) {
            if (type == 0) {
                return -Errno.EINVAL;
            }
            if (detached) {
                return -Errno.ENOLINK;
            }
            if (expected != null && expected != program) {
                return -Errno.EPERM;
            }
            if (replacement.type != program.type) {
                return -Errno.EINVAL;
            }
            program = replacement;
            return 0;
        }

        long detach() {
            detached = type != 0;
            return detached ? 0 : -Errno.EOPNOTSUPP;
        }

        @Override
        void describe(ByteBuffer info) {
            put(info, InfoLayout.LinkInfo.TYPE, type);
            if (iteration != null) {
                iteration.describe(info);
            }
            put(info, InfoLayout.LinkInfo.ID, id);
            put(info, InfoLayout.LinkInfo.PROG_ID, program == null ? 0 : program.id);
        }

        @Override
        String fdinfo() {
            return "pos:\t0\nlink_type:\tperf\nlink_id:\t" + id + "\n";
        }
    }

    /**
     * What an iterator goes over.
     *
     * @param target the name of what it goes over
     * @param info {@code union bpf_iter_link_info}, as far as the kernel reads it
     */
    record Iteration(String target, byte[] info) {
        /** {@code bpf_link_info.iter} is at 16. */
        void describe(ByteBuffer info) {
            long name = info.getLong(16);
            byte[] text = (target + '\0').getBytes(StandardCharsets.UTF_8);
            if (name != 0) {
                NativeSystemCalls.segment(name, text.length, Arena.global(), null)
                        .copyFrom(MemorySegment.ofArray(text));
            }
            ByteBuffer given = ByteBuffer.wrap(Arrays.copyOf(this.info, 16));
            given.order(ByteOrder.nativeOrder());
            if (target.equals("bpf_map_elem")) {
                info.putInt(28, given.getInt(0));
            } else if (target.equals("task")) {
                int pidfd = given.getInt(8);
                info.putInt(32, given.getInt(0)).putInt(36, pidfd != 0 ? 1 : given.getInt(4));
            } else if (target.equals("cgroup")) {
                info.putLong(32, 1 + given.getInt(4)).putInt(40, given.getInt(0));
            }
        }
    }

    /** A perf event, an epoll set, an event descriptor, or a file's contents. */
    static final class File extends FakeObject {
        final String what;
        final byte[] contents;
        int position;
        long count;

        File(int id, String what, byte[] contents) {
            super(id);
            this.what = what;
            this.contents = contents;
        }
    }

    /** A map: a table of bytes by bytes; a mappable array's values lie in native memory. */
    static final class Table extends FakeObject {
        final int type;
        final int keySize;
        final int valueSize;
        final int maxEntries;
        final int flags;
        final String name;
        final MemorySegment memory;
        final Map<ByteBuffer, byte[]> entries = new LinkedHashMap<>();
        boolean frozen;

        Table(
                int id,
                int type,
                int keySize,
                int valueSize,
                int maxEntries,
                int flags,
                String name,
                Arena arena) {
            super(id);
            this.type = type;
            this.keySize = keySize;
            this.valueSize = valueSize;
            this.maxEntries = maxEntries;
            this.flags = flags;
            this.name = name;
            this.memory = isArray() ? arena.allocate(stride() * maxEntries, 4096) : null;
        }

        boolean isArray() {
            return type == FakeSystemCalls.ARRAY;
        }

        long stride() {
            return (valueSize + 7L) & -8L;
        }

        /** Returns the value, or null. */
        byte[] get(byte[] key) {
            if (!isArray()) {
                return entries.get(ByteBuffer.wrap(key));
            }
            int index = index(key);
            return index < 0 || index >= maxEntries
                    ? null
                    : memory.asSlice(index * stride(), valueSize).toArray(ValueLayout.JAVA_BYTE);
        }

        long put(byte[] key, byte[] value, long flags) {
            if (isArray()) {
                int index = index(key);
                if (index < 0 || index >= maxEntries) {
                    return -Errno.E2BIG;
                }
                if (flags == 1) {
                    return -Errno.EEXIST;
                }
                MemorySegment.copy(
                        MemorySegment.ofArray(value), 0, memory, index * stride(), valueSize);
                return 0;
            }
            ByteBuffer boxed = ByteBuffer.wrap(key.clone());
            boolean there = entries.containsKey(boxed);
            if (there && flags == 1) {
                return -Errno.EEXIST;
            }
            if (!there && flags == 2) {
                return -Errno.ENOENT;
            }
            if (!there && entries.size() == maxEntries) {
                return -Errno.E2BIG;
            }
            entries.put(boxed, value.clone());
            return 0;
        }

        long remove(byte[] key) {
            if (isArray()) {
                return -Errno.EINVAL;
            }
            return entries.remove(ByteBuffer.wrap(key)) == null ? -Errno.ENOENT : 0;
        }

        /**
         * Returns the key after another, the first after null or an unknown one, or null at the
         * end.
         */
        byte[] next(byte[] key) {
            if (isArray()) {
                int index = key == null ? -1 : index(key);
                int next = index < 0 || index >= maxEntries ? 0 : index + 1;
                return next == maxEntries
                        ? null
                        : ByteBuffer.allocate(4)
                                .order(ByteOrder.nativeOrder())
                                .putInt(next)
                                .array();
            }
            boolean take = key == null || !entries.containsKey(ByteBuffer.wrap(key));
            for (ByteBuffer candidate : entries.keySet()) {
                if (take) {
                    return bytes(candidate);
                }
                take = Arrays.equals(bytes(candidate), key);
            }
            return null;
        }

        private static byte[] bytes(ByteBuffer key) {
            byte[] bytes = new byte[key.capacity()];
            key.get(0, bytes);
            return bytes;
        }

        private static int index(byte[] key) {
            return ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).getInt();
        }

        @Override
        void describe(ByteBuffer info) {
            put(info, InfoLayout.MapInfo.TYPE, type);
            put(info, InfoLayout.MapInfo.ID, id);
            put(info, InfoLayout.MapInfo.KEY_SIZE, keySize);
            put(info, InfoLayout.MapInfo.VALUE_SIZE, valueSize);
            put(info, InfoLayout.MapInfo.MAX_ENTRIES, maxEntries);
            put(info, InfoLayout.MapInfo.MAP_FLAGS, flags);
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            info.put(AttrLayout.offset(InfoLayout.MapInfo.NAME), text);
        }

        @Override
        String fdinfo() {
            return "pos:\t0\nmap_type:\t" + type + "\nfrozen:\t" + (frozen ? 1 : 0) + "\n";
        }
    }
}
