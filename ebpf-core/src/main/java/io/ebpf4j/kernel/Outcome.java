// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

/**
 * What one probe found out.
 *
 * @param support the answer
 * @param reason what the kernel said, unless that was a plain yes; may be empty
 */
record Outcome(Support support, String reason) {
    static final Outcome YES = new Outcome(Support.YES, "");

    static Outcome no(String reason) {
        return new Outcome(Support.NO, reason);
    }

    static Outcome unknown(String reason) {
        return new Outcome(Support.UNKNOWN, reason);
    }

    /**
     * Reads the result of a command that a kernel without the feature refuses with an error number
     * of ignorance; any other number says nothing about the feature.
     *
     * @param command the command
     * @param result 0 or more, or a negated error number
     * @param capabilities what the command asks for
     */
    static Outcome of(Kernel kernel, BpfCommand command, long result, long capabilities) {
        if (result >= 0) {
            return YES;
        }
        int errno = (int) -result;
        return switch (errno) {
            case Errno.EINVAL, Errno.E2BIG, Errno.EOPNOTSUPP, Errno.ENOTSUPP ->
                    no(Errno.describe(errno));
            default ->
                    unknown(
                            kernel.explain(command, errno, "cannot tell", capabilities)
                                    .getMessage());
        };
    }
}
