// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

/**
 * Remembers which batch commands the kernel has refused for a map, so that each is tried once.
 *
 * <p>Batches came with Linux 5.6 (kernel commit aa2e93b8e58e) for hash maps and arrays, and later
 * for other types. A kernel without the command says EINVAL, one without it for the type ENOTSUPP.
 */
final class BatchSupport {
    private volatile int refused;

    /** Says whether a command is worth a try. */
    boolean mayHave(BpfCommand command) {
        return (refused & bit(command)) == 0;
    }

    /**
     * Takes note of a failed first call.
     *
     * @return whether the elements have to be dealt with one by one instead
     */
    boolean refuses(BpfCommand command, int errno, long flags) {
        boolean unknown = errno == Errno.ENOTSUPP || errno == Errno.EOPNOTSUPP;
        if (!unknown && errno != Errno.EINVAL) {
            return false;
        }
        // the flags may be what is invalid: single calls will tell
        if (unknown || flags == 0) {
            refused |= bit(command);
        }
        return true;
    }

    private static int bit(BpfCommand command) {
        return 1 << command.number() - BpfCommand.MAP_LOOKUP_BATCH.number();
    }
}
