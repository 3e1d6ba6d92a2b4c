// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.program.LogPolicy;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Loads everything there is, and has each single call fail in turn: nothing is left behind, neither
 * descriptors nor mappings nor pins.
 */
class WholeLoadTest {
    private static final Path OBJECT = Path.of("src/test/bpf/whole.bpf.o");
    private static final int TOKEN_FD = 1 << 16;
    private static final List<String> PINS =
            List.of("/sys/fs/bpf/pinned_first", "/sys/fs/bpf/pinned_second");

    @TempDir private Path folder;
    private KernelBtf types;

    @BeforeEach
    void describeTheKernel() throws IOException {
        BtfBuilder builder = new BtfBuilder();
        int integer = builder.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        builder.add(new BtfType.Var("some_variable", integer, BtfType.Var.GLOBAL));
        byte[] btf = builder.build(ByteOrder.nativeOrder()).encode();
        types = KernelBtf.from(Files.write(folder.resolve("vmlinux"), btf));
    }

    private TestKernel kernel(String version) {
        TestKernel kernel = new TestKernel(version, types).kconfig("CONFIG_HZ=250");
        kernel.fake.delegate("/run/bpf");
        return kernel;
    }

    private static CollectionSpec spec(String... programs) {
        CollectionSpec spec = CollectionSpec.parse(OBJECT);
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(Set.of(programs).contains(program.name()));
        }
        return spec;
    }

    /** Returns how far it got: 0 if the load failed, 1 if something after it, 2 if nothing. */
    private static int walk(TestKernel kernel, LoadOptions options) {
        try (Collection c = Collection.load(spec("entry", "jumping"), options)) {
            assertThat(kernel.fake.pinned()).containsExactlyInAnyOrderElementsOf(PINS);
            try (Collection further = Collection.load(further(), replacing(options, c))) {
                further.attach();
                further.attachFreplace("replacement", c.program("jumping"), "decide");
                further.variable("calls", long.class).set(3L);
                further.ringBuffer("events", Long.class).consume(e -> {});
                c.program("entry").pin(Path.of("/sys/fs/bpf/program"));
                c.program("entry").unpin(Path.of("/sys/fs/bpf/program"));
                return 2;
            } catch (BpfException e) {
                assertThat(e).message().isNotBlank();
                return 1;
            }
        } catch (BpfException e) {
            assertThat(e).message().isNotBlank();
            assertThat(kernel.fake.pinned()).isEmpty();
            return 0;
        }
    }

    /** Has programs for others, one that is given, and pinned maps that are there. */
    private static CollectionSpec further() {
        CollectionSpec spec = spec("replacement", "trace", "probe");
        spec.map("jumps").slots().put(0, "entry");
        return spec;
    }

    private static LoadOptions replacing(LoadOptions options, Collection c) {
        LoadOptions.Builder builder =
                LoadOptions.builder()
                        .kernel(options.kernel())
                        .kconfig("CONFIG_HZ=250")
                        .reuse("entry", c.program("entry"))
                        .reuse("first_inner", c.map("first_inner"))
                        .attachTo("replacement", c.program("entry"))
                        .attachTo("trace", c.program("entry"), "entry");
        options.token().ifPresent(builder::token);
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource({
        "6.12, 1, false",
        "6.12, 22, false",
        "6.12, 12, false",
        "6.12, 13, true",
        "6.12, 1, true",
        "5.10, 1, false",
        "5.10, 22, false",
        "5.10, 12, false",
    })
    void whicheverCallFailsNothingIsLeft(String version, int errno, boolean delegated) {
        int[] outcomes = new int[3];
        TestKernel last;
        int k = 0;
        do {
            last = kernel(version).failCall(++k, errno);
            LoadOptions.Builder options = last.options();
            if (delegated) {
                options.token(Path.of("/run/bpf"));
            }
            outcomes[walk(last, options.build())]++;
            assertThat(last.fake.leftOpen()).as("call " + k).isEmpty();
        } while (last.made() >= k);
        assertThat(outcomes[0]).as("failed loads").isGreaterThan(10);
        assertThat(outcomes[1]).as("failures after the first load").isGreaterThan(10);
        assertThat(outcomes[2]).as("calls that can be done without").isPositive();
    }

    @Test
    void programsAreLoadedForTheFunctionsOfOthers() {
        TestKernel kernel = kernel("6.12");
        LoadOptions options = kernel.options().build();
        try (Collection c = Collection.load(spec("entry"), options);
                Collection further = Collection.load(further(), replacing(options, c))) {
            FakeCall replacement = load(kernel, "replacement");
            assertThat(replacement.field("attach_prog_fd")).isEqualTo(c.program("entry").fd());
            assertThat(replacement.field("attach_btf_id"))
                    .isEqualTo(c.program("entry").functionId("decide"));
            assertThat(load(kernel, "trace").field("attach_btf_id"))
                    .isEqualTo(c.program("entry").functionId("entry"));
            further.attachFreplace("replacement", c.program("entry"), "decide");
            FakeCall link = kernel.fake.calls(BpfCommand.LINK_CREATE).getLast();
            assertThat(link.field("target_fd")).isEqualTo(c.program("entry").fd());
            assertThat(link.field("target_btf_id"))
                    .isEqualTo(c.program("entry").functionId("decide"));
        }
    }

    @Test
    void theLogOfOneProgramIsAskedForAlone() {
        TestKernel kernel = kernel("6.12");
        LoadOptions options = kernel.options().log("jumping", LogPolicy.VERBOSE).build();
        try (Collection c = Collection.load(spec("entry", "jumping"), options)) {
            assertThat(load(kernel, "entry").field("log_level")).isZero();
            assertThat(load(kernel, "jumping").field("log_level")).isEqualTo(2);
            assertThat(load(kernel, "jumping").field("log_size"))
                    .isEqualTo(LogPolicy.VERBOSE.startBytes());
            assertThat(c.program("entry").verifierLog()).isEmpty();
        }
    }

    @Test
    void otherTypesAreForRelocationsAndNotForWhatTheKernelLooksUpItself() throws IOException {
        byte[] none = new BtfBuilder().build(ByteOrder.nativeOrder()).encode();
        KernelBtf empty = KernelBtf.from(Files.write(folder.resolve("empty"), none));
        TestKernel kernel = kernel("6.12");
        try (Collection c =
                Collection.load(spec("entry", "jumping"), kernel.options().types(empty).build())) {
            assertThat(c.programs()).containsOnlyKeys("entry", "jumping");
        }
    }

    @Test
    void whatIsSaidOfProgramsThatThereAreNotIsRefused() {
        TestKernel kernel = kernel("6.12");
        LoadOptions options = kernel.options().build();
        try (Collection c = Collection.load(spec("entry", "jumping"), options)) {
            Program entry = c.program("entry");
            int before = kernel.made();
            refuses(kernel.options().log("none", LogPolicy.PATH), "no program \"none\" to log");
            refuses(kernel.options().reuse("none", entry), "no program \"none\" to reuse");
            refuses(kernel.options().attachTo("none", entry), "no program \"none\" to attach");
            refuses(kernel.options().attachTo("jumping", entry), "does not attach to functions");
            refuses(kernel.options().reuse("trace", entry), "is of type TRACING");
            assertThat(kernel.made()).isEqualTo(before);
        }
    }

    private static void refuses(LoadOptions.Builder options, String words) {
        assertThatThrownBy(() -> Collection.load(spec("entry", "jumping"), options.build()))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(words);
    }

    @Test
    void programsForManyFunctionsOfAModuleAreLoadedForTheModule() {
        BtfBuilder module = BtfBuilder.split(types.vmlinux());
        module.add(new BtfType.Int("long", 8, BtfType.Int.SIGNED, 0, 64));
        TestKernel kernel = new TestKernel("7.2");
        kernel.fake.file("/sys/kernel/btf/vmlinux", types.vmlinux().encode());
        kernel.fake.fail("mmap", 1, Errno.ENODEV);
        CollectionSpec spec = spec("many");
        spec.map("jumps").slots().clear();
        LoadOptions options = kernel.options().build();
        assertThatThrownBy(() -> Collection.load(spec, options))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("no module \"some_module\"");
        kernel.module(module.build(ByteOrder.nativeOrder()).encode());
        kernel.fake.fail("mmap", 2, Errno.ENODEV);
        try (Collection c = Collection.load(spec, kernel.options().build())) {
            assertThat(c.programs()).containsOnlyKeys("many");
            assertThat((int) load(kernel, "many").field("attach_btf_obj_fd"))
                    .isIn(kernel.moduleDescriptors());
            assertThat(load(kernel, "many").field("attach_btf_id")).isZero();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aReplacementOfNothingIsRefused() {
        CollectionSpec spec = spec("replacement", "entry");
        TestKernel kernel = kernel("6.12");
        LoadOptions options = kernel.options().build();
        assertThatThrownBy(() -> Collection.load(spec, options))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("LoadOptions.builder().attachTo(\"replacement\", …)");
        assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE)).isEmpty();
    }

    @Test
    void aFunctionThatTheOtherProgramLacksIsNamedWithThoseItHas() {
        TestKernel kernel = kernel("6.12");
        LoadOptions options = kernel.options().build();
        try (Collection c = Collection.load(spec("entry", "jumping"), options)) {
            Program entry = c.program("entry");
            LoadOptions wrong = kernel.options().attachTo("trace", entry, "missing").build();
            CollectionSpec tracing = spec("trace", "entry");
            assertThatThrownBy(() -> Collection.load(tracing, wrong))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContainingAll("no function \"missing\"", "decide", "entry");
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aGivenProgramIsNotLoadedAndFillsProgramArrays() {
        TestKernel kernel = kernel("6.12");
        LoadOptions options = kernel.options().build();
        try (Collection c = Collection.load(spec("entry"), options);
                Collection further = Collection.load(further(), replacing(options, c))) {
            assertThat(further.programs().keySet())
                    .containsExactly("entry", "replacement", "trace", "probe");
            assertThat(further.program("entry").info().id())
                    .isEqualTo(c.program("entry").info().id());
            assertThat(further.program("entry").fd()).isNotEqualTo(c.program("entry").fd());
            assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD))
                    .filteredOn(l -> l.text("prog_name").equals("entry"))
                    .hasSize(1);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.12, TRACE_UPROBE_MULTI", "6.8, NONE"})
    void staticProbesAreLoadedForOneLinkWhereTheKernelHasSuchLinks(
            String version, AttachType type) {
        TestKernel kernel = kernel(version);
        CollectionSpec spec = spec("probe");
        spec.map("jumps").slots().clear();
        try (Collection c = Collection.load(spec, kernel.options().build())) {
            assertThat(load(kernel, "probe").field("expected_attach_type"))
                    .isEqualTo(type.number());
            assertThat(c.program("probe").attachType()).isEqualTo(type);
        }
    }

    @Test
    void delegatedRightsArePassedWithWhateverIsCreated() {
        TestKernel kernel = kernel("6.15");
        LoadOptions options = kernel.options().token(Path.of("/run/bpf")).build();
        try (Collection c = Collection.load(spec("entry", "jumping"), options)) {
            assertThat(c.programs()).containsOnlyKeys("entry", "jumping");
            long token = kernel.fake.calls(BpfCommand.TOKEN_CREATE).getFirst().result();
            assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE))
                    .allSatisfy(m -> assertThat(m.field("map_token_fd")).isEqualTo(token))
                    .allSatisfy(m -> assertThat(m.field("map_flags") & TOKEN_FD).isPositive());
            assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD))
                    .allSatisfy(p -> assertThat(p.field("prog_token_fd")).isEqualTo(token))
                    .allSatisfy(p -> assertThat(p.field("prog_flags") & TOKEN_FD).isPositive());
            assertThat(kernel.fake.calls(BpfCommand.BTF_LOAD))
                    .hasSize(1)
                    .allSatisfy(b -> assertThat(b.field("btf_token_fd")).isEqualTo(token))
                    .allSatisfy(b -> assertThat(b.field("btf_flags") & TOKEN_FD).isPositive());
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void refusedInAUserNamespaceTheUsualFileSystemIsAskedForRights() {
        TestKernel kernel = kernel("6.12");
        kernel.fake.file("/proc/self/uid_map", "0 1000 1").delegate("/sys/fs/bpf");
        kernel.fake.failAll(BpfCommand.BTF_LOAD, Errno.EPERM);
        LoadOptions options = kernel.options().build();
        assertThatThrownBy(() -> Collection.load(spec("entry"), options))
                .isInstanceOf(PermissionDeniedException.class);
        assertThat(kernel.fake.calls(BpfCommand.BTF_LOAD))
                .extracting(b -> b.field("btf_token_fd") != 0)
                .containsExactly(false, true);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void withoutAnythingDelegatedTheRefusalStands() {
        TestKernel kernel = kernel("6.12");
        kernel.fake.file("/proc/self/uid_map", "0 1000 1").file("/sys/fs/bpf", "");
        kernel.fake.failAll(BpfCommand.BTF_LOAD, Errno.EPERM);
        LoadOptions options = kernel.options().build();
        assertThatThrownBy(() -> Collection.load(spec("entry"), options))
                .isInstanceOf(PermissionDeniedException.class)
                .satisfies(
                        e ->
                                assertThat(e.getSuppressed())
                                        .singleElement()
                                        .asString()
                                        .contains("delegates nothing"));
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    private static FakeCall load(TestKernel kernel, String program) {
        return kernel.fake.calls(BpfCommand.PROG_LOAD).stream()
                .filter(l -> l.text("prog_name").equals(program))
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
