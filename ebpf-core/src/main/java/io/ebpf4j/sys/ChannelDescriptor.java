// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.error.BpfException;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the descriptors of Java's channels, which Java keeps to itself.
 *
 * <p>A JVM started with {@code --add-exports java.base/sun.nio.ch=…} tells them. Without, the
 * socket is found by its addresses: {@code /proc/self/net} has a table of sockets for each
 * protocol, with addresses and inodes, and {@code /proc/self/fd} says which descriptors have these
 * inodes.
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm-&gt;when retrnsmt   uid  timeout inode
 *    0: 0100007F:0277 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 18467 1 …
 * </pre>
 */
public final class ChannelDescriptor {
    private static final Path NETWORK = Path.of("/proc/thread-self/net");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    /** A row's columns, when it is cut at blanks. */
    private static final int COLUMNS = 10;

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private ChannelDescriptor() {}

    /**
     * Finds a channel's descriptor.
     *
     * @param channel an open channel of an internet socket
     * @return the descriptor; it stays the channel's, and is another's once that is closed
     * @throws BpfException if the channel is closed, not bound or no internet socket, or several
     *     sockets of this process have its addresses
     */
    public static int of(NetworkChannel channel) {
        Integer told = told(channel);
        if (told != null) {
            return told;
        }
        List<Integer> found = all(channel);
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new BpfException(
                "cannot tell the descriptor of "
                        + channel
                        + (found.isEmpty()
                                ? ": no socket of this process has its addresses"
                                : ": the sockets " + found + " have its addresses")
                        + "; "
                        + advice());
    }

    /**
     * Finds a channel's descriptor, or that of another socket of this process that shares its port.
     *
     * @param channel an open channel of an internet socket
     * @return the descriptor
     * @throws BpfException if the channel is closed, not bound or no internet socket
     */
    public static int anyOf(NetworkChannel channel) {
        Integer told = told(channel);
        List<Integer> found = told == null ? all(channel) : List.of(told);
        return found.isEmpty() ? of(channel) : found.get(0);
    }

    private static List<Integer> all(NetworkChannel channel) {
        try {
            SocketAddress local = channel.getLocalAddress();
            if (!(local instanceof InetSocketAddress address)) {
                throw new BpfException(
                        "cannot tell the descriptor of "
                                + channel
                                + ", which is not bound to an internet address; bind it first, or "
                                + advice());
            }
            return descriptors(
                    inodes(channel instanceof DatagramChannel, address, remote(channel)));
        } catch (IOException e) {
            throw new BpfException("cannot tell the descriptor of " + channel + ": " + e, e);
        }
    }

    private static String advice() {
        Module module = ChannelDescriptor.class.getModule();
        return "name its descriptor, or start the JVM with --add-exports java.base/sun.nio.ch="
                + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }

    /** Returns what the JVM itself says, or null when it may not. */
    private static Integer told(NetworkChannel channel) {
        try {
            Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl");
            return selectable.isInstance(channel)
                    ? (Integer) selectable.getMethod("getFDVal").invoke(channel)
                    : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static InetSocketAddress remote(NetworkChannel channel) throws IOException {
        SocketAddress remote =
                switch (channel) {
                    case SocketChannel c -> c.getRemoteAddress();
                    case DatagramChannel c -> c.getRemoteAddress();
                    default -> null;
                };
        return remote instanceof InetSocketAddress address ? address : null;
    }

    private static Set<String> inodes(
            boolean datagram, InetSocketAddress local, InetSocketAddress remote)
            throws IOException {
        String protocol = datagram ? "udp" : "tcp";
        Set<String> inodes = new HashSet<>();
        for (String table : new String[] {protocol, protocol + "6"}) {
            Path path = NETWORK.resolve(table);
            for (String line : Files.exists(path) ? Files.readAllLines(path) : List.<String>of()) {
                String[] row = line.strip().split(" +", COLUMNS + 1);
                if (row.length >= COLUMNS
                        && matches(row[LOCAL], local)
                        && matches(row[REMOTE], remote)) {
                    inodes.add("socket:[" + row[INODE] + "]");
                }
            }
        }
        return inodes;
    }

    private static boolean matches(String hex, InetSocketAddress address) {
        int colon = hex.indexOf(':');
        if (colon < 0) {
            return false;
        }
        int port = Integer.parseInt(hex.substring(colon + 1), 16);
        byte[] shown = address(hex.substring(0, colon));
        return address == null
                ? port == 0
                : port == address.getPort() && Arrays.equals(shown, address(address.getAddress()));
    }

    /** Decodes words of 32 bits, each as the machine reads it, into the bytes of an address. */
    static byte[] address(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (int i = 0; i + 8 <= hex.length(); i += 8) {
            words.putInt(Integer.parseUnsignedInt(hex.substring(i, i + 8), 16));
        }
        return mapped(bytes);
    }

    private static byte[] address(InetAddress address) {
        return mapped(address.getAddress());
    }

    /** An address of version 4 stands in one of version 6; the one for any address is one. */
    private static byte[] mapped(byte[] address) {
        if (address.length != 4 || Arrays.equals(address, new byte[4])) {
            return Arrays.copyOf(address, 16);
        }
        byte[] mapped = Arrays.copyOf(MAPPED, 16);
        System.arraycopy(address, 0, mapped, MAPPED.length, address.length);
        return mapped;
    }

    private static List<Integer> descriptors(Set<String> inodes) {
        List<Integer> descriptors = new ArrayList<>();
        File[] all = DESCRIPTORS.toFile().listFiles();
        for (File file : all == null ? new File[0] : all) {
            int fd = Integer.parseInt(file.getName());
            // of several descriptors of one socket the first will do
            if (inodes.remove(target(fd))) {
                descriptors.add(fd);
            }
        }
        return descriptors;
    }

    private static String target(int fd) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(fd))).toString();
        } catch (IOException e) {
            // closed since it was listed
            return "";
        }
    }
}
