// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class KernelFunctionsTest {
    @TempDir Path folder;
    private TestFiles files;

    @BeforeEach
    void begin() {
        files = new TestFiles(folder);
        files.write(
                "/proc/kallsyms",
                """
                ffffffff81000000 T do_unlinkat
                ffffffff81000100 t helper
                ffffffff81000200 t helper
                ffffffff81000300 T notify_die
                ffffffff81000400 D do_unlink_data
                ffffffffc0000000 t nf_ct_get\t[nf_conntrack]
                """);
    }

    private String explain(String function) {
        return new KernelFunctions(files.host()).explain(function);
    }

    @Test
    void suggestsFunctionsButNoData() {
        assertThat(explain("do_unlink"))
                .isEqualTo(": the kernel has no such function; did you mean do_unlinkat?");
        assertThat(explain("nf_ct_gett"))
                .isEqualTo(": the kernel has no such function; did you mean nf_ct_get?");
    }

    @Test
    void saysThatANameIsAmbiguous() {
        assertThat(explain("helper")).isEqualTo(": the kernel has 2 functions of that name");
    }

    @Test
    void saysThatAFunctionIsBlacklistedOrUntraceable() {
        assertThat(explain("notify_die")).isEmpty();
        files.write("/sys/kernel/tracing/events/enable", "0");
        files.write(
                "/sys/kernel/tracing/available_filter_functions",
                "do_unlinkat\nnf_ct_get [nf_conntrack]\n");
        assertThat(explain("notify_die")).contains("compiled without tracing");
        assertThat(explain("do_unlinkat")).isEmpty();
        assertThat(explain("nf_ct_get")).isEmpty();
        files.write(
                "/sys/kernel/debug/kprobes/blacklist",
                "0xffffffff81000300-0xffffffff81000380\tnotify_die\n");
        assertThat(explain("notify_die")).contains("blacklist");
    }

    @Test
    void knowsNothingWithoutTheList() {
        KernelFunctions functions = new KernelFunctions(new HostFiles(folder.resolve("empty")));
        assertThat(functions.explain("do_unlink")).isEmpty();
        assertThat(functions.count("do_unlink")).isEqualTo(-1);
        assertThat(functions.hasKprobes()).isTrue();
    }

    @Test
    void seesThatAKernelHasNoKprobes() {
        assertThat(new KernelFunctions(files.host()).hasKprobes()).isFalse();
        files.write("/proc/kallsyms", "ffffffff81000000 T register_kprobe\n");
        assertThat(new KernelFunctions(files.host()).hasKprobes()).isTrue();
    }
}
