// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.golang.Instruction.Flow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The machine code of one function. */
final class FunctionCode {
    private static final int EM_X86_64 = 62;
    private static final int EM_AARCH64 = 183;
    private static final int SHOWN_BYTES = 8;

    private final GoFunction function;
    private final List<Instruction> instructions;

    private FunctionCode(GoFunction function, List<Instruction> instructions) {
        this.function = function;
        this.instructions = instructions;
    }

    /**
     * Reads a function's code.
     *
     * @throws ObjectFormatException if the file does not have it, or bytes are no instruction
     * @throws UnsupportedException if it is of another machine than x86_64 and aarch64
     */
    static FunctionCode read(ElfFile file, GoFunction function) {
        if (function.size() <= 0 || function.size() > Integer.MAX_VALUE) {
            throw new ObjectFormatException(
                    file.fileOffset(function.address()),
                    function.name() + " has a size of " + function.size() + " bytes");
        }
        // Code is little endian on both machines, whatever data is.
        ByteBuffer code =
                Memory.read(file, function.address(), function.size())
                        .order(ByteOrder.LITTLE_ENDIAN);
        Decoder decoder = decoder(file.machine(), code, function);
        List<Instruction> instructions = new ArrayList<>();
        int at = 0;
        while (at < code.limit()) {
            Instruction instruction = decoder.decode(at);
            if (instruction == null) {
                throw unreadable(file, code, at, function);
            }
            instructions.add(instruction);
            at += instruction.length();
        }
        return new FunctionCode(function, instructions);
    }

    private static Decoder decoder(int machine, ByteBuffer code, GoFunction function) {
        return switch (machine) {
            case EM_X86_64 -> new X86Decoder(code, function.address());
            case EM_AARCH64 -> new Aarch64Decoder(code, function.address());
            default ->
                    throw new UnsupportedException(
                            "reading the code of "
                                    + function.name()
                                    + ", which is for the machine with ELF number "
                                    + machine,
                            "",
                            "known are x86_64 and aarch64");
        };
    }

    private static ObjectFormatException unreadable(
            ElfFile file, ByteBuffer code, int at, GoFunction function) {
        byte[] bytes = new byte[Math.min(SHOWN_BYTES, code.limit() - at)];
        code.get(at, bytes);
        return new ObjectFormatException(
                file.fileOffset(function.address() + at),
                "the bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(bytes)
                        + " at "
                        + function.name()
                        + "+0x"
                        + Integer.toHexString(at)
                        + " are no instruction that is known; its returns cannot be found");
    }

    /** Returns the instructions in the order of their addresses. */
    List<Instruction> instructions() {
        return instructions;
    }

    /**
     * Finds the instructions by which it returns.
     *
     * @return their addresses
     * @throws BpfException if there are none, or it may return from another function
     */
    List<Long> returns() {
        List<Long> places = new ArrayList<>();
        for (Instruction instruction : instructions) {
            boolean leaves =
                    switch (instruction.flow()) {
                        case JUMP, BRANCH -> !holds(instruction.target());
                        case ELSEWHERE -> true;
                        default -> false;
                    };
            if (leaves) {
                throw hidden(instruction);
            }
            if (instruction.flow() == Flow.RETURN) {
                places.add(instruction.address());
            }
        }
        if (places.isEmpty()) {
            throw new BpfException(
                    function.name() + " never returns: it has no return instruction");
        }
        return places;
    }

    private boolean holds(long address) {
        return Long.compareUnsigned(address - function.address(), function.size()) < 0;
    }

    private BpfException hidden(Instruction jump) {
        String to =
                jump.flow() == Flow.ELSEWHERE
                        ? "an address that is known at run time only"
                        : "0x" + Long.toHexString(jump.target());
        return new BpfException(
                function.name()
                        + " ends with a tail call: at 0x"
                        + Long.toHexString(jump.address())
                        + " ("
                        + function.name()
                        + "+0x"
                        + Long.toHexString(jump.address() - function.address())
                        + ") it jumps to "
                        + to
                        + ", outside itself, and what it jumps to returns in its place; attach to"
                        + " the return of that function, or of a caller");
    }

    /**
     * Finds where its work begins: behind the check whether the stack has room. When it has not,
     * the check is made again once the stack was moved.
     *
     * @param growers the functions that move the stack
     * @return the address
     * @throws BpfException if the end of the check cannot be told
     */
    long body(Set<Long> growers) {
        int call = 0;
        while (call < instructions.size() && !calls(instructions.get(call), growers)) {
            call++;
        }
        if (call == instructions.size()) {
            return function.address();
        }
        int first = call;
        while (first > 0 && instructions.get(first - 1).flow() == Flow.NEXT) {
            first--;
        }
        long from = instructions.get(first).address();
        long size = instructions.get(call).end() - from;
        long body = 0;
        // The branches to the call are the first ones of the function.
        for (Instruction instruction : instructions) {
            Flow flow = instruction.flow();
            boolean toCall = Long.compareUnsigned(instruction.target() - from, size) < 0;
            if (flow == Flow.BRANCH && toCall) {
                body = instruction.end();
            } else if (flow != Flow.NEXT) {
                break;
            }
        }
        if (body == 0) {
            throw new BpfException(
                    function.name()
                            + " calls for a larger stack at 0x"
                            + Long.toHexString(instructions.get(call).address())
                            + ", but no branch at its beginning leads there; attachUprobe probes"
                            + " its first instruction, which runs again after the stack has grown");
        }
        return body;
    }

    private static boolean calls(Instruction instruction, Set<Long> functions) {
        return instruction.flow() == Flow.CALL && functions.contains(instruction.target());
    }
}
