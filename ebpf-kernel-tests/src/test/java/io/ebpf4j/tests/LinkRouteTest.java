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
import io.ebpf4j.link.RouteOptions;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of routes, with packets that arrive at a veth pair and leave by it. */
@KernelTest
@Requires(Requirement.VETH)
class LinkRouteTest {
    private static final String IPV4 = "198.51.100.0/24";
    private static final String IPV6 = "2001:db8:1::/64";
    private static final String NEAR = OwnNetwork.NEAR;
    private static final int IPV6_PROTOCOL = 0x86dd;
    private static final int NO_NEXT_HEADER = 59;
    private static final int ROUTING_HEADER = 43;

    private OwnNetwork network;
    private Collection c;

    @BeforeEach
    void enter() {
        network = OwnNetwork.of("veth");
    }

    @AfterEach
    void close() {
        try (OwnNetwork _ = network) {
            if (c != null) {
                c.close();
            }
        }
    }

    private void load(String program) {
        CollectionSpec spec = Objects.spec("routes");
        spec.program(program).autoload(true);
        c = Collection.load(spec);
    }

    private long hits() {
        return c.variable("hits", long.class).get();
    }

    /** Sends three packets to where a route leads, and returns how many the program counted. */
    private long hitsOf(String program) throws IOException {
        long before = hits();
        for (int i = 0; i < 3; i++) {
            switch (program) {
                case "on_arrival" -> network.send(IPV6_PROTOCOL, packet(false));
                case "on_segment" -> network.send(IPV6_PROTOCOL, packet(true));
                default -> sendOut();
            }
        }
        return hits() - before;
    }

    private static void sendOut() throws IOException {
        try (DatagramChannel client = DatagramChannel.open(StandardProtocolFamily.INET)) {
            client.send(ByteBuffer.allocate(8), new InetSocketAddress("198.51.100.7", 9));
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("unreachable");
        }
    }

    /** A packet of IPv6 without a payload; with one segment more to go, if it is routed so. */
    private static byte[] packet(boolean segments) throws IOException {
        byte[] here = InetAddress.getByName("2001:db8:1::1").getAddress();
        ByteBuffer packet = ByteBuffer.allocate(segments ? 80 : 40);
        packet.putInt(6 << 28)
                .putShort((short) (packet.capacity() - 40))
                .put((byte) (segments ? ROUTING_HEADER : NO_NEXT_HEADER))
                .put((byte) 64)
                .put(InetAddress.getByName("2001:db8:9::1").getAddress())
                .put(here);
        if (segments) {
            packet.put(new byte[] {NO_NEXT_HEADER, 4, 4, 1, 1, 0, 0, 0})
                    .put(InetAddress.getByName("2001:db8:2::1").getAddress())
                    .put(here);
        }
        return packet.array();
    }

    private static String routes(String prefix) throws IOException {
        String file = prefix.equals(IPV4) ? "route" : "ipv6_route";
        return Files.readString(Path.of("/proc/thread-self/net/" + file)).replace("\t", " ");
    }

    @ParameterizedTest
    @CsvSource({
        "on_arrival, lwt_in, " + IPV6 + ", 1024, 20010db8000100000000000000000000 40",
        "on_departure, lwt_out, " + IPV4 + ", 0, near 006433C6",
        "on_transmission, lwt_xmit, " + IPV4 + ", 0, near 006433C6",
        "on_segment, lwt_seg6local, " + IPV6 + ", 1024, 20010db8000100000000000000000000 40"
    })
    void countsWhileAttachedAndNoLonger(
            String program, String section, String destination, int metric, String listed)
            throws IOException {
        load(program);
        try (Link link = c.attachRoute(program, destination, NEAR)) {
            assertThat(hitsOf(program)).isEqualTo(3);
            assertThat(routes(destination)).contains(listed);
            assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
            assertThat(link.info().programId()).isEqualTo(c.program(program).info().id());
            assertThat(link.info().detail())
                    .isInstanceOfSatisfying(
                            LinkInfo.Route.class,
                            route -> {
                                assertThat(route.ifindex()).isEqualTo(OwnNetwork.index(NEAR));
                                assertThat(route.table()).isEqualTo(254);
                                assertThat(route.metric()).isEqualTo(metric);
                            });
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> c.attach(program))
                    .withMessageContaining("Collection.attachRoute");
        }
        assertThat(routes(destination)).doesNotContain(listed);
        assertThat(hitsOf(program)).isZero();
        AttachMatrix.seen(section, AttachMatrix.By.NETLINK);
    }

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void aRouteThatIsThereIsLeft(String destination) throws IOException {
        load("on_transmission");
        int near = OwnNetwork.index(NEAR);
        RouteOptions options = RouteOptions.builder().metric(70_000).headroom(64).build();
        Link link = c.attachRoute("on_transmission", destination, near, options);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachRoute("on_transmission", destination, near, options))
                .withMessageContaining("there is one in table 254 with metric 70000")
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        Rtnetlink.replaceRoute(destination, near, 70_000);
        link.close();
        assertThat(routes(destination))
                .contains(destination.equals(IPV4) ? "near 006433C6" : "20010db80001");
    }

    @Test
    void aRouteGoesWithItsInterface() throws IOException {
        load("on_transmission");
        RouteOptions options = RouteOptions.builder().table(100).build();
        Link link = c.attachRoute("on_transmission", IPV4, NEAR, options);
        // which the main table knows nothing of
        assertThat(hitsOf("on_transmission")).isZero();
        Rtnetlink.remove(OwnNetwork.index(NEAR));
        link.detach();
        assertThat(link.isOpen()).isFalse();
    }

    @Test
    void aGatewayForwards() throws IOException {
        load("on_transmission");
        try (Link near = c.attachRoute("on_transmission", "192.0.2.9", NEAR)) {
            RouteOptions options =
                    RouteOptions.builder().gateway(InetAddress.getByName("192.0.2.9")).build();
            try (Link link = c.attachRoute("on_transmission", IPV4, NEAR, options)) {
                assertThat(hitsOf("on_transmission")).isEqualTo(3);
                assertThat(link.isOpen() && near.isOpen()).isTrue();
            }
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    c.attachRoute(
                                            "on_transmission",
                                            IPV4,
                                            NEAR,
                                            RouteOptions.builder()
                                                    .gateway(InetAddress.getByName("203.0.113.1"))
                                                    .build()))
                    .withMessageContaining("the kernel says: Nexthop has invalid gateway");
        }
    }

    @Test
    void interfacesThatAreNotThereAreNamed() {
        load("on_transmission");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachRoute("on_transmission", IPV4, "nearr"))
                .withMessageContaining("did you mean near");
        RouteOptions options = RouteOptions.builder().build();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachRoute("on_transmission", IPV4, 12345, options))
                .withMessageContaining("cannot attach on_transmission to the route to " + IPV4)
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }
}
