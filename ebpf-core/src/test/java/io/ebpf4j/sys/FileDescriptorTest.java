// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class FileDescriptorTest {
    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");

    private FileDescriptor open() {
        return FileDescriptor.adopt(calls, (int) calls.eventfd(), "a test");
    }

    private long closes() {
        return calls.calls().stream().filter(c -> c.name().equals("close")).count();
    }

    @Test
    void closesOnce() {
        FileDescriptor fd = open();
        fd.close();
        fd.close();
        assertThat(closes()).isEqualTo(1);
        assertThat(fd.isOpen()).isFalse();
        assertThatThrownBy(fd::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a test is closed");
        assertThat(closes()).isEqualTo(1);
    }

    @Test
    void keepsTheNumberWhileItIsUsed() {
        FileDescriptor fd = open();
        fd.acquire();
        fd.acquire();
        fd.close();
        assertThat(closes()).isZero();
        fd.release();
        assertThat(closes()).isZero();
        fd.release();
        assertThat(closes()).isEqualTo(1);
    }

    @Test
    void closesOnceUnderContention() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            FileDescriptor fd = open();
            CountDownLatch start = new CountDownLatch(1);
            AtomicInteger misuse = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                boolean closer = t == 0;
                Thread thread =
                        new Thread(
                                () -> {
                                    await(start);
                                    if (closer) {
                                        fd.close();
                                        return;
                                    }
                                    use(fd, misuse);
                                });
                thread.start();
                threads.add(thread);
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(misuse).hasValue(0);
            assertThat(calls.leftOpen()).isEmpty();
            assertThat(closes()).isEqualTo(round + 1);
        }
    }

    /** Uses the descriptor until it is closed; the kernel must know it during every use. */
    private void use(FileDescriptor fd, AtomicInteger misuse) {
        while (true) {
            try {
                int number = fd.acquire();
                if (calls.ioctl(number, 0, 0) != 0) {
                    misuse.incrementAndGet();
                }
                fd.release();
            } catch (IllegalStateException closed) {
                return;
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void movesLowNumbersUp() {
        LowNumbers low = new LowNumbers();
        try (FileDescriptor fd = FileDescriptor.adopt(low.calls(), 0, "a map")) {
            assertThat(fd.fd()).isEqualTo(7);
            assertThat(low.closed).containsExactly(0);
        }
        assertThat(low.closed).containsExactly(0, 7);
    }

    @Test
    void closesALowNumberThatCannotMove() {
        LowNumbers low = new LowNumbers();
        low.duplicate = -Errno.EMFILE;
        assertThatThrownBy(() -> FileDescriptor.adopt(low.calls(), 2, "a map"))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMFILE));
        assertThat(low.closed).containsExactly(2);
    }

    @Test
    void duplicates() {
        try (FileDescriptor fd = open();
                FileDescriptor copy = fd.duplicate("a copy")) {
            assertThat(copy.fd()).isNotEqualTo(fd.fd());
        }
        assertThat(calls.leftOpen()).isEmpty();
        FileDescriptor closed = open();
        closed.close();
        assertThatThrownBy(() -> closed.duplicate("a copy"))
                .isInstanceOf(IllegalStateException.class);
    }

    /** System calls whose kernel hands out numbers of the standard streams. */
    private static final class LowNumbers {
        final List<Integer> closed = new ArrayList<>();
        long duplicate = 7;

        SystemCalls calls() {
            return (SystemCalls)
                    Proxy.newProxyInstance(
                            SystemCalls.class.getClassLoader(),
                            new Class<?>[] {SystemCalls.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("close")) {
                                    closed.add((Integer) arguments[0]);
                                    return 0L;
                                }
                                return duplicate;
                            });
        }
    }
}
