// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.spec.SectionDefinition;

import org.junit.jupiter.api.Test;

/** The rows of docs/attach-matrix.md. */
@KernelTest
class AttachMatrixTest {

    /**
     * Prints the rows in their order for {@code .ci/attach-matrix}; other tests print the cells.
     */
    @Test
    void everySectionHasARow() {
        for (SectionDefinition definition : SectionDefinition.all()) {
            System.out.println(
                    "\nsection " + AttachMatrix.name(definition) + " " + definition.since());
        }
        assertThat(SectionDefinition.all()).isNotEmpty();
    }
}
