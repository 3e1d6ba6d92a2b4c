// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.examples.OpenSnoop.Event;
import io.ebpf4j.examples.OpenSnoop.Open;

import org.junit.jupiter.api.Test;

class OpenSnoopTest {
    @Test
    void anOpenedFileHasADescriptorAndNoError() {
        Open open = open(0);

        assertThat(open.fd()).isZero();
        assertThat(open.error()).isNull();
    }

    @Test
    void aFailureHasTheNameOfItsErrorAndNoDescriptor() {
        Open open = open(-2);

        assertThat(open.fd()).isNull();
        assertThat(open.error()).isEqualTo("ENOENT");
    }

    @Test
    void anUnknownErrorHasItsNumber() {
        assertThat(open(-4095).error()).isEqualTo("errno 4095");
    }

    @Test
    void columnsStandBelowTheirHeaders() {
        for (String result : new String[] {"13", "ENAMETOOLONG"}) {
            String line = open(result.equals("13") ? 13 : -36).line();

            assertThat(line.substring(12, 37)).isEqualTo("    4711    4712   1000 c");
            assertThat(Open.HEADER.indexOf("COMM")).isEqualTo(line.indexOf("cat "));
            assertThat(Open.HEADER.indexOf("RESULT")).isEqualTo(line.indexOf(result + " "));
            assertThat(Open.HEADER.indexOf("FILE")).isEqualTo(line.indexOf("/etc/passwd"));
        }
    }

    private static Open open(int result) {
        return Open.of(new Event(0, 4711, 4712, 1000, result, 0x8000, "cat", "/etc/passwd"));
    }
}
