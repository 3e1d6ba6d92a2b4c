// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.spec.AttachType;

/** Which packets of a network interface a program sees. */
public enum TcDirection {
    /** Those that arrive. */
    INGRESS(AttachType.TCX_INGRESS, 0xfff2),
    /** Those that leave. */
    EGRESS(AttachType.TCX_EGRESS, 0xfff3);

    private static final int CLSACT = 0xffff << 16;

    private final AttachType attachType;
    private final int minor;

    TcDirection(AttachType attachType, int minor) {
        this.attachType = attachType;
        this.minor = minor;
    }

    AttachType attachType() {
        return attachType;
    }

    /** The place of clsact that filters are put into (TC_H_MIN_INGRESS, TC_H_MIN_EGRESS). */
    int parent() {
        return CLSACT | minor;
    }

    /** Returns the direction with an attach type's number, or null. */
    static TcDirection ofAttachType(int number) {
        for (TcDirection direction : values()) {
            if (direction.attachType.number() == number) {
                return direction;
            }
        }
        return null;
    }
}
