// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.MemorySegment;

/**
 * The system calls this library makes; the seam between Java and the kernel.
 *
 * <p>Every method returns what the kernel does: a value of 0 or more, or a negated error number.
 * Nothing here throws, retries or interprets, but for what {@link #bpfBrief} says: the callers do.
 * The real implementation is {@code NativeSystemCalls}; tests script a fake.
 */
public interface SystemCalls {

    /**
     * Issues {@code bpf(cmd, attr, size)}.
     *
     * @param command a {@code BPF_*} command number
     * @param attr the attribute, zero to its end; its length is the size passed
     * @return a descriptor, 0, or another command-specific value; negated errno on failure
     */
    long bpf(int command, MemorySegment attr);

    /**
     * Issues {@code bpf(cmd, attr, size)} for a command that never sleeps and takes some
     * microseconds at most: the JVM may be unable to stop this thread meanwhile. One that fails may
     * be issued twice.
     *
     * @param command a {@code BPF_MAP_*_ELEM} command number
     * @param call has the attribute, and room for the error number
     * @return as {@link #bpf(int, MemorySegment)}
     */
    default long bpfBrief(int command, ElementCall call) {
        return bpf(command, call.attr());
    }

    /**
     * Issues {@code bpf(cmd | BPF_COMMON_ATTRS, attr, size, common, commonSize)}.
     *
     * @param command a {@code BPF_*} command number
     * @param attr the attribute, zero to its end; its length is the size passed
     * @param common address of a {@code struct bpf_common_attr}
     * @param commonSize its length
     * @return as {@link #bpf(int, MemorySegment)}; EINVAL from kernels that know no such attributes
     */
    long bpf(int command, MemorySegment attr, long common, int commonSize);

    /**
     * Issues {@code uprobe}, which the kernel's own code in a probed process calls.
     *
     * @return ENXIO, negated, as here is no probe; ENOSYS from kernels and machines without it
     */
    long uprobe();

    /**
     * Issues {@code perf_event_open}.
     *
     * @param attr {@code struct perf_event_attr} with its size filled in
     * @param pid the process, or -1 for all
     * @param cpu the CPU, or -1 for any
     * @param groupFd the group leader, or -1
     * @param flags {@code PERF_FLAG_*}
     * @return a descriptor or a negated errno
     */
    long perfEventOpen(MemorySegment attr, int pid, int cpu, int groupFd, long flags);

    /**
     * Issues {@code ioctl}.
     *
     * @param fd the descriptor
     * @param request the request's number
     * @param argument an integer or an address
     * @return 0 or more, or a negated errno
     */
    long ioctl(int fd, long request, long argument);

    /**
     * Issues {@code mmap}.
     *
     * @param address the address wanted, or 0
     * @param length bytes
     * @param protection {@code PROT_*}
     * @param flags {@code MAP_*}
     * @param fd the descriptor, or -1
     * @param offset bytes into the file, a multiple of the page size
     * @return the address or a negated errno
     */
    long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /**
     * Issues {@code munmap}.
     *
     * @param address the address
     * @param length bytes
     * @return 0 or a negated errno
     */
    long munmap(long address, long length);

    /**
     * Issues {@code close}.
     *
     * @param fd the descriptor
     * @return 0 or a negated errno
     */
    long close(int fd);

    /**
     * Issues {@code fcntl(fd, F_DUPFD_CLOEXEC, 3)}.
     *
     * @param fd the descriptor to duplicate
     * @return a new descriptor of 3 or more, or a negated errno
     */
    long duplicate(int fd);

    /**
     * Issues {@code openat(AT_FDCWD, path, flags | O_CLOEXEC, mode)}.
     *
     * @param path the path
     * @param flags {@code O_*}
     * @param mode permissions of a file that is created
     * @return a descriptor or a negated errno
     */
    long open(String path, int flags, int mode);

    /**
     * Issues {@code read}.
     *
     * @param fd the descriptor
     * @param buffer where to; its length is the most that is read
     * @return bytes read, 0 at the end, or a negated errno
     */
    long read(int fd, MemorySegment buffer);

    /**
     * Issues {@code write}.
     *
     * @param fd the descriptor
     * @param buffer what
     * @return bytes written or a negated errno
     */
    long write(int fd, MemorySegment buffer);

    /**
     * Issues {@code epoll_create1(EPOLL_CLOEXEC)}.
     *
     * @return a descriptor or a negated errno
     */
    long epollCreate();

    /**
     * Issues {@code epoll_ctl}.
     *
     * @param epollFd the epoll descriptor
     * @param operation {@code EPOLL_CTL_*}
     * @param fd the descriptor it is about
     * @param event {@code struct epoll_event}
     * @return 0 or a negated errno
     */
    long epollControl(int epollFd, int operation, int fd, MemorySegment event);

    /**
     * Issues {@code epoll_wait}; blocks the carrier of a virtual thread.
     *
     * @param epollFd the epoll descriptor
     * @param events room for {@code struct epoll_event}s
     * @param timeoutMillis milliseconds, 0 to return at once, -1 for ever
     * @return number of events or a negated errno
     */
    long epollWait(int epollFd, MemorySegment events, int timeoutMillis);

    /**
     * Issues {@code eventfd2(0, EFD_CLOEXEC | EFD_NONBLOCK)}.
     *
     * @return a descriptor or a negated errno
     */
    long eventfd();

    /**
     * Issues {@code pidfd_open} (Linux 5.3), close-on-exec.
     *
     * @param pid the process
     * @param flags {@code PIDFD_*}
     * @return a descriptor or a negated errno
     */
    long pidfdOpen(int pid, int flags);

    /**
     * Issues {@code clock_gettime}.
     *
     * @param clock {@code CLOCK_*}
     * @param time room for {@code struct timespec}: seconds and nanoseconds, 8 bytes each
     * @return 0 or a negated errno
     */
    long clockGettime(int clock, MemorySegment time);

    /**
     * Issues {@code unlink}.
     *
     * @param path the path
     * @return 0 or a negated errno
     */
    long unlink(String path);

    /**
     * Issues {@code prlimit64(0, resource, ...)} on this process: reads a limit, or sets it.
     *
     * @param resource {@code RLIMIT_*}
     * @param newLimit {@code struct rlimit64}: soft and hard limit, 8 bytes each; {@link
     *     MemorySegment#NULL} to leave it
     * @param oldLimit room for the limit before the call; {@link MemorySegment#NULL} when not
     *     wanted
     * @return 0 or a negated errno
     */
    long resourceLimit(int resource, MemorySegment newLimit, MemorySegment oldLimit);

    /**
     * Issues {@code lseek(fd, 0, SEEK_END)}: finds out how long a file is, and leaves its position
     * there.
     *
     * @param fd the descriptor
     * @return bytes, or a negated errno
     */
    long seekEnd(int fd);

    /**
     * Issues {@code lseek(fd, 0, SEEK_SET)}.
     *
     * @param fd the descriptor
     * @return 0 or a negated errno
     */
    long seekStart(int fd);

    /**
     * Issues {@code socket}, close-on-exec.
     *
     * @param family {@code AF_*}
     * @param type {@code SOCK_*}
     * @param protocol the family's protocol, or 0
     * @return a descriptor or a negated errno
     */
    long socket(int family, int type, int protocol);

    /**
     * Issues {@code setsockopt}.
     *
     * @param fd the socket
     * @param level {@code SOL_*}
     * @param option the option's number
     * @param value the option's value; its length is passed too
     * @return 0 or a negated errno
     */
    long setSocketOption(int fd, int level, int option, MemorySegment value);
}
