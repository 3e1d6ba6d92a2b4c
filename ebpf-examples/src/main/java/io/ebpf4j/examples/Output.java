// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;

import picocli.CommandLine.Option;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Prints what a tool sees, as a table or as JSON, until there is enough of it. */
final class Output {
    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    @Option(names = "--events", paramLabel = "N", description = "end after N events")
    private long limit = Long.MAX_VALUE;

    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Gson gson;
    private long printed;
    private volatile boolean interrupted;

    /** What is printed of one event: a record, whose components are the members in JSON. */
    interface Row {
        /** Returns the row of the table, aligned with its header. */
        String line();
    }

    Output() {
        this(new FileOutputStream(FileDescriptor.out), System.err);
    }

    Output(OutputStream out, PrintStream err) {
        this.out = new PrintStream(new BufferedOutputStream(out), false, StandardCharsets.UTF_8);
        this.err = err;
    }

    /**
     * Prints the table's header. From now on Ctrl-C lets the tool end in order.
     *
     * @param stop ends a wait for events; called from another thread
     */
    void begin(String header, Runnable stop) {
        if (json) {
            gson = newGson();
        } else {
            out.println(header);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(stop), "interrupt"));
    }

    private static Gson newGson() {
        JsonSerializer<Instant> text = (time, _, _) -> new JsonPrimitive(time.toString());
        return new GsonBuilder()
                .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                .registerTypeAdapter(Instant.class, text)
                .disableHtmlEscaping()
                .create();
    }

    /** Runs before the JVM ends, whether a signal or the tool itself ends it. */
    private void interrupt(Runnable stop) {
        interrupted = true;
        stop.run();
        try {
            // not longer: the tool may have failed, and waits for this
            boolean _ = ended.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints an event, unless as many as were asked for have been printed. */
    void print(Row row) {
        if (printed < limit) {
            printed++;
            out.println(json ? gson.toJson(row) : printable(row.line()));
        }
    }

    /** Writes out what was printed, and says whether more is asked for. */
    boolean wantsMore() {
        boolean readerGone = out.checkError();
        return printed < limit && !interrupted && !readerGone;
    }

    /** Tells what is missing in what was printed. */
    void end(long lost) {
        if (lost > 0) {
            err.println(lost + " events were lost: they came faster than they were printed");
        }
        ended.countDown();
    }

    /**
     * Converts the time of {@code bpf_ktime_get_ns}. That clock, CLOCK_MONOTONIC, is the one of
     * {@link System#nanoTime} on Linux.
     */
    static Instant wallClock(long nanoTime) {
        return Instant.now().minusNanos(System.nanoTime() - nanoTime);
    }

    /** Formats a time of day in this machine's zone. */
    static String timeOfDay(Instant time) {
        return TimeOfDay.FORMAT.format(time);
    }

    /** Initialized by the first row of a table. */
    private static final class TimeOfDay {
        static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    }

    /** Keeps what others chose, such as names of files, from controlling the terminal. */
    private static String printable(String line) {
        StringBuilder printable = new StringBuilder(line);
        for (int i = 0; i < printable.length(); i++) {
            if (Character.isISOControl(printable.charAt(i))) {
                printable.setCharAt(i, '?');
            }
        }
        return printable.toString();
    }
}
