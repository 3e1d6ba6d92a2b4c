// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.XdpMode;
import io.ebpf4j.link.XdpOptions;
import io.ebpf4j.map.CpuMap;
import io.ebpf4j.map.DeviceMap;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XDP programs of the entries of maps, on the way of frames that are redirected through them. */
@KernelTest
@Requires(Requirement.VETH)
class LinkMapEntryTest {
    private static final XdpOptions NATIVE = XdpOptions.builder().place(XdpMode.NATIVE).build();
    private static final int FRAMES = 3;
    private static final int QUEUE = 64;

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

    private long value(String counter) {
        return c.variable(counter, long.class).get();
    }

    private void load(String program) {
        CollectionSpec spec = Objects.spec("redirected");
        spec.program(program).autoload(true);
        spec.program(redirecting(program)).autoload(true);
        c = Collection.load(spec);
    }

    /** Names the program of the same kind that redirects through the map. */
    private static String redirecting(String program) {
        return program.replace("on_", "to_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_device", "on_cpu"})
    void countsWhileAnEntryHasIt(String program) throws Exception {
        counts(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_device_in_parts", "on_cpu_in_parts"})
    @Requires(kernel = "5.18")
    void programsForFragmentsDoToo(String program) throws Exception {
        counts(program);
    }

    private void counts(String program) throws Exception {
        load(program);
        boolean isForDevices = program.startsWith("on_device");
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> c.attach(program))
                .withMessageContaining(isForDevices ? "DeviceMap.put" : "CpuMap.put");
        if (isForDevices) {
            countsOnTheWayToADevice(program);
        } else {
            countsOnAnotherCpu(program);
        }
        String section = Objects.spec("redirected").program(program).section();
        AttachMatrix.seen(section, AttachMatrix.By.MAP);
    }

    /** Frames go back to where they came from, which takes them if it has a program itself. */
    private void countsOnTheWayToADevice(String program) throws Exception {
        c.attachXdp("on_return", OwnNetwork.NEAR, NATIVE);
        c.attachXdp(redirecting(program), OwnNetwork.FAR, NATIVE);
        DeviceMap ports = c.deviceMap("ports");
        int far = OwnNetwork.index(OwnNetwork.FAR);
        ports.put(0, far, c.program(program));
        sendThereAndBack();
        assertThat(value("hits")).isEqualTo(FRAMES);
        ports.put(0, far);
        sendThereAndBack();
        assertThat(value("hits")).isEqualTo(FRAMES);
    }

    private void sendThereAndBack() throws InterruptedException {
        long before = value("returned");
        for (int i = 0; i < FRAMES; i++) {
            network.sendFrame(OwnNetwork.PROTOCOL, new byte[0]);
        }
        Waiting.until(() -> value("returned") == before + FRAMES);
    }

    private void countsOnAnotherCpu(String program) {
        c.attachXdp(redirecting(program), OwnNetwork.FAR, NATIVE);
        CpuMap queues = c.cpuMap("queues");
        queues.put(0, QUEUE, c.program(program));
        network.send(FRAMES);
        assertThat(value("hits")).isEqualTo(FRAMES);
        queues.put(0, QUEUE);
        network.send(FRAMES);
        assertThat(value("hits")).isEqualTo(FRAMES);
    }
}
