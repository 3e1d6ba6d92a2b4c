// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How kernel symbols and functions reach the instructions, and what is refused. */
class ExternsTest {
    private static final Path OBJECT = Path.of("src/test/bpf/externs.bpf.o");
    private static final String SYMBOLS =
            """
            ffffffff81000000 T _stext
            ffffffff81234567 T symbol
            ffffffff81999999 T other
            """;
    private static final int LOAD_WIDE = 0x18;
    private static final int CALL = 0x85;

    private final BtfBuilder types = new BtfBuilder();
    private final int integer = types.add(new BtfType.Int("int", 4, 1, 0, 32));
    private final TestKernel kernel = new TestKernel("6.12");

    static CollectionSpec spec(String... programs) {
        CollectionSpec spec = CollectionSpec.parse(OBJECT);
        Set<String> wanted = Set.of(programs);
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(wanted.contains(program.name()));
        }
        return spec;
    }

    private Btf vmlinux() {
        Btf btf = types.build(ByteOrder.nativeOrder());
        kernel.fake.file("/sys/kernel/btf/vmlinux", btf.encode());
        // the mapping of a load would stay until it is collected
        kernel.fake.fail("mmap", 1, Errno.ENODEV);
        kernel.fake.fail("mmap", 2, Errno.ENODEV);
        return btf;
    }

    private static int function(BtfBuilder types, String name, int... signature) {
        List<BtfType.Parameter> parameters = new ArrayList<>();
        for (int i = 1; i < signature.length; i++) {
            parameters.add(new BtfType.Parameter("p" + i, signature[i]));
        }
        int prototype = types.add(new BtfType.FuncProto(signature[0], parameters));
        return types.add(new BtfType.Func(name, prototype, BtfType.Func.STATIC));
    }

    private int pointerTo(String struct) {
        return types.add(new BtfType.Ptr(types.add(new BtfType.Struct(struct, 0, List.of()))));
    }

    /** Loads, and returns what became of the references, as {source, immediates or offset}. */
    private List<List<Integer>> placed(String program, int opcode) {
        try (Collection c = kernel.load(spec(program))) {
            Instructions code = kernel.programs.get(c.program(program).fd());
            List<List<Integer>> placed = new ArrayList<>();
            for (int slot = 0; slot < code.slotCount(); slot++) {
                if (code.opcode(slot) == opcode) {
                    int last = opcode == CALL ? code.offset(slot) : code.imm(slot + 1);
                    placed.add(List.of(code.src(slot), code.imm(slot), last));
                }
                slot += code.opcode(slot) == LOAD_WIDE ? 1 : 0;
            }
            return placed;
        } finally {
            assertThat(kernel.fake.leftOpen()).isEmpty();
        }
    }

    private void refuses(Class<? extends BpfException> as, String program, String... words) {
        assertThatThrownBy(() -> kernel.load(spec(program)))
                .isInstanceOf(as)
                .hasMessageContainingAll(words)
                .hasMessageContaining("program \"" + program + "\"");
        assertThat(kernel.fake.leftOpen()).isEmpty();
        assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE)).isEmpty();
    }

    @Test
    void anUntypedSymbolIsItsAddressAndAMissingWeakOneZero() {
        kernel.fake.file("/proc/kallsyms", SYMBOLS);
        assertThat(placed("symbols", LOAD_WIDE))
                .containsExactlyInAnyOrder(List.of(0, 0x81234567, 0xffffffff), List.of(0, 0, 0));
    }

    @Test
    void promotedLocalDataIsFoundWithoutItsSuffix() {
        kernel.fake.file("/proc/kallsyms", "ffffffff82000010 d symbol.llvm.123456\n");
        assertThat(placed("symbols", LOAD_WIDE)).contains(List.of(0, 0x82000010, 0xffffffff));
    }

    @Test
    void refusesASymbolThatIsMissing() {
        kernel.fake.file("/proc/kallsyms", "ffffffff82000010 t symbol.llvm.123456\n");
        refuses(
                UnsupportedException.class,
                "symbols",
                "no symbol \"symbol\" in /proc/kallsyms",
                "__weak",
                "autoload(false)");
    }

    @Test
    void refusesASymbolWithTwoAddresses() {
        kernel.fake.file("/proc/kallsyms", SYMBOLS + "ffffffff81777777 t symbol\n");
        refuses(RelocationException.class, "symbols", "\"symbol\"", "several symbols");
    }

    @Test
    void refusesAddressesThatTheKernelHides() {
        kernel.fake.file(
                "/proc/kallsyms", "0000000000000000 T _stext\n0000000000000000 T symbol\n");
        refuses(BpfException.class, "symbols", "hides addresses", "kernel.kptr_restrict");
    }

    @Test
    void aTypedSymbolIsTheKernelsVariableAndAMissingWeakOneZero() {
        int id = types.add(new BtfType.Var("variable", integer, BtfType.Var.GLOBAL));
        vmlinux();
        assertThat(placed("variables", LOAD_WIDE))
                .containsExactlyInAnyOrder(List.of(3, id, 0), List.of(0, 0, 0));
    }

    @Test
    void refusesAVariableOfAnotherType() {
        types.add(new BtfType.Var("variable", pointerTo("s"), BtfType.Var.GLOBAL));
        vmlinux();
        refuses(RelocationException.class, "variables", "\"variable\"", "declares it as");
    }

    @Test
    void callsTheFunctionOfTheEssentialName() {
        int id = function(types, "function", integer, pointerTo("thing"));
        vmlinux();
        assertThat(placed("calls", CALL)).containsExactly(List.of(2, id, 0));
        assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD).getLast().field("fd_array")).isZero();
    }

    @Test
    void refusesAFunctionOfAnotherSignature() {
        function(types, "function", integer, integer);
        vmlinux();
        refuses(RelocationException.class, "calls", "function___flavour", "other parameters");
    }

    @Test
    void refusesAFunctionThatIsMissing() {
        vmlinux();
        refuses(UnsupportedException.class, "calls", "no function \"function\"", "__weak");
    }

    @Test
    void aMissingWeakFunctionIsZeroAndItsCallPoisoned() {
        function(types, "weak_function", integer);
        vmlinux();
        List<String> externs = new ArrayList<>(spec().externs().keySet());
        int poison = 2_002_000_000 + externs.indexOf("weak_function");
        assertThat(placed("weak_calls", LOAD_WIDE)).containsExactly(List.of(0, 0, 0));
        assertThat(placed("weak_calls", CALL)).containsExactly(List.of(0, poison, 0));
    }

    @Test
    void namesTheMissingFunctionThatTheVerifierReached() {
        vmlinux();
        Instructions code = spec().program("weak_calls").function().instructions();
        int slot = 0;
        while (code.opcode(slot) != CALL) {
            slot++;
        }
        kernel.fake.reject(
                slot + ": (85) call unknown#2002000000\ninvalid func unknown#2002000000\n",
                Errno.EINVAL);
        assertThatThrownBy(() -> kernel.load(spec("weak_calls")))
                .isInstanceOfSatisfying(
                        VerifierException.class,
                        e -> {
                            assertThat(e.reason())
                                    .contains("no function weak_function")
                                    .contains("invalid func unknown#2002000000");
                            assertThat(e.advice()).contains("bpf_ksym_exists(weak_function)");
                            assertThat(e.log())
                                    .contains("unknown#2002000000\nthe kernel has no function");
                        });
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    private void module() {
        BtfBuilder module = BtfBuilder.split(vmlinux());
        function(module, "module_function", integer, integer);
        module.add(new BtfType.Var("module_variable", integer, BtfType.Var.GLOBAL));
        kernel.module(module.build(ByteOrder.nativeOrder()).encode());
    }

    @Test
    void refersToModulesByTheirDescriptors() {
        module();
        int first = types.typeCount();
        try (Collection c = kernel.load(spec("module_calls"))) {
            Instructions code = kernel.programs.get(c.program("module_calls").fd());
            List<Integer> found = new ArrayList<>();
            for (int slot = 0; slot < code.slotCount(); slot++) {
                if (code.opcode(slot) == CALL) {
                    found.addAll(List.of(code.src(slot), code.imm(slot), code.offset(slot)));
                } else if (code.opcode(slot) == LOAD_WIDE) {
                    found.addAll(List.of(code.src(slot), code.imm(slot), code.imm(slot + 1)));
                }
            }
            int descriptor = kernel.moduleDescriptors().getLast();
            assertThat(found).containsExactly(3, first + 2, descriptor, 2, first + 1, 1);
            FakeCall load = kernel.fake.calls(BpfCommand.PROG_LOAD).getLast();
            assertThat(load.field("fd_array")).isNotZero();
            assertThat(kernel.closed).containsAll(kernel.moduleDescriptors());
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void leavesNothingOpenWhicheverCallFails() {
        module();
        kernel.load(spec("module_calls")).close();
        int calls = kernel.made();
        for (int nth = 1; nth <= calls; nth++) {
            ExternsTest again = new ExternsTest();
            again.module();
            again.kernel.failCall(nth, Errno.ENOMEM);
            try {
                again.kernel.load(spec("module_calls")).close();
            } catch (BpfException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
            assertThat(again.kernel.fake.leftOpen()).as("call " + nth).isEmpty();
        }
    }

    @Test
    void looksForNothingThatNoLoadedProgramRefersTo() {
        kernel.load(spec()).close();
        assertThat(kernel.fake.calls())
                .extracting(FakeCall::name)
                .doesNotContain("BPF_BTF_GET_NEXT_ID", "BPF_PROG_LOAD");
    }
}
