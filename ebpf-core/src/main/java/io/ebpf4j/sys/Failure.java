// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;

import java.util.Locale;

/** Turns the error number of a failed call into the exception that says what to do about it. */
public final class Failure {
    private Failure() {}

    /**
     * Explains a failed call that is not a command of bpf().
     *
     * @param call the call's name, such as {@code perf_event_open}
     * @param errno the positive error number
     * @param what what could not be done
     * @return the exception to throw
     */
    public static BpfException of(String call, int errno, String what) {
        return plain(call, errno, what);
    }

    /**
     * Explains a failed call that needs a capability.
     *
     * @param call the call's name, such as {@code perf_event_open}
     * @param errno the positive error number
     * @param what what could not be done
     * @param capabilities the bits of {@link Capability} that the call asks for
     * @return the exception to throw; a {@link PermissionDeniedException} for EPERM and EACCES
     */
    public static BpfException of(String call, int errno, String what, long capabilities) {
        return errno == Errno.EPERM || errno == Errno.EACCES
                ? refused(call, errno, what, capabilities, Privileges.read())
                : plain(call, errno, what);
    }

    /**
     * Explains a failed command of bpf().
     *
     * @param command the command
     * @param errno the positive error number
     * @param what what could not be done, such as {@code cannot create map counts}
     * @return the exception to throw
     */
    public static BpfException of(BpfCommand command, int errno, String what) {
        return of(command, errno, what, command.capabilities());
    }

    /**
     * Explains a failed command of bpf() that needs more than the command itself does.
     *
     * @param command the command
     * @param errno the positive error number
     * @param what what could not be done
     * @param capabilities the bits of {@link Capability} that the call asks for
     * @return the exception to throw
     */
    public static BpfException of(BpfCommand command, int errno, String what, long capabilities) {
        String call = command.kernelName();
        return switch (errno) {
            case Errno.EPERM ->
                    capabilities == 0
                            ? plain(call, errno, what)
                            : refused(call, errno, what, capabilities, Privileges.read());
            case Errno.EACCES ->
                    command == BpfCommand.OBJ_PIN || command == BpfCommand.OBJ_GET
                            ? new PermissionDeniedException(
                                    what,
                                    "permission on the file or a directory above it",
                                    "change its owner or mode, or run as root",
                                    call,
                                    errno)
                            : plain(call, errno, what);
            case Errno.ENOSYS ->
                    new UnsupportedException(
                            what + ": this kernel has no bpf()",
                            command.since(),
                            "use a kernel built with CONFIG_BPF_SYSCALL, and no seccomp filter that"
                                    + " hides bpf()",
                            call,
                            errno);
            default -> plain(call, errno, what);
        };
    }

    /**
     * Explains an EPERM of a kernel that charges maps and programs to RLIMIT_MEMLOCK (before 5.11).
     *
     * @param command the command
     * @param what what could not be done
     * @param capabilities the bits of {@link Capability} that the call asks for
     * @return the exception to throw
     */
    public static BpfException ofLimit(BpfCommand command, String what, long capabilities) {
        Privileges privileges = Privileges.read();
        return privileges.has(capabilities) && privileges.initialNamespace()
                ? new PermissionDeniedException(
                        what,
                        "room under RLIMIT_MEMLOCK",
                        "raise it: ulimit -l unlimited, or run with CAP_SYS_RESOURCE",
                        command.kernelName(),
                        Errno.EPERM)
                : refused(command.kernelName(), Errno.EPERM, what, capabilities, privileges);
    }

    static PermissionDeniedException refused(
            String call, int errno, String what, long needed, Privileges privileges) {
        long missing = Capability.missing(needed, privileges.effective());
        if (missing != 0) {
            return new PermissionDeniedException(
                    what, Capability.names(missing), grant(needed, privileges), call, errno);
        }
        if (!privileges.initialNamespace()) {
            return new PermissionDeniedException(
                    what,
                    Capability.names(needed) + " outside this process's user namespace",
                    "run it in a container that shares the host's user namespace, or as root on the"
                            + " host",
                    call,
                    errno);
        }
        boolean locked = !privileges.lockdown().isEmpty() && !"none".equals(privileges.lockdown());
        if (locked || (needed & Capability.PERFMON) != 0) {
            String mode = locked ? " [" + privileges.lockdown() + "]" : "";
            return new PermissionDeniedException(
                    what,
                    "permission under the kernel's lockdown"
                            + mode
                            + " (capabilities are not the reason)",
                    "boot with lockdown=none in place of integrity or confidentiality, or use a"
                            + " hook it allows",
                    call,
                    errno);
        }
        return new PermissionDeniedException(
                what,
                "the kernel's consent (capabilities are not the reason)",
                "look for a security module's rule or a seccomp filter",
                call,
                errno);
    }

    private static String grant(long needed, Privileges privileges) {
        String names = Capability.names(needed).toLowerCase(Locale.ROOT);
        String set = "+" + names.replace("cap_", "").replace(" and ", ",+");
        String how =
                "run as root, or have root start it with: setpriv --reuid USER --init-groups"
                        + " --inh-caps "
                        + set
                        + " --ambient-caps "
                        + set
                        + " COMMAND";
        return privileges.unprivilegedDisabled() > 0
                ? how
                        + " (kernel.unprivileged_bpf_disabled is "
                        + privileges.unprivilegedDisabled()
                        + ")"
                : how;
    }

    private static BpfException plain(String call, int errno, String what) {
        return new BpfException(what + ": " + Errno.describe(errno), call, errno);
    }
}
