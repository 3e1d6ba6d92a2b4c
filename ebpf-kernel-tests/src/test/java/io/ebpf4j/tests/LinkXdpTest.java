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
import io.ebpf4j.link.NetworkAttachMode;
import io.ebpf4j.link.Xdp;
import io.ebpf4j.link.XdpMode;
import io.ebpf4j.link.XdpOptions;
import io.ebpf4j.link.XdpPrograms;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** XDP programs on one end of a veth pair, by a link and by netlink. */
@KernelTest
@Requires(Requirement.VETH)
class LinkXdpTest {
    private static final String FAR = OwnNetwork.FAR;

    private OwnNetwork network;
    private Collection c;

    @BeforeEach
    void load() {
        network = OwnNetwork.of("veth");
        c = Collection.load(Objects.spec("interfaces"));
    }

    @AfterEach
    void close() {
        try (OwnNetwork _ = network) {
            c.close();
        }
    }

    private long hits() {
        return hits("hits");
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

    private static XdpOptions.Builder by(NetworkAttachMode mode) {
        return XdpOptions.builder().mode(mode);
    }

    @ParameterizedTest
    @CsvSource({
        "LINK, GENERIC",
        "LINK, NATIVE",
        "NETLINK, GENERIC",
        "NETLINK, NATIVE",
        "AUTOMATIC, AUTOMATIC"
    })
    void countsWhileAttachedAndNoLonger(NetworkAttachMode mode, XdpMode place) {
        int id = id("on_receive");
        try (Link link = c.attachXdp("on_receive", FAR, by(mode).place(place).build())) {
            assertThat(hits()).isEqualTo(3);
            XdpPrograms programs = Xdp.query(FAR);
            assertThat(programs)
                    .isEqualTo(
                            place == XdpMode.GENERIC
                                    ? new XdpPrograms(id, 0, 0)
                                    : new XdpPrograms(0, id, 0));
            LinkInfo info = link.info();
            assertThat(info.type())
                    .isEqualTo(mode == NetworkAttachMode.NETLINK ? LinkType.UNSPEC : LinkType.XDP);
            assertThat(info.programId()).isEqualTo(id);
            assertThat(info.detail()).isEqualTo(new LinkInfo.Xdp(OwnNetwork.index(FAR)));
            AttachMatrix.seen("xdp", link, AttachMatrix.By.NETLINK);
        }
        assertThat(hits()).isZero();
        assertThat(Xdp.query(FAR)).isEqualTo(new XdpPrograms(0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkAttachMode.class,
            names = {"LINK", "NETLINK"})
    void whatIsThereIsNotReplaced(NetworkAttachMode mode) {
        try (Link first = c.attachXdp("on_receive", FAR, by(mode).build())) {
            for (NetworkAttachMode other : NetworkAttachMode.values()) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> c.attachXdp("on_receive_too", FAR, by(other).build()))
                        .withMessageContaining("cannot attach on_receive_too to XDP of far")
                        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
            }
            assertThat(first.isOpen()).isTrue();
            assertThat(hits()).isEqualTo(3);
        }
    }

    @Test
    void theKernelsWordsAreInTheMessage() {
        XdpOptions generic = by(NetworkAttachMode.NETLINK).place(XdpMode.GENERIC).build();
        XdpOptions driver = by(NetworkAttachMode.NETLINK).place(XdpMode.NATIVE).build();
        try (Link first = c.attachXdp("on_receive", FAR, driver)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachXdp("on_receive_too", FAR, generic))
                    .withMessageContaining("(the kernel says: ")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void netlinkReplacesWhatItIsToldTo() {
        NetworkAttachMode netlink = NetworkAttachMode.NETLINK;
        Link first = c.attachXdp("on_receive", FAR, by(netlink).build());
        XdpOptions wrong = by(netlink).replacing(c.program("on_receive_too")).build();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachXdp("on_receive_too", FAR, wrong))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        XdpOptions right = XdpOptions.builder().replacing(c.program("on_receive")).build();
        try (Link second = c.attachXdp("on_receive_too", FAR, right)) {
            assertThat(hits()).isZero();
            assertThat(hits("other_hits")).isEqualTo(3);
            // the first is not there any more, and closing it must not remove the second
            first.close();
            assertThat(hits("other_hits")).isEqualTo(3);
            Link third = c.attachXdp("on_receive", FAR, XdpOptions.builder().replacing().build());
            assertThat(hits()).isEqualTo(3);
            third.close();
            assertThat(second.isOpen()).isTrue();
        }
        assertThat(Xdp.query(FAR)).isEqualTo(new XdpPrograms(0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkAttachMode.class,
            names = {"LINK", "NETLINK"})
    void anotherProgramTakesOver(NetworkAttachMode mode) {
        try (Link link = c.attachXdp("on_receive", FAR, by(mode).build())) {
            link.update(c.program("on_receive_too"));
            assertThat(hits()).isZero();
            assertThat(hits("other_hits")).isEqualTo(3);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () -> link.update(c.program("on_receive"), c.program("on_receive")));
            link.update(c.program("on_receive"), c.program("on_receive_too"));
            assertThat(hits()).isEqualTo(3);
            assertThat(link.info().programId()).isEqualTo(id("on_receive"));
            link.detach();
            assertThat(hits()).isZero();
        }
        assertThat(Xdp.query(FAR)).isEqualTo(new XdpPrograms(0, 0, 0));
    }

    @Test
    @Requires(Requirement.BPFFS)
    void onlyALinkCanBePinned() throws Exception {
        Path pin = Mounts.BPFFS.place().resolve("ebpf4j-" + ProcessHandle.current().pid());
        try {
            try (Link link = c.attachXdp("on_receive", FAR)) {
                link.pin(pin);
            }
            assertThat(hits()).isEqualTo(3);
            try (Link again = Link.fromPin(pin)) {
                assertThat(again.info().programId()).isEqualTo(id("on_receive"));
                again.unpin();
            }
            // old kernels let go of a pin's object some time after the pin
            Waiting.until(() -> hits() == 0);
        } finally {
            Files.deleteIfExists(pin);
        }
        try (Link link = c.attachXdp("on_receive", FAR, by(NetworkAttachMode.NETLINK).build())) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(pin))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.9"));
        }
    }

    @Test
    void anInterfaceIsNamedByItsNumberToo() {
        int index = OwnNetwork.index(FAR);
        try (Link link = c.attachXdp("on_receive", index, XdpOptions.builder().build())) {
            assertThat(link.isOpen()).isTrue();
            assertThat(hits()).isEqualTo(3);
            assertThat(Xdp.query(index)).isEqualTo(Xdp.query(FAR));
        }
    }

    @Test
    void interfacesThatAreNotThereAreNamed() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachXdp("on_receive", "farr"))
                .withMessageContaining("there is no network interface farr")
                .withMessageContaining("did you mean far");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> c.attachXdp("on_receive", "a-name-too-long-for-the-kernel"))
                .withMessageContaining("there is no network interface");
        for (NetworkAttachMode mode : NetworkAttachMode.values()) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachXdp("on_receive", 12345, by(mode).build()))
                    .withMessageContaining("interface 12345")
                    .withMessageMatching(".*(no such interface|ENODEV).*");
        }
    }

    @Test
    void programsForMapsAreNotAttached() {
        CollectionSpec spec = Objects.spec("interfaces");
        spec.program("on_device").autoload(true);
        spec.program("on_cpu").autoload(true);
        try (Collection other = Collection.load(spec)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> other.attachXdp("on_device", FAR))
                    .withMessageContaining("XDP_DEVMAP");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> other.attach("on_cpu"))
                    .withMessageContaining("a map of CPUs");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> other.attach("on_receive"))
                    .withMessageContaining("Xdp.attach");
        }
    }

    @Test
    @Requires(kernel = "5.18")
    void aProgramForFragmentsIsAttachedToo() {
        CollectionSpec spec = Objects.spec("interfaces");
        spec.program("on_fragments").autoload(true);
        try (Collection other = Collection.load(spec);
                Link link = other.attachXdp("on_fragments", FAR)) {
            network.send(2);
            assertThat(other.variable("hits", long.class).get()).isEqualTo(2);
            AttachMatrix.seen("xdp.frags", link, AttachMatrix.By.NETLINK);
            link.detach();
            network.send(2);
            assertThat(other.variable("hits", long.class).get()).isEqualTo(2);
        }
    }
}
