// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.UnsupportedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, X86_64, 321",
        "aarch64, AARCH64, 280",
        "riscv64, RISCV64, 280",
        "s390x, S390X, 351",
        "ppc64le, PPC64LE, 361",
        "loongarch64, LOONGARCH64, 280",
    })
    void knowsTheNumberOfBpf(String javaName, Architecture machine, int number) {
        assertThat(Architecture.of("Linux", javaName)).isEqualTo(machine);
        assertThat(machine.number(Architecture.Call.BPF)).isEqualTo(number);
    }

    @Test
    void namesWhatIsNotSupported() {
        assertThatThrownBy(() -> Architecture.of("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("Mac OS X");
        assertThatThrownBy(() -> Architecture.of("Linux", "sparcv9"))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("sparcv9");
    }

    @Test
    void numbersRequestsAsTheMachineDoes() {
        assertThat(Architecture.X86_64.ioctlRequest('$', 0)).isEqualTo(0x2400);
        assertThat(Architecture.X86_64.ioctlWrite('$', 8, 4)).isEqualTo(0x40042408);
        assertThat(Architecture.PPC64LE.ioctlRequest('$', 0)).isEqualTo(0x20002400);
        assertThat(Architecture.PPC64LE.ioctlWrite('$', 8, 4)).isEqualTo(0x80042408L);
    }
}
