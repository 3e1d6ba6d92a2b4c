// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.kernel.KernelVersion;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.FakeObject.File;
import io.ebpf4j.sys.FakeObject.Link;
import io.ebpf4j.sys.FakeObject.Module;
import io.ebpf4j.sys.FakeObject.Program;
import io.ebpf4j.sys.FakeObject.Table;
import io.ebpf4j.sys.FakeObject.Types;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A kernel of a chosen version for tests: it keeps maps, programs, BTF and links behind made-up
 * descriptors, answers as that version would, fails where a test says, and remembers every call.
 * Not meant for several threads at once, though its methods are synchronized.
 */
public final class FakeSystemCalls implements SystemCalls {
    static final int ARRAY = 2;

    private static final int MAP_FIXED = 0x10;

    /** BPF_F_CPU. */
    private static final long F_CPU = 8;

    private static final int FIRST_DESCRIPTOR = 1000;
    private static final int STATISTICS = 4;
    private static final int OLD_MOST_LOG_BYTES = (1 << 24) - 1;
    private static final long UNLIMITED = -1;

    /** BPF_F_TOKEN_FD, which the kernel does not keep. */
    private static final int TOKEN_FD = 1 << 16;

    private static final String SYMBOLS = "ffffffff81000000 T _stext\n";

    private final KernelVersion version;
    private final Map<Integer, FakeObject> descriptors = new TreeMap<>();
    private final Map<Long, Long> mappings = new TreeMap<>();

    /** Where memory that is nobody's has taken the place of a mapping. */
    private final Set<Long> placeholders = new HashSet<>();

    private final TreeMap<Integer, Module> modules = new TreeMap<>();
    private final Map<String, FakeObject> pins = new HashMap<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, Map<Integer, Integer>> failures = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<FakeCall> calls = new ArrayList<>();
    private final Set<String> delegated = new HashSet<>();
    private final FakeAttachments attachments = new FakeAttachments();
    private final FakeRules rules;
    private final Arena arena = Arena.ofAuto();
    private int nextDescriptor = FIRST_DESCRIPTOR;
    private int nextId = 1;
    private long softLimit = UNLIMITED;
    private long hardLimit = UNLIMITED;
    private boolean mayExceedHardLimit;
    private int limitedObjects = Integer.MAX_VALUE;
    private String rejection;
    private int rejectionErrno;
    private byte[] output = {};
    private String target = "task";

    /**
     * Creates a kernel.
     *
     * @param version such as {@code 5.10}
     */
    public FakeSystemCalls(String version) {
        this.version = KernelVersion.parse(version);
        this.rules = new FakeRules(this.version);
        file("/proc/sys/kernel/osrelease", this.version + "-fake");
        file("/proc/sys/kernel/version", "#1 SMP");
        boolean wrapped = this.version.isAtLeast("4.17");
        file("/proc/kallsyms", wrapped ? SYMBOLS + "ffffffff81001000 T __x64_sys_bpf\n" : SYMBOLS);
        file("/sys/devices/system/cpu/possible", "0-3");
        file("/sys/devices/system/cpu/online", "0-3");
    }

    /** Fails the nth call (counted from 1) of a command. */
    public FakeSystemCalls fail(BpfCommand command, int nth, int errno) {
        return fail(command.kernelName(), nth, errno);
    }

    /**
     * Fails the nth call (counted from 1) of {@code mmap}, {@code perf_event_open} or another call
     * by its name.
     */
    public synchronized FakeSystemCalls fail(String call, int nth, int errno) {
        failures.computeIfAbsent(call, name -> new HashMap<>()).put(nth, errno);
        return this;
    }

    /** Fails every call of a command. */
    public FakeSystemCalls failAll(BpfCommand command, int errno) {
        return fail(command.kernelName(), 0, errno);
    }

    /** Has the verifier reject every program with these words. */
    public synchronized FakeSystemCalls reject(String log, int errno) {
        this.rejection = log;
        this.rejectionErrno = errno;
        return this;
    }

    /** Puts a file in place. */
    public FakeSystemCalls file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a file in place. */
    public synchronized FakeSystemCalls file(String path, byte[] contents) {
        files.put(path, contents.clone());
        return this;
    }

    /** Has iterators go over objects of a kind, such as {@code task}. */
    public synchronized FakeSystemCalls iteratesOver(String target) {
        this.target = target;
        return this;
    }

    /** Gives iterators something to say. */
    public synchronized FakeSystemCalls output(byte[] bytes) {
        this.output = bytes.clone();
        return this;
    }

    /** Loads a module that has types. */
    public synchronized FakeSystemCalls module(String name, byte[] types) {
        int id = nextId++;
        modules.put(id, new Module(id, name, types));
        return this;
    }

    /** Unloads all modules of a name. */
    public synchronized void unload(String name) {
        modules.values().removeIf(module -> module.name.equals(name));
    }

    /**
     * Refuses maps, programs and BTF beyond so many, until RLIMIT_MEMLOCK is raised; only kernels
     * before 5.11 do.
     */
    public synchronized FakeSystemCalls limitMemory(int objects, long hard, boolean mayExceedHard) {
        this.limitedObjects = objects;
        this.softLimit = 64 << 10;
        this.hardLimit = hard;
        this.mayExceedHardLimit = mayExceedHard;
        return this;
    }

    /** Has a bpf file system delegate rights. */
    public synchronized FakeSystemCalls delegate(String bpffs) {
        delegated.add(bpffs);
        return file(bpffs, "");
    }

    /** Returns every call so far, but reads and writes of files. */
    public synchronized List<FakeCall> calls() {
        return List.copyOf(calls);
    }

    /** Returns the calls of one command so far. */
    public synchronized List<FakeCall> calls(BpfCommand command) {
        List<FakeCall> of = new ArrayList<>();
        for (FakeCall call : calls) {
            if (call.command() == command) {
                of.add(call);
            }
        }
        return of;
    }

    /** Describes what is open or mapped; empty when a test has left nothing behind. */
    public synchronized List<String> leftOpen() {
        List<String> open = new ArrayList<>();
        descriptors.forEach(
                (fd, object) -> open.add(object.getClass().getSimpleName() + " fd " + fd));
        mappings.forEach((address, length) -> open.add("mapping of " + length + " bytes"));
        open.addAll(attachments.describe());
        return open;
    }

    /** Returns the paths of pinned objects. */
    public synchronized List<String> pinned() {
        return List.copyOf(pins.keySet());
    }

    /** Returns the instructions of an open program. */
    public synchronized Instructions program(int fd) {
        return Instructions.decode(
                ((Program) descriptors.get(fd)).instructions, ByteOrder.nativeOrder());
    }

    /** Returns the soft limit of RLIMIT_MEMLOCK, -1 for none. */
    public synchronized long memoryLimit() {
        return softLimit;
    }

    private int scripted(String call) {
        int nth = counts.merge(call, 1, Integer::sum);
        Map<Integer, Integer> of = failures.getOrDefault(call, Map.of());
        return of.getOrDefault(nth, of.getOrDefault(0, 0));
    }

    private long recorded(String name, long result) {
        calls.add(new FakeCall(name, null, new byte[0], result));
        return result;
    }

    private long open(FakeObject object) {
        int fd = nextDescriptor++;
        descriptors.put(fd, object);
        return fd;
    }

    private static MemorySegment memory(long address, long bytes) {
        return NativeSystemCalls.segment(address, bytes, Arena.global(), null);
    }

    private static byte[] copy(long address, int bytes) {
        return memory(address, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    static String string(long address) {
        return address == 0 ? "" : memory(address, 1 << 12).getString(0);
    }

    @Override
    public synchronized long bpf(int command, MemorySegment attr) {
        BpfCommand known = FakeRules.constant(BpfCommand.values(), command);
        byte[] passed = attr.toArray(ValueLayout.JAVA_BYTE);
        int failure = scripted(known.kernelName());
        long result =
                failure != 0
                        ? -failure
                        : version.isAtLeast(known.since()) ? answer(known, attr) : -Errno.EINVAL;
        calls.add(new FakeCall(known.kernelName(), known, passed, result));
        return result;
    }

    @Override
    public synchronized long bpf(int command, MemorySegment attr, long common, int commonSize) {
        if (!version.isAtLeast("7.1")) {
            return -Errno.EINVAL;
        }
        return common == 0 ? -Errno.EFAULT : bpf(command, attr);
    }

    @Override
    public synchronized long uprobe() {
        return version.isAtLeast("6.18") ? -Errno.ENXIO : -Errno.ENOSYS;
    }

    private long answer(BpfCommand command, MemorySegment attr) {
        ByteBuffer a = NativeText.buffer(attr);
        return switch (command) {
            case MAP_CREATE -> mapCreate(a);
            case MAP_LOOKUP_ELEM,
                    MAP_UPDATE_ELEM,
                    MAP_DELETE_ELEM,
                    MAP_GET_NEXT_KEY,
                    MAP_LOOKUP_AND_DELETE_ELEM ->
                    element(command, a);
            case MAP_LOOKUP_BATCH,
                    MAP_LOOKUP_AND_DELETE_BATCH,
                    MAP_UPDATE_BATCH,
                    MAP_DELETE_BATCH ->
                    descriptors.get(get(a, AttrLayout.Batch.MAP_FD)) instanceof Table map
                            ? new FakeBatches(map, a).answer(command)
                            : -Errno.EBADF;
            case MAP_FREEZE -> freeze(a);
            case PROG_LOAD -> progLoad(a);
            case BTF_LOAD -> btfLoad(a);
            case OBJ_PIN -> pin(a);
            case OBJ_GET -> {
                FakeObject pinned = pins.get(string(a.getLong(0)));
                yield pinned == null ? -Errno.ENOENT : open(pinned);
            }
            case OBJ_GET_INFO_BY_FD -> info(a);
            case LINK_CREATE -> linkCreate(a);
            case RAW_TRACEPOINT_OPEN ->
                    link(0, descriptors.get(get(a, AttrLayout.RawTracepoint.PROG_FD)));
            case PROG_TEST_RUN ->
                    descriptors.get(a.getInt(0)) instanceof Program ? 0 : -Errno.EBADF;
            case PROG_BIND_MAP ->
                    descriptors.get(a.getInt(0)) instanceof Program
                                    && descriptors.get(get(a, AttrLayout.ProgBindMap.MAP_FD))
                                            instanceof Table
                            ? 0
                            : -Errno.EBADF;
            case PROG_ATTACH -> attachments.attach(object(a), program(a), a);
            case PROG_DETACH -> attachments.detach(object(a), program(a), a);
            case PROG_QUERY -> attachments.query(object(a), a);
            case LINK_UPDATE -> linkUpdate(a);
            case LINK_DETACH ->
                    descriptors.get(a.getInt(0)) instanceof Link link
                            ? link.detach()
                            : -Errno.EBADF;
            case LINK_GET_FD_BY_ID -> {
                Link held = linkOf(get(a, AttrLayout.GetId.START_ID));
                yield held == null ? -Errno.ENOENT : open(held);
            }
            case BTF_GET_FD_BY_ID -> {
                Module module = modules.get(get(a, AttrLayout.GetId.START_ID));
                FakeObject held = module != null ? module : typesOfPrograms(a.getInt(0));
                yield held == null ? -Errno.ENOENT : open(held);
            }
            case TOKEN_CREATE -> tokenCreate(get(a, AttrLayout.TokenCreate.BPFFS_FD));
            case ENABLE_STATS -> open(new File(nextId++, "anonymous", new byte[0]));
            case ITER_CREATE ->
                    descriptors.get(a.getInt(0)) instanceof Link
                            ? open(new File(nextId++, "iterator", output))
                            : -Errno.EBADF;
            case BTF_GET_NEXT_ID -> {
                Integer next = modules.higherKey(get(a, AttrLayout.GetId.START_ID));
                a.putInt(AttrLayout.offset(AttrLayout.GetId.NEXT_ID), next == null ? 0 : next);
                yield next == null ? -Errno.ENOENT : 0;
            }
            case PROG_GET_NEXT_ID,
                    MAP_GET_NEXT_ID,
                    LINK_GET_NEXT_ID,
                    PROG_GET_FD_BY_ID,
                    MAP_GET_FD_BY_ID ->
                    -Errno.ENOENT;
            default -> -Errno.EINVAL;
        };
    }

    /** Returns what is attached to; null for an unknown descriptor. */
    private FakeObject object(ByteBuffer a) {
        return descriptors.get(get(a, AttrLayout.Attach.TARGET_FD));
    }

    private FakeObject program(ByteBuffer a) {
        return descriptors.get(get(a, AttrLayout.Attach.ATTACH_BPF_FD));
    }

    private static int get(ByteBuffer attr, int field) {
        return attr.getInt(AttrLayout.offset(field));
    }

    private static long address(ByteBuffer attr, int field) {
        return attr.getLong(AttrLayout.offset(field));
    }

    private boolean overLimit() {
        long charged = 0;
        for (FakeObject object : descriptors.values()) {
            charged += object instanceof File ? 0 : 1;
        }
        return softLimit != UNLIMITED && !version.isAtLeast(5, 11) && charged >= limitedObjects;
    }

    private long mapCreate(ByteBuffer a) {
        Table map =
                new Table(
                        nextId++,
                        get(a, AttrLayout.MapCreate.MAP_TYPE),
                        get(a, AttrLayout.MapCreate.KEY_SIZE),
                        get(a, AttrLayout.MapCreate.VALUE_SIZE),
                        get(a, AttrLayout.MapCreate.MAX_ENTRIES),
                        get(a, AttrLayout.MapCreate.MAP_FLAGS) & ~TOKEN_FD,
                        NativeText.string(a, AttrLayout.offset(AttrLayout.MapCreate.MAP_NAME), 16),
                        arena);
        int refused = rules.map(map);
        if (refused != 0) {
            return -refused;
        }
        return overLimit() ? -Errno.EPERM : open(map);
    }

    private long element(BpfCommand command, ByteBuffer a) {
        if (!(descriptors.get(a.getInt(0)) instanceof Table map)) {
            return -Errno.EBADF;
        }
        long keyAddress = address(a, AttrLayout.MapElement.KEY);
        long valueAddress = address(a, AttrLayout.MapElement.VALUE);
        byte[] key = keyAddress == 0 ? null : copy(keyAddress, map.keySize);
        return switch (command) {
            case MAP_UPDATE_ELEM ->
                    map.frozen
                            ? -Errno.EPERM
                            : map.put(
                                    key,
                                    copy(valueAddress, map.valueSize),
                                    address(a, AttrLayout.MapElement.FLAGS));
            case MAP_DELETE_ELEM -> valueAddress != 0 ? -Errno.EINVAL : map.remove(key);
            case MAP_GET_NEXT_KEY -> give(map.next(key), valueAddress);
            case MAP_LOOKUP_AND_DELETE_ELEM -> {
                long result = give(map.get(key), valueAddress);
                yield result == 0 ? map.remove(key) : result;
            }
            default ->
                    (address(a, AttrLayout.MapElement.FLAGS) & F_CPU) == 0
                            ? give(map.get(key), valueAddress)
                            : ofOneCpu(map, key, valueAddress);
        };
    }

    /** Linux 7.0 reads one CPU's value; an array has all of its elements from the start. */
    private long ofOneCpu(Table map, byte[] key, long valueAddress) {
        if (!version.isAtLeast("7.0")) {
            return -Errno.EINVAL;
        }
        byte[] value = map.get(key);
        return give(value == null ? new byte[map.valueSize] : value, valueAddress);
    }

    private static long give(byte[] bytes, long address) {
        if (bytes == null) {
            return -Errno.ENOENT;
        }
        memory(address, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        return 0;
    }

    private long freeze(ByteBuffer a) {
        if (!(descriptors.get(a.getInt(0)) instanceof Table map)) {
            return -Errno.EBADF;
        }
        map.frozen = true;
        return 0;
    }

    private long progLoad(ByteBuffer a) {
        byte[] instructions =
                copy(
                        address(a, AttrLayout.ProgLoad.INSNS),
                        get(a, AttrLayout.ProgLoad.INSN_CNT) * 8);
        int ignorance = rules.ignoredByProgLoad(a);
        if (ignorance != 0) {
            return -ignorance;
        }
        String words = rejection != null ? rejection : rules.rejection(a, instructions);
        if (words != null) {
            int errno = rejection != null ? rejectionErrno : Errno.EINVAL;
            boolean trace = get(a, AttrLayout.ProgLoad.LOG_LEVEL) != STATISTICS;
            return say(
                    trace || !version.isAtLeast(5, 2) ? words : lastLine(words),
                    a,
                    AttrLayout.ProgLoad.LOG_BUF,
                    AttrLayout.ProgLoad.LOG_SIZE,
                    AttrLayout.ProgLoad.LOG_TRUE_SIZE,
                    errno);
        }
        if (overLimit()) {
            return -Errno.EPERM;
        }
        String name = NativeText.string(a, AttrLayout.offset(AttrLayout.ProgLoad.PROG_NAME), 16);
        return open(
                new Program(
                        nextId++,
                        get(a, AttrLayout.ProgLoad.PROG_TYPE),
                        name,
                        instructions,
                        descriptors.get(get(a, AttrLayout.ProgLoad.PROG_BTF_FD)) instanceof Types t
                                ? t
                                : null));
    }

    private long btfLoad(ByteBuffer a) {
        byte[] bytes =
                copy(address(a, AttrLayout.BtfLoad.BTF), get(a, AttrLayout.BtfLoad.BTF_SIZE));
        String words = rules.btf(bytes);
        if (words != null) {
            return say(
                    words,
                    a,
                    AttrLayout.BtfLoad.BTF_LOG_BUF,
                    AttrLayout.BtfLoad.BTF_LOG_SIZE,
                    AttrLayout.BtfLoad.BTF_LOG_TRUE_SIZE,
                    Errno.EINVAL);
        }
        return overLimit() ? -Errno.EPERM : open(new Types(nextId++, bytes));
    }

    private static String lastLine(String words) {
        String text = words.stripTrailing();
        return text.substring(text.lastIndexOf('\n') + 1) + "\n";
    }

    /**
     * Writes what fits of a log; a log that does not fit is ENOSPC, and only 6.4 says what would
     * do.
     */
    private long say(
            String words,
            ByteBuffer a,
            int bufferField,
            int sizeField,
            int trueSizeField,
            int errno) {
        int room = get(a, sizeField);
        if (room == 0) {
            return -errno;
        }
        if (room > OLD_MOST_LOG_BYTES && !version.isAtLeast(5, 2)) {
            return -Errno.EINVAL;
        }
        byte[] text = words.getBytes(StandardCharsets.UTF_8);
        int written = Math.min(text.length, room - 1);
        MemorySegment buffer = memory(address(a, bufferField), room);
        MemorySegment.copy(MemorySegment.ofArray(text), 0, buffer, 0, written);
        buffer.set(ValueLayout.JAVA_BYTE, written, (byte) 0);
        if (version.isAtLeast(6, 4)) {
            a.putInt(AttrLayout.offset(trueSizeField), text.length + 1);
        }
        return written < text.length ? -Errno.ENOSPC : -errno;
    }

    private Types typesOfPrograms(int id) {
        for (FakeObject object : descriptors.values()) {
            if (object instanceof Program p && p.types != null && p.types.id == id) {
                return p.types;
            }
        }
        return null;
    }

    private long tokenCreate(int bpffs) {
        if (!(descriptors.get(bpffs) instanceof File folder)) {
            return -Errno.EBADF;
        }
        return delegated.contains(folder.what)
                ? open(new File(nextId++, "token", new byte[0]))
                : -Errno.ENOENT;
    }

    private long pin(ByteBuffer a) {
        String path = string(address(a, AttrLayout.ObjectPath.PATHNAME));
        FakeObject object = descriptors.get(get(a, AttrLayout.ObjectPath.BPF_FD));
        if (object == null) {
            return -Errno.EBADF;
        }
        return pins.putIfAbsent(path, object) == null ? 0 : -Errno.EEXIST;
    }

    private long info(ByteBuffer a) {
        FakeObject object = descriptors.get(get(a, AttrLayout.InfoByFd.BPF_FD));
        if (object == null) {
            return -Errno.EBADF;
        }
        MemorySegment info =
                memory(address(a, AttrLayout.InfoByFd.INFO), get(a, AttrLayout.InfoByFd.INFO_LEN));
        ByteBuffer described = NativeText.buffer(info);
        boolean named =
                object instanceof Types
                        && described.getLong(AttrLayout.offset(InfoLayout.BtfInfo.NAME)) != 0;
        if (named && !version.isAtLeast("5.11")) {
            return -Errno.E2BIG;
        }
        object.describe(described);
        if (object instanceof Types types) {
            long address = described.getLong(AttrLayout.offset(InfoLayout.BtfInfo.BTF));
            if (address != 0) {
                memory(address, types.bytes.length).copyFrom(MemorySegment.ofArray(types.bytes));
            }
        }
        return 0;
    }

    private long linkCreate(ByteBuffer a) {
        int refused = rules.link(a);
        if (refused != 0) {
            return -refused;
        }
        if (get(a, LinkLayout.Create.TARGET_FD) < 0) {
            return -Errno.EBADF;
        }
        FakeObject attached = descriptors.get(get(a, LinkLayout.Create.PROG_FD));
        int type = get(a, LinkLayout.Create.ATTACH_TYPE);
        if (type == AttachType.TRACE_ITER.number()) {
            return iterator(attached, a);
        }
        return type == AttachType.STRUCT_OPS.number() && attached instanceof Table
                ? open(new Link(nextId++, 0, null))
                : link(FakeRules.linkType(type), attached);
    }

    /** Before 6.1 the kernel knew one number, of a map, which iterators over tasks do not read. */
    private long iterator(FakeObject attached, ByteBuffer a) {
        byte[] info =
                copy(
                        address(a, LinkLayout.Create.ITER_INFO),
                        get(a, LinkLayout.Create.ITER_INFO_LEN));
        if (!version.isAtLeast("6.1")) {
            for (int i = LinkLayout.IterMap.BYTES; i < info.length; i++) {
                if (info[i] != 0) {
                    return -Errno.E2BIG;
                }
            }
            info = target.equals("bpf_map_elem") ? info : new byte[0];
        }
        return attached instanceof Program p
                ? open(
                        new Link(
                                nextId++,
                                FakeRules.ITER,
                                p,
                                new FakeObject.Iteration(target, info)))
                : -Errno.EBADF;
    }

    private long link(int type, FakeObject program) {
        return program instanceof Program p ? open(new Link(nextId++, type, p)) : -Errno.EBADF;
    }

    private long linkUpdate(ByteBuffer a) {
        boolean any = get(a, LinkLayout.Update.FLAGS) == 0;
        FakeObject expected = descriptors.get(get(a, LinkLayout.Update.OLD_PROG_FD));
        return descriptors.get(get(a, LinkLayout.Update.LINK_FD)) instanceof Link link
                        && descriptors.get(get(a, LinkLayout.Update.NEW_PROG_FD))
                                instanceof Program replacement
                ? link.update(replacement, any ? null : (Program) expected)
                : -Errno.EBADF;
    }

    private Link linkOf(int id) {
        for (FakeObject object : descriptors.values()) {
            if (object instanceof Link link && link.id == id) {
                return link;
            }
        }
        return null;
    }

    @Override
    public synchronized long perfEventOpen(
            MemorySegment attr, int pid, int cpu, int groupFd, long flags) {
        int failure = scripted("perf_event_open");
        return recorded(
                "perf_event_open",
                failure != 0 ? -failure : open(new File(nextId++, "perf_event", new byte[0])));
    }

    @Override
    public synchronized long ioctl(int fd, long request, long argument) {
        int failure = scripted("ioctl");
        return recorded(
                "ioctl", failure != 0 ? -failure : descriptors.containsKey(fd) ? 0 : -Errno.EBADF);
    }

    @Override
    public synchronized long mmap(
            long address, long length, int protection, int flags, int fd, long offset) {
        int failure = scripted("mmap");
        if (failure != 0) {
            return recorded("mmap", -failure);
        }
        if ((flags & MAP_FIXED) != 0) {
            placeholders.add(address);
            return recorded("mmap", mappings.remove(address) == null ? -Errno.EINVAL : address);
        }
        FakeObject object = descriptors.get(fd);
        MemorySegment memory;
        if (object instanceof Table map && map.isArray()) {
            memory = map.memory;
        } else {
            memory = arena.allocate(length, 4096);
            if (object instanceof File file) {
                MemorySegment.copy(
                        MemorySegment.ofArray(file.contents), 0, memory, 0, file.contents.length);
            }
        }
        mappings.put(memory.address(), length);
        return recorded("mmap", memory.address());
    }

    @Override
    public synchronized long munmap(long address, long length) {
        boolean mapped = mappings.remove(address) != null || placeholders.remove(address);
        return recorded("munmap", mapped ? 0 : -Errno.EINVAL);
    }

    @Override
    public synchronized long close(int fd) {
        return recorded("close", descriptors.remove(fd) == null ? -Errno.EBADF : 0);
    }

    @Override
    public synchronized long duplicate(int fd) {
        int failure = scripted("fcntl");
        if (failure != 0) {
            return recorded("fcntl", -failure);
        }
        FakeObject object = descriptors.get(fd);
        return recorded("fcntl", object == null ? -Errno.EBADF : open(object));
    }

    @Override
    public synchronized long open(String path, int flags, int mode) {
        int failure = scripted("openat");
        if (failure != 0) {
            return -failure;
        }
        byte[] contents = files.get(path);
        String fdinfo = "/proc/self/fdinfo/";
        if (path.startsWith(fdinfo)) {
            FakeObject object = descriptors.get(Integer.parseInt(path.substring(fdinfo.length())));
            contents = object == null ? null : object.fdinfo().getBytes(StandardCharsets.UTF_8);
        }
        return contents == null ? -Errno.ENOENT : open(new File(nextId++, path, contents));
    }

    @Override
    public synchronized long read(int fd, MemorySegment buffer) {
        int failure = scripted("read");
        if (failure != 0) {
            return -failure;
        }
        if (!(descriptors.get(fd) instanceof File file)) {
            return -Errno.EBADF;
        }
        int count = (int) Math.min(buffer.byteSize(), file.contents.length - file.position);
        MemorySegment.copy(MemorySegment.ofArray(file.contents), file.position, buffer, 0, count);
        file.position += count;
        return count;
    }

    @Override
    public synchronized long write(int fd, MemorySegment buffer) {
        if (!(descriptors.get(fd) instanceof File file)) {
            return -Errno.EBADF;
        }
        file.count++;
        return buffer.byteSize();
    }

    @Override
    public synchronized long epollCreate() {
        int failure = scripted("epoll_create1");
        return recorded(
                "epoll_create1",
                failure != 0 ? -failure : open(new File(nextId++, "epoll", new byte[0])));
    }

    @Override
    public synchronized long epollControl(int epollFd, int operation, int fd, MemorySegment event) {
        int failure = scripted("epoll_ctl");
        boolean known = descriptors.containsKey(epollFd) && descriptors.containsKey(fd);
        return recorded("epoll_ctl", failure != 0 ? -failure : known ? 0 : -Errno.EBADF);
    }

    @Override
    public synchronized long epollWait(int epollFd, MemorySegment events, int timeoutMillis) {
        int failure = scripted("epoll_pwait");
        return recorded("epoll_pwait", failure != 0 ? -failure : 0);
    }

    @Override
    public synchronized long eventfd() {
        int failure = scripted("eventfd2");
        return recorded(
                "eventfd2",
                failure != 0 ? -failure : open(new File(nextId++, "eventfd", new byte[0])));
    }

    @Override
    public long clockGettime(int clock, MemorySegment time) {
        long nanos = System.nanoTime();
        time.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000);
        time.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % 1_000_000_000);
        return 0;
    }

    @Override
    public synchronized long pidfdOpen(int pid, int flags) {
        int failure = scripted("pidfd_open");
        return recorded(
                "pidfd_open",
                failure != 0 ? -failure : open(new File(nextId++, "pidfd", new byte[0])));
    }

    @Override
    public synchronized long unlink(String path) {
        return recorded("unlinkat", pins.remove(path) == null ? -Errno.ENOENT : 0);
    }

    @Override
    public synchronized long resourceLimit(
            int resource, MemorySegment newLimit, MemorySegment oldLimit) {
        if (oldLimit.address() != 0) {
            NativeText.buffer(oldLimit).putLong(0, softLimit).putLong(Long.BYTES, hardLimit);
        }
        if (newLimit.address() != 0) {
            ByteBuffer wanted = NativeText.buffer(newLimit);
            boolean beyond = Long.compareUnsigned(wanted.getLong(Long.BYTES), hardLimit) > 0;
            if (beyond && !mayExceedHardLimit) {
                return recorded("prlimit64", -Errno.EPERM);
            }
            softLimit = wanted.getLong(0);
            hardLimit = wanted.getLong(Long.BYTES);
            limitedObjects = softLimit == UNLIMITED ? Integer.MAX_VALUE : limitedObjects + 1;
        }
        return recorded("prlimit64", 0);
    }

    @Override
    public synchronized long seekEnd(int fd) {
        if (!(descriptors.get(fd) instanceof File file)) {
            return -Errno.EBADF;
        }
        file.position = file.contents.length;
        return file.position;
    }

    @Override
    public synchronized long seekStart(int fd) {
        if (!(descriptors.get(fd) instanceof File file)) {
            return -Errno.EBADF;
        }
        file.position = 0;
        return 0;
    }

    @Override
    public synchronized long socket(int family, int type, int protocol) {
        int failure = scripted("socket");
        return recorded(
                "socket",
                failure != 0 ? -failure : open(new File(nextId++, "socket", new byte[0])));
    }

    @Override
    public synchronized long setSocketOption(int fd, int level, int option, MemorySegment value) {
        int failure = scripted("setsockopt");
        boolean known = descriptors.containsKey(fd);
        return recorded("setsockopt", failure != 0 ? -failure : known ? 0 : -Errno.EBADF);
    }
}
