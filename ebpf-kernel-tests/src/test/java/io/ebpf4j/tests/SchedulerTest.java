// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A scheduler of one's own runs all tasks, this one among them, until it is detached. */
@KernelTest
@Requires(Requirement.BTF)
@Timeout(120)
class SchedulerTest {
    private static final Path STATE = Path.of("/sys/kernel/sched_ext/state");
    private static final int TASKS = 20;

    private static String state() throws IOException {
        return Files.readString(STATE).strip();
    }

    private static long value(Collection c, String variable) {
        return c.variable(variable, long.class).get();
    }

    private static long runs(Collection c) throws InterruptedException {
        long before = value(c, "run");
        for (int i = 0; i < TASKS; i++) {
            Thread task = new Thread(() -> HitCounter.getppid());
            task.start();
            task.join();
        }
        return value(c, "run") - before;
    }

    @Test
    @Requires(Requirement.SCHED_EXT)
    void schedulesWhileAttachedAndNoLonger() throws Exception {
        try (Collection c = Collection.load(Objects.spec("scheduler"))) {
            assertThat(state()).isEqualTo("disabled");
            for (int time = 1; time <= 2; time++) {
                try (Link link = c.attachStructOps("in_order")) {
                    assertThat(state()).isEqualTo("enabled");
                    assertThat(runs(c)).isGreaterThanOrEqualTo(TASKS);
                    assertThat(value(c, "enqueued")).isPositive();
                    assertThat(value(c, "begun")).isEqualTo(time);
                    assertThat(link.info().detail())
                            .isEqualTo(new LinkInfo.StructOps(c.map("in_order").info().id()));
                    assertThatThrownBy(() -> c.updateStructOps(link, "in_order"))
                            .isInstanceOf(UnsupportedException.class);
                    assertThat(state()).isEqualTo("enabled");
                }
                assertThat(state()).isEqualTo("disabled");
                assertThat(runs(c)).isZero();
                assertThat(value(c, "ended")).isEqualTo(time);
            }
            AttachMatrix.seen("struct_ops", AttachMatrix.By.LINK);
            AttachMatrix.seen("struct_ops.s", AttachMatrix.By.LINK);
        }
    }

    @Test
    void loadsOrNamesWhatTheKernelLacks() {
        if (Requirement.SCHED_EXT.missing().isEmpty()) {
            Collection.load(Objects.spec("scheduler")).close();
        } else {
            assertThatThrownBy(() -> Collection.load(Objects.spec("scheduler")).close())
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("no struct bpf_struct_ops_sched_ext_ops");
        }
    }
}
