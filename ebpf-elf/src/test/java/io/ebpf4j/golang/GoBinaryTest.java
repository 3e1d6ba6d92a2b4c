// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What is read from programs that Go's linker made. */
class GoBinaryTest {
    private static final long TEXT = GoFile.TEXT;
    private static final String MODULES =
            """
            path\texample.org/app/cmd
            mod\texample.org/app\tv1.2.3\th1:x=
            dep\texample.org/dep\tv0.1.0\t
            build\t-compiler=gc
            """;

    // cmp rsp, [r14 + 16]; jbe +0x17; push rbp; test eax, eax; je +2; pop rbp; ret; pop rbp; ret;
    // mov [rsp + 8], rax; call runtime.morestack_noctxt; mov rax, [rsp + 8]; jmp main.checked
    private static final String CHECKED =
            "49 3b 66 10 76 09 55 85 c0 74 02 5d c3 5d c3"
                    + "48 89 44 24 08 e8 c7 ff ff ff 48 8b 44 24 08 eb e0";

    private static GoFile file(ByteOrder order) {
        return new GoFile(order)
                .function("runtime.morestack_noctxt", "f4")
                .function("main.add", "48 01 d8 c3")
                .function("main.map[...]", "c3")
                .function("main.map[...]", "c3");
    }

    private static GoBinary program(GoFile file) {
        return GoBinary.read(file.inlineInfo("go1.22.3", MODULES).table(20).build()).orElseThrow();
    }

    private static GoBinary program(String name, String hex) {
        return program(
                new GoFile(ByteOrder.LITTLE_ENDIAN)
                        .function("runtime.morestack_noctxt", "f4")
                        .function("main.add", "48 01 d8 c3")
                        .function(name, hex));
    }

    private static GoFunction only(GoBinary program, String name) {
        assertThat(program.functions(name)).hasSize(1);
        return program.functions(name).get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void versionsAndModulesAreToldInBothForms(String name) {
        ByteOrder order =
                name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        GoBuild expected =
                new GoBuild(
                        "go1.17.1",
                        "example.org/app/cmd",
                        "example.org/app",
                        "v1.2.3",
                        GoBuild.Abi.REGISTERS);
        assertThat(GoBuild.read(file(order).pointedInfo("go1.17.1", MODULES).build()))
                .contains(expected);
        assertThat(GoBuild.read(file(order).inlineInfo("go1.17.1", MODULES).build()))
                .contains(expected);
        assertThat(GoBuild.read(file(order).pointedInfo("go1.13", "").build()))
                .contains(new GoBuild("go1.13", "", "", "", GoBuild.Abi.STACK));
        assertThat(GoBuild.read(file(order).build())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "62, go1.16.15, STACK",
        "62, go1.17, REGISTERS",
        "62, go1.23rc1, REGISTERS",
        "62, devel go1.20-5a1bd5c, REGISTERS",
        "62, devel +a7fcb5, STACK",
        "183, go1.17, STACK",
        "183, go1.18.1 X:boringcrypto, REGISTERS",
        "40, go1.27, STACK",
    })
    void theAbiFollowsFromMachineAndVersion(int machine, String version, GoBuild.Abi abi) {
        assertThat(GoBuild.abi(machine, version)).isEqualTo(abi);
    }

    @ParameterizedTest
    @CsvSource({
        "2, LITTLE_ENDIAN", "16, LITTLE_ENDIAN", "18, LITTLE_ENDIAN", "20, LITTLE_ENDIAN",
        "2, BIG_ENDIAN", "16, BIG_ENDIAN", "18, BIG_ENDIAN", "20, BIG_ENDIAN"
    })
    void functionsAreFoundInEveryFormOfTheirTable(int since, String name) {
        ByteOrder order =
                name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        GoBinary program =
                GoBinary.read(file(order).inlineInfo("go1.22.3", "").table(since).build())
                        .orElseThrow();
        assertThat(program.functions())
                .containsExactly(
                        new GoFunction("runtime.morestack_noctxt", TEXT, 16),
                        new GoFunction("main.add", TEXT + 0x10, 16),
                        new GoFunction("main.map[...]", TEXT + 0x20, 16),
                        new GoFunction("main.map[...]", TEXT + 0x30, 16));
        assertThat(program.functions("main.add")).hasSize(1);
        assertThat(program.functions("main.map[...]")).hasSize(2);
        assertThat(program.functions("main.ad")).isEmpty();
        assertThat(program.functionAt(TEXT - 1)).isEmpty();
        assertThat(program.functionAt(TEXT)).isPresent();
        assertThat(program.functionAt(TEXT + 0x1f).orElseThrow().name()).isEqualTo("main.add");
        assertThat(program.functionAt(TEXT + 0x40)).isEmpty();
    }

    @Test
    void theTextIsFoundWhereTheHeaderDoesNotTell() {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        GoFile merged = file(order).merged().relocated().inlineInfo("go1.22.3", "").table(20);
        assertThat(GoBinary.read(merged.build()).orElseThrow().functions("main.add"))
                .containsExactly(new GoFunction("main.add", TEXT + 0x10, 16));
        GoFile newer = file(order).inlineInfo("go1.26", "").table(20).damage(0x18, 0);
        assertThat(GoBinary.read(newer.build()).orElseThrow().functions("main.add"))
                .containsExactly(new GoFunction("main.add", TEXT + 0x10, 16));
        GoFile named =
                new GoFile(order)
                        .function("go.first", "c3")
                        .function("runtime.text", "c3")
                        .inlineInfo("go1.26", "")
                        .table(20)
                        .symbols()
                        .damage(0x18, 0);
        assertThat(GoBinary.read(named.build()).orElseThrow().functions().get(0).address())
                .isEqualTo(TEXT + 0x10);
    }

    @Test
    void symbolsKnowWhereAFunctionEnds() {
        GoBinary program = program(file(ByteOrder.LITTLE_ENDIAN).symbols());
        assertThat(program.functions("main.add"))
                .containsExactly(new GoFunction("main.add", TEXT + 0x10, 4));
    }

    @Test
    void workBeginsBehindTheCheckOfTheStack() {
        GoBinary program = program("main.checked", CHECKED);
        GoFunction checked = only(program, "main.checked");
        long start = checked.address();
        assertThat(start).isEqualTo(TEXT + 0x20);
        assertThat(program.body(checked)).isEqualTo(start + 6);
        assertThat(program.returns(checked)).containsExactly(start + 12, start + 14);
        GoFunction add = only(program, "main.add");
        assertThat(program.body(add)).isEqualTo(add.address());
        assertThat(program.returns(add)).containsExactly(add.address() + 3);
    }

    @Test
    void aCheckWhoseEndIsUnknownIsRefused() {
        // call runtime.morestack_noctxt; jmp main.odd
        GoBinary program = program("main.odd", "90 e8 da ff ff ff eb f8");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> program.body(only(program, "main.odd")))
                .withMessageContaining("main.odd calls for a larger stack at 0x401021")
                .withMessageContaining("attachUprobe");
    }

    @ParameterizedTest
    @CsvSource({
        "e9 eb ff ff ff, it jumps to 0x401010", // main.add
        "48 85 c0 74 eb c3, it jumps to 0x401010",
        "48 85 c0 0f 84 e7 ff ff ff c3, it jumps to 0x401010",
        "ff e0, it jumps to an address that is known at run time only",
    })
    void aTailCallHidesTheReturn(String hex, String words) {
        GoBinary program = program("main.tail", hex);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> program.returns(only(program, "main.tail")))
                .withMessageContaining("main.tail ends with a tail call: at 0x40102")
                .withMessageContaining(words);
    }

    @Test
    void whatCannotBeReadIsNamed() {
        // jmp to itself
        GoBinary never = program("main.never", "eb fe");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> never.returns(only(never, "main.never")))
                .withMessageContaining("main.never never returns");
        GoBinary bad = program("main.bad", "90 90 06 07 c3");
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(() -> bad.returns(only(bad, "main.bad")))
                .withMessageContaining("the bytes 06 07 c3 cc cc cc cc cc at main.bad+0x2")
                .satisfies(e -> assertThat(e.offset()).isEqualTo(0x1022));
        GoBinary other = program(file(ByteOrder.BIG_ENDIAN).machine(22));
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> other.returns(only(other, "main.add")))
                .withMessageContaining("x86_64 and aarch64");
        GoBinary unknown = program(file(ByteOrder.LITTLE_ENDIAN).table(20).damage(0, 5));
        assertThat(unknown.functions()).isNotEmpty();
        GoFile later = file(ByteOrder.LITTLE_ENDIAN).inlineInfo("go1.99", "").table(20);
        GoBinary newer = GoBinary.read(later.damage(0, 0xffff_fff7).build()).orElseThrow();
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(newer::functions)
                .withMessageContaining("go1.99 has no table of functions");
    }

    /** Every byte of what is read is damaged in turn, and files are cut. */
    @ParameterizedTest
    @ValueSource(ints = {2, 16, 18, 20})
    void damagedFilesAreRefusedOrReadButNothingElse(int since) {
        GoFile file = file(ByteOrder.LITTLE_ENDIAN).function("main.checked", CHECKED);
        file =
                since < 18
                        ? file.pointedInfo("go1.17", MODULES)
                        : file.inlineInfo("go1.20", MODULES);
        byte[] good = file.table(since).bytes();
        Random random = new Random(since);
        int refused = 0;
        for (int i = 0; i < 6000; i++) {
            byte[] bad = good.clone();
            // the code, how it was built, the table of functions
            int at = new int[] {0x1000, 0x3000, 0x4000}[i % 3] + random.nextInt(0x340);
            bad[at] = (byte) random.nextInt();
            bad[at + random.nextInt(8)] = (byte) -random.nextInt(3);
            try {
                walk(ElfFile.parse(bad));
            } catch (BpfException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static void walk(ElfFile file) {
        GoBinary program = GoBinary.read(file).orElse(null);
        if (program == null) {
            return;
        }
        for (GoFunction function : program.functions()) {
            assertThat(program.functionAt(function.address())).isNotNull();
            program.body(function);
            program.returns(function);
        }
    }

    /** Go's own tool is a program made by Go. */
    @Test
    void everyFunctionOfTheGoToolIsRead() {
        Path tool = Path.of("/usr/lib/go/bin/go");
        assumeTrue(Files.exists(tool), "go is not here");
        try (ElfFile file = ElfFile.open(tool)) {
            GoBinary program = GoBinary.read(file).orElseThrow();
            assertThat(program.build().version()).startsWith("go1.");
            assertThat(program.build().mainPackage()).isEqualTo("cmd/go");
            List<GoFunction> functions = program.functions();
            assertThat(functions).hasSizeGreaterThan(10_000);
            int returning = 0;
            for (GoFunction function : functions) {
                assertThat(program.body(function) - function.address()).isBetween(0L, 200L);
                try {
                    returning += program.returns(function).isEmpty() ? 0 : 1;
                } catch (BpfException e) {
                    assertThat(e).isNotInstanceOf(ObjectFormatException.class);
                }
            }
            assertThat(returning).isGreaterThan(functions.size() * 3 / 4);
        }
    }
}
