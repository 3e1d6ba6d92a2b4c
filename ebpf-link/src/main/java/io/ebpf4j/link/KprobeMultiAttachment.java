// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Availability;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One attachment to many kernel functions. Names of a list are the kernel's to look up; what a
 * pattern matches is given by address, which also tells functions of one name apart.
 */
final class KprobeMultiAttachment {
    /** {@code BPF_F_KPROBE_MULTI_RETURN}. */
    private static final int RETURN = 1;

    private static final int MOST = 1 << 20;

    private final HostFiles files;
    private final Kernel kernel;
    private final Program program;
    private final KprobeMultiOptions options;
    private final AttachType[] types;
    private final String where;

    /**
     * Checks the program and the options.
     *
     * @throws BpfException if the program was loaded for something else
     */
    KprobeMultiAttachment(
            HostFiles files, Program program, String what, KprobeMultiOptions options) {
        this.files = files;
        this.kernel = program.kernel();
        this.program = program;
        this.options = options;
        boolean session = program.attachType() == AttachType.TRACE_KPROBE_SESSION;
        this.where =
                (session
                                ? "kprobe.session "
                                : options.returning() ? "kretprobe.multi " : "kprobe.multi ")
                        + what;
        Hooks.require(program, where, ProgramType.KPROBE);
        this.types =
                Hooks.many(
                        program,
                        where,
                        AttachType.TRACE_KPROBE_MULTI,
                        AttachType.TRACE_KPROBE_SESSION);
        if (session && options.returning()) {
            throw new IllegalArgumentException(
                    where + " runs at entry and return; returning is for kprobe.multi");
        }
    }

    Link toPattern(String pattern) {
        if (!options.cookies().isEmpty()) {
            throw new IllegalArgumentException(
                    "a cookie for each function was given, but a pattern, " + pattern);
        }
        if (!Glob.isPattern(pattern)) {
            requireOne(options.unique() ? new KernelFunctions(files).count(pattern) : 1, "");
            return toFunctions(List.of(pattern));
        }
        List<FunctionSearch.Found> found =
                new FunctionSearch(files).find(new Glob(pattern), options.hasCookies());
        if (found.isEmpty()) {
            throw new BpfException(
                    what() + ": the kernel has no function that matches and can be traced");
        }
        String among = ", " + found.get(0).name() + " and " + found.get(found.size() - 1).name();
        requireOne(options.unique() ? found.size() : 1, among + " among them");
        long[] addresses = new long[found.size()];
        List<String> names = new ArrayList<>(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = found.get(i).address();
            names.add(found.get(i).name());
        }
        if (addresses[0] == 0) {
            return toFunctions(names);
        }
        return link(create(List.of(), addresses, cookies(addresses.length)), names);
    }

    Link toFunctions(List<String> functions) {
        Map<String, Long> cookies = named(functions);
        List<String> names = List.copyOf(cookies.keySet());
        long[] values =
                options.hasCookies()
                        ? cookies.values().stream().mapToLong(Long::longValue).toArray()
                        : new long[0];
        long result = create(names, new long[0], values);
        // Linux 5.19 to 6.1 look for names in vmlinux alone (until commit 3640bf8584f4).
        if (result == -Errno.ESRCH) {
            long[] addresses = addresses(cookies);
            result = addresses.length == 0 ? result : create(List.of(), addresses, values);
        }
        return link(result, names);
    }

    Link toAddresses(long[] addresses) {
        requireSome(addresses.length);
        return link(create(List.of(), addresses, cookies(addresses.length)), List.of());
    }

    // The kernel finds a name once, and takes the second one for missing.
    private Map<String, Long> named(List<String> functions) {
        requireSome(functions.size());
        Map<String, Long> named = new LinkedHashMap<>();
        long[] cookies = cookies(functions.size());
        for (int i = 0; i < functions.size(); i++) {
            long cookie = cookies.length == 0 ? 0 : cookies[i];
            Long before = named.putIfAbsent(functions.get(i), cookie);
            if (before != null && before != cookie) {
                throw new IllegalArgumentException(
                        functions.get(i) + " has the cookies " + before + " and " + cookie);
            }
        }
        return named;
    }

    private void requireOne(int count, String among) {
        if (count > 1) {
            throw new BpfException(
                    what() + ": " + count + " functions match" + among + ", but one was asked for");
        }
    }

    private void requireSome(int count) {
        if (count == 0) {
            throw new IllegalArgumentException(where + ": there is none to attach to");
        }
    }

    private long[] cookies(int count) {
        if (options.cookies().isEmpty()) {
            long[] cookies = new long[options.cookie() == 0 ? 0 : count];
            Arrays.fill(cookies, options.cookie());
            return cookies;
        }
        if (options.cookies().size() != count) {
            throw new IllegalArgumentException(
                    options.cookies().size() + " cookies were given for " + where);
        }
        return options.cookies().stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns where the functions begin; nothing when that is not known of one. */
    private long[] addresses(Map<String, Long> functions) {
        Map<String, Long> known = new FunctionSearch(files).addresses(functions.keySet());
        long[] addresses = new long[functions.size()];
        int i = 0;
        for (String function : functions.keySet()) {
            long address = known.getOrDefault(function, 0L);
            if (address == 0) {
                return new long[0];
            }
            addresses[i++] = address;
        }
        return addresses;
    }

    private long create(List<String> names, long[] addresses, long[] cookies) {
        int fd = program.descriptor().acquire();
        try (Arena arena = Arena.ofConfined()) {
            LinkCreate.KprobeMulti functions =
                    new LinkCreate.KprobeMulti(
                            options.returning() ? RETURN : 0,
                            Math.max(names.size(), addresses.length),
                            names.isEmpty() ? 0 : NativeText.strings(arena, names).address(),
                            NativeText.longs(arena, addresses).address(),
                            NativeText.longs(arena, cookies).address());
            long result = -Errno.EINVAL;
            for (int i = 0; i < types.length && result == -Errno.EINVAL; i++) {
                int type = types[i].number();
                result = kernel.bpf().linkCreate(new LinkCreate(fd, 0, type, 0, functions));
            }
            return result;
        } finally {
            program.descriptor().release();
        }
    }

    private Link link(long result, List<String> names) {
        if (result < 0) {
            throw refused((int) -result, names);
        }
        FileDescriptor link =
                FileDescriptor.adopt(
                        kernel.calls(),
                        (int) result,
                        "link of program " + program.name() + " to " + where);
        return new KernelLink(kernel, link, null);
    }

    private BpfException refused(int errno, List<String> names) {
        if (errno == Errno.EINVAL || errno == Errno.E2BIG || errno == Errno.EOPNOTSUPP) {
            Availability kind = kernel.features().attachType(types[0]);
            if (kind.support() == Support.NO) {
                return Hooks.lacking(
                        program,
                        where,
                        kind,
                        errno == Errno.EOPNOTSUPP
                                ? "the kernel is built without CONFIG_FPROBE"
                                : "the kernel has no link for many functions",
                        "attach it to single functions, loaded as SEC(\"kprobe\")",
                        errno);
            }
        }
        String why =
                switch (errno) {
                    case Errno.ESRCH, Errno.ENOENT, Errno.EINVAL -> suspect(names, errno);
                    case Errno.E2BIG ->
                            names.size() > MOST
                                    ? ": the kernel takes " + MOST + " functions at most"
                                    : ": a name is longer than the kernel's longest";
                    default -> "";
                };
        return Failure.of(BpfCommand.LINK_CREATE, errno, what() + why, Capability.PERFMON);
    }

    private String suspect(List<String> names, int errno) {
        KernelFunctions functions = new KernelFunctions(files);
        String suspect = functions.suspect(names);
        if (suspect != null) {
            return ": " + suspect + functions.explain(suspect);
        }
        if (errno == Errno.EINVAL && program.attachType() == AttachType.NONE) {
            return ": the program was not loaded for many functions, as one of"
                    + " SEC(\"kprobe.multi\") is";
        }
        return names.isEmpty()
                ? ": an address is not that of a function that can be traced"
                : ": a function cannot be traced, or the kernel finds none of its name";
    }

    private String what() {
        return "cannot attach " + program.name() + " to " + where;
    }
}
