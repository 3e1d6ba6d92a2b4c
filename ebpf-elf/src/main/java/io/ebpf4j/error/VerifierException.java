// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/**
 * Thrown when the kernel's verifier rejects a program.
 *
 * <p>The message is a few lines: the program, the verifier's reason, the line of C and the
 * instruction it is about, the registers concerned, and what to do. The full log is {@link #log()}.
 */
public final class VerifierException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String program;
    private final Rejection rejection;
    private final String log;

    /**
     * Creates the exception.
     *
     * @param program the program's name
     * @param rejection why it was rejected, and where
     * @param log the whole verifier log
     * @param errno the positive error number of BPF_PROG_LOAD
     */
    public VerifierException(String program, Rejection rejection, String log, int errno) {
        super(RejectionMessage.of(program, rejection, log), "BPF_PROG_LOAD", errno);
        this.program = program;
        this.rejection = rejection;
        this.log = log;
    }

    /**
     * Gives another account of the same failure.
     *
     * @param other what is known better than from the log
     * @param annotated the log, with what was added to it
     * @return an exception from the same place, for the same program and error number
     */
    public VerifierException with(Rejection other, String annotated) {
        VerifierException explained = new VerifierException(program, other, annotated, errno());
        explained.setStackTrace(getStackTrace());
        return explained;
    }

    /**
     * Returns the rejected program.
     *
     * @return its name
     */
    public String program() {
        return program;
    }

    /**
     * Returns all that is known of the rejection.
     *
     * @return why, where, and what to do
     */
    public Rejection rejection() {
        return rejection;
    }

    /**
     * Returns which instruction was rejected.
     *
     * @return index of its 8-byte slot in the program as it was loaded, subprograms appended; -1
     *     when the log does not say
     */
    public int instruction() {
        return rejection.instruction();
    }

    /**
     * Returns the verifier's reason.
     *
     * @return the line of the log that says why; several are joined by {@code "; "}
     */
    public String reason() {
        return rejection.reason();
    }

    /**
     * Returns what to do about it.
     *
     * @return a sentence or two, or the empty string where this library knows none
     */
    public String advice() {
        return rejection.advice();
    }

    /**
     * Returns the C source line of the rejected instruction.
     *
     * @return {@code text @ file:line}, or the empty string when the object has no line info
     */
    public String sourceLine() {
        return rejection.sourceLine();
    }

    /**
     * Returns what the verifier knows of the registers and the stack before the rejected
     * instruction.
     *
     * @return such as {@code R0=scalar() R10=fp0 fp-8=mmmm????}, or the empty string; kernels
     *     before 5.18 seldom say
     */
    public String registerState() {
        return rejection.registerState();
    }

    /**
     * Returns the whole verifier log.
     *
     * @return all lines, nothing cut; below a line with a number that stands for a name, such as
     *     that of a CO-RE relocation, one that says which
     */
    public String log() {
        return log;
    }
}
