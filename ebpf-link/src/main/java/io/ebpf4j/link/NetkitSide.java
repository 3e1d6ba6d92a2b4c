// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.spec.AttachType;

/** Which packets of a pair of netkit interfaces a program sees. */
public enum NetkitSide {
    /** Those that the primary interface sends to its peer. */
    PRIMARY(AttachType.NETKIT_PRIMARY),
    /** Those that the peer, usually in a container, sends to the primary interface. */
    PEER(AttachType.NETKIT_PEER);

    private final AttachType attachType;

    NetkitSide(AttachType attachType) {
        this.attachType = attachType;
    }

    AttachType attachType() {
        return attachType;
    }

    /** Returns the side with an attach type's number, or null. */
    static NetkitSide ofAttachType(int number) {
        for (NetkitSide side : values()) {
            if (side.attachType.number() == number) {
                return side;
            }
        }
        return null;
    }
}
