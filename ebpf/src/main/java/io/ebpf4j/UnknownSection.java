// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Availability;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.SectionDefinition;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

/** Tells programs whose section the kernel does not know from others that it refuses. */
final class UnknownSection {
    /** How the verifier says which kinds of program may sleep, since there are such (5.10). */
    private static final String SLEEPABLE = "can be sleepable";

    /** What the verifier says of a program at whose instructions it did not look. */
    private static final String UNREAD = "processed 0 insns";

    private UnknownSection() {}

    /**
     * Throws if the kernel does not know what a refused program's section stands for.
     *
     * @throws UnsupportedException in place of what the kernel said, which is its cause
     */
    static void refuse(Kernel kernel, ProgramSpec p, AttachType type, BpfException e) {
        if (e.errno() != Errno.EINVAL || p.definition().isEmpty()) {
            return;
        }
        SectionDefinition definition = p.definition().get();
        if (definition.flags().contains(SectionDefinition.Flag.SLEEPABLE)
                && e.getMessage().contains(SLEEPABLE)
                && !kernel.version().isAtLeast(definition.since())) {
            throw unsupported(p, definition.since(), "load one that does not sleep", e);
        }
        boolean read = e instanceof VerifierException v && !v.log().contains(UNREAD);
        if (type != AttachType.NONE && !read) {
            Availability availability = kernel.features().attachType(type);
            if (availability.support() == Support.NO) {
                boolean old = !kernel.version().isAtLeast(availability.since());
                throw old
                        ? unsupported(p, availability.since(), instead(type), e)
                        : unsupported(p, "", "use a kernel that is built with it", e);
            }
        }
    }

    private static String instead(AttachType type) {
        return switch (type) {
            case TRACE_FSESSION -> "load two, SEC(\"fentry\") and SEC(\"fexit\")";
            case TRACE_FENTRY_MULTI -> "load it for single functions, as SEC(\"fentry\")";
            case TRACE_FEXIT_MULTI -> "load it for single functions, as SEC(\"fexit\")";
            case TRACE_FSESSION_MULTI ->
                    "load it for single functions, as SEC(\"fentry\") and SEC(\"fexit\")";
            default -> "";
        };
    }

    private static UnsupportedException unsupported(
            ProgramSpec p, String since, String instead, BpfException cause) {
        UnsupportedException refused =
                new UnsupportedException(
                        "loading program " + p.name() + " of SEC(\"" + p.section() + "\")",
                        since,
                        instead,
                        BpfCommand.PROG_LOAD.kernelName(),
                        cause.errno());
        refused.initCause(cause);
        return refused;
    }
}
