// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.NetworkNamespace;
import io.ebpf4j.map.SocketMap;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Programs on sockets, maps of sockets and network namespaces. */
@KernelTest
class LinkSocketTest {
    private static final int CLIENTS = 16;
    private static final int BYTES = 8;

    private static Collection load(String... programs) {
        Set<String> wanted = Set.of(programs);
        CollectionSpec spec = Objects.spec("sockets");
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(wanted.contains(program.name()));
        }
        return Collection.load(spec);
    }

    private static long hits(Collection c, String program) {
        return c.variable(program + "_hits", long.class).get();
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static DatagramChannel receiver(InetSocketAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        channel.bind(address);
        channel.configureBlocking(false);
        return channel;
    }

    /** Sends one datagram over the loopback, which has delivered it when this returns. */
    private static void send(DatagramChannel to) throws IOException {
        try (DatagramChannel client = DatagramChannel.open(StandardProtocolFamily.INET)) {
            client.send(ByteBuffer.allocate(BYTES), to.getLocalAddress());
        }
    }

    private static int received(DatagramChannel channel) throws IOException {
        int count = 0;
        while (channel.receive(ByteBuffer.allocate(BYTES)) != null) {
            count++;
        }
        return count;
    }

    @Test
    void aFilterDecidesWhatASocketGets() throws IOException {
        try (Collection c = load("on_packet");
                DatagramChannel channel = receiver(anyPort())) {
            try (Link link = c.attachSocketFilter("on_packet", channel)) {
                send(channel);
                assertThat(received(channel)).isEqualTo(1);
                c.variable("kept", int.class).set(0);
                send(channel);
                assertThat(received(channel)).isZero();
                assertThat(hits(c, "on_packet")).isEqualTo(2);
                assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
                link.update(c.program("on_packet"));
                send(channel);
                assertThat(hits(c, "on_packet")).isEqualTo(3);
            }
            send(channel);
            assertThat(received(channel)).isEqualTo(1);
            assertThat(hits(c, "on_packet")).isEqualTo(3);
            AttachMatrix.seen("socket", AttachMatrix.By.SETSOCKOPT);
        }
    }

    @Test
    void aFilterEndsWithItsSocket() throws IOException {
        try (Collection c = load("on_packet")) {
            DatagramChannel channel = receiver(anyPort());
            Link link = c.attachSocketFilter("on_packet", channel);
            channel.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachSocketFilter("on_packet", channel));
        }
    }

    @Test
    void aSocketOfOnesOwnIsNamedByItsDescriptor() {
        try (Collection c = load("on_packet");
                Sockets socket = Sockets.udp()) {
            assertThat(c.attachSocketFilter("on_packet", socket.fd()).isOpen()).isTrue();
            int map = c.map("group").descriptor().fd();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachSocketFilter("on_packet", map))
                    .withMessageContaining("is no socket but anon_inode:bpf-map");
        }
    }

    @Test
    void aProgramChoosesAmongSocketsThatShareAPort() throws IOException {
        try (Collection c = load("on_choice");
                DatagramChannel chosen = receiver(anyPort())) {
            SocketMap<Integer> group = SocketMap.of(c.map("group"), Integer.class);
            group.put(0, chosen);
            try (DatagramChannel other = receiver((InetSocketAddress) chosen.getLocalAddress())) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> group.put(1, other))
                        .withMessageContaining("have its addresses");
                try (Link link = c.attachReuseport("on_choice", other)) {
                    sendFromSeveral(chosen);
                    assertThat(received(chosen)).isEqualTo(CLIENTS);
                    assertThat(received(other)).isZero();
                    assertThat(hits(c, "on_choice")).isEqualTo(CLIENTS);
                    assertThat(link.isOpen()).isTrue();
                }
                sendFromSeveral(chosen);
                assertThat(received(chosen) + received(other)).isEqualTo(CLIENTS);
                assertThat(hits(c, "on_choice")).isEqualTo(CLIENTS);
                AttachMatrix.seen("sk_reuseport", AttachMatrix.By.SETSOCKOPT);
            }
        }
    }

    /** Connects to a socket that shares its port and closes it; tells who has the connection. */
    private static boolean migrates(Collection c, ServerSocketChannel heir) throws IOException {
        InetSocketAddress address = (InetSocketAddress) heir.getLocalAddress();
        SocketMap<Integer> group = SocketMap.of(c.map("group"), Integer.class);
        Sockets first = Sockets.listening(address.getPort());
        group.put(0, first.fd());
        try (SocketChannel client = SocketChannel.open(address)) {
            first.close();
            SocketChannel peer = heir.accept();
            if (peer != null) {
                peer.close();
            }
            return peer != null && client.isOpen();
        }
    }

    @Test
    @Requires(kernel = "5.14")
    void aProgramChoosesWhoGetsTheConnectionsOfAClosedSocket() throws IOException {
        try (Collection c = load("on_migration");
                ServerSocketChannel heir = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            heir.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            heir.bind(anyPort());
            heir.configureBlocking(false);
            SocketMap.of(c.map("group"), Integer.class).put(1, heir);
            try (Link link = c.attachReuseport("on_migration", heir)) {
                assertThat(migrates(c, heir)).isTrue();
                assertThat(hits(c, "on_migration")).isEqualTo(1);
                assertThat(link.isOpen()).isTrue();
            }
            // the kernel, which chooses then, leaves nothing to others
            migrates(c, heir);
            assertThat(hits(c, "on_migration")).isEqualTo(1);
            AttachMatrix.seen("sk_reuseport/migrate", AttachMatrix.By.SETSOCKOPT);
        }
    }

    private static void sendFromSeveral(DatagramChannel to) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            send(to);
        }
    }

    /** Sends some bytes over a connection whose one end is put into the map. */
    private static void exchange(Collection c, boolean sender) throws IOException {
        SocketMap<Integer> connections = SocketMap.of(c.map("connections"), Integer.class);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server.bind(anyPort());
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    SocketChannel peer = server.accept()) {
                connections.put(0, sender ? client : peer);
                client.write(ByteBuffer.allocate(BYTES));
                ByteBuffer data = ByteBuffer.allocate(BYTES);
                while (data.hasRemaining() && peer.read(data) >= 0) {
                    Thread.onSpinWait();
                }
                assertThat(data.hasRemaining()).isFalse();
            }
        }
    }

    @Test
    void aProgramSeesWhatSocketsOfAMapSend() throws IOException {
        try (Collection c = load("on_send")) {
            try (Link link = c.attachSocketMap("on_send", "connections")) {
                exchange(c, true);
                assertThat(hits(c, "on_send")).isPositive();
                AttachMatrix.seen("sk_msg", link, AttachMatrix.By.PROG_ATTACH);
                if (Requirement.atLeast("6.10")) {
                    assertThat(link.info().detail())
                            .isEqualTo(
                                    new LinkInfo.SocketMap(
                                            c.map("connections").info().id(),
                                            AttachType.SK_MSG_VERDICT.number()));
                    link.update(c.program("on_send"), c.program("on_send"));
                } else {
                    assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
                }
            }
            long before = hits(c, "on_send");
            exchange(c, true);
            assertThat(hits(c, "on_send")).isEqualTo(before);
        }
    }

    @Test
    @Requires(kernel = "5.17")
    void aMapTellsWhatItHas() {
        AttachType type = AttachType.SK_MSG_VERDICT;
        try (Collection c = load("on_send")) {
            assertThat(c.querySocketMap("connections", type).programIds()).isEmpty();
            try (Link link = c.attachSocketMap("on_send", "connections")) {
                assertThat(c.querySocketMap("connections", type).programIds())
                        .containsExactly(link.info().programId());
                assertThat(
                                c.querySocketMap("connections", AttachType.SK_SKB_STREAM_PARSER)
                                        .programIds())
                        .isEmpty();
            }
            assertThat(c.querySocketMap("connections", type).programIds()).isEmpty();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.querySocketMap("group", type))
                    .withMessageContaining("cannot list the programs of socket map group");
        }
    }

    @Test
    void programsSeeTheStreamsOfAMap() throws IOException {
        try (Collection c = load("on_parse", "on_stream")) {
            try (Link parser = c.attachSocketMap("on_parse", "connections");
                    Link verdict = c.attachSocketMap("on_stream", "connections")) {
                exchange(c, false);
                assertThat(hits(c, "on_parse")).isPositive();
                assertThat(hits(c, "on_stream")).isPositive();
                AttachMatrix.seen("sk_skb/stream_parser", parser, AttachMatrix.By.PROG_ATTACH);
                AttachMatrix.seen("sk_skb/stream_verdict", verdict, AttachMatrix.By.PROG_ATTACH);
            }
            long before = hits(c, "on_stream");
            exchange(c, false);
            assertThat(hits(c, "on_stream")).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AttachType.class,
            names = {"SK_SKB_STREAM_PARSER", "SK_SKB_STREAM_VERDICT"})
    void aProgramForAnyPlaceIsToldIt(AttachType type) throws IOException {
        boolean parses = type == AttachType.SK_SKB_STREAM_PARSER;
        String other = parses ? "on_stream" : "on_parse";
        try (Collection c = load("on_any", other)) {
            c.variable("attached_to_parser", int.class).set(parses ? 1 : 0);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachSocketMap("on_any", "connections"))
                    .withMessageContaining("sk_skb/stream_parser");
            try (Link link = c.attachSocketMap("on_any", c.map("connections"), type);
                    Link beside = c.attachSocketMap(other, "connections")) {
                exchange(c, false);
                assertThat(hits(c, "on_any")).isPositive();
                assertThat(beside.isOpen()).isTrue();
                AttachMatrix.seen("sk_skb", link, AttachMatrix.By.PROG_ATTACH);
            }
            long before = hits(c, "on_any");
            exchange(c, false);
            assertThat(hits(c, "on_any")).isEqualTo(before);
        }
    }

    @Test
    @Requires(kernel = "5.13")
    void aProgramSeesWhatSocketsOfAMapReceive() throws IOException {
        try (Collection c = load("on_verdict")) {
            try (Link link = c.attachSocketMap("on_verdict", "connections")) {
                exchange(c, false);
                assertThat(hits(c, "on_verdict")).isPositive();
                AttachMatrix.seen("sk_skb/verdict", link, AttachMatrix.By.PROG_ATTACH);
            }
            long before = hits(c, "on_verdict");
            exchange(c, false);
            assertThat(hits(c, "on_verdict")).isEqualTo(before);
        }
    }

    @Test
    @Requires(Requirement.NETWORK_NAMESPACES)
    void aProgramLooksUpTheSocketsOfANamespace() throws IOException {
        try (ChildJvm child = NetworkChild.start();
                Collection c = load("on_lookup")) {
            c.variable("refused_port", int.class).set(Integer.parseInt(child.answer("port")));
            Path namespace = Path.of("/proc/" + child.pid() + "/ns/net");
            try (Link link = c.attachNetns("on_lookup", namespace)) {
                child.tell("connect");
                assertThat(child.answer("connect")).isEqualTo("false");
                assertThat(hits(c, "on_lookup")).isPositive();
                long inode = (long) Files.getAttribute(namespace, "unix:ino");
                assertThat(link.info().detail())
                        .isEqualTo(
                                new LinkInfo.NetworkNamespace(
                                        (int) inode, AttachType.SK_LOOKUP.number()));
                assertThat(NetworkNamespace.query(namespace, AttachType.SK_LOOKUP).programIds())
                        .containsExactly(link.info().programId());
                link.update(c.program("on_lookup"));
            }
            long before = hits(c, "on_lookup");
            child.tell("connect");
            assertThat(child.answer("connect")).isEqualTo("true");
            assertThat(hits(c, "on_lookup")).isEqualTo(before);
            AttachMatrix.seen("sk_lookup", AttachMatrix.By.LINK);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dissect", "dissect-before-5.8"})
    @Requires(Requirement.NETWORK_NAMESPACES)
    void aProgramDissectsPacketsOfTheCurrentNamespace(String how) throws IOException {
        try (ChildJvm child = NetworkChild.start()) {
            child.tell(how);
            assertThat(child.answer(how)).isEqualTo("1 0");
            AttachMatrix.seen("flow_dissector", AttachMatrix.By.LINK);
        }
    }

    @Test
    void whatIsNoNamespaceIsRefused() {
        try (Collection c = load("on_lookup")) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachNetns("on_lookup", Path.of("/proc/self/status")))
                    .withMessageContaining("the file may be no network namespace");
        }
    }
}
