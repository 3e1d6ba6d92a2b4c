// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Helpers;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteOrder;
import java.util.List;

class FeaturesTest {
    private static final String SYSFS = "/sys/kernel/btf/vmlinux";

    private static Features features(FakeSystemCalls calls) {
        return Kernel.of(calls).features();
    }

    @Test
    void saysSinceWhenAndByWhichCommit() {
        Availability ring = features(new FakeSystemCalls("6.12")).mapType(MapType.RINGBUF);
        assertThat(ring.isAvailable()).isTrue();
        assertThat(ring.since()).isEqualTo("5.8");
        assertThat(ring.commit()).isEqualTo("457f44363a88");
        assertThat(ring.reason()).isEmpty();
    }

    @Test
    void saysWhatTheKernelAnsweredInsteadOfYes() {
        Availability ring = features(new FakeSystemCalls("5.4")).mapType(MapType.RINGBUF);
        assertThat(ring.support()).isEqualTo(Support.NO);
        assertThat(ring.reason()).contains("EINVAL");
    }

    @ParameterizedTest
    @EnumSource(MapType.class)
    void asksForEachTypeOfMapsAndLeavesNothing(MapType type) {
        FakeSystemCalls calls = new FakeSystemCalls("99.0");
        assertThat(features(calls).mapType(type).isAvailable()).isEqualTo(type != MapType.UNSPEC);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ProgramType.class)
    void asksForEachTypeOfProgramsAndLeavesNothing(ProgramType type) {
        FakeSystemCalls calls = new FakeSystemCalls("99.0");
        assertThat(features(calls).programType(type).isAvailable())
                .isEqualTo(type != ProgramType.UNSPEC);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(AttachType.class)
    void leavesNothingAttached(AttachType type) {
        FakeSystemCalls calls = new FakeSystemCalls("99.0");
        Availability answer = features(calls).attachType(type);
        assertThat(answer.since().isEmpty()).isEqualTo(type == AttachType.NONE);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void doesNotKnowWhatItMayNotAskFor() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12")
                        .failAll(BpfCommand.PROG_LOAD, Errno.EPERM)
                        .failAll(BpfCommand.MAP_CREATE, Errno.EPERM)
                        .failAll(BpfCommand.BTF_LOAD, Errno.EPERM);
        Features features = features(calls);
        for (Availability answer :
                List.of(
                        features.programType(ProgramType.XDP),
                        features.mapType(MapType.HASH),
                        features.mapType(MapType.SK_STORAGE),
                        features.mapType(MapType.ARRAY_OF_MAPS),
                        features.attachType(AttachType.SK_LOOKUP),
                        features.attachType(AttachType.CGROUP_DEVICE),
                        features.attachType(AttachType.NETFILTER),
                        features.helper(ProgramType.XDP, "bpf_ktime_get_ns"),
                        features.instructions(InstructionSet.V3),
                        features.instructions(InstructionSet.ARENA_CASTS))) {
            assertThat(answer.support()).isEqualTo(Support.UNKNOWN);
            assertThat(answer.reason()).startsWith("cannot tell: ").contains("missing");
            assertThat(answer.since()).isNotEmpty();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void remembersYesAndNoButAsksAgainForWhatIsUnknown() {
        FakeSystemCalls calls =
                new FakeSystemCalls("5.4").fail(BpfCommand.MAP_CREATE, 1, Errno.ENOMEM);
        Features features = features(calls);
        assertThat(features.mapType(MapType.HASH).support()).isEqualTo(Support.UNKNOWN);
        assertThat(features.mapType(MapType.HASH).support()).isEqualTo(Support.YES);
        assertThat(features.mapType(MapType.HASH).support()).isEqualTo(Support.YES);
        assertThat(features.mapType(MapType.RINGBUF).support()).isEqualTo(Support.NO);
        assertThat(features.mapType(MapType.RINGBUF).support()).isEqualTo(Support.NO);
        assertThat(calls.calls(BpfCommand.MAP_CREATE)).hasSize(3);
    }

    @Test
    void raisesTheMemoryLimitThatOldKernelsRefuseBy() {
        FakeSystemCalls calls = new FakeSystemCalls("5.10").limitMemory(0, -1, true);
        Features features = features(calls);
        assertThat(features.mapType(MapType.HASH).isAvailable()).isTrue();
        assertThat(features.programType(ProgramType.XDP).isAvailable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"5.4, NO", "5.5, YES"})
    void readsFromTheVerifiersWordsWhetherItKnowsAHelper(String version, Support expected) {
        FakeSystemCalls calls = new FakeSystemCalls(version);
        Availability answer = features(calls).helper(ProgramType.KPROBE, "bpf_probe_read_kernel");
        assertThat(answer.support()).isEqualTo(expected);
        assertThat(answer.reason())
                .isEqualTo(expected == Support.YES ? "" : "invalid func unknown#113");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void refusesANameThatNoHelperHas() {
        Features features = features(new FakeSystemCalls("6.12"));
        assertThatThrownBy(() -> features.helper(ProgramType.XDP, "bpf_nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bpf_nothing");
    }

    private static byte[] types(boolean tagged) {
        BtfBuilder types = new BtfBuilder();
        int prototype = types.add(new BtfType.FuncProto(0, List.of()));
        int kfunc = types.add(new BtfType.Func("bpf_for_programs", prototype, 0));
        types.add(new BtfType.Func("vfs_read", prototype, 0));
        if (tagged) {
            types.add(new BtfType.DeclTag("bpf_kfunc", kfunc, -1, false));
        }
        return types.encode(ByteOrder.nativeOrder());
    }

    @Test
    void readsFromTagsWhichFunctionsAreForPrograms() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12").file(SYSFS, types(true));
        Features features = features(calls);
        assertThat(features.kfunc("bpf_for_programs").support()).isEqualTo(Support.YES);
        assertThat(features.kfunc("vfs_read").support()).isEqualTo(Support.NO);
        assertThat(features.kfunc("nothing").support()).isEqualTo(Support.NO);
        assertThat(calls.calls(BpfCommand.PROG_LOAD)).isEmpty();
    }

    @Test
    void triesProgramsWhereNoFunctionIsTagged() {
        FakeSystemCalls calls = new FakeSystemCalls("6.1").file(SYSFS, types(false));
        assertThat(features(calls).kfunc("bpf_for_programs").support()).isEqualTo(Support.YES);
        assertThat(calls.calls(BpfCommand.PROG_LOAD)).isNotEmpty();
    }

    @Test
    void findsAFunctionInAModuleThatIsLoadedLater() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12").file(SYSFS, types(true));
        Kernel kernel = Kernel.of(calls);
        assertThat(kernel.features().kfunc("bpf_in_module").support()).isEqualTo(Support.NO);

        BtfBuilder types = BtfBuilder.split(kernel.btf().vmlinux());
        int function = types.add(new BtfType.Func("bpf_in_module", 1, 0));
        types.add(new BtfType.DeclTag("bpf_kfunc", function, -1, false));
        calls.module("driver", types.encode(ByteOrder.nativeOrder()));
        assertThat(kernel.features().kfunc("bpf_in_module").support()).isEqualTo(Support.YES);
        assertThat(kernel.features().kfunc(ProgramType.XDP, "bpf_in_module").support())
                .isEqualTo(Support.YES);
    }

    @Test
    void doesNotKnowFunctionsOfAKernelWithoutTypes() {
        Availability answer = features(new FakeSystemCalls("6.12")).kfunc("bpf_for_programs");
        assertThat(answer.support()).isEqualTo(Support.UNKNOWN);
        assertThat(answer.reason()).contains("BTF");
    }

    @Test
    void theTableSaysTheSameAsTheTypes() {
        for (ProgramType type : ProgramType.values()) {
            String since = type == ProgramType.UNSPEC ? "" : type.since();
            assertThat(FeatureFacts.programType(type).since()).as("%s", type).isEqualTo(since);
        }
        for (MapType type : MapType.values()) {
            String since = type == MapType.UNSPEC ? "" : type.since();
            assertThat(FeatureFacts.mapType(type).since()).as("%s", type).isEqualTo(since);
        }
    }

    @Test
    void theTableKnowsAllInstructions() {
        for (InstructionSet set : InstructionSet.values()) {
            assertThat(FeatureFacts.instructions(set).since()).as("%s", set).isNotEmpty();
        }
    }

    @Test
    void theTableKnowsEveryHelper() {
        for (int id = 1; id <= Helpers.count(); id++) {
            String name = Helpers.name(id);
            assertThat(FeatureFacts.helper(name).since()).as(name).isNotEmpty();
        }
    }

    @Test
    void aHelperCannotBeCalledBeforeItsTypeOfProgramsOrItself() {
        assertThat(FeatureFacts.helper(ProgramType.NETFILTER, 1).since()).isEqualTo("6.4");
        assertThat(FeatureFacts.helper(ProgramType.XDP, 1).since()).isEqualTo("4.8");
        assertThat(FeatureFacts.helper(ProgramType.XDP, 125).since()).isEqualTo("5.8");
        assertThat(FeatureFacts.helper(ProgramType.XDP, 10).since()).isEmpty();
    }
}
