// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * The kernel's error numbers (include/uapi/asm-generic/errno-base.h and errno.h), the same on every
 * supported machine but for EDEADLK.
 */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;

    /** No such file or directory. */
    public static final int ENOENT = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** Interrupted system call. */
    public static final int EINTR = 4;

    /** No such device or address. */
    public static final int ENXIO = 6;

    /** Argument list too long. */
    public static final int E2BIG = 7;

    /** Bad file descriptor. */
    public static final int EBADF = 9;

    /** Resource temporarily unavailable. */
    public static final int EAGAIN = 11;

    /** Cannot allocate memory. */
    public static final int ENOMEM = 12;

    /** Permission denied. */
    public static final int EACCES = 13;

    /** Bad address. */
    public static final int EFAULT = 14;

    /** Device or resource busy. */
    public static final int EBUSY = 16;

    /** File exists. */
    public static final int EEXIST = 17;

    /** No such device. */
    public static final int ENODEV = 19;

    /** Invalid argument. */
    public static final int EINVAL = 22;

    /** Too many open files. */
    public static final int EMFILE = 24;

    /** No space left on device. */
    public static final int ENOSPC = 28;

    /** Numerical result out of range. */
    public static final int ERANGE = 34;

    /** File name too long. */
    public static final int ENAMETOOLONG = 36;

    /** Function not implemented. */
    public static final int ENOSYS = 38;

    /** Not a socket. */
    public static final int ENOTSOCK = 88;

    /** Operation not supported. */
    public static final int EOPNOTSUPP = 95;

    /** Link has been severed. */
    public static final int ENOLINK = 67;

    /** Protocol error. */
    public static final int EPROTO = 71;

    /** Invalid or incomplete multibyte or wide character. */
    public static final int EILSEQ = 84;

    /** Too many users. */
    public static final int EUSERS = 87;

    /** Stale file handle. */
    public static final int ESTALE = 116;

    /** Operation now in progress. */
    public static final int EINPROGRESS = 115;

    /** Inappropriate ioctl for device. */
    public static final int ENOTTY = 25;

    /**
     * Not supported, as the kernel says it inside itself (include/linux/errno.h); bpf() leaks it,
     * and libc has no name.
     */
    public static final int ENOTSUPP = 524;

    private static final String[] NAMES = new String[ENOTSUPP + 1];
    private static final String[] TEXTS = new String[ENOTSUPP + 1];

    static {
        put(1, "EPERM", "operation not permitted");
        put(2, "ENOENT", "no such file or directory");
        put(3, "ESRCH", "no such process");
        put(4, "EINTR", "interrupted system call");
        put(5, "EIO", "input/output error");
        put(6, "ENXIO", "no such device or address");
        put(7, "E2BIG", "argument list too long");
        put(8, "ENOEXEC", "exec format error");
        put(9, "EBADF", "bad file descriptor");
        put(10, "ECHILD", "no child processes");
        put(11, "EAGAIN", "resource temporarily unavailable");
        put(12, "ENOMEM", "cannot allocate memory");
        put(13, "EACCES", "permission denied");
        put(14, "EFAULT", "bad address");
        put(15, "ENOTBLK", "block device required");
        put(16, "EBUSY", "device or resource busy");
        put(17, "EEXIST", "file exists");
        put(18, "EXDEV", "invalid cross-device link");
        put(19, "ENODEV", "no such device");
        put(20, "ENOTDIR", "not a directory");
        put(21, "EISDIR", "is a directory");
        put(22, "EINVAL", "invalid argument");
        put(23, "ENFILE", "too many open files in system");
        put(24, "EMFILE", "too many open files");
        put(25, "ENOTTY", "inappropriate ioctl for device");
        put(26, "ETXTBSY", "text file busy");
        put(27, "EFBIG", "file too large");
        put(28, "ENOSPC", "no space left on device");
        put(29, "ESPIPE", "illegal seek");
        put(30, "EROFS", "read-only file system");
        put(31, "EMLINK", "too many links");
        put(32, "EPIPE", "broken pipe");
        put(33, "EDOM", "numerical argument out of domain");
        put(34, "ERANGE", "numerical result out of range");
        put(35, "EDEADLK", "resource deadlock avoided");
        put(36, "ENAMETOOLONG", "file name too long");
        put(37, "ENOLCK", "no locks available");
        put(38, "ENOSYS", "function not implemented");
        put(39, "ENOTEMPTY", "directory not empty");
        put(40, "ELOOP", "too many levels of symbolic links");
        put(42, "ENOMSG", "no message of desired type");
        put(61, "ENODATA", "no data available");
        put(67, "ENOLINK", "link has been severed");
        put(71, "EPROTO", "protocol error");
        put(74, "EBADMSG", "bad message");
        put(75, "EOVERFLOW", "value too large for defined data type");
        put(77, "EBADFD", "file descriptor in bad state");
        put(84, "EILSEQ", "invalid or incomplete multibyte or wide character");
        put(87, "EUSERS", "too many users");
        put(88, "ENOTSOCK", "socket operation on non-socket");
        put(90, "EMSGSIZE", "message too long");
        put(93, "EPROTONOSUPPORT", "protocol not supported");
        put(95, "EOPNOTSUPP", "operation not supported");
        put(97, "EAFNOSUPPORT", "address family not supported by protocol");
        put(98, "EADDRINUSE", "address already in use");
        put(99, "EADDRNOTAVAIL", "cannot assign requested address");
        put(100, "ENETDOWN", "network is down");
        put(101, "ENETUNREACH", "network is unreachable");
        put(105, "ENOBUFS", "no buffer space available");
        put(106, "EISCONN", "transport endpoint is already connected");
        put(107, "ENOTCONN", "transport endpoint is not connected");
        put(110, "ETIMEDOUT", "connection timed out");
        put(111, "ECONNREFUSED", "connection refused");
        put(114, "EALREADY", "operation already in progress");
        put(115, "EINPROGRESS", "operation now in progress");
        put(116, "ESTALE", "stale file handle");
        put(122, "EDQUOT", "disk quota exceeded");
        put(125, "ECANCELED", "operation canceled");
        put(ENOTSUPP, "ENOTSUPP", "operation is not supported by the kernel");
    }

    private Errno() {}

    private static void put(int errno, String name, String text) {
        NAMES[errno] = name;
        TEXTS[errno] = text;
    }

    /**
     * Returns an error number's name.
     *
     * @param errno the number, positive or negated
     * @return such as {@code EINVAL}, or {@code errno 999} for a number without a name
     */
    public static String name(int errno) {
        int number = Math.abs(errno);
        String name = number < NAMES.length ? NAMES[number] : null;
        return name != null ? name : "errno " + number;
    }

    /**
     * Returns an error number's name and meaning.
     *
     * @param errno the number, positive or negated
     * @return such as {@code EINVAL (invalid argument)}
     */
    public static String describe(int errno) {
        int number = Math.abs(errno);
        String text = number < TEXTS.length ? TEXTS[number] : null;
        return text != null ? name(number) + " (" + text + ")" : name(number);
    }
}
