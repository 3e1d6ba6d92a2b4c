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
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Routes with programs: what is asked for, and that nothing is left of it. */
class RouteTest {
    private static final String IPV4 = "10.1.0.0/16";
    private static final String IPV6 = "fd00::/8";

    @TempDir Path folder;

    private static RouteOptions.Builder options() {
        return RouteOptions.builder();
    }

    @ParameterizedTest
    @CsvSource({
        "LWT_IN, 10.1.0.0/16, 2, 16 0a010000, 0, 6, 1",
        "LWT_OUT, 10.1.2.3, 2, 32 0a010203, 0, 6, 2",
        "LWT_XMIT, fd00::/8, 10, 8 fd000000000000000000000000000000, 1024, 6, 3",
        "LWT_SEG6LOCAL, ::1, 10, 128 00000000000000000000000000000001, 1024, 7, 8"
    })
    void theProgramsTypeSaysWhereItBelongs(
            ProgramType type,
            String destination,
            int family,
            String bits,
            int metric,
            int tunnel,
            int place) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(type)) {
            Link link = Route.attach(program, destination, "eth0");
            String name = place + " prog#" + program.info().id();
            assertThat(host.network.routes.all)
                    .containsExactly(
                            new FakeRoutes.Route(family, bits, 254, metric, 2, tunnel, name));
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(folder.resolve("pin")));
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.update(program))
                    .withMessageContaining("smaller metric");
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(host.network.routes.all).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void optionsAreAttributes() throws Exception {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.LWT_XMIT)) {
            RouteOptions all =
                    options()
                            .gateway(InetAddress.getByName("10.9.0.1"))
                            .table(1000)
                            .metric(7)
                            .headroom(32)
                            .build();
            Link link = Route.attach(program, IPV4, 2, all);
            ByteBuffer request = host.network.routes.request;
            // a route by a gateway is of another scope
            assertThat(request.get(22)).isZero();
            assertThat(NetlinkMessage.number(request, 28, 5))
                    .isEqualTo(
                            ByteBuffer.wrap(new byte[] {10, 9, 0, 1})
                                    .order(request.order())
                                    .getInt());
            ByteBuffer encap = NetlinkMessage.find(request, 28, 22);
            assertThat(NetlinkMessage.number(encap, 0, 4)).isEqualTo(32);
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.Route("10.1.0.0/16", 2, 1000, 7));
            link.detach();
            Route.attach(program, IPV4, "eth0").close();
            assertThat(host.network.routes.all).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void somebodyElsesRouteIsLeft(String destination) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.LWT_OUT)) {
            Link link = Route.attach(program, destination, "eth0");
            FakeRoutes.Route mine = host.network.routes.all.remove(0);
            FakeRoutes.Route theirs =
                    new FakeRoutes.Route(
                            mine.family(), mine.destination(), 254, mine.metric(), 2, 0, "");
            host.network.routes.all.add(theirs);
            link.close();
            assertThat(host.network.routes.all).containsExactly(theirs);
            Link gone = Route.attach(program, "192.0.2.0/24", "eth0");
            host.network.remove("eth0");
            gone.close();
            assertThat(gone.isOpen()).isFalse();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "17, there is one in table 254 with metric 0",
        "95, CONFIG_LWTUNNEL_BPF",
        "100, the kernel says: Nexthop device is not up",
        "19, ENODEV"
    })
    void whatTheKernelRefusesIsExplained(int errno, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        String words = errno == 100 ? "Nexthop device is not up" : "";
        host.network.refusals.add(new FakeNetwork.Refusal(NetlinkMessage.NEWROUTE, errno, words));
        try (Program program = host.program(ProgramType.LWT_IN)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Route.attach(program, IPV4, "eth0"))
                    .withMessageContaining("cannot attach prog to the route to 10.1.0.0/16 by eth0")
                    .withMessageContaining(message);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeRemovedIsTold() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.LWT_IN)) {
            Link link = Route.attach(program, IPV4, "eth0");
            host.network.refusals.add(
                    new FakeNetwork.Refusal(NetlinkMessage.DELROUTE, Errno.EPERM, ""));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(link::close)
                    .withMessageContaining("cannot remove the route to 10.1.0.0/16 by eth0");
            assertThat(link.isOpen()).isFalse();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(link::info);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.0.0/33",
                "10.1.0.0/-1",
                "10.1.0.1/16",
                "10.1.0.0/x",
                "host",
                "fd00::/129"
            })
    void whatIsNoPrefixIsRefused(String destination) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.LWT_IN)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Route.attach(program, destination, "eth0"));
            assertThat(host.network.requests).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() throws Exception {
        FakeHost host = new FakeHost(folder, "6.12");
        RouteOptions roomy = options().headroom(8).build();
        RouteOptions other = options().gateway(InetAddress.getByName("fd00::1")).build();
        try (Program segment = host.program(ProgramType.LWT_SEG6LOCAL);
                Program in = host.program(ProgramType.LWT_IN);
                Program xdp = host.program(ProgramType.XDP)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Route.attach(segment, IPV4, "eth0"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Route.attach(in, IPV4, "eth0", roomy));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Route.attach(in, IPV4, "eth0", other));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Route.attach(xdp, IPV4, "eth0"))
                    .withMessageContaining("routes take LWT_IN");
            assertThat(host.network.requests).isEmpty();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> options().table(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> options().headroom(257).build());
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void nothingIsLeftWhicheverCallFails(String destination) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder, "6.12");
            try (Program program = host.program(ProgramType.LWT_XMIT)) {
                host.failCall(nth);
                Link link = null;
                try {
                    link = Route.attach(program, destination, "eth0");
                } catch (BpfException e) {
                    failures++;
                }
                int made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(host.network.routes.all).as("call " + nth).isEmpty();
                assertThat(host.fake.leftOpen()).as("call " + nth).hasSize(1);
                if (made < nth) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
        }
        assertThat(failures).isGreaterThan(5);
    }
}
