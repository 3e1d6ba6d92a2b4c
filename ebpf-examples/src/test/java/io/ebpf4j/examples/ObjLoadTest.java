// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.Rejection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.SystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the tool says and writes, without a kernel that would take anything. */
class ObjLoadTest {
    private static final int EPERM = 1;
    private static final Path OBJECTS = Path.of("src/main/bpf");

    @TempDir Path folder;

    private Path prefix;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... arguments) {
        CommandLine main = Main.commandLine();
        main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] args = new String[arguments.length + 3];
        args[0] = "objload";
        args[1] = "-p";
        args[2] = (prefix == null ? folder.resolve("t") : prefix).toString();
        for (int i = 0; i < arguments.length; i++) {
            args[i + 3] = arguments[i].toString();
        }
        return main.execute(args);
    }

    private List<String[]> table(String name) throws IOException {
        return Files.readAllLines(folder.resolve("t-" + name + ".tsv")).stream()
                .map(line -> line.split("\t", -1))
                .toList();
    }

    /** Tries the examples' objects in a kernel that refuses every call. */
    private List<LoadTrial> refused() throws IOException {
        SystemCalls calls =
                (SystemCalls)
                        Proxy.newProxyInstance(
                                SystemCalls.class.getClassLoader(),
                                new Class<?>[] {SystemCalls.class},
                                (_, _, _) -> (long) -EPERM);
        LoadOptions options = LoadOptions.builder().kernel(Kernel.of(calls)).build();
        List<LoadTrial> trials = new ArrayList<>();
        try (LoadTables tables = LoadTables.create(folder.resolve("t").toString())) {
            for (String name : List.of("execsnoop.bpf.o", "opensnoop.bpf.o")) {
                byte[] bytes = Files.readAllBytes(OBJECTS.resolve(name));
                LoadTrial trial =
                        new LoadTrial(name, bytes, options, tables, new InstructionDumps(null));
                trial.run(false);
                trials.add(trial);
            }
        }
        return trials;
    }

    @Test
    void everyRowHasACellForEachColumn() throws IOException {
        refused();

        for (String name : List.of("objects", "programs", "maps")) {
            List<String[]> rows = table(name);
            assertThat(rows).as(name).hasSizeGreaterThan(2);
            assertThat(rows).as(name).allSatisfy(r -> assertThat(r).hasSameSizeAs(rows.get(0)));
        }
    }

    @Test
    void everyProgramHasARowThatSaysWhatBecameOfIt() throws IOException {
        List<LoadTrial> trials = refused();

        List<String[]> rows = table("programs");
        int programs = 0;
        for (LoadTrial trial : trials) {
            for (String program : trial.spec().programs().keySet()) {
                programs++;
                assertThat(rows)
                        .filteredOn(row -> row[0].equals(trial.name()) && row[1].equals(program))
                        .singleElement()
                        .satisfies(row -> assertThat(row[6]).isEqualTo("one"))
                        .satisfies(row -> assertThat(row[7]).isEqualTo("prepare"))
                        .satisfies(row -> assertThat(row[8]).isNotEqualTo("0"));
            }
        }
        assertThat(rows).hasSize(programs + 1);
    }

    @Test
    void theSummaryCountsAndNamesWhatDoesNotLoad() throws IOException {
        LoadSummary summary = new LoadSummary("t", 2);
        refused().forEach(summary::add);

        summary.print(new PrintWriter(out, true));
        assertThat(summary.allLoaded()).isFalse();
        assertThat(out.toString())
                .contains("execsnoop.bpf.o: does not load (0 of ")
                .contains("objects: 0 load, 0 load given sizes for empty maps, 2 do not\n")
                .containsPattern("programs: 0 of \\d+ load\n");
    }

    @Test
    void whatIsNoObjectIsOneRowAndAFailure() throws IOException {
        Path text = Files.writeString(folder.resolve("text.o"), "text");

        assertThat(run(text)).isEqualTo(1);
        assertThat(out.toString()).contains("text.o: ").contains("objects: 0 load");
        assertThat(table("programs")).hasSize(1);
        assertThat(table("objects")).hasSize(2);
        assertThat(table("objects").get(1)).startsWith("text.o", "982d9e3eb996f559", "4", "-22");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(run(folder.resolve("none.o"))).isEqualTo(1);
        assertThat(err.toString()).contains("none.o: no such file").hasLineCount(2);
    }

    @Test
    void tablesThatCannotBeWrittenAreNamed() {
        prefix = folder.resolve("none/t");

        assertThat(run(OBJECTS.resolve("opensnoop.bpf.o"))).isEqualTo(1);
        assertThat(err.toString()).contains("none/t-objects.tsv: no such file").hasLineCount(2);
    }

    @Test
    void somethingToLoadIsRequired() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("FILE");
    }

    @Test
    void emptyMapsAreGivenASize() {
        CollectionSpec spec = CollectionSpec.parse(OBJECTS.resolve("opensnoop.bpf.o"));
        assertThat(EmptyMaps.fill(spec)).isFalse();

        MapSpec map = spec.maps().values().iterator().next();
        map.type(MapType.HASH).maxEntries(0);
        assertThat(EmptyMaps.fill(spec)).isTrue();
        assertThat(map.maxEntries()).isEqualTo(1);

        map.type(MapType.STACK_TRACE).valueSize(0);
        assertThat(EmptyMaps.fill(spec)).isTrue();
        assertThat(map.valueSize()).isEqualTo(127 * 8);

        map.type(MapType.TASK_STORAGE).maxEntries(0);
        assertThat(EmptyMaps.fill(spec)).isFalse();
        assertThat(map.maxEntries()).isZero();
    }

    @Test
    void anOutcomeIsOneLineAndAnErrorNumber() {
        LoadOutcome rejected =
                LoadOutcome.ofProgram(
                        new VerifierException(
                                "p",
                                new Rejection("R0\n bad", "", 3, "", "", 3, "", ""),
                                "the log\n",
                                13));
        assertThat(rejected).isEqualTo(new LoadOutcome("verify", -13, "R0 bad"));
        assertThat(rejected.ok()).isFalse();

        assertThat(LoadOutcome.ofProgram(new BpfException("no target")))
                .isEqualTo(new LoadOutcome("load", -22, "no target"));
        assertThat(LoadOutcome.of("open", new UnsupportedException("x", "", "")).rc())
                .isEqualTo(-95);
    }
}
