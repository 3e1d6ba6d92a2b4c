// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/** Prints an instruction whose number is still a name. */
final class ReferenceText {

    private ReferenceText() {}

    /**
     * Prints the instruction if the reference explains it; otherwise prints nothing and returns
     * false.
     */
    static boolean append(StringBuilder out, Instruction instruction, Reference reference) {
        if (instruction.opcode() == Instruction.CALL) {
            return appendCall(out, reference);
        }
        if (instruction.opcode() != Instruction.LOAD_IMM64) {
            return false;
        }
        int start = out.length();
        out.append('r').append(instruction.dst()).append(" = ");
        switch (reference) {
            case Reference.MapDescriptor r -> out.append("map[").append(r.map()).append(']');
            case Reference.MapValue r ->
                    out.append("map[").append(r.map()).append("][0]+").append(r.offset());
            case Reference.FunctionAddress r ->
                    out.append("subprog[").append(r.function()).append(']');
            case Reference.Extern r -> out.append("ksym[").append(r.name()).append(']');
            case Reference.JumpTable r -> out.append("jumptable").append(r.targets());
            case Reference.Call r -> out.setLength(start);
        }
        return out.length() > start;
    }

    private static boolean appendCall(StringBuilder out, Reference reference) {
        if (reference instanceof Reference.Call call) {
            out.append("call ").append(call.function());
            return true;
        }
        if (reference instanceof Reference.Extern extern) {
            out.append("call ").append(extern.name());
            return true;
        }
        return false;
    }
}
