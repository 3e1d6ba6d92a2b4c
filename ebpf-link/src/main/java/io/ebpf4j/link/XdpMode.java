// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/** Where an XDP program runs (XDP_FLAGS_MODES, include/uapi/linux/if_link.h). */
public enum XdpMode {
    /** In the driver if it can do that, or else as {@link #GENERIC}. */
    AUTOMATIC(0),
    /** In the network stack, with any driver, once the kernel has made a socket buffer. */
    GENERIC(1 << 1),
    /** In the driver, before the kernel has made a socket buffer. */
    NATIVE(1 << 2),
    /** On the network card; the program has to be loaded for the interface. */
    OFFLOAD(1 << 3);

    private final int flag;

    XdpMode(int flag) {
        this.flag = flag;
    }

    int flag() {
        return flag;
    }
}
