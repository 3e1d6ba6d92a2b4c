// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.asm.Disassembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.relocation.CoreScene.Types;
import io.ebpf4j.relocation.CoreScene.Vmlinux;
import io.ebpf4j.relocation.RelocationReport.Candidate;
import io.ebpf4j.relocation.RelocationReport.Failed;
import io.ebpf4j.relocation.RelocationReport.Outcome;
import io.ebpf4j.relocation.RelocationReport.Patched;
import io.ebpf4j.relocation.RelocationReport.Poisoned;
import io.ebpf4j.relocation.RelocationReport.Relocation;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.FunctionSpec;
import io.ebpf4j.spec.TestObject;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class RelocationReportTest {
    private final CollectionSpec spec =
            CollectionSpec.parse(Path.of("src/test/bpf/relocations.bpf.o"));
    private final Types target = new Types();

    /** Adds the types that the object knows, with everything somewhere else. */
    private void addAll() {
        int inner =
                target.struct("inner", 16, field("second", Types.INT, 4), field("x", Types.U64, 8));
        target.struct(
                "outer", 96, field("id", Types.U64, 8), field("many", target.array(inner, 4), 16));
        target.add(
                new BtfType.Enum("colour", 4, false, List.of(new BtfType.Enumerator("GREEN", 7))));
    }

    private RelocationReport report() {
        return RelocationReport.of(spec, new Vmlinux(target.build(), List.of()));
    }

    private static Relocation first(RelocationReport report, String function) {
        return report.relocations().stream()
                .filter(r -> r.function().equals(function))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFieldIsShownAsInCWithBothOfItsPlaces() {
        addAll();
        Relocation r = first(report(), "one");
        assertThat(r.path()).isEqualTo("struct outer::many[2].second");
        assertThat(r.record().access()).isEqualTo("0:2:2:1");
        assertThat(r.outcome()).isInstanceOf(Patched.class);
        Patched patched = (Patched) r.outcome();
        assertThat(patched.before()).isEqualTo(16 + 2 * 8 + 4);
        assertThat(patched.after()).isEqualTo(16 + 2 * 16 + 4);
        assertThat(patched.instruction()).contains("u32").contains("r1 + 0x34");
        assertThat(patched.why()).isEmpty();
        assertThat(r.source().orElseThrow().text()).isEqualTo("sink += outer->many[2].second;");
        assertThat(r.source().orElseThrow().file()).endsWith("relocations.bpf.c");
    }

    @Test
    void aLoadOfAnotherWidthShowsInItsInstruction() {
        addAll();
        Patched patched = (Patched) first(report(), "shared").outcome();
        assertThat(patched.instruction()).contains("u64").contains("r1 + 0x8");
    }

    @Test
    void aSubprogramIsReportedOnceForAllItsPrograms() {
        RelocationReport report = report();
        assertThat(report.relocations().stream().map(Relocation::function).distinct())
                .containsExactly("one", "shared", "two", "three");
        assertThat(first(report, "shared").programs()).containsExactly("one", "two");
        assertThat(report.of("one").stream().map(Relocation::function))
                .containsExactly("one", "shared");
        assertThat(report.of("three").stream().map(Relocation::function))
                .containsExactly("three", "three");
    }

    @Test
    void aTypeThatIsMissingPoisonsAndAnswersNo() {
        RelocationReport report = report();
        assertThat(report.failed()).isEmpty();
        assertThat(report.poisoned().stream().map(Relocation::path))
                .containsExactly(
                        "struct outer::many[2].second",
                        "struct outer::id",
                        "enum colour::GREEN",
                        "struct outer___newer::added");
        assertThat(report.poisoned())
                .allMatch(r -> r.candidates().isEmpty())
                .allMatch(r -> r.outcome().why().contains("no type of that name"));
        Patched exists =
                (Patched)
                        report.of("two").stream()
                                .filter(r -> r.record().kind() == Kind.FIELD_EXISTS)
                                .findFirst()
                                .orElseThrow()
                                .outcome();
        assertThat(exists.after()).isZero();
        assertThat(exists.why()).contains("no type of that name");
    }

    @Test
    void aCandidateThatDoesNotMatchSaysWhyAndIsThenLeftOut() {
        addAll();
        target.struct("outer___short", 8, field("id", Types.U64, 8));
        RelocationReport report = report();
        List<Candidate> found = first(report, "one").candidates();
        assertThat(found).hasSize(2);
        assertThat(found.get(0).value()).hasValue(16 + 2 * 16 + 4);
        assertThat(found.get(0).why()).isEmpty();
        assertThat(found.get(1).name()).isEqualTo("struct outer___short");
        assertThat(found.get(1).module()).isEqualTo("vmlinux");
        assertThat(found.get(1).value()).isEmpty();
        assertThat(found.get(1).why()).isEqualTo("struct outer___short has no member many");
        assertThat(first(report, "shared").candidates().get(1).why()).contains("earlier");
    }

    @Test
    void anAmbiguousFieldFailsAndTheOthersAreStillReported() {
        addAll();
        target.struct("outer___other", 8, field("id", Types.U32, 4));
        int many = target.array(target.struct("elsewhere", 8, field("second", Types.INT, 0)), 4);
        target.struct("outer___third", 40, field("id", Types.U32, 0), field("many", many, 8));
        RelocationReport report = report();
        assertThat(report.failed()).hasSize(2);
        Relocation failed = report.failed().get(0);
        assertThat(failed.path()).isEqualTo("struct outer::many[2].second");
        assertThat(failed.outcome().why()).contains("ambiguous").contains("outer___third");
        assertThat(failed.candidates()).hasSize(3);
        assertThat(failed.candidates().get(0).value()).hasValue(52);
        assertThat(failed.candidates().get(2).value()).hasValue(8 + 2 * 8);
        assertThat(first(report, "two").outcome()).isInstanceOf(Patched.class);
    }

    @Test
    void aFieldThatChangedItsSignOrKindIsPoisonedWithTheReason() {
        target.struct("outer", 8, field("id", Types.S64, 0), field("many", Types.POINTER, 0));
        RelocationReport report = report();
        Relocation kind = first(report, "one");
        assertThat(kind.outcome()).isInstanceOf(Poisoned.class);
        assertThat(kind.outcome().why())
                .isEqualTo(
                        "member many of struct outer is void *, which cannot stand for"
                                + " struct inner[4]");
        Relocation sign = first(report, "shared");
        assertThat(sign.outcome().why()).contains("size differs");
        assertThat(sign.candidates().get(0).value()).hasValue(0);
    }

    @Test
    void modulesAreNamedAndSearchedOnlyForWhatVmlinuxLacks() {
        target.struct("outer", 8, field("id", Types.U32, 0));
        Btf vmlinux = target.build();
        BtfBuilder split = BtfBuilder.split(vmlinux);
        split.add(new BtfType.Struct("outer", 64, List.of(field("many", Types.POINTER, 0))));
        split.add(new BtfType.Struct("inner", 24, List.of(field("first", Types.INT, 0))));
        Btf module = split.build(ByteOrder.nativeOrder());
        TargetTypes types =
                new TargetTypes() {
                    @Override
                    public Btf vmlinux() {
                        return vmlinux;
                    }

                    @Override
                    public List<Btf> modules() {
                        return List.of(module);
                    }

                    @Override
                    public String name(Btf types) {
                        return types == module ? "nested" : "vmlinux";
                    }
                };
        RelocationReport report = RelocationReport.of(spec, types);
        assertThat(first(report, "one").candidates())
                .singleElement()
                .extracting(Candidate::module)
                .isEqualTo("vmlinux");
        Relocation size = first(report, "three");
        assertThat(size.candidates())
                .singleElement()
                .extracting(Candidate::module)
                .isEqualTo("nested");
        assertThat(((Patched) size.outcome()).after()).isEqualTo(24);
    }

    @Test
    void itSaysWhatALoadDoes() {
        addAll();
        target.struct("outer___short", 8, field("id", Types.U64, 8));
        TargetTypes kernel = new Vmlinux(target.build(), List.of());
        CollectionSpec loaded = spec.copy();
        CoreRelocator relocator = new CoreRelocator(loaded.btf().orElseThrow(), kernel);
        List<FunctionSpec> functions = new ArrayList<>();
        loaded.programs().values().forEach(p -> functions.add(p.function()));
        functions.add(1, loaded.functions().get("shared"));
        List<CoreResolution> done = new ArrayList<>();
        List<String> code = new ArrayList<>();
        for (FunctionSpec f : functions) {
            for (CoreResolution r : relocator.apply(f)) {
                done.add(r);
                code.add(Disassembler.text(f.instructions().at(r.relocation().slot())));
            }
        }
        List<Relocation> reported = RelocationReport.of(spec, kernel).relocations();
        assertThat(reported).hasSize(7).hasSameSizeAs(done);
        for (int i = 0; i < done.size(); i++) {
            assertThat(reported.get(i).record()).isEqualTo(done.get(i).relocation());
            Outcome outcome = reported.get(i).outcome();
            assertThat(outcome instanceof Poisoned).isEqualTo(done.get(i).poisoned());
            if (outcome instanceof Patched p) {
                assertThat(p.after()).isEqualTo(done.get(i).value());
                assertThat(p.instruction()).isEqualTo(code.get(i));
                assertThat(p.why().isEmpty()).isEqualTo(done.get(i).matched());
            }
        }
    }

    @Test
    void theObjectStaysAsItIs() {
        addAll();
        Instructions before = spec.program("one").function().instructions().copy();
        report();
        assertThat(spec.program("one").function().instructions().encode())
                .isEqualTo(before.encode());
    }

    @Test
    void aRelocationThatIsMalformedFailsAlone() {
        addAll();
        Btf kernel = target.build();
        FunctionSpec one = spec.program("one").function();
        Instructions code = one.instructions();
        code.setOffset(one.relocations().get(0).slot(), 1);
        RelocationReport report = RelocationReport.of(spec, new Vmlinux(kernel, List.of()));
        assertThat(report.failed())
                .singleElement()
                .extracting(Relocation::outcome)
                .isInstanceOf(Failed.class)
                .extracting(o -> ((Failed) o).why())
                .asString()
                .contains("it holds 1");
    }

    @Test
    void anObjectWithoutRelocationsHasAnEmptyReport() {
        TargetTypes none = new Vmlinux(target.build(), List.of());
        RelocationReport report = RelocationReport.of(TestObject.MAPS.parse(), none);
        assertThat(report.relocations()).isEmpty();
        assertThat(report.toString()).contains("spec_maps.bpf.o: 0 relocations");
    }

    @Test
    void itsTextHasALineForEachCandidateBelowEachRelocation() {
        addAll();
        target.struct("outer___short", 8, field("id", Types.U64, 8));
        assertThat(report().toString())
                .contains("relocations.bpf.o: 7 relocations, 0 failed, 1 poisoned\n")
                .contains("one, instruction 0: FIELD_BYTE_OFFSET of struct outer::many[2].second")
                .contains(" (0:2:2:1)\n    ./relocations.bpf.c:")
                .contains("\n    36 -> 52: r2 = *(u32 *)(r1 + 0x34)\n")
                .contains(" struct outer of vmlinux: 52\n")
                .contains(" struct outer___short of vmlinux: no match: struct outer___short has");
    }
}
