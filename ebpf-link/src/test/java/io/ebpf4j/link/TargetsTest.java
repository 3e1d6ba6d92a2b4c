// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What section names say about kprobes and uprobes. */
class TargetsTest {

    @ParameterizedTest
    @CsvSource({
        "do_unlinkat, do_unlinkat, 0",
        "do_unlinkat+0x1f, do_unlinkat, 31",
        "do_unlinkat+12, do_unlinkat, 12",
        "do_unlinkat+010, do_unlinkat, 8",
        "do_unlinkat+0, do_unlinkat, 0",
        "tcp_v4_rcv.isra.0, tcp_v4_rcv.isra.0, 0",
        "nf_conntrack:nf_ct_get+0X4, nf_conntrack:nf_ct_get, 4"
    })
    void readsKernelFunctions(String text, String function, long offset) {
        assertThat(KprobeTarget.parse(text)).isEqualTo(new KprobeTarget(function, offset));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+4",
                "f+",
                "f+0x",
                "f+-1",
                "f+1+2",
                "f+9223372036854775808",
                "f+08",
                "f g",
                "f;g",
                "f+\u0663",
                "f/g"
            })
    void refusesWhatNamesNoKernelFunction(String text) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> KprobeTarget.parse(text))
                .withMessageStartingWith("\"" + text + "\" names no kernel function");
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/bash:readline, /usr/bin/bash, readline, 0",
        "libc.so.6:malloc+0x10, libc.so.6, malloc, 16",
        "libc.so.6:memcpy@GLIBC_2.14, libc.so.6, memcpy@GLIBC_2.14, 0",
        "/bin/tool:0x1040, /bin/tool, '', 4160",
        "/bin/tool:main.(*Server).Serve, /bin/tool, main.(*Server).Serve, 0",
        "/bin/tool:type:.eq.main.T+4, /bin/tool, type:.eq.main.T, 4",
        "/bin/tool:operator+, /bin/tool, operator+, 0",
        "/bin/tool:a+b, /bin/tool, a+b, 0"
    })
    void readsFunctionsOfBinaries(String text, String binary, String symbol, long offset) {
        assertThat(UprobeTarget.parse(text)).isEqualTo(new UprobeTarget(binary, symbol, offset));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/bin/bash",
                "/bin/bash:",
                ":readline",
                "/bin/bash:0x",
                "/bin/bash:0xzz"
            })
    void refusesWhatNamesNoFunctionOfABinary(String text) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> UprobeTarget.parse(text))
                .withMessageStartingWith("\"" + text + "\" names no function of a binary");
    }

    @Test
    void optionsRefuseWhatCannotBe() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KprobeOptions.builder().offset(-1).build());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KprobeOptions.builder().offset(4).returning().build());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> UprobeOptions.builder().pid(-2).build());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> UprobeOptions.builder().returning().offset(1).build());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> UprobeOptions.builder().refCtrOffset(1L << 32).build());
    }
}
