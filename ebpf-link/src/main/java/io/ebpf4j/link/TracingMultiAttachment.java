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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One attachment to many kernel functions by their ids. */
final class TracingMultiAttachment {
    private static final Set<AttachType> TYPES =
            Set.of(
                    AttachType.TRACE_FENTRY_MULTI,
                    AttachType.TRACE_FEXIT_MULTI,
                    AttachType.TRACE_FSESSION_MULTI);

    private final HostFiles files;
    private final Kernel kernel;
    private final Program program;
    private final TracingMultiOptions options;
    private final String what;
    private final String where;

    /**
     * Checks the program.
     *
     * @throws BpfException if it was loaded for something else
     */
    TracingMultiAttachment(
            HostFiles files, Program program, String functions, TracingMultiOptions options) {
        this.files = files;
        this.kernel = program.kernel();
        this.program = program;
        this.options = options;
        this.where = "many functions, " + functions;
        this.what = "cannot attach " + program.name() + " to " + where;
        Hooks.require(program, where, ProgramType.TRACING);
        if (!TYPES.contains(program.attachType())) {
            throw new BpfException(
                    what
                            + ": it was loaded for "
                            + program.attachType()
                            + ", and this takes a program of SEC(\"fentry.multi\"),"
                            + " SEC(\"fexit.multi\") or SEC(\"fsession.multi\")");
        }
    }

    Link toPattern(String pattern) {
        if (!options.cookies().isEmpty()) {
            throw new IllegalArgumentException(
                    "a cookie for each function was given, but a pattern, " + pattern);
        }
        String glob = name(pattern);
        if (!Glob.isPattern(glob)) {
            return toFunctions(List.of(pattern));
        }
        TracedFunctions functions = TracedFunctions.of(kernel.btf(), module(pattern), what);
        List<FunctionSearch.Found> found = new FunctionSearch(files).find(new Glob(glob), false);
        int[] ids =
                found.stream()
                        .mapToInt(function -> functions.id(function.name()))
                        .filter(id -> id >= 0 && functions.obstacle(id).isEmpty())
                        .distinct()
                        .toArray();
        if (ids.length == 0) {
            throw new BpfException(
                    what
                            + ": "
                            + functions.place()
                            + " has no function that matches and can be traced by its types");
        }
        return link(ids);
    }

    Link toFunctions(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(where + ": there is none to attach to");
        }
        String module = module(names.get(0));
        TracedFunctions functions = TracedFunctions.of(kernel.btf(), module, what);
        Set<String> seen = new HashSet<>();
        int[] ids = new int[names.size()];
        for (int i = 0; i < ids.length; i++) {
            String name = names.get(i);
            if (!module(name).equals(module)) {
                throw new IllegalArgumentException(
                        where + ": " + names.get(0) + " and " + name + " are not of one module");
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException(where + ": " + name + " is there twice");
            }
            ids[i] = id(functions, name(name));
        }
        return link(ids);
    }

    private int id(TracedFunctions functions, String name) {
        int id = functions.id(name);
        if (id < 0) {
            throw new BpfException(
                    what
                            + ": the BTF of "
                            + functions.place()
                            + " has no function "
                            + name
                            + new KernelFunctions(files).explain(name));
        }
        String obstacle = functions.obstacle(id);
        if (!obstacle.isEmpty()) {
            throw new BpfException(what + ": " + name + " cannot be attached to: " + obstacle);
        }
        return id;
    }

    // [module:]name
    private static String module(String function) {
        return function.substring(0, Math.max(0, function.indexOf(':')));
    }

    private static String name(String function) {
        return function.substring(function.indexOf(':') + 1);
    }

    private Link link(int[] ids) {
        long[] cookies = options.cookiesFor(ids.length, where);
        long result;
        int fd = program.descriptor().acquire();
        try (Arena arena = Arena.ofConfined()) {
            LinkCreate.TracingMulti functions =
                    new LinkCreate.TracingMulti(
                            NativeText.ints(arena, ids).address(),
                            NativeText.longs(arena, cookies).address(),
                            ids.length);
            int type = program.attachType().number();
            result = kernel.bpf().linkCreate(new LinkCreate(fd, 0, type, 0, functions));
        } finally {
            program.descriptor().release();
        }
        if (result < 0) {
            throw refused((int) -result, ids.length);
        }
        String name = "link of program " + program.name() + " to " + where;
        return new KernelLink(
                kernel, FileDescriptor.adopt(kernel.calls(), (int) result, name), null);
    }

    private BpfException refused(int errno, int count) {
        if (errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP) {
            Availability kind = kernel.features().attachType(program.attachType());
            if (errno == Errno.EOPNOTSUPP || kind.support() == Support.NO) {
                return Hooks.lacking(
                        program,
                        where,
                        kind,
                        "this kernel or its architecture has no link for many functions",
                        "attach it to single functions, loaded as SEC(\"fentry\")",
                        errno);
            }
        }
        String why =
                switch (errno) {
                    case Errno.EINVAL, Errno.ENOENT ->
                            ": one of them cannot be traced, or may not sleep when the program"
                                    + " does, or the program was loaded for another module";
                    case Errno.EBUSY -> ": it is attached to one of them";
                    case Errno.E2BIG ->
                            ": the kernel takes fewer than "
                                    + count
                                    + " functions, or one has too many programs";
                    default -> "";
                };
        return Failure.of(BpfCommand.LINK_CREATE, errno, what + why, Capability.PERFMON);
    }
}
