// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.Link;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.sys.BpfCommand;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A process in a network namespace of its own, which connects to itself when it is told to. */
final class NetworkChild {
    private static final PrintStream OUT = System.out;
    private static final int PACKET_BYTES = 64;

    private NetworkChild() {}

    /** Starts it. */
    static ChildJvm start() throws IOException {
        return new ChildJvm(
                NetworkChild.class,
                "unshare",
                "-n",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh");
    }

    /**
     * Says {@code port N}, and obeys {@code connect}, {@code dissect} and {@code
     * dissect-before-5.8}, without links, until its input ends.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open();
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
            OUT.println("port " + address.getPort());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String answer =
                        switch (line) {
                            case "connect" -> Boolean.toString(connects(server));
                            case "dissect" -> dissects(Kernel.shared());
                            default -> dissects(OlderKernel.of("5.7", BpfCommand.LINK_CREATE));
                        };
                OUT.println(line + " " + answer);
            }
        }
    }

    private static boolean connects(ServerSocketChannel server) throws IOException {
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            server.accept().close();
            return client.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Says how often a flow dissector ran while it was attached here, and how often after. */
    private static String dissects(Kernel kernel) {
        CollectionSpec spec = Objects.spec("sockets");
        Set<String> wanted = Set.of("on_dissect", "hash");
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(wanted.contains(program.name()));
        }
        LoadOptions options = LoadOptions.builder().kernel(kernel).build();
        try (Collection c = Collection.load(spec, options)) {
            Link link = c.attachNetns("on_dissect");
            hash(c);
            long attached = hits(c);
            link.close();
            hash(c);
            return attached + " " + (hits(c) - attached);
        }
    }

    private static void hash(Collection c) {
        c.program("hash").testRun(TestRun.create().data(new byte[PACKET_BYTES]));
    }

    private static long hits(Collection c) {
        return c.variable("on_dissect_hits", long.class).get();
    }
}
