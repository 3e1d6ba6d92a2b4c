// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** Programs that are attached to functions of other programs. */
@KernelTest
@Requires(Requirement.BTF)
class ProgramTargetTest {
    private static final int ABORTED = 0;
    private static final int PASS = 2;
    private static final int TRANSMIT = 3;
    private static final int PACKET_BYTES = 64;

    private static int run(Program program) {
        return program.testRun(TestRun.create().data(new byte[PACKET_BYTES])).returnValue();
    }

    private static Collection replacing(String program, Program target, String function) {
        CollectionSpec spec = Objects.spec("replacing");
        spec.programs().values().forEach(p -> p.autoload(p.name().equals(program)));
        return Collection.load(
                spec, LoadOptions.builder().attachTo(program, target, function).build());
    }

    @Test
    @Requires(Requirement.FREPLACE)
    void aFunctionIsReplacedUntilTheLinkIsClosed() {
        try (Collection target = Collection.load(Objects.spec("replaced"));
                Collection c = replacing("replacement", target.program("entry"), "")) {
            assertThat(run(target.program("entry"))).isEqualTo(PASS);
            try (Link link = c.attach("replacement")) {
                assertThat(link.isOpen()).isTrue();
                assertThat(run(target.program("entry"))).isEqualTo(ABORTED);
                AttachMatrix.seen("freplace", AttachMatrix.By.LINK);
            }
            assertThat(run(target.program("entry"))).isEqualTo(PASS);
        }
    }

    @Test
    @Requires(Requirement.FREPLACE)
    void aReplacementFitsOtherFunctionsOfTheSameKind() {
        try (Collection target = Collection.load(Objects.spec("replaced"));
                Collection c = replacing("replacement", target.program("entry"), "decide")) {
            Program other = target.program("other_entry");
            assertThat(run(other)).isEqualTo(TRANSMIT);
            try (Link link = c.attachFreplace("replacement", other, "decide_again")) {
                assertThat(link.isOpen()).isTrue();
                assertThat(run(other)).isEqualTo(ABORTED);
                assertThat(run(target.program("entry"))).isEqualTo(PASS);
            }
            assertThat(run(other)).isEqualTo(TRANSMIT);
            assertThatThrownBy(() -> c.attachFreplace("replacement", other, "missing"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("has no function \"missing\"")
                    .hasMessageContaining("decide_again");
        }
    }

    @Test
    @Requires(Requirement.FENTRY)
    void otherProgramsAreTracedByTheNameOfTheirEntryOrSubprogram() {
        try (Collection target = Collection.load(Objects.spec("replaced"));
                Collection entries = replacing("on_entry", target.program("entry"), "");
                Collection returns = replacing("on_return", target.program("entry"), "decide")) {
            entries.attach();
            returns.attach();
            run(target.program("entry"));
            run(target.program("entry"));
            run(target.program("other_entry"));
            assertThat(entries.variable("entered", long.class).get()).isEqualTo(2);
            assertThat(returns.variable("returned", long.class).get()).isEqualTo(2);
        }
    }

    @Test
    void readOnlyDataStaysWithProgramsThatDoNotReferToIt() {
        try (Collection target = Collection.load(Objects.spec("replaced"))) {
            int data = target.map(".rodata").info().id();
            if (Requirement.atLeast("5.10")) {
                assertThat(target.program("entry").info().mapIds()).contains(data);
            }
        }
    }

    @Test
    @Requires(Requirement.BPFFS)
    void aProgramOfThePinIsTakenInPlaceOfLoadingOne() {
        Path pin = Mounts.BPFFS.place().resolve("ebpf4j-reused-program");
        try (Collection first = Collection.load(Objects.spec("replaced"))) {
            first.program("entry").pin(pin);
            try (Program pinned = Program.fromPin(first.program("entry").kernel(), pin);
                    Program byId =
                            Program.fromId(pinned.kernel(), first.program("entry").info().id());
                    Program byFd = Program.fromFd(pinned.kernel(), byId.fd())) {
                LoadOptions reusing = LoadOptions.builder().reuse("entry", byFd).build();
                try (Collection second = Collection.load(Objects.spec("replaced"), reusing)) {
                    assertThat(second.program("entry").info().id()).isEqualTo(pinned.info().id());
                    assertThat(second.program("entry").name()).isEqualTo("entry");
                    assertThat(second.program("other_entry").info().id())
                            .isNotEqualTo(first.program("other_entry").info().id());
                    assertThat(run(second.program("entry"))).isEqualTo(PASS);
                }
            } finally {
                first.program("entry").unpin(pin);
            }
        }
    }
}
