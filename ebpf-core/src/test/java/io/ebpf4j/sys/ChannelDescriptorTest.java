// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The descriptors of channels are found by their addresses. */
@EnabledOnOs(OS.LINUX)
class ChannelDescriptorTest {
    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static String target(int fd) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    }

    @Test
    void bothEndsOfAConnectionAndItsListenerAreTold() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(anyPort());
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel peer = server.accept()) {
            assertThat(
                            new int[] {
                                ChannelDescriptor.of(server),
                                ChannelDescriptor.of(client),
                                ChannelDescriptor.of(peer)
                            })
                    .doesNotHaveDuplicates();
            assertThat(target(ChannelDescriptor.of(peer))).startsWith("socket:[");
        }
    }

    @Test
    void datagramChannelsOfBothFamiliesAreFound() throws IOException {
        try (DatagramChannel four = DatagramChannel.open(StandardProtocolFamily.INET);
                DatagramChannel any = DatagramChannel.open()) {
            four.bind(anyPort());
            any.bind(null);
            assertThat(target(ChannelDescriptor.of(four))).startsWith("socket:[");
            assertThat(target(ChannelDescriptor.of(any)))
                    .isNotEqualTo(target(ChannelDescriptor.of(four)));
            any.connect(four.getLocalAddress());
            assertThat(target(ChannelDescriptor.of(any)))
                    .isNotEqualTo(target(ChannelDescriptor.of(four)));
        }
    }

    @Test
    void socketsThatShareAPortCannotBeTold() throws IOException {
        try (DatagramChannel one = DatagramChannel.open(StandardProtocolFamily.INET);
                DatagramChannel two = DatagramChannel.open(StandardProtocolFamily.INET)) {
            one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(anyPort());
            two.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(one.getLocalAddress());
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> ChannelDescriptor.of(one))
                    .withMessageContaining("have its addresses; name its descriptor, or start");
            assertThat(target(ChannelDescriptor.anyOf(one))).startsWith("socket:[");
        }
    }

    @Test
    void whatHasNoAddressCannotBeTold() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> ChannelDescriptor.of(channel))
                .withMessageContaining("bind it first");
        channel.close();
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> ChannelDescriptor.of(channel));
    }

    @Test
    void addressesAreDecodedAsTheMachineWroteThem() {
        assertThat(ChannelDescriptor.address("00000000")).isEqualTo(new byte[16]);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
            assertThat(ChannelDescriptor.address("0100007F")).isEqualTo(mapped);
            assertThat(ChannelDescriptor.address("0000000000000000FFFF00000100007F"))
                    .isEqualTo(mapped);
        }
    }
}
