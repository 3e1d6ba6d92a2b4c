// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of versions holds on the kernel at hand, whichever it is. */
@KernelTest
class FeatureProbeTest {

    @ParameterizedTest
    @EnumSource(Feature.class)
    void theKernelHasAFeatureFromItsVersionOn(Feature feature) {
        assertThat(Kernel.create().supports(feature))
                .isEqualTo(Requirement.atLeast(feature.since()) ? Support.YES : Support.NO);
    }
}
