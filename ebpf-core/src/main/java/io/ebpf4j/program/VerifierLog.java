// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rejected program's log says at its end: why, about which instruction, in which line of C,
 * and with what in the registers.
 *
 * <p>The format is nobody's contract and has changed often: {@code inv} became {@code scalar} and
 * states moved behind their instruction (5.18), source lines got a file (6.10), references a second
 * line (6.13). So lines are told apart by how they begin; what follows the last instruction and is
 * not recognised is the reason.
 */
final class VerifierLog {
    /** What the verifier says of the way to the rejected instruction is in far fewer lines. */
    private static final int MAX_LINES = 4000;

    private static final int MAX_REASON_LINES = 4;

    /** Stands in place of what did not fit, before what was asked for again. */
    static final String CUT = "[what follows does not fit]";

    private static final String[] NOISE = {
        "processed ",
        "verification time",
        "stack depth",
        "peak_states",
        "max_states",
        "total_states",
        "mark_read",
        "insns processed",
        "-- ",
        "propagating",
        "func#",
        "Live regs",
        "Func#",
        "cur state:",
        "old state:",
    };

    /** How the verifier looks back for where a number came from; states among these are older. */
    private static final String[] LOOKS_BACK = {
        "mark_precise:", "last_idx", "regs=", "parent ", "parent didn't",
    };

    /** Lines after which a state of another frame follows. */
    private static final String[] FRAMES = {
        "caller:", "callee:", "returning from callee:", "to caller at",
    };

    /** Reasons that name an instruction which is not the last one in the log. */
    private static final Pattern BLAMED = Pattern.compile("\\b(?:unreachable|at|from) insn (\\d+)");

    /** Reasons that say what a register holds. */
    private static final Pattern KIND =
            Pattern.compile("\\bR(\\d+) (?:invalid mem access '|type=)(\\w+)");

    /** Reasons that name a function, but no instruction. */
    private static final Pattern FUNCTION = Pattern.compile("\\b(?:in|from) (\\w+)\\(\\)");

    private static final Pattern VALIDATING = Pattern.compile("Validating (\\w+)\\(\\) func#");

    private final List<String> reasons = new ArrayList<>();
    private final RegisterState registers = new RegisterState();
    private String source = "";
    private String instruction = "";
    private String changes = "";
    private String function = "";
    private boolean otherFrame;
    private boolean lookingBack;
    private boolean settled;
    private int slot = -1;

    private VerifierLog() {}

    /** Reads a log. */
    static VerifierLog parse(String text) {
        VerifierLog log = new VerifierLog();
        List<String> lines = tail(text);
        for (String line : lines) {
            log.read(line);
        }
        if (log.reasons.isEmpty() && !lines.isEmpty()) {
            log.reasons.add(last(lines));
        }
        Matcher blamed = BLAMED.matcher(log.reason());
        if (blamed.find()) {
            log.blame(Integer.parseInt(blamed.group(1)));
        }
        Matcher named = FUNCTION.matcher(log.reason());
        if (named.find()) {
            log.function = named.group(1);
        }
        Matcher kind = KIND.matcher(log.reason());
        if (kind.find()) {
            log.registers.keepIf(Integer.parseInt(kind.group(1)), kind.group(2));
        }
        return log;
    }

    private static List<String> tail(String text) {
        int start = text.length();
        for (int i = 0; i < MAX_LINES && start > 0; i++) {
            start = text.lastIndexOf('\n', start - 1);
        }
        List<String> lines = new ArrayList<>();
        for (String line : text.substring(Math.max(start, 0)).split("\n", -1)) {
            if (!line.isBlank()) {
                lines.add(line.strip());
            }
        }
        return lines;
    }

    private static String last(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!startsWithAny(lines.get(i), NOISE)) {
                return lines.get(i);
            }
        }
        return lines.get(lines.size() - 1);
    }

    private void blame(int other) {
        if (other != slot) {
            slot = other;
            settle();
            source = "";
        }
    }

    private void read(String line) {
        if (line.startsWith("; ")) {
            source = line.substring(2).strip();
        } else if (line.equals(CUT)) {
            forget();
        } else if (startsWithAny(line, FRAMES)) {
            otherFrame = true;
            reasons.clear();
        } else if (startsWithAny(line, LOOKS_BACK)) {
            lookingBack = true;
        } else if (!startsWithAny(line, NOISE)) {
            readStep(line);
        }
    }

    private void forget() {
        reasons.clear();
        registers.clear();
        source = "";
        instruction = "";
        changes = "";
        slot = -1;
    }

    private void readStep(String line) {
        int number = slot(line);
        int colon = line.indexOf(':');
        if (number >= 0 && line.startsWith(" (", colon + 1)) {
            next(number, line.substring(line.indexOf(") ", colon) + 2));
            return;
        }
        int state = state(line);
        if (line.startsWith("from ") && colon > 0 || otherFrame && state < line.length()) {
            replace(line.substring(state));
        } else if (state == 0) {
            current(line);
        } else if (number >= 0 && state < line.length()) {
            settle();
            registers.read(line.substring(state));
            reasons.clear();
        } else if (number < 0) {
            readWords(line);
        }
    }

    /** Takes the states of another path or frame. */
    private void replace(String states) {
        otherFrame = false;
        instruction = "";
        changes = "";
        registers.clear();
        registers.read(states);
        reasons.clear();
    }

    /**
     * Takes states on a line of their own, as kernels before 5.18 print them after a branch, and
     * before the reason why an access is out of bounds.
     */
    private void current(String states) {
        if (!lookingBack) {
            registers.clear();
            registers.read(states);
            settled = true;
        }
    }

    private void readWords(String line) {
        Matcher validating = VALIDATING.matcher(line);
        if (validating.lookingAt()) {
            function = validating.group(1);
            forget();
        } else if (reasons.size() < MAX_REASON_LINES) {
            reasons.add(line);
        }
    }

    /** Takes what {@code 7: (79) r1 = *(u64 *)(r0 +0) ; R0=... R1=...} says behind its opcode. */
    private void next(int number, String line) {
        settle();
        reasons.clear();
        lookingBack = false;
        slot = number;
        int state = state(line);
        changes = line.substring(state);
        String text = line.substring(0, state);
        int semicolon = text.indexOf(';');
        instruction = withoutNext(semicolon < 0 ? text : text.substring(0, semicolon)).strip();
    }

    /**
     * Cuts {@code 6: frame4:} off, which stands behind an instruction where the states of the next
     * one follow on the same line.
     */
    private static String withoutNext(String text) {
        int colon = text.indexOf(": ");
        int start = colon < 0 ? -1 : text.lastIndexOf(' ', colon);
        return start > 0 && slot(text.substring(start + 1)) >= 0 ? text.substring(0, start) : text;
    }

    /** Lets the last instruction take effect, since it was not the rejected one. */
    private void settle() {
        if (!instruction.isEmpty() && !settled) {
            registers.execute(instruction);
            registers.read(changes);
        }
        instruction = "";
        changes = "";
        settled = false;
    }

    private static boolean startsWithAny(String line, String[] beginnings) {
        for (String beginning : beginnings) {
            if (line.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the number before the colon of {@code 7: (79) r1 = ...} or {@code 7: R1=...}; -1 for
     * another line.
     */
    private static int slot(String line) {
        int at = 0;
        int number = 0;
        while (at < line.length() && at < 8 && Character.isDigit(line.charAt(at))) {
            number = number * 10 + (line.charAt(at++) - '0');
        }
        return at > 0 && at < line.length() && line.charAt(at) == ':' ? number : -1;
    }

    /** Returns where the first register with a value begins, or the length if there is none. */
    private static int state(String line) {
        for (int at = line.indexOf('R'); at >= 0; at = line.indexOf('R', at + 1)) {
            int next = at + 1;
            while (next < line.length() && Character.isDigit(line.charAt(next))) {
                next++;
            }
            boolean marked = line.startsWith("_w", next) || line.startsWith("_r", next);
            int equals = marked ? line.indexOf('=', next) : next;
            boolean begins = at == 0 || line.charAt(at - 1) == ' ';
            if (begins && next > at + 1 && equals > 0 && line.startsWith("=", equals)) {
                return at;
            }
        }
        return line.length();
    }

    /** Returns the lines that say why. */
    List<String> reasons() {
        return reasons;
    }

    /** Returns the lines that say why, as one. */
    String reason() {
        return String.join("; ", reasons);
    }

    /** Returns the last line of C, with its file where the verifier says it; or empty. */
    String source() {
        return source;
    }

    /** Returns the states before the rejected instruction, or empty. */
    String registers() {
        return registers.toString();
    }

    /** Returns the rejected instruction in the verifier's words, or empty. */
    String instruction() {
        return instruction;
    }

    /** Returns the function that is rejected where no instruction is to blame, or empty. */
    String function() {
        return slot < 0 ? function : "";
    }

    /** Returns the slot of the rejected instruction, or -1 when none is to blame. */
    int slot() {
        return slot;
    }
}
