// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.map.UserRingBuffer;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

@KernelTest
@Requires(value = Requirement.BTF, kernel = "6.1")
@Timeout(240)
class UserRingBufferTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PRODUCERS = 4;
    private static final long RECORDS = Long.getLong("ebpf.stress.records", 1_000_000) / 10;

    record Command(long producer, long sequence, long checksum) {
        static final int BYTES = 24;

        static Command of(long producer, long sequence) {
            return new Command(producer, sequence, checksum(producer, sequence));
        }

        static long checksum(long producer, long sequence) {
            return sequence * 0x9e3779b97f4a7c15L + producer;
        }
    }

    @Test
    void fourProducersDeliverEveryRecordOnce() throws InterruptedException {
        try (Collection c = Collection.load(Objects.bytes("user_ring"));
                UserRingBuffer<Command> commands = c.userRingBuffer("commands", Command.class)) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                int producer = i;
                Thread thread = new Thread(() -> send(commands, producer));
                thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
                thread.start();
                threads.add(thread);
            }
            long expected = PRODUCERS * RECORDS;
            while (taken(c) < expected && failure.get() == null) {
                drain(c);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            drain(c);
            assertThat(failure.get()).isNull();
            assertThat(taken(c)).isEqualTo(expected);
            assertThat(c.variable("wrong", long.class).get()).isZero();
            assertThat(commands.available()).isZero();
        }
    }

    /** Sends in each of the three ways, and discards some. */
    private static void send(UserRingBuffer<Command> commands, int producer) {
        for (long i = 0; i < RECORDS; i++) {
            long sequence = i;
            boolean sent =
                    switch ((int) (i % 3)) {
                        case 0 -> commands.offer(Command.of(producer, i), LONG);
                        case 1 ->
                                commands.offerRaw(
                                        Command.BYTES,
                                        LONG,
                                        (data, at, length) -> fill(data, at, producer, sequence));
                        default -> reserveAndSubmit(commands, producer, i);
                    };
            if (!sent) {
                throw new AssertionError("no room for record " + i);
            }
        }
    }

    private static boolean reserveAndSubmit(
            UserRingBuffer<Command> commands, int producer, long sequence) {
        // not while the other is reserved: it would hold back the records that are in its way
        commands.reserve(40, LONG).discard();
        try (UserRingBuffer.Reservation record = commands.reserve(Command.BYTES, LONG)) {
            fill(record.data(), 0, producer, sequence);
            record.submit();
            return true;
        }
    }

    private static void fill(MemorySegment data, long at, long producer, long sequence) {
        data.set(ValueLayout.JAVA_LONG, at, producer);
        data.set(ValueLayout.JAVA_LONG, at + 8, sequence);
        data.set(ValueLayout.JAVA_LONG, at + 16, Command.checksum(producer, sequence));
    }

    @Test
    void aDrainEndsTheWaitForRoom() throws InterruptedException {
        try (Collection c = Collection.load(Objects.bytes("user_ring"));
                UserRingBuffer<Command> commands = c.userRingBuffer("commands", Command.class)) {
            long sent = 0;
            while (commands.offer(Command.of(0, sent))) {
                sent++;
            }
            assertThat(sent).isEqualTo(commands.capacity() / 32);
            assertThat(commands.available()).isEqualTo(commands.capacity());
            assertThat(commands.reserve(8)).isNull();
            assertThat(commands.offer(Command.of(0, 0), Duration.ofMillis(20))).isFalse();
            AtomicReference<Boolean> done = new AtomicReference<>();
            long last = sent;
            Thread first = new Thread(() -> done.set(commands.offer(Command.of(0, last), LONG)));
            first.start();
            Waiting.inEpoll(first);
            drain(c);
            first.join();
            assertThat(done.get()).isTrue();
            drain(c);
            assertThat(taken(c)).isEqualTo(sent + 1);
            assertThat(c.variable("last_result", long.class).get()).isEqualTo(1);
            assertThat(c.variable("wrong", long.class).get()).isZero();
        }
    }

    @Test
    void aRecordThatIsNotSubmittedHoldsBackThoseBehindIt() {
        try (Collection c = Collection.load(Objects.bytes("user_ring"));
                UserRingBuffer<Command> commands = c.userRingBuffer("commands", Command.class)) {
            UserRingBuffer.Reservation record = commands.reserve(Command.BYTES);
            assertThat(commands.offer(Command.of(1, 0))).isTrue();
            drain(c);
            assertThat(taken(c)).isZero();
            fill(record.data(), 0, 0, 0);
            record.submit();
            assertThatThrownBy(() -> record.data().get(ValueLayout.JAVA_LONG, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(record::submit).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(record::discard).isInstanceOf(IllegalStateException.class);
            record.close();
            drain(c);
            assertThat(taken(c)).isEqualTo(2);
            commands.reserve(Command.BYTES).close();
            assertThatThrownBy(
                            () ->
                                    commands.offerRaw(
                                            8,
                                            (data, at, length) -> {
                                                throw new ArithmeticException("mine");
                                            }))
                    .hasMessage("mine");
            drain(c);
            assertThat(commands.available()).isZero();
            assertThat(taken(c)).isEqualTo(2);
        }
    }

    @Test
    void closingEndsAWaitAndWaitsForReservations() throws InterruptedException {
        try (Collection c = Collection.load(Objects.bytes("user_ring"))) {
            UserRingBuffer<byte[]> commands = c.userRingBuffer("commands", byte[].class);
            UserRingBuffer.Reservation all = commands.reserve(4088);
            List<Thread> threads = new ArrayList<>();
            List<Object> results = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread thread =
                        new Thread(
                                () -> {
                                    boolean sent = commands.offer(new byte[8], LONG);
                                    synchronized (results) {
                                        results.add(sent);
                                    }
                                });
                thread.start();
                threads.add(thread);
                if (i == 0) {
                    Waiting.inEpoll(thread);
                }
            }
            commands.close();
            commands.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results).containsExactly(false, false, false);
            assertThat(commands.isOpen()).isFalse();
            assertThat(commands.offer(new byte[8])).isFalse();
            all.data().set(ValueLayout.JAVA_LONG, 4080, 1);
            assertThatThrownBy(() -> c.userRingBuffer("commands", byte[].class))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has an open producer");
            all.discard();
            c.userRingBuffer("commands", byte[].class).close();
        }
    }

    @Test
    void whatCannotBeSentIsRefused() {
        try (Collection c = Collection.load(Objects.bytes("user_ring"));
                UserRingBuffer<byte[]> commands = c.userRingBuffer("commands", byte[].class)) {
            assertThatThrownBy(() -> commands.offer(new byte[4089]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a record of 4089 bytes for user ring buffer commands");
            assertThatThrownBy(() -> commands.reserve(-1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(commands.available()).isZero();
            assertThatThrownBy(() -> RingBuffer.of(c.map("commands"), byte[].class))
                    .isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(() -> c.userRingBuffer(".bss", byte[].class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContainingAll("has no records for programs", "MapHandle.open");
        }
    }

    private static void drain(Collection c) {
        c.program("drain").testRun(TestRun.create());
    }

    private static long taken(Collection c) {
        return c.variable("taken", long.class).get();
    }
}
