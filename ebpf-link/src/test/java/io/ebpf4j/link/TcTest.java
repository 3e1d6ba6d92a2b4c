// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** Programs at packets: a link of TCX first, then a filter of clsact, and what is left of both. */
class TcTest {
    private static final int INGRESS_PARENT = 0xffff_fff2;
    private static final int BEFORE = 1 << 3;
    private static final int AFTER = 1 << 4;
    private static final int ID = 1 << 5;
    private static final int LINK = 1 << 13;

    @TempDir Path folder;

    private static Program program(FakeHost host) {
        return host.program(ProgramType.SCHED_CLS);
    }

    private static TcOptions.Builder filter() {
        return TcOptions.builder().mode(NetworkAttachMode.NETLINK);
    }

    private static Link ingress(Program program, TcOptions.Builder options) {
        return Tc.attach(program, "eth0", TcDirection.INGRESS, options.build());
    }

    @ParameterizedTest
    @CsvSource({"INGRESS, 46", "EGRESS, 47"})
    void aLinkGetsInterfaceDirectionAndRevision(TcDirection direction, int attachType) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host)) {
            TcOptions options = TcOptions.builder().expectedRevision(5).build();
            Tc.attach(program, "eth0", direction, options).close();
            assertThat(host.linkCreate.getInt(0)).isEqualTo(program.fd());
            assertThat(host.linkCreate.getInt(4)).isEqualTo(2);
            assertThat(host.linkCreate.getInt(8)).isEqualTo(attachType);
            assertThat(host.linkCreate.getInt(12)).isEqualTo(AFTER);
            assertThat(host.linkCreate.getInt(16)).isZero();
            assertThat(host.linkCreate.getLong(24)).isEqualTo(5);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void anchorsAreFlagsAndADescriptorOrAnId() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host);
                Program other = program(host);
                Link link = Tc.attach(other, "eth0", TcDirection.EGRESS);
                Link filter = ingress(other, filter())) {
            int linkFd = ((KernelLink) link).kernelLink().fd();
            anchored(host, program, Anchor.first(), BEFORE, 0);
            anchored(host, program, Anchor.last(), AFTER, 0);
            anchored(host, program, Anchor.before(other), BEFORE, other.fd());
            anchored(host, program, Anchor.after(other), AFTER, other.fd());
            anchored(host, program, Anchor.before(link), BEFORE | LINK, linkFd);
            anchored(host, program, Anchor.after(link), AFTER | LINK, linkFd);
            anchored(host, program, Anchor.beforeProgram(7), BEFORE | ID, 7);
            anchored(host, program, Anchor.afterProgram(7), AFTER | ID, 7);
            anchored(host, program, Anchor.beforeLink(7), BEFORE | LINK | ID, 7);
            anchored(host, program, Anchor.afterLink(7), AFTER | LINK | ID, 7);
            TcOptions.Builder beside = TcOptions.builder().anchor(Anchor.after(filter));
            assertThatIllegalArgumentException().isThrownBy(() -> ingress(program, beside));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    private static void anchored(
            FakeHost host, Program program, Anchor anchor, int flags, int relative) {
        ingress(program, TcOptions.builder().anchor(anchor)).close();
        assertThat(host.linkCreate.getInt(12)).as(anchor.toString()).isEqualTo(flags);
        assertThat(host.linkCreate.getInt(16)).as(anchor.toString()).isEqualTo(relative);
    }

    @ParameterizedTest
    @CsvSource({
        "2, there is nothing for it to go after the program with id 7",
        "17, the program is attached there",
        "19, no such interface",
        "34, as many programs as there can be",
        "116, its programs have changed",
        "22, EINVAL"
    })
    void failuresOfNewKernelsAreExplained(int errno, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, errno);
        try (Program program = program(host)) {
            TcOptions.Builder options = TcOptions.builder().anchor(Anchor.afterProgram(7));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> ingress(program, options))
                    .withMessageContaining("cannot attach prog to INGRESS of eth0")
                    .withMessageContaining(message);
            assertThat(host.network.requests).containsOnly(NetlinkMessage.GETLINK);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void olderKernelsGetAFilterAndAQdisc() {
        FakeHost host = new FakeHost(folder, "6.1");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EINVAL);
        try (Program program = program(host)) {
            Link link = Tc.attach(program, "eth0", TcDirection.INGRESS);
            int id = program.info().id();
            assertThat(host.network.filters.qdisc).isEqualTo("clsact");
            assertThat(host.network.filters.all)
                    .containsExactly(new FakeFilters.Filter(INGRESS_PARENT, 0xc000, 1, id, "prog"));
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.TcFilter(2, TcDirection.INGRESS, 0xc000, 1));
            assertThat(link.info().programId()).isEqualTo(id);
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(folder.resolve("pin")));
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(host.network.filters.qdisc).isEmpty();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () ->
                                    ingress(
                                            program,
                                            TcOptions.builder().mode(NetworkAttachMode.LINK)))
                    .withMessageContaining("needs Linux 6.6");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> ingress(program, TcOptions.builder().anchor(Anchor.first())))
                    .withMessageContaining("needs Linux 6.6");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQdiscIsRemovedByTheLastLinkThatUsesIt(boolean makerIsFirst) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host)) {
            Link maker = ingress(program, filter().priority(3).handle(9));
            Link other = Tc.attach(program, "eth0", TcDirection.EGRESS, filter().build());
            (makerIsFirst ? maker : other).close();
            assertThat(host.network.filters.qdisc).isEqualTo("clsact");
            assertThat(host.network.filters.all).hasSize(1);
            (makerIsFirst ? other : maker).close();
            assertThat(host.network.filters.all).isEmpty();
            assertThat(host.network.filters.qdisc).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aQdiscThatSomebodyElseUsesOrMadeStays() {
        FakeHost host = new FakeHost(folder, "6.12");
        FakeFilters filters = host.network.filters;
        FakeFilters.Filter theirs = new FakeFilters.Filter(INGRESS_PARENT, 1, 1, 12345, "theirs");
        try (Program program = program(host)) {
            Link maker = ingress(program, filter().priority(3));
            filters.all.add(theirs);
            maker.close();
            assertThat(filters.all).containsExactly(theirs);
            filters.all.clear();
            // nobody's any more, since nobody knows who relies on it by now
            ingress(program, filter()).close();
            assertThat(filters.qdisc).isEqualTo("clsact");
            filters.qdisc = "";
            Link first = ingress(program, filter().priority(3));
            filters.qdisc = "";
            filters.all.clear();
            Link again = ingress(program, filter().priority(3));
            first.close();
            assertThat(filters.qdisc).isEqualTo("clsact");
            again.close();
            assertThat(filters.qdisc).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatSomebodyElseMadeOrChangedIsLeft() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.network.filters.qdisc = "clsact";
        try (Program program = program(host)) {
            Link mine = ingress(program, filter());
            FakeFilters.Filter filter = host.network.filters.all.remove(0);
            FakeFilters.Filter theirs =
                    new FakeFilters.Filter(
                            filter.parent(), filter.priority(), filter.handle(), 12345, "theirs");
            host.network.filters.all.add(theirs);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> mine.update(program))
                    .withMessageContaining("the filter runs the program with id 12345");
            mine.close();
            assertThat(host.network.filters.all).containsExactly(theirs);
            assertThat(host.network.filters.qdisc).isEqualTo("clsact");
            Link gone = ingress(program, filter());
            host.network.remove("eth0");
            gone.detach();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TcDirection.class)
    void anIngressQdiscSeesWhatArrivesOnly(TcDirection direction) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.network.filters.qdisc = "ingress";
        try (Program program = program(host)) {
            if (direction == TcDirection.EGRESS) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> Tc.attach(program, "eth0", direction, filter().build()))
                        .withMessageContaining("tc qdisc del dev eth0 ingress");
            } else {
                Tc.attach(program, "eth0", direction, filter().build()).close();
            }
            assertThat(host.network.filters.all).isEmpty();
            assertThat(host.network.filters.qdisc).isEqualTo("ingress");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "36, 2, CONFIG_NET_SCH_INGRESS",
        "36, 1, CAP_NET_ADMIN",
        "36, 16, the clsact qdisc cannot be made",
        "44, 2, CONFIG_NET_CLS_BPF",
        "44, 22, the kernel says: no such luck"
    })
    void whatTheKernelRefusesIsExplained(int type, int errno, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.network.refusals.add(new FakeNetwork.Refusal(type, errno, "no such luck"));
        try (Program program = program(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> ingress(program, filter()))
                    .satisfies(
                            e ->
                                    assertThat(e.getMessage().contains(message) || errno == 1)
                                            .as(e.getMessage())
                                            .isTrue());
            assertThat(host.network.filters.all).isEmpty();
            assertThat(host.network.filters.qdisc).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeDetachedIsTold() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host)) {
            Link link = ingress(program, filter());
            host.network.refusals.add(
                    new FakeNetwork.Refusal(NetlinkMessage.DELTFILTER, Errno.EBUSY, "in use"));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(link::close)
                    .withMessageContaining("cannot detach program")
                    .withMessageContaining("in use");
            assertThat(link.isOpen()).isFalse();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void anActionIsThatOfAFilter() {
        FakeHost host = new FakeHost(folder, "6.12");
        FakeFilters filters = host.network.filters;
        try (Program program = host.program(ProgramType.SCHED_ACT)) {
            int id = program.info().id();
            Link link = ingress(program, TcOptions.builder().priority(4));
            assertThat(filters.actions)
                    .containsExactly(new FakeFilters.Filter(INGRESS_PARENT, 4, 1, id, "prog"));
            assertThat(link.info().programId()).isEqualTo(id);
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.update(program))
                    .withMessageContaining("the action of a filter");
            link.close();
            assertThat(filters.all).isEmpty();
            assertThat(filters.qdisc).isEmpty();
            TcOptions.Builder byLink = TcOptions.builder().mode(NetworkAttachMode.LINK);
            assertThatIllegalArgumentException().isThrownBy(() -> ingress(program, byLink));
            TcOptions.Builder first = TcOptions.builder().anchor(Anchor.first());
            assertThatIllegalArgumentException().isThrownBy(() -> ingress(program, first));
            host.network.refusals.add(
                    new FakeNetwork.Refusal(NetlinkMessage.NEWTFILTER, Errno.ENOENT, ""));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> ingress(program, filter()))
                    .withMessageContaining("CONFIG_NET_ACT_BPF");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filter().anchor(Anchor.first()).build());
        assertThatIllegalArgumentException().isThrownBy(() -> filter().expectedRevision(1).build());
        assertThatIllegalArgumentException().isThrownBy(() -> filter().priority(65536).build());
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.XDP)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> ingress(program, filter()))
                    .withMessageContaining("this hook takes SCHED_CLS");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SCHED_CLS, false", "SCHED_CLS, true", "SCHED_ACT, false", "SCHED_ACT, true"})
    void nothingIsLeftWhicheverCallFails(ProgramType type, boolean qdiscWasThere) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder, "5.4");
            host.network.filters.qdisc = qdiscWasThere ? "clsact" : "";
            try (Program program = host.program(type)) {
                Link before = qdiscWasThere ? ingress(program, filter()) : null;
                host.failCall(nth);
                Link link = null;
                try {
                    link = Tc.attach(program, "eth0", TcDirection.INGRESS);
                } catch (BpfException e) {
                    failures++;
                }
                int made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(host.network.filters.all)
                        .as("call " + nth)
                        .hasSize(qdiscWasThere ? 1 : 0);
                assertThat(host.network.filters.qdisc)
                        .as("call " + nth)
                        .isEqualTo(qdiscWasThere ? "clsact" : "");
                if (before != null) {
                    before.close();
                    assertThat(host.network.filters.all).isEmpty();
                }
                if (made < nth) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
            assertThat(host.fake.leftOpen()).isEmpty();
        }
        assertThat(failures).isGreaterThan(10);
    }

    @Test
    void anUpdateIsKnownWhicheverCallFails() {
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder, "6.12");
            try (Program first = program(host);
                    Program second = program(host)) {
                Link link = ingress(first, filter());
                host.failCall(nth);
                try {
                    link.update(second);
                } catch (BpfException e) {
                    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
                }
                int made = host.made();
                host.failCall(0);
                assertThat(host.network.filters.all.get(0).programId())
                        .as("call " + nth)
                        .isEqualTo(link.info().programId());
                link.close();
                assertThat(host.network.filters.all).isEmpty();
                assertThat(host.network.filters.qdisc).isEmpty();
                if (made < nth) {
                    break;
                }
            }
            assertThat(host.fake.leftOpen()).isEmpty();
        }
    }
}
