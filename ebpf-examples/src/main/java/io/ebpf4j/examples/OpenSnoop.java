// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.Collection;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.spec.CollectionSpec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;

/** Shows files as processes open them. */
@Command(
        name = "opensnoop",
        description = "shows files as processes open them, with the result",
        footer = "Files opened by open() and openat2(), which few programs use, are not shown.")
final class OpenSnoop implements Callable<Integer> {
    @Option(names = "--pid", paramLabel = "PID", description = "only this process")
    private Long pid;

    @Option(names = "--uid", paramLabel = "UID", description = "only processes of this user")
    private Long uid;

    @Option(names = "--failed", description = "only files that could not be opened")
    private boolean failed;

    @Mixin private Output output;

    /** {@code struct event} of {@code opensnoop.bpf.c}. */
    record Event(
            long time,
            int pid,
            int tid,
            int uid,
            int result,
            int flags,
            @Chars(16) String comm,
            @Chars(256) String file) {}

    @Override
    public Integer call() throws IOException {
        CollectionSpec spec;
        try (InputStream object = OpenSnoop.class.getResourceAsStream("opensnoop.bpf.o")) {
            spec = CollectionSpec.parse("opensnoop.bpf.o", object);
        }
        // The verifier knows these values, and drops the code that they make unreachable.
        if (pid != null) {
            spec.variable("target_pid").set(pid);
        }
        if (uid != null) {
            spec.variable("target_uid").set(uid);
        }
        spec.variable("failed_only").set(failed);

        try (Collection bpf = Collection.load(spec);
                RingBuffer<Event> events = bpf.ringBuffer("events", Event.class)) {
            bpf.attach();
            output.begin(Open.HEADER, events::close);
            while (output.wantsMore()) {
                events.poll(Duration.ofSeconds(1), event -> output.print(Open.of(event)));
            }
            output.end(bpf.variable("lost", long.class).get());
        }
        return 0;
    }

    /** What is shown of an event; the members of a JSON object, less those that are null. */
    record Open(
            Instant time,
            int pid,
            int tid,
            long uid,
            String comm,
            Integer fd,
            String error,
            int flags,
            String file)
            implements Output.Row {

        private static final String LINE = "%-12s %7s %7s %6s %-16s %-12s %s";
        static final String HEADER =
                LINE.formatted("TIME", "PID", "TID", "UID", "COMM", "RESULT", "FILE");

        /** The errors that open(2) documents; their numbers are the same on every architecture. */
        private static final Map<Integer, String> ERRORS =
                Map.ofEntries(
                        Map.entry(1, "EPERM"),
                        Map.entry(2, "ENOENT"),
                        Map.entry(4, "EINTR"),
                        Map.entry(5, "EIO"),
                        Map.entry(6, "ENXIO"),
                        Map.entry(9, "EBADF"),
                        Map.entry(11, "EAGAIN"),
                        Map.entry(12, "ENOMEM"),
                        Map.entry(13, "EACCES"),
                        Map.entry(14, "EFAULT"),
                        Map.entry(16, "EBUSY"),
                        Map.entry(17, "EEXIST"),
                        Map.entry(19, "ENODEV"),
                        Map.entry(20, "ENOTDIR"),
                        Map.entry(21, "EISDIR"),
                        Map.entry(22, "EINVAL"),
                        Map.entry(23, "ENFILE"),
                        Map.entry(24, "EMFILE"),
                        Map.entry(26, "ETXTBSY"),
                        Map.entry(27, "EFBIG"),
                        Map.entry(28, "ENOSPC"),
                        Map.entry(30, "EROFS"),
                        Map.entry(36, "ENAMETOOLONG"),
                        Map.entry(40, "ELOOP"),
                        Map.entry(75, "EOVERFLOW"),
                        Map.entry(95, "EOPNOTSUPP"),
                        Map.entry(116, "ESTALE"),
                        Map.entry(122, "EDQUOT"));

        static Open of(Event e) {
            return new Open(
                    Output.wallClock(e.time),
                    e.pid,
                    e.tid,
                    Integer.toUnsignedLong(e.uid),
                    e.comm,
                    e.result >= 0 ? e.result : null,
                    e.result >= 0 ? null : error(-e.result),
                    e.flags,
                    e.file);
        }

        private static String error(int errno) {
            return ERRORS.getOrDefault(errno, "errno " + errno);
        }

        @Override
        public String line() {
            Object result = error == null ? fd : error;
            return LINE.formatted(Output.timeOfDay(time), pid, tid, uid, comm, result, file);
        }
    }
}
