// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

class KernelTest {
    private static final String SYSFS = "/sys/kernel/btf/vmlinux";

    private static byte[] types() {
        BtfBuilder types = new BtfBuilder();
        int prototype = types.add(new BtfType.FuncProto(0, List.of()));
        types.add(new BtfType.Func("do_unlinkat", prototype, BtfType.Func.STATIC));
        types.add(new BtfType.Typedef("btf_trace_sched_switch", 1));
        types.add(new BtfType.Func("bpf_lsm_file_open", prototype, BtfType.Func.STATIC));
        types.add(new BtfType.Func("bpf_iter_task", prototype, BtfType.Func.STATIC));
        return types.encode(ByteOrder.nativeOrder());
    }

    @ParameterizedTest
    @CsvSource({
        "Ubuntu 5.15.0-91.101-generic 5.15.131, #1 SMP, 5.15.0-91-generic, 5.15.131",
        "'', #1 SMP PREEMPT_DYNAMIC Debian 6.12.43-1 (2025-08-27), 6.12.43+deb13-amd64, 6.12.43",
        "'', #1 SMP Debian 5.10.237-1 (2025-05-19), 5.10.0-35-amd64, 5.10.237",
        "'', #1 SMP, 6.18.44-fc, 6.18.44",
        "'', #1 SMP, 7.2-rc1, 7.2.0",
    })
    void takesTheVersionFromWhereTheDistributionPutsIt(
            String signature, String build, String release, String expected) {
        assertThat(VersionSource.of(signature, build, release)).hasToString(expected);
    }

    @Test
    void comparesVersions() {
        KernelVersion version = KernelVersion.parse("5.15.300-x");
        assertThat(version.isAtLeast(5, 15)).isTrue();
        assertThat(version.isAtLeast("5.15.301")).isFalse();
        assertThat(version.isAtLeast("6.0")).isFalse();
        assertThat(version.isAtLeast("4.20")).isTrue();
        assertThat(version.code()).isEqualTo(5 << 16 | 15 << 8 | 255);
        assertThatThrownBy(() -> KernelVersion.parse("linux"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("linux");
    }

    @ParameterizedTest
    @CsvSource({"'0', 1", "'0-3', 4", "'0-3,8-11\n', 12", "'0,2', 3"})
    void countsPossibleCpus(String list, int count) {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").file("/sys/devices/system/cpu/possible", list);
        assertThat(Kernel.of(calls).possibleCpus()).isEqualTo(count);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "'3-1'", "'1,x'"})
    void refusesListsThatAreNone(String list) {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").file("/sys/devices/system/cpu/online", list);
        assertThatThrownBy(() -> Kernel.of(calls).onlineCpus()).isInstanceOf(BpfException.class);
    }

    @ParameterizedTest
    @EnumSource(Feature.class)
    void probesAnswerNoBeforeAFeaturesKernelAndYesFromItOn(Feature feature) {
        String[] kernels = {
            "4.14", "4.16", "4.17", "4.18", "5.1", "5.2", "5.4", "5.5", "5.7", "5.10", "5.12",
            "5.14", "5.15", "5.16", "5.18", "6.1", "6.6", "6.8", "6.9", "6.10", "6.12", "6.18",
            "7.0", "7.1",
        };
        for (String version : kernels) {
            FakeSystemCalls calls = new FakeSystemCalls(version);
            Support expected =
                    KernelVersion.parse(version).isAtLeast(feature.since())
                            ? Support.YES
                            : Support.NO;
            assertThat(Kernel.of(calls).supports(feature))
                    .as("%s on %s", feature, version)
                    .isEqualTo(expected);
            assertThat(calls.leftOpen()).isEmpty();
        }
    }

    @Test
    void remembersOnlyYesAndNo() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").fail(BpfCommand.PROG_LOAD, 1, Errno.EPERM);
        Kernel kernel = Kernel.of(calls);
        assertThat(kernel.supports(Feature.PROG_NAME)).isEqualTo(Support.UNKNOWN);
        assertThat(kernel.supports(Feature.PROG_NAME)).isEqualTo(Support.YES);
        assertThat(kernel.supports(Feature.PROG_NAME)).isEqualTo(Support.YES);
        assertThat(calls.calls(BpfCommand.PROG_LOAD)).hasSize(2);
    }

    @Test
    void mapsTheKernelsTypesAndKeepsNoDescriptor() {
        FakeSystemCalls calls = new FakeSystemCalls("6.16").file(SYSFS, types());
        KernelBtf btf = Kernel.of(calls).btf();
        assertThat(btf.function("do_unlinkat")).contains(new KernelBtf.Target(2, 0));
        assertThat(btf.function("vmlinux:do_unlinkat")).contains(new KernelBtf.Target(2, 0));
        assertThat(btf.function("nothing")).isEmpty();
        assertThat(calls.calls()).filteredOn(c -> c.name().equals("mmap")).hasSize(1);
        assertThat(calls.leftOpen()).singleElement().asString().startsWith("mapping");
    }

    @Test
    void readsTheKernelsTypesWhereTheyCannotBeMapped() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").file(SYSFS, types()).fail("mmap", 1, Errno.ENODEV);
        assertThat(Kernel.of(calls).btf().vmlinux().typeCount()).isEqualTo(6);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void prefixesNamesByAttachType() {
        KernelBtf btf = Kernel.of(new FakeSystemCalls("6.12").file(SYSFS, types())).btf();
        assertThat(btf.attachTarget(AttachType.TRACE_RAW_TP, "sched_switch"))
                .contains(new KernelBtf.Target(3, 0));
        assertThat(btf.attachTarget(AttachType.LSM_MAC, "file_open"))
                .contains(new KernelBtf.Target(4, 0));
        assertThat(btf.attachTarget(AttachType.TRACE_ITER, "task"))
                .contains(new KernelBtf.Target(5, 0));
        assertThat(btf.attachTarget(AttachType.TRACE_FENTRY, "do_unlinkat"))
                .contains(new KernelBtf.Target(2, 0));
        assertThat(btf.attachTarget(AttachType.TRACE_FENTRY, "sched_switch")).isEmpty();
    }

    private static byte[] moduleTypes(FakeSystemCalls calls, String function) {
        Btf vmlinux = Kernel.of(calls).btf().vmlinux();
        BtfBuilder types = BtfBuilder.split(vmlinux);
        types.add(new BtfType.Func(function, vmlinux.find("do_unlinkat", BtfType.Func.class), 0));
        return types.encode(ByteOrder.nativeOrder());
    }

    @Test
    void seesModulesComeAndGo() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12").file(SYSFS, types());
        KernelBtf btf = Kernel.of(calls).btf();
        assertThat(btf.function("nfs_open")).isEmpty();

        calls.module("nfs", moduleTypes(calls, "nfs_open"));
        calls.module("xfs", moduleTypes(calls, "xfs_open"));
        KernelBtf.Target target = btf.function("nfs_open").orElseThrow();
        assertThat(target.module()).isPositive();
        assertThat(btf.function("nfs:nfs_open")).contains(target);
        assertThat(btf.function("xfs:nfs_open")).isEmpty();
        assertThat(btf.modules()).hasSize(2);

        calls.unload("nfs");
        assertThat(btf.function("nfs_open")).isEmpty();
        assertThat(btf.modules()).hasSize(1);
    }

    @Test
    void looksAtEachModuleOnce() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12").file(SYSFS, types());
        calls.module("nfs", moduleTypes(calls, "nfs_open"));
        KernelBtf btf = Kernel.of(calls).btf();
        btf.modules();
        int opened = calls.calls(BpfCommand.BTF_GET_FD_BY_ID).size();
        btf.modules();
        assertThat(btf.function("nfs_open")).isPresent();
        assertThat(calls.calls(BpfCommand.BTF_GET_FD_BY_ID)).hasSize(opened);
    }

    @Test
    void hasNoModulesWithoutThePermissionToListThem() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12")
                        .file(SYSFS, types())
                        .failAll(BpfCommand.BTF_GET_NEXT_ID, Errno.EPERM);
        assertThat(Kernel.of(calls).btf().modules()).isEmpty();
    }

    @Test
    void takesTypesFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("vmlinux.btf"), types());
        Kernel kernel = Kernel.of(new FakeSystemCalls("5.3")).withBtf(KernelBtf.from(file));
        assertThat(kernel.btf().function("do_unlinkat")).isPresent();
        assertThat(kernel.btf().modules()).isEmpty();
    }

    @Test
    void findsSymbolsInOnePass() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12")
                        .file(
                                "/proc/kallsyms",
                                """
                                ffffffff81000000 T _text
                                ffffffff81001000 t twice
                                ffffffff81002000 t twice
                                ffffffffc0000000 t in_module\t[nfsd]
                                """);
        Kallsyms symbols = Kernel.of(calls).kallsyms();
        var found = symbols.find(List.of("_text", "twice", "in_module", "nothing"));
        assertThat(found).containsOnlyKeys("_text", "twice", "in_module");
        assertThat(found.get("_text"))
                .isEqualTo(new Kallsyms.Symbol("_text", 0xffffffff81000000L, 'T', "", false));
        assertThat(found.get("twice").ambiguous()).isTrue();
        assertThat(found.get("in_module").module()).isEqualTo("nfsd");
        calls.file("/proc/kallsyms", "");
        assertThat(symbols.find(List.of("_text", "nothing"))).containsOnlyKeys("_text");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'CONFIG_A', 1", "'# x\nCONFIG_A=\nCONFIG_B=y', 2", "'CONFIG_B=y\nCONFIG_A y', 2"})
    void refusesAGivenOptionWithoutAValue(String text, int line) {
        assertThatThrownBy(() -> KernelConfig.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line " + line)
                .hasMessageContaining("CONFIG_A");
    }

    @Test
    void passesOverWhatIsNoOptionInAGivenConfiguration() {
        KernelConfig config = KernelConfig.of("# CONFIG_A is not set\n\nsome text\nCONFIG_B=7");
        assertThat(config.value("CONFIG_A")).isEmpty();
        assertThat(config.value("CONFIG_B")).contains("7");
    }

    @Test
    void readsTheConfigurationPackedAndPlain() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(
                    "# comment\nCONFIG_HZ=250\n# CONFIG_X is not set\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").file("/proc/config.gz", packed.toByteArray());
        KernelConfig config = Kernel.of(calls).config();
        assertThat(config.value("CONFIG_HZ")).contains("250");
        assertThat(config.value("CONFIG_X")).isEmpty();
        FakeSystemCalls plain =
                new FakeSystemCalls("6.12")
                        .file("/boot/config-6.12.0-fake", "CONFIG_A=\"text\"\nCONFIG_B=y");
        assertThat(Kernel.of(plain).config().value("CONFIG_A")).contains("\"text\"");
        assertThat(Kernel.of(plain).config().value("CONFIG_B")).contains("y");
        assertThat(Kernel.of(new FakeSystemCalls("6.12")).config().source()).isEmpty();
    }
}
