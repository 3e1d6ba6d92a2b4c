// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/**
 * Thrown when the kernel's verifier rejects a program.
 *
 * <p>The message is short: the program, the verifier's reason, the line of C it is about and the
 * last register state. The full log is {@link #log()}.
 */
public final class VerifierException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String program;
    private final int instruction;
    private final String reason;
    private final String sourceLine;
    private final String registerState;
    private final String log;

    /**
     * Creates the exception.
     *
     * @param program the program's name
     * @param reason the verifier's own reason, one line
     * @param instruction index of the rejected instruction's 8-byte slot, or -1 when the log does
     *     not say
     * @param sourceLine the C source line with its file and number, or empty when the object has no
     *     line info
     * @param registerState the last register state the verifier printed, or empty
     * @param log the whole verifier log
     * @param errno the positive error number of BPF_PROG_LOAD
     */
    public VerifierException(
            String program,
            String reason,
            int instruction,
            String sourceLine,
            String registerState,
            String log,
            int errno) {
        super(message(program, reason, sourceLine, registerState), "BPF_PROG_LOAD", errno);
        this.program = program;
        this.instruction = instruction;
        this.reason = reason;
        this.sourceLine = sourceLine;
        this.registerState = registerState;
        this.log = log;
    }

    private static String message(
            String program, String reason, String sourceLine, String registerState) {
        StringBuilder s =
                new StringBuilder("program ")
                        .append(program)
                        .append(" was rejected: ")
                        .append(reason);
        if (!sourceLine.isEmpty()) {
            s.append("\n  at ").append(sourceLine);
        }
        if (!registerState.isEmpty()) {
            s.append("\n  with ").append(registerState);
        }
        return s.toString();
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
     * Returns which instruction was rejected.
     *
     * @return index of its 8-byte slot in the program as it was loaded, subprograms appended; -1
     *     when the log does not say
     */
    public int instruction() {
        return instruction;
    }

    /**
     * Returns the verifier's reason.
     *
     * @return one line of the log
     */
    public String reason() {
        return reason;
    }

    /**
     * Returns the C source line of the rejected instruction.
     *
     * @return {@code text @ file:line}, or the empty string when the object has no line info
     */
    public String sourceLine() {
        return sourceLine;
    }

    /**
     * Returns the last register state in the log.
     *
     * @return as the verifier printed it, or the empty string
     */
    public String registerState() {
        return registerState;
    }

    /**
     * Returns the whole verifier log.
     *
     * @return all lines, nothing cut
     */
    public String log() {
        return log;
    }
}
