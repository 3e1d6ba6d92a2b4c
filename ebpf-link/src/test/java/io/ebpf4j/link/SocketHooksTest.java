// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.MapCreate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Network namespaces and maps of sockets: links, and what was before them. */
class SocketHooksTest {
    private static final Path NAMESPACE = Path.of("/run/netns/blue");
    private static final String CURRENT = "/proc/thread-self/ns/net";
    private static final int SOCKMAP = 15;

    @TempDir Path folder;

    private FakeHost host(String version) {
        FakeHost host = new FakeHost(folder, version);
        host.fake.file(NAMESPACE.toString(), "");
        host.fake.file(CURRENT, "");
        return host;
    }

    private static FileDescriptor map(FakeHost host) {
        long fd = host.kernel.bpf().mapCreate(MapCreate.of(SOCKMAP, 4, 4, 1, 0, "sockets"));
        return FileDescriptor.adopt(host.kernel.calls(), (int) fd, "map sockets");
    }

    private static Link attach(FakeHost host, FileDescriptor map, Program program) {
        return SocketMapHook.attach(host.kernel, map, "sockets", program, AttachType.NONE);
    }

    @Test
    void aNamespaceGetsALink() {
        FakeHost host = host("6.12");
        try (Program program = host.program(ProgramType.SK_LOOKUP, AttachType.SK_LOOKUP)) {
            Link link = NetworkNamespace.attach(program, NAMESPACE);
            assertThat(link.info().type()).isEqualTo(LinkType.NETNS);
            FakeCall create = host.fake.calls(BpfCommand.LINK_CREATE).get(0);
            assertThat(create.field("attach_type")).isEqualTo(AttachType.SK_LOOKUP.number());
            link.close();
            NetworkNamespace.attach(program).close();
            assertThat(NetworkNamespace.query(host.kernel, NAMESPACE, AttachType.SK_LOOKUP).flags())
                    .isZero();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> NetworkNamespace.attach(program, Path.of("/not/there")))
                    .withMessageContaining("cannot open network namespace /not/there");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsTakeAFlowDissectorForTheCurrentNamespace() {
        FakeHost host = host("5.4");
        try (Program program =
                host.program(ProgramType.FLOW_DISSECTOR, AttachType.FLOW_DISSECTOR)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> NetworkNamespace.attach(program, NAMESPACE))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.8"));
            Link link = NetworkNamespace.attach(program);
            FakeCall attach = host.fake.calls(BpfCommand.PROG_ATTACH).get(0);
            assertThat(attach.field("target_fd")).isZero();
            assertThat(attach.field("attach_flags")).isZero();
            link.close();
            assertThat(host.fake.calls(BpfCommand.PROG_DETACH)).hasSize(1);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aSecondFlowDissectorIsExplained() {
        FakeHost host = host("6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.E2BIG);
        try (Program program = host.program(ProgramType.FLOW_DISSECTOR)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> NetworkNamespace.attach(program))
                    .withMessageContaining("there is a flow dissector");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aMapOfSocketsGetsALink() {
        FakeHost host = host("6.12");
        try (FileDescriptor map = map(host);
                Program program = host.program(ProgramType.SK_MSG, AttachType.SK_MSG_VERDICT)) {
            Link link = attach(host, map, program);
            assertThat(link.info().type()).isEqualTo(LinkType.SOCKMAP);
            FakeCall create = host.fake.calls(BpfCommand.LINK_CREATE).get(0);
            assertThat(create.field("target_fd")).isEqualTo(map.fd());
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsGetProgramsOfMapsWithoutLinks() {
        FakeHost host = host("6.1");
        try (FileDescriptor map = map(host);
                Program program = host.program(ProgramType.SK_MSG)) {
            Link link = attach(host, map, program);
            FakeCall attach = host.fake.calls(BpfCommand.PROG_ATTACH).get(0);
            assertThat(attach.field("target_fd")).isEqualTo(map.fd());
            assertThat(attach.field("attach_type")).isEqualTo(AttachType.SK_MSG_VERDICT.number());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(NAMESPACE))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.10"));
            link.close();
            assertThat(host.fake.calls(BpfCommand.PROG_DETACH)).hasSize(1);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aStreamProgramHasToSayItsHook() {
        FakeHost host = host("6.12");
        try (FileDescriptor map = map(host);
                Program program = host.program(ProgramType.SK_SKB)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, map, program))
                    .withMessageContaining("SEC(\"sk_skb/stream_parser\")");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aFailedCallLeavesNothing() {
        for (String version : new String[] {"6.12", "6.1"}) {
            int failures = 0;
            for (int nth = 1; ; nth++) {
                FakeHost host = host(version);
                try (FileDescriptor map = map(host);
                        Program program = host.program(ProgramType.SK_MSG)) {
                    host.failCall(nth);
                    Link link = null;
                    try {
                        link = attach(host, map, program);
                    } catch (BpfException e) {
                        failures++;
                    }
                    boolean all = host.made() < nth;
                    host.failCall(0);
                    if (link != null) {
                        link.close();
                    }
                    assertThat(host.fake.leftOpen()).as("call " + nth).hasSize(2);
                    if (all) {
                        break;
                    }
                }
            }
            assertThat(failures).isPositive();
        }
    }
}
