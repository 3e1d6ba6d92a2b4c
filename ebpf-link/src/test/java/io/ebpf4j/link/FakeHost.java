// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Register;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fake kernel with a folder for its files, whose tracefs takes and removes probe events as the
 * kernel's does, and which remembers the perf events opened and the requests made of them.
 */
final class FakeHost {
    static final String TRACEFS = "/sys/kernel/tracing/";

    /** A perf event as it was asked for. */
    record Opened(int type, long config, String name, long offset, int pid, int cpu) {}

    /** A link of many uprobes as it was asked for; lists are empty where a pointer is 0. */
    record Multi(
            int type,
            String path,
            List<Long> offsets,
            List<Long> counters,
            List<Long> cookies,
            int flags,
            int pid) {}

    /** A link of many kprobes as it was asked for; lists are empty where a pointer is 0. */
    record ManyKprobes(
            int type, int flags, List<String> names, List<Long> addresses, List<Long> cookies) {}

    /** A request to an open perf event. */
    record Request(long number, long argument) {}

    final TestFiles files;
    final FakeSystemCalls fake;
    final FakeNetwork network;
    final Kernel kernel;
    final List<Opened> opened = new ArrayList<>();
    final List<Request> requests = new ArrayList<>();
    final List<String> written = new ArrayList<>();

    /** The attribute of the last perf event. */
    ByteBuffer perfEvent;

    /** The last attribute of BPF_LINK_CREATE, whose union the fake kernel does not look into. */
    ByteBuffer linkCreate;

    /** The last {@code union bpf_iter_link_info}, or null where none was given. */
    ByteBuffer iterInfo;

    /** The last request for a link of many uprobes. */
    Multi multi;

    /** The requests for links of many kprobes. */
    final List<ManyKprobes> kprobes = new ArrayList<>();

    /** Error numbers for the next writes to tracefs, 0 for success. */
    final Deque<Integer> writeErrors = new ArrayDeque<>();

    /** Functions that the kprobe PMU and tracefs know; null when every name will do. */
    Set<String> functions;

    /** What the kernel does not refuse: giving back. */
    private static final Set<String> INFALLIBLE = Set.of("close", "munmap");

    private int made;
    private int failing;

    private final Map<Integer, String> eventFiles = new HashMap<>();
    private int nextId = 500;

    FakeHost(Path folder, String version) {
        files = new TestFiles(folder);
        fake = new FakeSystemCalls(version);
        network = new FakeNetwork(fake, version);
        files.write(TRACEFS + "events/syscalls/sys_enter_openat/id", "316");
        files.write("/proc/" + ProcessHandle.current().pid() + "/stat", "");
        SystemCalls calls =
                (SystemCalls)
                        Proxy.newProxyInstance(
                                FakeHost.class.getClassLoader(),
                                new Class<?>[] {SystemCalls.class},
                                (proxy, method, arguments) ->
                                        call(
                                                method.getName(),
                                                arguments,
                                                () -> invoke(method, arguments)));
        kernel = Kernel.of(calls);
    }

    private interface Call {
        long make() throws ReflectiveOperationException;
    }

    private long invoke(java.lang.reflect.Method method, Object[] arguments)
            throws ReflectiveOperationException {
        try {
            return (long) method.invoke(fake, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    HostFiles host() {
        return files.host();
    }

    void kprobePmu() {
        files.write("/sys/bus/event_source/devices/kprobe/type", "6");
        files.write("/sys/bus/event_source/devices/kprobe/format/retprobe", "config:0");
    }

    void uprobePmu() {
        files.write("/sys/bus/event_source/devices/uprobe/type", "7");
        files.write("/sys/bus/event_source/devices/uprobe/format/retprobe", "config:0");
        files.write("/sys/bus/event_source/devices/uprobe/format/ref_ctr_offset", "config:32-63");
    }

    void eventFile(String name, String content) {
        files.write(TRACEFS + name, content);
        fake.file(files.path(TRACEFS + name).toString(), content);
    }

    Program program(ProgramType type) {
        return program(type, AttachType.NONE);
    }

    Program program(ProgramType type, AttachType attachType) {
        Assembler code = new Assembler().mov(Register.R0, 0).exit();
        return Program.load(
                kernel, ProgramLoad.of("prog", type, code.build()).attachType(attachType).build());
    }

    /** Returns the names of probe events that are there. */
    List<String> events() {
        List<String> names = new ArrayList<>();
        File[] groups = files.path(TRACEFS + "events").toFile().listFiles();
        for (File group : groups == null ? new File[0] : groups) {
            String[] events = group.getName().startsWith("ebpf4j_") ? group.list() : null;
            names.addAll(events == null ? List.of() : List.of(events));
        }
        return names;
    }

    /** Fails a call whatever it is, counted from 1 among those that can fail from now on. */
    void failCall(int nth) {
        made = 0;
        failing = nth;
    }

    /** Returns how many calls that can fail were made since {@link #failCall}. */
    int made() {
        return made;
    }

    private long call(String name, Object[] arguments, Call call)
            throws ReflectiveOperationException {
        if (!INFALLIBLE.contains(name) && ++made == failing) {
            return -Errno.ENOMEM;
        }
        return switch (name) {
            case "perfEventOpen" -> {
                Opened event =
                        decode(
                                (MemorySegment) arguments[0],
                                (int) arguments[1],
                                (int) arguments[2]);
                opened.add(event);
                byte[] attr = ((MemorySegment) arguments[0]).toArray(ValueLayout.JAVA_BYTE);
                perfEvent = ByteBuffer.wrap(attr).order(ByteOrder.nativeOrder());
                boolean unknown =
                        !event.name().isEmpty()
                                && functions != null
                                && !functions.contains(event.name());
                yield unknown ? -Errno.ENOENT : call.make();
            }
            case "bpf" -> {
                if ((int) arguments[0] == BpfCommand.LINK_CREATE.number()) {
                    byte[] attr = ((MemorySegment) arguments[1]).toArray(ValueLayout.JAVA_BYTE);
                    linkCreate = ByteBuffer.wrap(attr).order(ByteOrder.nativeOrder());
                    decodeMulti();
                    decodeIterator();
                    decodeKprobes();
                }
                yield call.make();
            }
            case "ioctl" -> {
                requests.add(new Request((long) arguments[1], (long) arguments[2]));
                yield call.make();
            }
            case "open" -> {
                long fd = call.make();
                String path = (String) arguments[0];
                if (fd >= 0 && path.endsWith("probe_events")) {
                    eventFiles.put((int) fd, path.substring(path.lastIndexOf('/') + 1));
                }
                yield fd;
            }
            case "socket" -> {
                long fd = call.make();
                if (fd >= 0) {
                    network.opened((int) fd);
                }
                yield fd;
            }
            case "read" ->
                    network.isSocket((int) arguments[0])
                            ? network.read((int) arguments[0], (MemorySegment) arguments[1])
                            : call.make();
            case "write" -> {
                if (network.isSocket((int) arguments[0])) {
                    yield network.write((int) arguments[0], (MemorySegment) arguments[1]);
                }
                long result = call.make();
                byte[] text = ((MemorySegment) arguments[1]).toArray(ValueLayout.JAVA_BYTE);
                yield result < 0 ? result : write(eventFiles.get((int) arguments[0]), text);
            }
            default -> call.make();
        };
    }

    private long write(String file, byte[] text) {
        String line = new String(text, StandardCharsets.UTF_8);
        if (!line.endsWith("\n")) {
            return -Errno.EINVAL;
        }
        written.add(file + " " + line.strip());
        int errno = writeErrors.isEmpty() ? 0 : writeErrors.pop();
        if (errno != 0) {
            return -errno;
        }
        String event = line.substring(line.indexOf(':') + 1).strip().split(" ", 2)[0];
        if (line.startsWith("-")) {
            return remove(event) ? text.length : -Errno.ENOENT;
        }
        String function = line.strip().split(" ", 3)[1].split("\\+", 2)[0];
        if (functions != null && !functions.contains(function)) {
            return -Errno.ENOENT;
        }
        files.write(TRACEFS + "events/" + event + "/id", Integer.toString(nextId++));
        return text.length;
    }

    private boolean remove(String event) {
        try {
            Path folder = files.path(TRACEFS + "events/" + event);
            Files.deleteIfExists(folder.resolve("id"));
            return Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // link_create.uprobe_multi: path, offsets, ref_ctr_offsets, cookies, cnt, flags, pid from 16;
    // what feature probes ask for has no readable path
    @SuppressWarnings("restricted")
    private void decodeMulti() {
        long path = linkCreate.getLong(16);
        int type = linkCreate.getInt(8);
        boolean uprobes =
                type == AttachType.TRACE_UPROBE_MULTI.number()
                        || type == AttachType.TRACE_UPROBE_SESSION.number();
        if (uprobes && path > 1 << 16) {
            int count = linkCreate.getInt(48);
            multi =
                    new Multi(
                            type,
                            MemorySegment.ofAddress(path).reinterpret(256).getString(0),
                            longs(linkCreate.getLong(24), count),
                            longs(linkCreate.getLong(32), count),
                            longs(linkCreate.getLong(40), count),
                            linkCreate.getInt(52),
                            linkCreate.getInt(56));
        }
    }

    // link_create: iter_info, iter_info_len from 16
    @SuppressWarnings("restricted")
    private void decodeIterator() {
        int length = linkCreate.getInt(24);
        if (linkCreate.getInt(8) == AttachType.TRACE_ITER.number()) {
            byte[] info =
                    MemorySegment.ofAddress(linkCreate.getLong(16))
                            .reinterpret(length)
                            .toArray(ValueLayout.JAVA_BYTE);
            iterInfo = length == 0 ? null : ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        }
    }

    // link_create.kprobe_multi: flags, cnt, syms, addrs, cookies from 16; what feature probes ask
    // for has no readable names
    @SuppressWarnings("restricted")
    private void decodeKprobes() {
        int type = linkCreate.getInt(8);
        long names = linkCreate.getLong(24);
        boolean kprobes =
                type == AttachType.TRACE_KPROBE_MULTI.number()
                        || type == AttachType.TRACE_KPROBE_SESSION.number();
        if (kprobes && names != 1) {
            int count = linkCreate.getInt(20);
            List<String> texts = new ArrayList<>();
            for (long name : longs(names, count)) {
                texts.add(MemorySegment.ofAddress(name).reinterpret(256).getString(0));
            }
            this.kprobes.add(
                    new ManyKprobes(
                            type,
                            linkCreate.getInt(16),
                            texts,
                            longs(linkCreate.getLong(32), count),
                            longs(linkCreate.getLong(40), count)));
        }
    }

    @SuppressWarnings("restricted")
    private static List<Long> longs(long address, int count) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; address != 0 && i < count; i++) {
            values.add(
                    MemorySegment.ofAddress(address)
                            .reinterpret(8L * count)
                            .getAtIndex(ValueLayout.JAVA_LONG, i));
        }
        return values;
    }

    // struct perf_event_attr: type, config, then config1 at 56 and config2 at 64.
    @SuppressWarnings("restricted")
    private static Opened decode(MemorySegment attr, int pid, int cpu) {
        long name = attr.get(ValueLayout.JAVA_LONG, 56);
        return new Opened(
                attr.get(ValueLayout.JAVA_INT, 0),
                attr.get(ValueLayout.JAVA_LONG, 8),
                name == 0 ? "" : MemorySegment.ofAddress(name).reinterpret(256).getString(0),
                attr.get(ValueLayout.JAVA_LONG, 64),
                pid,
                cpu);
    }
}
