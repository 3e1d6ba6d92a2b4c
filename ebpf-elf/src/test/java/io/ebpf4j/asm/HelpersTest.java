// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

class HelpersTest {

    // Numbers taken from the manual page bpf-helpers(7) and linux/bpf.h at both ends and in
    // between: a name too many or
    // too few shifts all that follow.
    @ParameterizedTest
    @CsvSource({
        "1, bpf_map_lookup_elem",
        "6, bpf_trace_printk",
        "14, bpf_get_current_pid_tgid",
        "25, bpf_perf_event_output",
        "51, bpf_redirect_map",
        "87, bpf_map_push_elem",
        "112, bpf_probe_read_user",
        "113, bpf_probe_read_kernel",
        "131, bpf_ringbuf_reserve",
        "164, bpf_for_each_map_elem",
        "174, bpf_get_attach_cookie",
        "195, bpf_map_lookup_percpu_elem",
        "208, bpf_ktime_get_tai_ns",
        "209, bpf_user_ringbuf_drain",
        "210, bpf_cgrp_storage_get",
        "211, bpf_cgrp_storage_delete"
    })
    void namesAndNumbersBelongTogether(int id, String name) {
        assertThat(Helpers.name(id)).isEqualTo(name);
        assertThat(Helpers.id(name)).isEqualTo(OptionalInt.of(id));
    }

    @Test
    void everyNumberHasItsOwnName() {
        Set<String> names = new HashSet<>();
        for (int id = 1; id <= Helpers.count(); id++) {
            assertThat(Helpers.name(id)).startsWith("bpf_");
            names.add(Helpers.name(id));
        }

        assertThat(Helpers.count()).isEqualTo(211);
        assertThat(names).hasSize(211);
    }

    @Test
    void whatIsNoHelperIsUnknown() {
        assertThat(Helpers.name(0)).isEqualTo("unknown");
        assertThat(Helpers.name(212)).isEqualTo("unknown");
        assertThat(Helpers.name(-1)).isEqualTo("unknown");
        assertThat(Helpers.id("bpf_unspec")).isEmpty();
    }
}
