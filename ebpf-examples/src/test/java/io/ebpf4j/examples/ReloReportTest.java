// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ReloReportTest {
    private static final String OBJECT = "src/main/bpf/execsnoop.bpf.o";
    private final StringWriter out = new StringWriter();

    @TempDir Path folder;

    /** Writes the types of a kernel whose tasks have some members. */
    private String kernel(String name, String... members) throws IOException {
        BtfBuilder builder = new BtfBuilder();
        int number = builder.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        int task = builder.typeCount();
        int pointer = builder.add(new BtfType.Ptr(task + 1));
        BtfType.Member[] fields = new BtfType.Member[members.length];
        for (int i = 0; i < fields.length; i++) {
            int type = members[i].equals("real_parent") ? pointer : number;
            fields[i] = new BtfType.Member(members[i], type, 128 * (i + 1), 0);
        }
        builder.add(new BtfType.Struct("task_struct", 128, List.of(fields)));
        Btf types = builder.build(ByteOrder.nativeOrder());
        return Files.write(folder.resolve(name), types.encode()).toString();
    }

    private int run(String... arguments) {
        CommandLine main = Main.commandLine();
        main.setOut(new PrintWriter(out, true));
        main.setErr(new PrintWriter(out, true));
        String[] all = new String[arguments.length + 2];
        all[0] = "reloreport";
        all[1] = OBJECT;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return main.execute(all);
    }

    @Test
    void eachKernelHasItsReport() throws IOException {
        String good = kernel("good", "tgid", "real_parent");
        String bad = kernel("bad", "tgid");
        assertThat(run("--btf", good, "--btf", bad)).isZero();
        assertThat(out.toString())
                .contains(good + ": " + OBJECT)
                .contains(bad + ": " + OBJECT)
                .contains("0 -> 16: ")
                .contains("struct task_struct has no member real_parent");
    }

    @Test
    void linesOfJsonSayTheSame() throws IOException {
        String bad = kernel("bad", "tgid");
        assertThat(run("--btf", bad, "--json")).isZero();
        List<JsonObject> rows =
                out.toString()
                        .lines()
                        .map(line -> JsonParser.parseString(line).getAsJsonObject())
                        .toList();
        assertThat(rows).isNotEmpty();
        for (JsonObject row : rows) {
            boolean tgid = row.get("path").getAsString().endsWith("::tgid");
            assertThat(row.get("types").getAsString()).isEqualTo(bad);
            assertThat(row.get("result").getAsString()).isEqualTo(tgid ? "patched" : "poisoned");
            assertThat(row.has("after")).isEqualTo(tgid);
            boolean task = row.get("path").getAsString().contains("task_struct");
            assertThat(row.getAsJsonArray("candidates")).hasSize(task ? 1 : 0);
        }
    }

    @Test
    void anObjectThatIsRefusedIsAFailure() throws IOException {
        BtfBuilder builder = new BtfBuilder();
        int number = builder.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        for (int at : new int[] {64, 96}) {
            BtfType.Member tgid = new BtfType.Member("tgid", number, at, 0);
            builder.add(new BtfType.Struct("task_struct", 128, List.of(tgid)));
        }
        Path file = folder.resolve("twice");
        Files.write(file, builder.build(ByteOrder.nativeOrder()).encode());
        assertThat(run("--btf", file.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("ambiguous");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertThat(run("--btf", "no/such/file")).isEqualTo(1);
        assertThat(out.toString()).contains("no/such/file");
    }
}
