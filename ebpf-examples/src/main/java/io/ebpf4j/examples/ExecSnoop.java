// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.Collection;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.Length;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.spec.CollectionSpec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Shows processes as they start a program. */
@Command(name = "execsnoop", description = "shows processes as they start a program")
final class ExecSnoop implements Callable<Integer> {
    private static final int ARGS_LENGTH = 1024;

    @Option(names = "--uid", paramLabel = "UID", description = "only processes of this user")
    private Long uid;

    @Mixin private Output output;

    /** {@code struct event} of {@code execsnoop.bpf.c}. */
    record Event(
            long time,
            int pid,
            int ppid,
            int uid,
            int argsLength,
            @Chars(16) String comm,
            @Length(ARGS_LENGTH) byte[] args) {}

    @Override
    public Integer call() throws IOException {
        CollectionSpec spec;
        try (InputStream object = ExecSnoop.class.getResourceAsStream("execsnoop.bpf.o")) {
            spec = CollectionSpec.parse("execsnoop.bpf.o", object);
        }
        if (uid != null) {
            spec.variable("target_uid")
                    .set(uid); // read-only once loaded: no check is left if unset
        }
        try (Collection bpf = Collection.load(spec);
                RingBuffer<Event> events = bpf.ringBuffer("events", Event.class)) {
            bpf.attach();
            output.begin(Start.HEADER, events::close);
            while (output.wantsMore()) {
                events.poll(Duration.ofSeconds(1), event -> output.print(Start.of(event)));
            }
            output.end(bpf.variable("lost", long.class).get());
        }
        return 0;
    }

    /** What is shown of an event; the members of a JSON object. */
    record Start(
            Instant time,
            int pid,
            int ppid,
            long uid,
            String comm,
            List<String> args,
            boolean truncated)
            implements Output.Row {

        private static final String LINE = "%-12s %7s %7s %6s %-16s %s";
        static final String HEADER = LINE.formatted("TIME", "PID", "PPID", "UID", "COMM", "ARGS");

        static Start of(Event e) {
            return new Start(
                    Output.wallClock(e.time),
                    e.pid,
                    e.ppid,
                    Integer.toUnsignedLong(e.uid),
                    e.comm,
                    split(e.args, Math.min(e.argsLength, ARGS_LENGTH)),
                    e.argsLength > ARGS_LENGTH);
        }

        /** Splits arguments of which each ends with a NUL, except for one that was cut. */
        private static List<String> split(byte[] bytes, int length) {
            List<String> args = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < length; i++) {
                if (bytes[i] == 0) {
                    args.add(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                    from = i + 1;
                }
            }
            if (from < length) {
                args.add(new String(bytes, from, length - from, StandardCharsets.UTF_8));
            }
            return args;
        }

        @Override
        public String line() {
            StringBuilder words = new StringBuilder();
            for (String arg : args) {
                words.append(words.isEmpty() ? "" : " ").append(quote(arg));
            }
            String shown = truncated ? words + "…" : words.toString();
            return LINE.formatted(Output.timeOfDay(time), pid, ppid, uid, comm, shown);
        }

        /** Marks where an argument begins and ends, if that is not clear without. */
        private static String quote(String arg) {
            boolean clear = !arg.isEmpty() && arg.indexOf(' ') < 0 && arg.indexOf('\'') < 0;
            return clear ? arg : "'" + arg.replace("'", "'\\''") + "'";
        }
    }
}
