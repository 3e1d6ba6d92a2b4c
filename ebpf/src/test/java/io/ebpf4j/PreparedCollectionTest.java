// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is prepared can be read, loaded program by program, taken over or taken back. */
class PreparedCollectionTest {
    private static final int ENOMEM = 12;

    private final TestKernel kernel = new TestKernel("6.12");

    private PreparedCollection prepare() {
        return Collection.prepare(TestKernel.spec(), kernel.options().build());
    }

    private void rejectSecond() {
        // asked for a log, the kernel says no again
        kernel.fake.fail(BpfCommand.PROG_LOAD, 2, Errno.EACCES);
        kernel.fake.fail(BpfCommand.PROG_LOAD, 3, Errno.EACCES);
    }

    @Test
    void preparingCreatesMapsAndNoPrograms() {
        try (PreparedCollection prepared = prepare()) {
            assertThat(prepared.programs()).containsExactly("first", "second", "loose");
            assertThat(prepared.maps()).containsKeys("counts", "events", ".rodata", ".bss");
            assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE)).hasSize(prepared.maps().size());
            assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD)).isEmpty();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void itsInstructionsAreThoseThatTheKernelIsGiven() {
        try (PreparedCollection prepared = prepare()) {
            for (String name : prepared.programs()) {
                Instructions shown = prepared.instructions(name);
                Program program = prepared.load(name);
                assertThat(kernel.programs.get(program.fd()).encode()).isEqualTo(shown.encode());
            }
        }
    }

    @Test
    void descriptorsOfMapsAreInPlace() {
        try (PreparedCollection prepared = prepare()) {
            Instructions code = prepared.instructions("first");
            List<Reference> references = code.references();
            assertThat(references).hasAtLeastOneElementOfType(Reference.MapDescriptor.class);
            for (Reference r : references) {
                if (r instanceof Reference.MapDescriptor map) {
                    int fd = prepared.maps().get(map.map()).descriptor().fd();
                    assertThat(code.imm(map.slot())).isEqualTo(fd);
                }
            }
        }
    }

    @Test
    void whatIsShownIsACopy() {
        try (PreparedCollection prepared = prepare()) {
            prepared.instructions("first").setImm(0, 77);
            assertThat(prepared.instructions("first").imm(0)).isNotEqualTo(77);
        }
    }

    @Test
    void aRefusalOfOneProgramDoesNotEndTheOthers() {
        try (PreparedCollection prepared = prepare()) {
            prepared.load("first");
            rejectSecond();
            assertThatThrownBy(() -> prepared.load("second")).hasMessageContaining("second");
            prepared.load("loose");
            try (Collection c = prepared.finish()) {
                assertThat(c.programs()).containsOnlyKeys("first", "loose");
                assertThat(c.attach()).hasSize(1);
            }
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramThatWasRefusedMayBeLoadedAgain() {
        try (PreparedCollection prepared = prepare()) {
            kernel.fake.reject("R0 !read_ok\n", Errno.EACCES);
            assertThatThrownBy(() -> prepared.load("first")).isInstanceOf(VerifierException.class);
            kernel.fake.reject(null, 0);
            assertThat(prepared.load("first").name()).isEqualTo("first");
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramIsLoadedOnce() {
        try (PreparedCollection prepared = prepare()) {
            assertThat(prepared.load("first")).isSameAs(prepared.load("first"));
            assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD)).hasSize(1);
        }
    }

    @Test
    void loadingTheRestKeepsTheObjectsOrder() {
        try (PreparedCollection prepared = prepare()) {
            Program loose = prepared.load("loose");
            try (Collection c = prepared.load()) {
                assertThat(c.programs().keySet()).containsExactly("first", "second", "loose");
                assertThat(c.program("loose")).isSameAs(loose);
                assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD)).hasSize(3);
            }
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRefusalWhileLoadingAllEndsAll() {
        PreparedCollection prepared = prepare();
        rejectSecond();
        assertThatThrownBy(prepared::load).hasMessageContaining("second");
        assertThat(kernel.fake.leftOpen()).isEmpty();
        assertThatThrownBy(prepared::load).isInstanceOf(IllegalStateException.class);
        prepared.close();
    }

    @Test
    void onlyThePreparationThatFailedIsTakenBack() {
        kernel.fake.fail(BpfCommand.MAP_CREATE, 2, ENOMEM);
        kernel.fake.fail(BpfCommand.MAP_CREATE, 3, ENOMEM);
        assertThatThrownBy(this::prepare).isInstanceOf(BpfException.class);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void closingTwiceOrAfterTheEndDoesNothing() {
        PreparedCollection closed = prepare();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.load("first")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(closed::finish).isInstanceOf(IllegalStateException.class);

        PreparedCollection prepared = prepare();
        try (Collection c = prepared.load()) {
            prepared.close();
            assertThat(c.attach()).isNotEmpty();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void programsThatAreLeftOutAreNotPrepared() {
        CollectionSpec spec = TestKernel.spec();
        spec.program("second").autoload(false);
        try (PreparedCollection prepared = Collection.prepare(spec, kernel.options().build())) {
            assertThat(prepared.programs()).containsExactly("first", "loose");
            assertThatThrownBy(() -> prepared.instructions("second"))
                    .hasMessageContaining("no program \"second\" is prepared")
                    .hasMessageContaining("[first, loose]");
        }
    }

    @Test
    void aProgramThatNoKernelTakesIsShownButNotLoaded() {
        CollectionSpec spec = TestKernel.spec();
        spec.program("second").type(ProgramType.UNSPEC);
        try (PreparedCollection prepared = Collection.prepare(spec, kernel.options().build())) {
            assertThat(prepared.instructions("second").slotCount()).isPositive();
            assertThatThrownBy(() -> prepared.load("second"))
                    .hasMessageContaining("does not say what type of program it is");
            assertThat(kernel.fake.calls(BpfCommand.PROG_LOAD)).isEmpty();
            prepared.load("first");
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void typesAreUploadedOnceForAll() {
        try (PreparedCollection prepared = prepare();
                Collection c = prepared.load()) {
            List<FakeCall> loads = kernel.fake.calls(BpfCommand.PROG_LOAD);
            assertThat(kernel.fake.calls(BpfCommand.BTF_LOAD)).hasSize(1);
            assertThat(c.programs()).hasSameSizeAs(loads);
            assertThat(loads).allSatisfy(l -> assertThat(l.field("prog_btf_fd")).isPositive());
        }
    }
}
