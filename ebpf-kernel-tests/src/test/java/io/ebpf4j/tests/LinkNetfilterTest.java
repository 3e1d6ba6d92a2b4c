// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.NetfilterFamily;
import io.ebpf4j.link.NetfilterHook;
import io.ebpf4j.link.NetfilterOptions;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Programs at the hooks of netfilter, through which datagrams of this process go. */
@KernelTest
@Requires(value = Requirement.VETH, kernel = "6.4")
class LinkNetfilterTest {
    private OwnNetwork network;
    private Collection c;

    @BeforeEach
    void load() {
        network = OwnNetwork.of("veth");
        CollectionSpec spec = Objects.spec("interfaces");
        spec.program("on_hook").autoload(true);
        c = Collection.load(spec);
    }

    @AfterEach
    void close() {
        try (OwnNetwork _ = network) {
            c.close();
        }
    }

    /** Sends a datagram to itself, waits for it, and returns what the program has counted. */
    private long hits(NetfilterFamily family, int bytes) throws IOException {
        boolean four = family == NetfilterFamily.IPV4;
        long before = c.variable("hits", long.class).get();
        try (DatagramChannel channel =
                DatagramChannel.open(
                        four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            channel.bind(
                    new InetSocketAddress(InetAddress.getByName(four ? "127.0.0.1" : "::1"), 0));
            channel.send(ByteBuffer.allocate(bytes), channel.getLocalAddress());
            ByteBuffer room = ByteBuffer.allocate(bytes);
            channel.receive(room);
            assertThat(room.position()).isEqualTo(bytes);
        }
        return c.variable("hits", long.class).get() - before;
    }

    @ParameterizedTest
    @CsvSource({
        "IPV4, PREROUTING",
        "IPV4, LOCAL_IN",
        "IPV4, LOCAL_OUT",
        "IPV4, POSTROUTING",
        "IPV6, LOCAL_IN",
        "IPV6, LOCAL_OUT"
    })
    void countsWhileAttachedAndNoLonger(NetfilterFamily family, NetfilterHook hook)
            throws IOException {
        NetfilterOptions options = NetfilterOptions.builder().priority(-5).build();
        try (Link link = c.attachNetfilter("on_hook", family, hook, options)) {
            // interfaces that come up say so in IPv6
            assertThat(hits(family, 10))
                    .isBetween(1L, family == NetfilterFamily.IPV4 ? 1L : Long.MAX_VALUE);
            LinkInfo info = link.info();
            assertThat(info.type()).isEqualTo(LinkType.NETFILTER);
            assertThat(info.detail()).isEqualTo(new LinkInfo.Netfilter(family, hook, -5, false));
        }
        assertThat(hits(family, 10)).isZero();
        AttachMatrix.seen("netfilter", AttachMatrix.By.LINK);
    }

    @Test
    void aPriorityIsTakenOnce() {
        NetfilterFamily family = NetfilterFamily.IPV4;
        NetfilterHook hook = NetfilterHook.FORWARD;
        try (Link link = c.attachNetfilter("on_hook", family, hook)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachNetfilter("on_hook", family, hook))
                    .withMessageContaining("another program has the priority 0")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
            assertThat(link.isOpen()).isTrue();
        }
        NetfilterOptions none = NetfilterOptions.builder().priority(Integer.MIN_VALUE).build();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachNetfilter("on_hook", family, hook, none))
                .withMessageContaining("there is no priority");
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> c.attach("on_hook"))
                .withMessageContaining("Netfilter.attach");
    }

    @Test
    @Requires(kernel = "6.6")
    void fragmentsArePutTogether() throws IOException {
        NetfilterFamily family = NetfilterFamily.IPV4;
        NetfilterHook hook = NetfilterHook.PREROUTING;
        Rtnetlink.limit(OwnNetwork.index("lo"), 1500);
        try (Link link = c.attachNetfilter("on_hook", family, hook)) {
            assertThat(hits(family, 4000)).isEqualTo(3);
            assertThat(link.isOpen()).isTrue();
        }
        NetfilterOptions whole = NetfilterOptions.builder().defragmented().build();
        try (Link link = c.attachNetfilter("on_hook", family, hook, whole)) {
            assertThat(hits(family, 4000)).isEqualTo(1);
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.Netfilter(family, hook, 0, true));
        }
        NetfilterOptions early = NetfilterOptions.builder().priority(-400).defragmented().build();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachNetfilter("on_hook", family, hook, early))
                .withMessageContaining("fragments are put together at priority -400");
    }
}
