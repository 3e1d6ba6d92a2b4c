// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Map;

/** XDP: a link first, then netlink, which removes only what it has set. */
class XdpTest {
    private static final int ETH0 = 2;

    @TempDir Path folder;

    private static Program program(FakeHost host) {
        return host.program(ProgramType.XDP, AttachType.XDP);
    }

    private static XdpOptions by(NetworkAttachMode mode) {
        return XdpOptions.builder().mode(mode).build();
    }

    @ParameterizedTest
    @CsvSource({"AUTOMATIC, 0", "GENERIC, 2", "NATIVE, 4", "OFFLOAD, 8"})
    void aLinkGetsInterfaceAndMode(XdpMode place, int flags) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host)) {
            Xdp.attach(program, "eth0", XdpOptions.builder().place(place).build()).close();
            assertThat(host.linkCreate.getInt(0)).isEqualTo(program.fd());
            assertThat(host.linkCreate.getInt(4)).isEqualTo(ETH0);
            assertThat(host.linkCreate.getInt(8)).isEqualTo(37);
            assertThat(host.linkCreate.getInt(12)).isEqualTo(flags);
            assertThat(host.network.requests).containsOnly(NetlinkMessage.GETLINK);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void kernelsWithoutLinksAreAskedByNetlink() {
        FakeHost host = new FakeHost(folder, "5.8");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EINVAL);
        try (Program program = program(host)) {
            Link link = Xdp.attach(program, "eth0");
            int id = program.info().id();
            assertThat(host.network.xdp).isEqualTo(Map.of(ETH0, id));
            assertThat(link.info())
                    .isEqualTo(new LinkInfo(LinkType.UNSPEC, 0, id, new LinkInfo.Xdp(ETH0)));
            assertThat(Xdp.query(host.kernel, NetDevice.at(ETH0)))
                    .isEqualTo(new XdpPrograms(0, id, 0));
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(folder.resolve("pin")));
            assertThat(link.isPinned()).isFalse();
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(host.network.xdp).isEmpty();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> Xdp.attach(program, "eth0", by(NetworkAttachMode.LINK)))
                    .withMessageContaining("needs Linux 5.9");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "16, a bpf_link does not replace",
        "17, in another mode",
        "19, no such interface",
        "22, EINVAL",
        "95, XdpMode.GENERIC does without it"
    })
    void otherFailuresAreNoReasonToFallBack(int errno, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, errno);
        XdpOptions options = XdpOptions.builder().place(XdpMode.NATIVE).build();
        try (Program program = program(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(program, "eth0", options))
                    .withMessageContaining("cannot attach prog to XDP of eth0")
                    .withMessageContaining(message);
            assertThat(host.network.requests).doesNotContain(NetlinkMessage.SETLINK);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void theKernelsWordsAreTold() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host);
                Program other = program(host);
                Link link = Xdp.attach(program, "eth0", by(NetworkAttachMode.NETLINK))) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(other, ETH0, by(NetworkAttachMode.NETLINK)))
                    .withMessage(
                            "cannot attach prog to XDP of interface 2 (the kernel says: XDP"
                                    + " program already attached): EBUSY (device or resource"
                                    + " busy)");
            assertThat(link.isOpen()).isTrue();
        }
        assertThat(host.network.xdp).isEmpty();
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.4", "6.12"})
    void somebodyElsesProgramIsLeftAlone(String version) {
        FakeHost host = new FakeHost(folder, version);
        NetworkAttachMode netlink = NetworkAttachMode.NETLINK;
        try (Program first = program(host);
                Program second = program(host)) {
            Link one = Xdp.attach(first, "eth0", by(netlink));
            XdpOptions expecting = XdpOptions.builder().replacing(second).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(second, "eth0", expecting))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            Link two = Xdp.attach(second, "eth0", XdpOptions.builder().replacing(first).build());
            one.close();
            assertThat(host.network.xdp).isEqualTo(Map.of(ETH0, second.info().id()));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> two.update(first, first))
                    .withMessageContaining("in the place of the XDP program of eth0");
            two.update(first);
            assertThat(host.network.xdp).isEqualTo(Map.of(ETH0, first.info().id()));
            two.update(second, first);
            Link three = Xdp.attach(first, "eth0", XdpOptions.builder().replacing().build());
            two.detach();
            assertThat(host.network.xdp).isEqualTo(Map.of(ETH0, first.info().id()));
            host.network.remove("eth0");
            three.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void interfacesAreSuggested() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = program(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(program, "eht0"))
                    .withMessage(
                            "there is no network interface eht0 in this network namespace; did you"
                                    + " mean eth0?");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(program, "x".repeat(200)))
                    .withMessageContaining("there is no network interface xxx");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Xdp.attach(program, 0, XdpOptions.DEFAULT));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeAttachedIsToldBeforeTheKernelIsAsked() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program map = host.program(ProgramType.XDP, AttachType.XDP_DEVMAP);
                Program kprobe = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(map, "eth0"))
                    .withMessageContaining("XDP_DEVMAP");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Xdp.attach(kprobe, "eth0"))
                    .withMessageContaining("this hook takes XDP");
            assertThat(host.network.requests).isEmpty();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                XdpOptions.builder()
                                        .replacing()
                                        .mode(NetworkAttachMode.LINK)
                                        .build());
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5.4, AUTOMATIC", "5.4, NETLINK", "6.12, LINK", "6.12, NETLINK"})
    void nothingIsLeftWhicheverCallFails(String version, NetworkAttachMode mode) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder, version);
            try (Program program = program(host)) {
                host.failCall(nth);
                Link link = null;
                try {
                    link = Xdp.attach(program, "eth0", by(mode));
                } catch (BpfException e) {
                    failures++;
                }
                int made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(host.fake.leftOpen()).as("call " + nth).hasSize(1);
                assertThat(host.network.xdp).as("call " + nth).isEmpty();
                if (made < nth) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
            assertThat(host.fake.leftOpen()).isEmpty();
        }
        assertThat(failures).isGreaterThan(3);
    }

    @Test
    void anUpdateHappensOrNot() {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder, "6.12");
            try (Program first = program(host);
                    Program second = program(host)) {
                Link link = Xdp.attach(first, "eth0", by(NetworkAttachMode.NETLINK));
                host.failCall(nth);
                Program attached = second;
                try {
                    link.update(second);
                } catch (BpfException e) {
                    failures++;
                    attached = first;
                }
                int made = host.made();
                host.failCall(0);
                int id = attached.info().id();
                assertThat(host.network.xdp).as("call " + nth).isEqualTo(Map.of(ETH0, id));
                assertThat(link.info().programId()).isEqualTo(id);
                link.close();
                assertThat(host.network.xdp).isEmpty();
                if (made < nth) {
                    break;
                }
            }
            assertThat(host.fake.leftOpen()).isEmpty();
        }
        assertThat(failures).isEqualTo(4);
    }
}
