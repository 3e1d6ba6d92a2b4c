// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** An application that uses ebpf4j. */
module io.ebpf4j.consumer {
    requires io.ebpf4j;
}
