// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What a route has beside its destination and interface.
 *
 * @param gateway the neighbour that packets are sent to, or empty when destinations are neighbours
 * @param table the number of the routing table; 254 is the main one
 * @param metric its rank among routes to the same destination, smaller is better; 0 for the
 *     kernel's choice, which is 0 for IPv4 and 1024 for IPv6
 * @param headroom how many bytes a program of type LWT_XMIT may put before a packet
 */
public record RouteOptions(Optional<InetAddress> gateway, int table, int metric, int headroom) {
    static final RouteOptions DEFAULT = builder().build();

    private static final int MAIN = 254;

    /** LWT_BPF_MAX_HEADROOM. */
    private static final int MOST_HEADROOM = 256;

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the table is 0, or the headroom none of 0 to 256
     */
    public RouteOptions {
        if (table == 0) {
            throw new IllegalArgumentException("there is no routing table 0");
        }
        if (headroom < 0 || headroom > MOST_HEADROOM) {
            throw new IllegalArgumentException("headroom is not in 0 to 256: " + headroom);
        }
    }

    /**
     * Starts with the defaults: the main table, the kernel's metric, no gateway, no headroom.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private Optional<InetAddress> gateway = Optional.empty();
        private int table = MAIN;
        private int metric;
        private int headroom;

        private Builder() {}

        /**
         * Sends packets to a neighbour that forwards them.
         *
         * @param gateway its address, of the destination's family
         * @return this
         */
        public Builder gateway(InetAddress gateway) {
            this.gateway = Optional.of(gateway);
            return this;
        }

        /**
         * Puts the route into another table than the main one.
         *
         * @param table its number, which is unsigned and not 0
         * @return this
         */
        public Builder table(int table) {
            this.table = table;
            return this;
        }

        /**
         * Gives the route a rank among those to the same destination.
         *
         * @param metric its rank, which is unsigned; smaller ones are preferred
         * @return this
         */
        public Builder metric(int metric) {
            this.metric = metric;
            return this;
        }

        /**
         * Has the kernel keep room before each packet, for what a program of type LWT_XMIT puts
         * there with {@code bpf_skb_change_head} or {@code bpf_lwt_push_encap}.
         *
         * @param headroom 0 to 256 bytes
         * @return this
         */
        public Builder headroom(int headroom) {
            this.headroom = headroom;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if the table is 0, or the headroom none of 0 to 256
         */
        public RouteOptions build() {
            return new RouteOptions(gateway, table, metric, headroom);
        }
    }
}
