// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Anchor;
import io.ebpf4j.link.AttachedPrograms;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.NetworkAttachMode;
import io.ebpf4j.link.Tc;
import io.ebpf4j.link.TcDirection;
import io.ebpf4j.link.TcOptions;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.stream.Stream;

/** Programs at the packets of a veth pair, by links of TCX and as filters of clsact. */
@KernelTest
@Requires(Requirement.VETH)
class LinkTcTest {
    private static final String CLSACT = "clsact";
    private static final List<String> OF_OTHER_SECTIONS =
            List.of(
                    "on_action",
                    "on_classifier",
                    "on_ingress",
                    "on_egress",
                    "on_ingress_of_tcx",
                    "on_egress_of_tc");

    private OwnNetwork network;
    private Collection c;

    @BeforeEach
    void load() {
        network = OwnNetwork.of("veth");
        CollectionSpec spec = Objects.spec("interfaces");
        for (String program : OF_OTHER_SECTIONS) {
            spec.program(program).autoload(true);
        }
        c = Collection.load(spec);
    }

    @AfterEach
    void close() {
        try (OwnNetwork _ = network) {
            c.close();
        }
    }

    private static String device(TcDirection direction) {
        return direction == TcDirection.INGRESS ? OwnNetwork.FAR : OwnNetwork.NEAR;
    }

    private static int index(TcDirection direction) {
        return OwnNetwork.index(device(direction));
    }

    /** Sends three frames and returns how many of them a program counted. */
    private long hits(String counter) {
        long before = c.variable(counter, long.class).get();
        network.send(3);
        return c.variable(counter, long.class).get() - before;
    }

    private int id(String program) {
        return c.program(program).info().id();
    }

    private Link attach(String program, TcDirection direction, TcOptions.Builder options) {
        return c.attachTc(program, device(direction), direction, options.build());
    }

    private static TcOptions.Builder filter() {
        return TcOptions.builder().mode(NetworkAttachMode.NETLINK);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTOMATIC, INGRESS, on_packet",
        "AUTOMATIC, EGRESS, on_packet",
        "AUTOMATIC, INGRESS, on_ingress",
        "AUTOMATIC, EGRESS, on_egress",
        "AUTOMATIC, EGRESS, on_classifier",
        "AUTOMATIC, INGRESS, on_ingress_of_tcx",
        "AUTOMATIC, EGRESS, on_egress_of_tc",
        "NETLINK, INGRESS, on_packet",
        "NETLINK, EGRESS, on_packet",
        "NETLINK, INGRESS, on_ingress",
        "NETLINK, EGRESS, on_egress",
        "NETLINK, INGRESS, on_classifier",
        "NETLINK, INGRESS, on_ingress_of_tcx",
        "NETLINK, EGRESS, on_egress_of_tc"
    })
    void countsWhileAttachedAndNoLonger(
            NetworkAttachMode mode, TcDirection direction, String program) {
        try (Link link = attach(program, direction, TcOptions.builder().mode(mode))) {
            assertThat(hits("hits")).isEqualTo(3);
            LinkInfo info = link.info();
            assertThat(info.programId()).isEqualTo(id(program));
            String section = Objects.spec("interfaces").program(program).section();
            AttachMatrix.seen(section, link, AttachMatrix.By.NETLINK);
            if (mode == NetworkAttachMode.NETLINK || !Requirement.atLeast("6.6")) {
                assertThat(info.type()).isEqualTo(LinkType.UNSPEC);
                assertThat(info.detail())
                        .isInstanceOfSatisfying(
                                LinkInfo.TcFilter.class,
                                f -> {
                                    assertThat(f.ifindex()).isEqualTo(index(direction));
                                    assertThat(f.direction()).isEqualTo(direction);
                                    assertThat(f.priority()).isPositive();
                                    assertThat(f.handle()).isPositive();
                                });
                assertThat(Rtnetlink.qdiscs(index(direction))).contains(CLSACT);
            } else {
                assertThat(info.type()).isEqualTo(LinkType.TCX);
                assertThat(info.detail()).isEqualTo(new LinkInfo.Tcx(index(direction), direction));
            }
        }
        assertThat(hits("hits")).isZero();
        assertThat(Rtnetlink.qdiscs(index(direction))).doesNotContain(CLSACT);
    }

    @ParameterizedTest
    @EnumSource(TcDirection.class)
    @Requires(Requirement.TC_ACTIONS)
    void anActionIsThatOfAFilter(TcDirection direction) {
        try (Link link = attach("on_action", direction, filter().priority(8).handle(1))) {
            assertThat(hits("hits")).isEqualTo(3);
            assertThat(link.info().programId()).isEqualTo(id("on_action"));
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.TcFilter(index(direction), direction, 8, 1));
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.update(c.program("on_action")));
            try (Link second = attach("on_action", direction, TcOptions.builder())) {
                // the first lets others have their turn
                assertThat(hits("hits")).isEqualTo(6);
                assertThat(second.isOpen()).isTrue();
            }
        }
        assertThat(hits("hits")).isZero();
        assertThat(Rtnetlink.qdiscs(index(direction))).doesNotContain(CLSACT);
        AttachMatrix.seen("action", AttachMatrix.By.NETLINK);
    }

    @ParameterizedTest
    @EnumSource(TcDirection.class)
    @Requires(kernel = "6.6")
    void anchorsPutProgramsInAnOrder(TcDirection direction) {
        String device = device(direction);
        long start = Tc.query(device, direction).revision();
        Link middle = attach("on_packet", direction, TcOptions.builder());
        Link last = attach("on_packet_last", direction, TcOptions.builder());
        Link first = attach("on_packet_too", direction, TcOptions.builder().anchor(Anchor.first()));
        AttachedPrograms order = Tc.query(device, direction);
        assertOrder(order, first, middle, last);
        assertThat(order.revision()).isGreaterThan(start);
        middle.close();
        TcOptions.Builder[] before = {
            TcOptions.builder().anchor(Anchor.before(last)),
            TcOptions.builder().anchor(Anchor.before(c.program("on_packet_last"))),
            TcOptions.builder().anchor(Anchor.beforeLink(last.info().id())),
            TcOptions.builder().anchor(Anchor.beforeProgram(id("on_packet_last"))),
            TcOptions.builder().anchor(Anchor.after(first)),
            TcOptions.builder().anchor(Anchor.after(c.program("on_packet_too"))),
            TcOptions.builder().anchor(Anchor.afterLink(first.info().id())),
            TcOptions.builder()
                    .anchor(Anchor.afterProgram(id("on_packet_too")))
                    .expectedRevision(Tc.query(device, direction).revision() + 14)
        };
        for (TcOptions.Builder options : before) {
            try (Link again = attach("on_packet", direction, options)) {
                assertOrder(Tc.query(device, direction), first, again, last);
            }
        }
    }

    private void assertOrder(AttachedPrograms order, Link... links) {
        assertThat(order.linkIds())
                .isEqualTo(Stream.of(links).map(link -> link.info().id()).toList());
        assertThat(order.programIds())
                .isEqualTo(Stream.of(links).map(link -> link.info().programId()).toList());
    }

    @Test
    @Requires(kernel = "6.6")
    void whatDoesNotFitTheOrderIsExplained() {
        String far = OwnNetwork.FAR;
        TcDirection ingress = TcDirection.INGRESS;
        Link link = attach("on_packet", ingress, TcOptions.builder());
        long revision = Tc.query(far, ingress).revision();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(
                        () ->
                                attach(
                                        "on_packet_too",
                                        ingress,
                                        TcOptions.builder().expectedRevision(revision + 1)))
                .withMessageContaining("its programs have changed");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> attach("on_packet", ingress, TcOptions.builder()))
                .withMessageContaining("the program is attached there");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(
                        () ->
                                attach(
                                        "on_packet_too",
                                        ingress,
                                        TcOptions.builder()
                                                .anchor(
                                                        Anchor.before(
                                                                c.program("on_packet_last")))))
                .withMessageContaining("there is nothing for it to go before program");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(
                        () ->
                                c.attachTc(
                                        "on_packet_too",
                                        12345,
                                        ingress,
                                        TcOptions.builder().build()))
                .withMessageContaining("there is no such interface");
        assertThat(link.isOpen()).isTrue();
    }

    @Test
    @Requires(kernel = "6.6")
    void aLinkTakesAnotherProgram() {
        try (Link link = attach("on_packet", TcDirection.INGRESS, TcOptions.builder())) {
            link.update(c.program("on_packet_too"), c.program("on_packet"));
            assertThat(hits("hits")).isZero();
            assertThat(hits("other_hits")).isEqualTo(3);
            link.detach();
            assertThat(hits("other_hits")).isZero();
        }
    }

    @Test
    void kernelsWithoutAnOrderSaySo() {
        if (Requirement.atLeast("6.6")) {
            return;
        }
        TcOptions.Builder first = TcOptions.builder().anchor(Anchor.first());
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> attach("on_packet", TcDirection.INGRESS, first))
                .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.6"));
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> Tc.query(OwnNetwork.FAR, TcDirection.INGRESS))
                .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.6"));
    }

    @ParameterizedTest
    @EnumSource(TcDirection.class)
    void filtersGoByPriorityAndTheQdiscGoesWithTheLast(TcDirection direction) {
        int index = index(direction);
        Link last = attach("on_packet_too", direction, filter().priority(20));
        Link ending = attach("on_packet_last", direction, filter().priority(10).handle(7));
        assertThat(hits("other_hits")).isZero();
        assertThat(ending.info().detail())
                .isEqualTo(new LinkInfo.TcFilter(index, direction, 10, 7));
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> attach("on_packet", direction, filter().priority(10).handle(7)))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        Link first = attach("on_packet", direction, filter().priority(5));
        // both counters are the same one
        assertThat(hits("hits")).isEqualTo(6);
        first.close();
        ending.update(c.program("on_packet"), c.program("on_packet_last"));
        assertThat(ending.info().programId()).isEqualTo(id("on_packet"));
        assertThat(hits("other_hits")).isEqualTo(3);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(
                        () -> ending.update(c.program("on_packet"), c.program("on_packet_last")));
        // last has made the qdisc, which is in use
        last.close();
        assertThat(hits("other_hits")).isZero();
        assertThat(hits("hits")).isEqualTo(3);
        assertThat(Rtnetlink.qdiscs(index)).contains(CLSACT);
        ending.detach();
        assertThat(hits("hits")).isZero();
        assertThat(Rtnetlink.filters(index, 0xffff_fff2)).isEmpty();
        assertThat(Rtnetlink.filters(index, 0xffff_fff3)).isEmpty();
        // which another link has made
        assertThat(Rtnetlink.qdiscs(index)).doesNotContain(CLSACT);
    }

    @Test
    void aFilterThatRunsAnotherProgramIsLeft() {
        TcDirection direction = TcDirection.INGRESS;
        Link mine = attach("on_packet", direction, filter().priority(1).handle(1));
        Link other = attach("on_packet_too", direction, filter().priority(2).handle(2));
        mine.update(c.program("on_packet_too"));
        mine.update(c.program("on_packet"));
        other.close();
        assertThat(hits("hits")).isEqualTo(3);
        mine.close();
        assertThat(Rtnetlink.qdiscs(index(direction))).doesNotContain(CLSACT);
        assertThat(hits("hits")).isZero();
    }

    @Test
    void aCollectionLeavesNoQdisc() {
        int near = OwnNetwork.index(OwnNetwork.NEAR);
        try (Collection other = Collection.load(Objects.spec("interfaces"))) {
            for (TcDirection direction : TcDirection.values()) {
                other.attachTc("on_packet", near, direction, filter().build());
                other.attachTc("on_packet_too", near, direction, filter().build());
            }
            assertThat(Rtnetlink.qdiscs(near)).contains(CLSACT);
            assertThat(Rtnetlink.filters(near, 0xffff_fff3)).isNotEmpty();
        }
        assertThat(Rtnetlink.qdiscs(near)).doesNotContain(CLSACT);
    }

    @Test
    void anIngressQdiscHasNoRoomForWhatLeaves() {
        int near = OwnNetwork.index(OwnNetwork.NEAR);
        Rtnetlink.addIngress(near);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> attach("on_packet", TcDirection.EGRESS, filter()))
                .withMessageContaining("a qdisc of kind ingress");
        try (Link link = c.attachTc("on_packet", near, TcDirection.INGRESS, filter().build())) {
            assertThat(link.isOpen()).isTrue();
            assertThat(Rtnetlink.filters(near, 0xffff_fff2)).contains("bpf");
        }
        assertThat(Rtnetlink.qdiscs(near)).contains("ingress");
    }

    @Test
    void sectionsSayWhatToCall() {
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> c.attach("on_ingress"))
                .withMessageContaining("Tc.attach");
    }
}
