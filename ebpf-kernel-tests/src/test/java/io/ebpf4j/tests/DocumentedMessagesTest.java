// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.Chars;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The messages that the guides show, in blocks with {@code <!-- message: NAME -->}, are real. */
@KernelTest
@Requires(Requirement.TRACEFS)
class DocumentedMessagesTest {
    private static final String NOTE = "message: ";

    record Key(int pid, @Chars(16) String comm) {}

    record Wrong(long pid, @Chars(8) String comm, int uid) {}

    @Test
    void messagesInTheGuidesAreThoseThatAreThrown() throws IOException {
        Map<String, String> documented = documented();
        try (Collection c = Collection.load(Objects.bytes("readme"));
                Collection other = Collection.load(Objects.bytes("lifecycle"))) {
            Map<String, ThrowingCallable> causes = causes(c, other);
            assertThat(documented).containsOnlyKeys(causes.keySet());
            causes.forEach(
                    (name, cause) ->
                            assertThatExceptionOfType(BpfException.class)
                                    .as(name)
                                    .isThrownBy(cause)
                                    .withMessageStartingWith(documented.get(name)));
        }
    }

    private static Map<String, ThrowingCallable> causes(Collection c, Collection other) {
        BpfMap<Key, Long> counts = c.map("counts", Key.class, Long.class);
        return Map.of(
                "key", () -> c.map("counts", Wrong.class, Long.class),
                "value", () -> c.map("counts", Key.class, Integer.class),
                "no map", () -> c.map("count"),
                "no variable", () -> Objects.spec("readme").variable("pid"),
                "no tracepoint",
                        () -> c.attachTracepoint("on_open", "syscalls", "sys_enter_opentat"),
                "full", () -> fill(counts),
                "text", () -> counts.put(new Key(1, "a name of more than sixteen"), 1L),
                "frozen", () -> other.variable("wanted", int.class).set(1),
                "range", () -> Objects.spec("readme").variable("target_pid").set(1L << 40),
                "wrong type", () -> c.attachKprobe("on_open", "do_unlinkat"));
    }

    private static void fill(BpfMap<Key, Long> counts) {
        for (int i = 0; i <= 1024; i++) {
            counts.put(new Key(i, ""), 1L);
        }
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> messages = new LinkedHashMap<>();
        for (Markdown page : Markdown.pages()) {
            for (Markdown.Block block : page.blocks()) {
                if (block.note().startsWith(NOTE)) {
                    messages.put(block.note().substring(NOTE.length()), block.text().strip());
                }
            }
        }
        return messages;
    }
}
