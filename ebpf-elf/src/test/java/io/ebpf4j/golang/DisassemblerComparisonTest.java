// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.golang.Instruction.Flow;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What disassemblers, where there are any, say of real code of x86_64. */
class DisassemblerComparisonTest {
    /** As much of a library as takes a second or two. */
    private static final long MOST = 1 << 20;

    private static final int LONGEST = 15;
    private static final String LLVM = "llvm-objdump-19";
    private static final String LIBC = "/lib/x86_64-linux-gnu/libc.so.6";
    private static final List<String> TOOLS = List.of("objdump", LLVM);
    private static final List<String> FILES =
            List.of(
                    LIBC,
                    System.getProperty("java.home") + "/lib/server/libjvm.so",
                    "/usr/lib/go/bin/go");

    private static final Pattern LINE = Pattern.compile(" *([0-9a-f]+):\\s+(\\S.*)");
    private static final Pattern UNKNOWN = Pattern.compile("\\(bad\\).*|<unknown>|\\.byte.*");
    // a line of its own in what LLVM's tool says
    private static final Pattern PREFIX =
            Pattern.compile(
                    "lock|repn?e?|data16|addr32|rex64|notrack|bnd|[c-g]s|x(acquire|release)");
    private static final Pattern RETURN = Pattern.compile("((rep|repz|repne|bnd)\\s+)*retq?\\b.*");
    private static final Pattern DIRECT =
            Pattern.compile(
                    "((bnd|data16|rex\\.W)\\s+)*(j\\w+|callq?|loop\\w*)(,p[nt])?\\s+"
                            + "(0x)?([0-9a-f]+) <.*");

    // of a library whose symbols are in a file of their own, LLVM's tool disassembles nothing
    static Stream<Arguments> toolsAndFiles() {
        return TOOLS.stream()
                .flatMap(tool -> FILES.stream().map(file -> Arguments.of(tool, file)))
                .filter(pair -> !pair.get()[0].equals(LLVM) || !pair.get()[1].equals(LIBC));
    }

    @ParameterizedTest
    @MethodSource("toolsAndFiles")
    void agreesOnEveryInstruction(String tool, String name) throws IOException {
        Path file = Path.of(name);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/" + tool)), tool + " is not here");
        assumeTrue(Files.exists(file), name + " is not here");
        try (ElfFile elf = ElfFile.open(file)) {
            assumeTrue(elf.machine() == 62, "of another machine");
            ElfSection text = elf.section(".text").orElseThrow();
            assertThat(compare(tool, name, text)).isGreaterThan(100_000);
        }
    }

    private static int compare(String tool, String file, ElfSection text) throws IOException {
        ByteBuffer code = text.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        Decoder decoder = new X86Decoder(code, text.address());
        long end = text.address() + Math.min(MOST, text.size());
        Process process =
                new ProcessBuilder(
                                tool,
                                "-d",
                                "-j",
                                ".text",
                                "--no-show-raw-insn",
                                "--stop-address=0x" + Long.toHexString(end),
                                file)
                        .redirectErrorStream(true)
                        .start();
        int compared = 0;
        try (BufferedReader lines = process.inputReader()) {
            long at = -1;
            String said = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = LINE.matcher(line);
                if (PREFIX.matcher(said).matches() && matcher.matches()) {
                    said += " " + matcher.group(2);
                    continue;
                }
                if (matcher.matches()) {
                    long next = Long.parseUnsignedLong(matcher.group(1), 16);
                    if (next > end - LONGEST) {
                        break;
                    }
                    if (at >= 0 && !UNKNOWN.matcher(said).matches()) {
                        Instruction ours = decoder.decode((int) (at - text.address()));
                        check(ours, (int) (next - at), Long.toHexString(at) + ": " + said, said);
                        compared++;
                    }
                    at = next;
                    said = matcher.group(2);
                }
            }
        } finally {
            process.destroy();
        }
        return compared;
    }

    private static void check(Instruction ours, int length, String line, String said) {
        if (ours == null || ours.length() != length) {
            throw new AssertionError(line + " takes " + length + " bytes; we have " + ours);
        }
        if (RETURN.matcher(said).matches() != (ours.flow() == Flow.RETURN)) {
            throw new AssertionError(line + "; we have " + ours);
        }
        Matcher direct = DIRECT.matcher(said);
        if (direct.matches() && ours.target() != Long.parseUnsignedLong(direct.group(6), 16)) {
            throw new AssertionError(line + "; we have " + ours);
        }
    }
}
