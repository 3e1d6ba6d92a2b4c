// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.Anchor;
import io.ebpf4j.link.AttachedPrograms;
import io.ebpf4j.link.Cgroup;
import io.ebpf4j.link.CgroupMode;
import io.ebpf4j.link.CgroupOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Every hook of a cgroup, by links and by the older ways. */
@KernelTest
@Requires(Requirement.CGROUP2)
class LinkCgroupTest {
    private static final AttachType CREATE = AttachType.CGROUP_INET_SOCK_CREATE;

    private static Collection load(String... programs) {
        Set<String> wanted = Set.of(programs);
        CollectionSpec spec = Objects.spec("cgroup");
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(wanted.contains(program.name()));
        }
        return Collection.load(spec);
    }

    private static long hits(
            Collection c, String program, OwnCgroup cgroup, OwnCgroup.Action events)
            throws Exception {
        long before = c.variable(program + "_hits", long.class).get();
        cgroup.inside(events);
        return c.variable(program + "_hits", long.class).get() - before;
    }

    private static long hitsOfASocket(Collection c, String program, OwnCgroup cgroup)
            throws Exception {
        return hits(c, program, cgroup, () -> DatagramChannel.open().close());
    }

    private static void countsWhileAttached(String program, OwnCgroup.Action events)
            throws Exception {
        countsWhileAttached(program, AttachType.NONE, events);
    }

    private static void countsWhileAttached(
            String program, AttachType type, OwnCgroup.Action events) throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-hooks");
                Collection c = load(program)) {
            CgroupOptions options = CgroupOptions.builder().attachType(type).build();
            Link link = c.attachCgroup(program, cgroup.path(), options);
            assertThat(hits(c, program, cgroup, events)).isPositive();
            long here = c.variable(program + "_hits", long.class).get();
            events.run();
            assertThat(c.variable(program + "_hits", long.class).get()).isEqualTo(here);
            assertThat(link.info().type()).isEqualTo(LinkType.CGROUP);
            link.close();
            assertThat(hits(c, program, cgroup, events)).isZero();
            String section = Objects.spec("cgroup").program(program).section();
            AttachMatrix.seen(section, AttachMatrix.By.LINK);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on_ingress",
                "on_egress",
                "on_sock",
                "on_sock_create",
                "on_sock_release",
                "on_post_bind4",
                "on_post_bind6",
                "on_bind4",
                "on_bind6",
                "on_connect4",
                "on_connect6",
                "on_sendmsg4",
                "on_sendmsg6",
                "on_recvmsg4",
                "on_recvmsg6",
                "on_getpeername4",
                "on_getpeername6",
                "on_getsockname4",
                "on_getsockname6",
                "on_sysctl",
                "on_getsockopt",
                "on_setsockopt",
                "on_dev",
                "on_sockops"
            })
    void countsAtEveryHook(String program) throws Exception {
        countsWhileAttached(program, SocketEvents::ofEveryKernel);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on_connect_unix",
                "on_sendmsg_unix",
                "on_recvmsg_unix",
                "on_getpeername_unix",
                "on_getsockname_unix"
            })
    @Requires(kernel = "6.7")
    void countsAtHooksOfUnixSockets(String program) throws Exception {
        countsWhileAttached(program, SocketEvents::ofUnixSockets);
    }

    @Test
    @Requires(
            value = {Requirement.BTF, Requirement.LSM},
            kernel = "6.0")
    void countsAtASecurityHook() throws Exception {
        countsWhileAttached("on_lsm_bind", SocketEvents::ofEveryKernel);
    }

    @ParameterizedTest
    @EnumSource(
            value = AttachType.class,
            names = {"CGROUP_INET_INGRESS", "CGROUP_INET_EGRESS"})
    void aProgramForPacketsIsToldItsDirection(AttachType direction) throws Exception {
        countsWhileAttached("on_skb", direction, SocketEvents::ofEveryKernel);
    }

    @Test
    void aProgramForPacketsWithoutADirectionIsRefused() throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-direction");
                Collection c = load("on_skb")) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachCgroup("on_skb", cgroup.path()))
                    .withMessageContaining("attachType(…), such as CGROUP_INET_EGRESS");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> c.attach("on_skb"))
                    .withMessageContaining("a cgroup, given to Collection.attachCgroup");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CgroupMode.class,
            names = {"MULTI", "OVERRIDE", "EXCLUSIVE"})
    void countsWithoutALinkAndIsDetached(CgroupMode mode) throws Exception {
        CgroupOptions options = CgroupOptions.builder().mode(mode).build();
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-modes");
                Collection c = load("on_sock_create", "on_sock_create_too")) {
            Program first = c.program("on_sock_create");
            Program second = c.program("on_sock_create_too");
            try (Link link = c.attachCgroup("on_sock_create", cgroup.path(), options)) {
                assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isPositive();
                assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
                assertThat(Cgroup.query(cgroup.path(), CREATE).programIds())
                        .containsExactly(first.info().id());
                link.update(second, first);
                assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isZero();
                assertThat(hitsOfASocket(c, "on_sock_create_too", cgroup)).isPositive();
                assertThat(link.info().programId()).isEqualTo(second.info().id());
                assertThatExceptionOfType(UnsupportedException.class)
                        .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/never")));
            }
            assertThat(hitsOfASocket(c, "on_sock_create_too", cgroup)).isZero();
            assertThat(Cgroup.query(cgroup.path(), CREATE).programIds()).isEmpty();
            AttachMatrix.seen("cgroup/sock_create", AttachMatrix.By.PROG_ATTACH);
        }
    }

    @ParameterizedTest
    @CsvSource({"AUTOMATIC, true", "AUTOMATIC, false", "MULTI, true", "MULTI, false"})
    @Requires(kernel = "6.15")
    void aProgramRunsBeforeThoseOfTheCgroupsBelow(CgroupMode mode, boolean preorder)
            throws Exception {
        CgroupOptions.Builder options = CgroupOptions.builder().mode(mode);
        CgroupOptions above = (preorder ? options.preorder() : options).build();
        try (OwnCgroup parent = new OwnCgroup("ebpf4j-above");
                OwnCgroup child = new OwnCgroup(parent, "below");
                Collection c = load("on_sock_create", "on_sock_create_too")) {
            c.attachCgroup("on_sock_create", parent.path(), above);
            c.attachCgroup("on_sock_create_too", child.path());
            assertThat(hitsOfASocket(c, "on_sock_create", child)).isPositive();
            long turn = c.variable("on_sock_create_turn", long.class).get();
            long turnBelow = c.variable("on_sock_create_too_turn", long.class).get();
            assertThat(turn < turnBelow).isEqualTo(preorder);
        }
    }

    @Test
    void aProgramTakesThePlaceOfAnother() throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-replace");
                Collection c = load("on_sock_create", "on_sock_create_too")) {
            CgroupOptions multi = CgroupOptions.builder().mode(CgroupMode.MULTI).build();
            Link old = c.attachCgroup("on_sock_create", cgroup.path(), multi);
            CgroupOptions replacing =
                    CgroupOptions.builder()
                            .mode(CgroupMode.MULTI)
                            .replace(c.program("on_sock_create"))
                            .build();
            c.attachCgroup("on_sock_create_too", cgroup.path(), replacing);
            assertThat(Cgroup.query(cgroup.path(), CREATE).programIds())
                    .containsExactly(c.program("on_sock_create_too").info().id());
            // whose program is gone
            old.close();
            assertThat(hitsOfASocket(c, "on_sock_create_too", cgroup)).isPositive();
        }
    }

    @Test
    void aProgramThatAllowsNoOtherIsNamed() throws Exception {
        CgroupOptions exclusive = CgroupOptions.builder().mode(CgroupMode.EXCLUSIVE).build();
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-exclusive");
                Collection c = load("on_sock_create", "on_sock_create_too")) {
            Link only = c.attachCgroup("on_sock_create", cgroup.path(), exclusive);
            int id = only.info().programId();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachCgroup("on_sock_create_too", cgroup.path()))
                    .withMessageContaining("[" + id + "] there, attached in mode EXCLUSIVE");
            only.detach();
            assertThat(only.isOpen()).isFalse();
            c.attachCgroup("on_sock_create_too", cgroup.path());
            assertThat(hitsOfASocket(c, "on_sock_create_too", cgroup)).isPositive();
        }
    }

    @Test
    void aLinkKnowsItsCgroupUntilItIsDetached() throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-info");
                Collection c = load("on_sock_create")) {
            Link link = c.attachCgroup("on_sock_create", cgroup.path());
            long inode = (long) Files.getAttribute(cgroup.path(), "unix:ino");
            assertThat(link.info().detail()).isEqualTo(new LinkInfo.Cgroup(inode, CREATE.number()));
            AttachedPrograms effective =
                    Cgroup.queryEffective(Kernel.shared(), cgroup.path(), CREATE);
            assertThat(effective.programIds()).contains(link.info().programId());
            link.detach();
            assertThat(link.info().detail())
                    .isInstanceOfSatisfying(
                            LinkInfo.Cgroup.class, d -> assertThat(d.cgroupId()).isZero());
            assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isZero();
        }
    }

    @Test
    @Requires(Requirement.BPFFS)
    void aPinnedLinkStays() throws Exception {
        Path pin = Mounts.BPFFS.place().resolve("ebpf4j-cgroup-" + ProcessHandle.current().pid());
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-pin");
                Collection c = load("on_sock_create")) {
            try (Link link = c.attachCgroup("on_sock_create", cgroup.path())) {
                link.pin(pin);
            }
            assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isPositive();
            try (Link again = Link.fromPin(pin)) {
                again.detach();
                assertThat(hitsOfASocket(c, "on_sock_create", cgroup)).isZero();
                again.unpin();
            }
        } finally {
            Files.deleteIfExists(pin);
        }
    }

    @Test
    @Requires(kernel = "6.17")
    void programsHaveAnOrderAndARevision() throws Exception {
        try (OwnCgroup cgroup = new OwnCgroup("ebpf4j-order");
                Collection c = load("on_sock_create", "on_sock_create_too", "on_sock")) {
            Link first = c.attachCgroup("on_sock_create", cgroup.path());
            long revision = Cgroup.query(cgroup.path(), CREATE).revision();
            CgroupOptions before =
                    CgroupOptions.builder()
                            .anchor(Anchor.before(first))
                            .expectedRevision(revision)
                            .build();
            Link second = c.attachCgroup("on_sock_create_too", cgroup.path(), before);
            assertThat(Cgroup.query(cgroup.path(), CREATE).programIds())
                    .containsExactly(second.info().programId(), first.info().programId());
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachCgroup("on_sock", cgroup.path(), before))
                    .withMessageContaining("were changed since the revision was read")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
            CgroupOptions head =
                    CgroupOptions.builder().mode(CgroupMode.MULTI).anchor(Anchor.first()).build();
            Link third = c.attachCgroup("on_sock", cgroup.path(), head);
            assertThat(Cgroup.query(cgroup.path(), CREATE).programIds().get(0))
                    .isEqualTo(third.info().programId());
        }
    }

    @Test
    void whatIsNoCgroupIsExplained(@TempDir Path folder) {
        try (Collection c = load("on_sock_create")) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachCgroup("on_sock_create", folder))
                    .withMessageContaining("is no directory of a cgroup of version 2")
                    .withMessageContaining("such directories are below /sys/fs/cgroup");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Cgroup.query(folder, CREATE))
                    .withMessageContaining("is no directory of a cgroup of version 2");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachCgroup("on_sock_create", Path.of("/not/there")))
                    .withMessageContaining("cannot open cgroup /not/there");
        }
    }
}
