// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import io.ebpf4j.Collection;
import io.ebpf4j.map.RingBuffer;

import java.time.Duration;

/** A minimal tool: it prints the first event of {@code first.bpf.c}. */
final class Tool {

    /** {@code struct event}. */
    record Event(long time, int pid, int tid) {}

    private Tool() {}

    static void run(String object) {
        try (Collection loaded = Collection.load(object);
                RingBuffer<Event> events = loaded.ringBuffer("events", Event.class)) {
            loaded.attach();
            while (events.poll(Duration.ofSeconds(1), e -> System.out.println(e.pid())) == 0) {
                // some process calls the kernel soon
            }
        }
    }
}
