// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.Architecture.Call;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The system calls of the running kernel, and the one class that uses restricted methods.
 *
 * <p>Calls go through libc's {@code syscall} with seven {@code long}s, because each further shape
 * of a downcall costs 8 to 15 ms to link; only calls of which a process makes very many have others
 * ({@link BriefCall}). The error number is captured by the downcall itself, before the JVM can
 * overwrite it.
 */
public final class NativeSystemCalls implements SystemCalls {
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int FIRST_DESCRIPTOR = 3;
    private static final int SEEK_END = 2;

    /** BPF_COMMON_ATTRS. */
    private static final int COMMON_ATTRIBUTES = 1 << 16;

    private final Architecture machine;
    private final long bpfNumber;

    /** About how many brief calls were made, up to some; threads may miss each other's. */
    private int firstCalls;

    private NativeSystemCalls(Architecture machine) {
        this.machine = machine;
        this.bpfNumber = machine.number(Call.BPF);
    }

    private static final class Holder {
        static final NativeSystemCalls INSTANCE = new NativeSystemCalls(Architecture.current());
    }

    /**
     * Returns the only instance; nothing is linked before its first call.
     *
     * @return the system calls of this machine
     * @throws io.ebpf4j.error.UnsupportedException if this is not Linux, or not a machine whose
     *     call numbers are known
     */
    public static NativeSystemCalls instance() {
        Architecture.current();
        return Holder.INSTANCE;
    }

    /**
     * Makes memory that a system call returned accessible.
     *
     * @param address where it begins
     * @param bytes its length
     * @param arena whose end ends the access
     * @param atEnd what then gives the memory back, or null
     * @return the memory
     * @throws BpfException if the JVM denies native access; the message names the flag that grants
     *     it
     */
    @SuppressWarnings("restricted")
    public static MemorySegment segment(
            long address, long bytes, Arena arena, Consumer<MemorySegment> atEnd) {
        try {
            return MemorySegment.ofAddress(address).reinterpret(bytes, arena, atEnd);
        } catch (IllegalCallerException e) {
            throw denied(e);
        }
    }

    /**
     * Links on the first call, and remembers a refusal, which a static initialiser could report
     * only once.
     */
    private static final class Libc {
        static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
        private static final FunctionDescriptor SHAPE =
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG);
        static final MethodHandle SYSCALL;
        static final IllegalCallerException DENIED;

        static {
            MethodHandle handle = null;
            IllegalCallerException refusal = null;
            try {
                handle = link(SHAPE, CAPTURE);
            } catch (IllegalCallerException e) {
                refusal = e;
            }
            SYSCALL = handle;
            DENIED = refusal;
        }

        @SuppressWarnings("restricted")
        static MethodHandle link(FunctionDescriptor shape, Linker.Option... further) {
            Linker linker = Linker.nativeLinker();
            Linker.Option[] options = Arrays.copyOf(further, further.length + 1);
            options[further.length] = Linker.Option.firstVariadicArg(1);
            return linker.downcallHandle(
                    linker.defaultLookup().find("syscall").orElseThrow(), shape, options);
        }
    }

    /** The downcalls of brief calls. Making the call site takes 4 ms. */
    private static final class Brief implements BriefCall.Downcalls {
        /** So few that the JVM has not begun to count what is called. */
        static final int CALLS_BEFORE = 100;

        /**
         * Of the three parameters of {@code bpf}. {@code syscall} passes on three more, whatever
         * they are, which the kernel does not look at.
         */
        private static final FunctionDescriptor SHAPE =
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

        static final BriefCall CALL = new BriefCall(new Brief());
        static final MethodHandle SYSCALL = CALL.invoker();

        @Override
        public MethodHandle ordinary() {
            return Libc.SYSCALL;
        }

        @Override
        public MethodHandle capturing() {
            return Libc.link(SHAPE, Linker.Option.critical(false), Libc.CAPTURE);
        }

        @Override
        public MethodHandle bare() {
            return Libc.link(SHAPE, Linker.Option.critical(false));
        }
    }

    /** Where one thread's error numbers land, and room for its short strings. */
    private static final class ThreadMemory {
        private static final int TEXT_BYTES = 4096;
        private static final ThreadLocal<ThreadMemory> LOCAL =
                new ThreadLocal<>() {
                    @Override
                    protected ThreadMemory initialValue() {
                        return new ThreadMemory();
                    }
                };

        final MemorySegment captured;
        final ByteBuffer errno;
        final MemorySegment text;
        final ByteBuffer textBytes;

        ThreadMemory() {
            Arena arena = Arena.ofAuto();
            StructLayout state = Linker.Option.captureStateLayout();
            captured = arena.allocate(state);
            errno = captured.asByteBuffer().order(ByteOrder.nativeOrder());
            text = arena.allocate(TEXT_BYTES, 8);
            textBytes = text.asByteBuffer().order(ByteOrder.nativeOrder());
        }

        /**
         * Returns the address of a C string, or 0 when the path is longer than the kernel takes.
         */
        long path(String path) {
            byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
            if (bytes.length >= TEXT_BYTES) {
                return 0;
            }
            textBytes.put(0, bytes).put(bytes.length, (byte) 0);
            return text.address();
        }
    }

    private static BpfException denied(IllegalCallerException cause) {
        Module module = NativeSystemCalls.class.getModule();
        String target = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return new BpfException(
                "the JVM denies native access, which every bpf() call needs; start it with"
                        + " --enable-native-access="
                        + target,
                cause);
    }

    private long call(Call call, long a, long b, long c, long d, long e, long f) {
        ThreadMemory memory = ThreadMemory.LOCAL.get();
        MethodHandle syscall = Libc.SYSCALL;
        if (syscall == null) {
            throw denied(Libc.DENIED);
        }
        long result;
        try {
            result =
                    (long)
                            Libc.SYSCALL.invokeExact(
                                    memory.captured, (long) machine.number(call), a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        return result == -1 ? -memory.errno.getInt(0) : result;
    }

    @Override
    public long bpf(int command, MemorySegment attr) {
        return call(Call.BPF, command, attr.address(), attr.byteSize(), 0, 0, 0);
    }

    @Override
    public long bpfBrief(int command, ElementCall call) {
        if (firstCalls < Brief.CALLS_BEFORE) {
            firstCalls++;
            return bpf(command, call.attr());
        }
        long result;
        try {
            result =
                    (long)
                            Brief.SYSCALL.invokeExact(
                                    Brief.CALL,
                                    call.captured(),
                                    bpfNumber,
                                    (long) command,
                                    call.attrAddress(),
                                    (long) AttrLayout.MapElement.BYTES);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        if (result != -1) {
            if (call.succeeded()) {
                Brief.CALL.trust();
            }
            return result;
        }
        if (call.failed()) {
            Brief.CALL.doubt();
        }
        return -call.errno();
    }

    @Override
    public long bpf(int command, MemorySegment attr, long common, int commonSize) {
        return call(
                Call.BPF,
                command | COMMON_ATTRIBUTES,
                attr.address(),
                attr.byteSize(),
                common,
                commonSize,
                0);
    }

    @Override
    public long uprobe() {
        return call(Call.UPROBE, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public long perfEventOpen(MemorySegment attr, int pid, int cpu, int groupFd, long flags) {
        return call(Call.PERF_EVENT_OPEN, attr.address(), pid, cpu, groupFd, flags, 0);
    }

    @Override
    public long ioctl(int fd, long request, long argument) {
        return call(Call.IOCTL, fd, request, argument, 0, 0, 0);
    }

    @Override
    public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        if (!machine.mmapTakesBlock()) {
            return call(Call.MMAP, address, length, protection, flags, fd, offset);
        }
        ThreadMemory memory = ThreadMemory.LOCAL.get();
        memory.textBytes
                .putLong(0, address)
                .putLong(8, length)
                .putLong(16, protection)
                .putLong(24, flags)
                .putLong(32, fd)
                .putLong(40, offset);
        return call(Call.MMAP, memory.text.address(), 0, 0, 0, 0, 0);
    }

    @Override
    public long munmap(long address, long length) {
        return call(Call.MUNMAP, address, length, 0, 0, 0, 0);
    }

    @Override
    public long close(int fd) {
        return call(Call.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    @Override
    public long duplicate(int fd) {
        return call(Call.FCNTL, fd, F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR, 0, 0, 0);
    }

    @Override
    public long open(String path, int flags, int mode) {
        long address = ThreadMemory.LOCAL.get().path(path);
        return address == 0
                ? -Errno.ENAMETOOLONG
                : call(Call.OPENAT, AT_FDCWD, address, flags | O_CLOEXEC, mode, 0, 0);
    }

    @Override
    public long read(int fd, MemorySegment buffer) {
        return call(Call.READ, fd, buffer.address(), buffer.byteSize(), 0, 0, 0);
    }

    @Override
    public long write(int fd, MemorySegment buffer) {
        return call(Call.WRITE, fd, buffer.address(), buffer.byteSize(), 0, 0, 0);
    }

    @Override
    public long epollCreate() {
        return call(Call.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0, 0, 0);
    }

    @Override
    public long epollControl(int epollFd, int operation, int fd, MemorySegment event) {
        return call(Call.EPOLL_CTL, epollFd, operation, fd, event.address(), 0, 0);
    }

    @Override
    public long epollWait(int epollFd, MemorySegment events, int timeoutMillis) {
        long capacity = events.byteSize() / machine.epollEventBytes();
        return call(Call.EPOLL_PWAIT, epollFd, events.address(), capacity, timeoutMillis, 0, 0);
    }

    @Override
    public long eventfd() {
        return call(Call.EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK, 0, 0, 0, 0);
    }

    @Override
    public long pidfdOpen(int pid, int flags) {
        return call(Call.PIDFD_OPEN, pid, flags, 0, 0, 0, 0);
    }

    @Override
    public long clockGettime(int clock, MemorySegment time) {
        return call(Call.CLOCK_GETTIME, clock, time.address(), 0, 0, 0, 0);
    }

    @Override
    public long unlink(String path) {
        long address = ThreadMemory.LOCAL.get().path(path);
        return address == 0
                ? -Errno.ENAMETOOLONG
                : call(Call.UNLINKAT, AT_FDCWD, address, 0, 0, 0, 0);
    }

    @Override
    public long resourceLimit(int resource, MemorySegment newLimit, MemorySegment oldLimit) {
        return call(Call.PRLIMIT64, 0, resource, newLimit.address(), oldLimit.address(), 0, 0);
    }

    @Override
    public long seekEnd(int fd) {
        return call(Call.LSEEK, fd, 0, SEEK_END, 0, 0, 0);
    }

    @Override
    public long seekStart(int fd) {
        return call(Call.LSEEK, fd, 0, 0, 0, 0, 0);
    }

    @Override
    public long socket(int family, int type, int protocol) {
        return call(Call.SOCKET, family, type | SOCK_CLOEXEC, protocol, 0, 0, 0);
    }

    @Override
    public long setSocketOption(int fd, int level, int option, MemorySegment value) {
        return call(Call.SETSOCKOPT, fd, level, option, value.address(), value.byteSize(), 0);
    }
}
