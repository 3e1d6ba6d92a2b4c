// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A loaded collection: what it hands out, and when that ends. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CollectionTest {
    private final TestKernel kernel = new TestKernel("6.12");
    private final Collection collection = kernel.load(TestKernel.spec());

    @AfterEach
    void nothingIsLeftOpen() {
        collection.close();
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    private List<Integer> results(BpfCommand command) {
        List<Integer> results = new ArrayList<>();
        for (FakeCall call : kernel.fake.calls(command)) {
            results.add((int) call.result());
        }
        return results;
    }

    @Test
    void detachesTheYoungestLinkFirstThenReleasesProgramsThenMaps() {
        collection.attach();
        kernel.closed.clear();
        collection.close();
        List<Integer> expected =
                new ArrayList<>(results(BpfCommand.RAW_TRACEPOINT_OPEN).reversed());
        expected.addAll(results(BpfCommand.PROG_LOAD));
        expected.addAll(results(BpfCommand.MAP_CREATE));
        assertThat(kernel.closed).containsExactlyElementsOf(expected);
    }

    @Test
    void closesOnceHoweverOftenItIsAsked() {
        Link link = collection.attach("first");
        RingBuffer<Long> events = collection.ringBuffer("events", Long.class);
        collection.close();
        List<Integer> closed = List.copyOf(kernel.closed);
        collection.close();
        events.close();
        link.close();
        assertThat(kernel.closed).isEqualTo(closed).doesNotHaveDuplicates();
        assertThat(link.isOpen()).isFalse();
        assertThat(events.isOpen()).isFalse();
    }

    @Test
    void whatWasClosedBeforeIsNotClosedAgain() {
        List<Link> links = collection.attach();
        links.getFirst().close();
        collection.close();
        assertThat(kernel.closed).doesNotHaveDuplicates();
    }

    @Test
    void attachesWhatSaysWhereAndLeavesTheRest() {
        assertThat(collection.attach()).hasSize(2);
        assertThat(kernel.fake.calls(BpfCommand.RAW_TRACEPOINT_OPEN)).hasSize(2);
        assertThatThrownBy(() -> collection.attach("loose"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("SEC(\"kprobe\") of loose names no target");
    }

    @Test
    void theListOfLinksCannotBeChanged() {
        List<Link> links = collection.attach();
        assertThatThrownBy(links::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void listsTheNamesThereAreForOneThatIsNot() {
        assertThatThrownBy(() -> collection.program("fist"))
                .isInstanceOf(BpfException.class)
                .hasMessage("no program \"fist\" was loaded; there are [first, second, loose]");
        assertThatThrownBy(() -> collection.map("count"))
                .isInstanceOf(BpfException.class)
                .hasMessage(
                        "no map \"count\" was loaded; there are [events, counts, .rodata, .bss]");
        assertThatThrownBy(() -> collection.variable("call", long.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("no global variable call; it has wanted, calls");
        assertThatThrownBy(() -> collection.attachRawTracepoint("fist", "sched_switch"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("[first, second, loose]");
    }

    @Test
    void afterCloseNothingIsAttachedOrOpened() {
        collection.close();
        assertThatThrownBy(collection::attach).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> collection.attach("first"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> collection.ringBuffer("events", Long.class))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> collection.map("counts", Integer.class, Long.class).get(1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> collection.variable("calls", long.class).get())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aVariableOpenedBeforeCloseThrowsAfterIt() {
        var calls = collection.variable("calls", long.class);
        calls.set(5L);
        collection.close();
        assertThatThrownBy(calls::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> calls.set(6L)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closeEndsAPollOnAnotherThread() throws Exception {
        RingBuffer<Long> events = collection.ringBuffer("events", Long.class);
        CountDownLatch polling = new CountDownLatch(1);
        CompletableFuture<Integer> handled = new CompletableFuture<>();
        Thread poller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    polling.countDown();
                                    try {
                                        handled.complete(
                                                events.poll(Duration.ofMinutes(10), e -> {}));
                                    } catch (RuntimeException e) {
                                        handled.completeExceptionally(e);
                                    }
                                });
        polling.await();
        collection.close();
        assertThat(handled.get(30, TimeUnit.SECONDS)).isZero();
        poller.join();
    }

    @Test
    void whatIsAttachedWhileItClosesIsDetached() throws Exception {
        CompletableFuture<Integer> attached = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread attacher =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    int count = 0;
                                    try {
                                        while (true) {
                                            collection.attach("first");
                                            count++;
                                            begun.countDown();
                                        }
                                    } catch (IllegalStateException closed) {
                                        attached.complete(count);
                                    } catch (RuntimeException e) {
                                        attached.completeExceptionally(e);
                                    }
                                });
        begun.await();
        collection.close();
        assertThat(attached.get(30, TimeUnit.SECONDS)).isPositive();
        attacher.join();
    }

    @Test
    void doesNotRememberWhatWasClosed() {
        Dependents dependents = new Dependents();
        Link open = collection.attach("first");
        dependents.addAll(List.of(open));
        for (int i = 0; i < 1000; i++) {
            Link link = collection.attach("second");
            dependents.addAll(List.of(link));
            link.close();
        }
        assertThat(dependents.size()).isLessThan(50);
        assertThat(dependents.end()).contains(open);
    }

    @Test
    void closesAllEvenIfSomeFail() {
        List<String> closed = new ArrayList<>();
        AutoCloseable good = () -> closed.add("good");
        AutoCloseable bad =
                () -> {
                    closed.add("bad");
                    throw new IllegalStateException("stuck " + closed.size());
                };
        assertThatThrownBy(() -> Closing.all(List.of(bad, good, bad, good)))
                .isInstanceOf(BpfException.class)
                .hasMessage("not everything was closed: stuck 1")
                .cause()
                .satisfies(
                        e ->
                                assertThat(e.getSuppressed())
                                        .extracting(Throwable::getMessage)
                                        .containsExactly("stuck 3"));
        assertThat(closed).containsExactly("bad", "good", "bad", "good");
    }
}
