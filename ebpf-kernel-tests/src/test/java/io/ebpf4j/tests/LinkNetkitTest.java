// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Anchor;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.Netkit;
import io.ebpf4j.link.NetkitOptions;
import io.ebpf4j.link.NetkitSide;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Programs at a pair of netkit interfaces. */
@KernelTest
@Requires(Requirement.NETKIT)
class LinkNetkitTest {
    private static final String NEAR = OwnNetwork.NEAR;
    private static final String FAR = OwnNetwork.FAR;

    private static Collection load() {
        CollectionSpec spec = Objects.spec("interfaces");
        spec.program("on_primary").autoload(true);
        spec.program("on_peer").autoload(true);
        return Collection.load(spec);
    }

    private static long hits(Collection c, String counter) {
        return c.variable(counter, long.class).get();
    }

    // frames go from near to far, so that the primary interface is what sends, or what receives
    @ParameterizedTest
    @CsvSource({"PRIMARY, near, far, on_primary, hits", "PEER, far, near, on_peer, other_hits"})
    void countsWhileAttachedAndNoLonger(
            NetkitSide side, String primary, String peer, String program, String counter) {
        try (OwnNetwork network = OwnNetwork.of("netkit", primary, peer);
                Collection c = load()) {
            try (Link link = c.attachNetkit(program, primary, side)) {
                network.send(3);
                assertThat(hits(c, counter)).isEqualTo(3);
                LinkInfo info = link.info();
                assertThat(info.type()).isEqualTo(LinkType.NETKIT);
                assertThat(info.detail())
                        .isInstanceOfSatisfying(
                                LinkInfo.Netkit.class,
                                netkit -> assertThat(netkit.side()).isEqualTo(side));
                assertThat(Netkit.query(primary, side).linkIds()).isEqualTo(List.of(info.id()));
            }
            network.send(3);
            assertThat(hits(c, counter)).isEqualTo(3);
            AttachMatrix.seen(
                    Objects.spec("interfaces").program(program).section(), AttachMatrix.By.LINK);
        }
    }

    @Test
    void programsHaveAnOrderAndTakeEachOthersPlace() {
        NetkitSide side = NetkitSide.PRIMARY;
        try (OwnNetwork network = OwnNetwork.of("netkit");
                Collection c = load()) {
            int index = OwnNetwork.index(NEAR);
            NetkitOptions first = NetkitOptions.builder().anchor(Anchor.first()).build();
            Link last = c.attachNetkit("on_primary", NEAR, side);
            Link one = c.attachNetkit("on_packet", index, side, first);
            assertThat(Netkit.query(index, side).linkIds())
                    .isEqualTo(List.of(one.info().id(), last.info().id()));
            network.send(2);
            assertThat(hits(c, "hits")).isEqualTo(4);
            one.update(c.program("on_packet_too"));
            network.send(2);
            assertThat(hits(c, "hits")).isEqualTo(6);
            assertThat(hits(c, "other_hits")).isEqualTo(2);
            long revision = Netkit.query(index, side).revision();
            NetkitOptions stale = NetkitOptions.builder().expectedRevision(revision + 1).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachNetkit("on_peer", NEAR, side, stale))
                    .withMessageContaining("its programs have changed");
        }
    }

    @Test
    void onlyThePrimaryInterfaceIsNamed() {
        try (OwnNetwork network = OwnNetwork.of("netkit");
                Collection c = load()) {
            network.send(1);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachNetkit("on_peer", FAR, NetkitSide.PEER))
                    .withMessageContaining("name the primary interface");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachNetkit("on_peer", "lo", NetkitSide.PEER))
                    .withMessageContaining("it is no netkit interface");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> c.attach("on_peer"))
                    .withMessageContaining("Netkit.attach");
        }
    }
}
