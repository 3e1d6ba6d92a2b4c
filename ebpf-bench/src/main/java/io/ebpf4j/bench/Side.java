// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import java.io.IOException;

/** One of the two that are compared. */
interface Side extends AutoCloseable {

    /** Does what is measured once more, and returns what it cost, in the unit of the case. */
    double measure() throws IOException;

    /** Ends what was started. */
    @Override
    void close() throws IOException;
}
