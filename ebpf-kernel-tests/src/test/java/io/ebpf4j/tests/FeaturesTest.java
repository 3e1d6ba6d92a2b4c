// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.asm.Helpers;
import io.ebpf4j.kernel.Availability;
import io.ebpf4j.kernel.Features;
import io.ebpf4j.kernel.InstructionSet;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds what the table of features says against the running kernel, both ways: what should be there
 * is, and what should not is not. Where a kernel's configuration or lockdown is in the way, {@code
 * feature-deviations.tsv} says so.
 */
@KernelTest
@Requires({Requirement.BTF, Requirement.REVIEWED_KERNEL})
class FeaturesTest {
    private static final Kernel KERNEL = Kernel.create();
    private static final Features FEATURES = KERNEL.features();

    private static FeatureDeviations deviations;

    @BeforeAll
    static void readDeviations() throws IOException {
        deviations = FeatureDeviations.read(KERNEL);
    }

    private final List<String> wrong = new ArrayList<>();

    private void check(String feature, Availability answer) {
        boolean expected = !answer.since().isEmpty() && KERNEL.version().isAtLeast(answer.since());
        Support support = expected ? Support.YES : Support.NO;
        if (!deviations.explain(feature, support, answer.support())) {
            wrong.add(feature + " should be " + support + ", but " + answer);
        }
        if (answer.support() == Support.YES != answer.reason().isEmpty()) {
            wrong.add(feature + " is " + answer.support() + " for \"" + answer.reason() + '"');
        }
    }

    @Test
    void programTypesAreThereFromTheirVersionOn() {
        for (ProgramType type : ProgramType.values()) {
            check("program " + type, FEATURES.programType(type));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void mapTypesAreThereFromTheirVersionOn() {
        for (MapType type : MapType.values()) {
            check("map " + type, FEATURES.mapType(type));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void attachTypesAreThereFromTheirVersionOn() {
        for (AttachType type : AttachType.values()) {
            check("attach " + type, FEATURES.attachType(type));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void instructionsAreThereFromTheirVersionOn() {
        for (InstructionSet set : InstructionSet.values()) {
            check("instructions " + set, FEATURES.instructions(set));
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNSPEC", "EXT", "STRUCT_OPS"})
    void helpersAreThereFromTheirVersionOn(ProgramType type) {
        for (int id = 1; id <= Helpers.count(); id++) {
            check("helper " + type + ' ' + Helpers.name(id), FEATURES.helper(type, id));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noKernelHasAHelperBeyondTheLast() {
        Availability answer = FEATURES.helper(ProgramType.XDP, Helpers.count() + 1);
        assertThat(answer.support()).isEqualTo(Support.NO);
        assertThat(answer.reason()).contains("#" + (Helpers.count() + 1));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT", "STRUCT_OPS"})
    void helpersOfTypesWithoutAnAnswerAreUnknown(ProgramType type) {
        assertThat(FEATURES.helper(type, "bpf_map_lookup_elem").support())
                .isEqualTo(Support.UNKNOWN);
    }

    @Test
    void kernelFunctionsAreThereFromTheirVersionOn() {
        assertThat(Features.knownKfuncs()).isNotEmpty();
        for (String name : Features.knownKfuncs()) {
            check("kfunc " + name, FEATURES.kfunc(name));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void anyOtherFunctionIsNoKernelFunctionForPrograms() {
        assertThat(FEATURES.kfunc("vfs_read").support()).isNotEqualTo(Support.YES);
        assertThat(FEATURES.kfunc("no_such_function").support()).isEqualTo(Support.NO);
        assertThat(FEATURES.kfunc(ProgramType.XDP, "vfs_read").support()).isEqualTo(Support.NO);
    }

    @Test
    void someProgramsMayCallAKernelFunctionAndSomeMayNot() {
        String name = "bpf_task_acquire";
        boolean there = KERNEL.version().isAtLeast(6, 2);
        assertThat(FEATURES.kfunc(ProgramType.TRACING, name).support())
                .isEqualTo(there ? Support.YES : Support.NO);
        assertThat(FEATURES.kfunc(ProgramType.EXT, name).support())
                .isEqualTo(there ? Support.UNKNOWN : Support.NO);
        Availability socketFilter = FEATURES.kfunc(ProgramType.SOCKET_FILTER, name);
        assertThat(socketFilter.support()).isEqualTo(Support.NO);
        assertThat(socketFilter.reason()).contains(name);
    }

    @AfterAll
    static void everyDeviationThatAppliesIsOne() {
        assertThat(deviations.unused()).isEmpty();
    }
}
