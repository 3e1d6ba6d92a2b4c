// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static io.ebpf4j.asm.Opcode.BPF_ABS;
import static io.ebpf4j.asm.Opcode.BPF_ALU;
import static io.ebpf4j.asm.Opcode.BPF_ALU64;
import static io.ebpf4j.asm.Opcode.BPF_ATOMIC;
import static io.ebpf4j.asm.Opcode.BPF_CALL;
import static io.ebpf4j.asm.Opcode.BPF_END;
import static io.ebpf4j.asm.Opcode.BPF_EXIT;
import static io.ebpf4j.asm.Opcode.BPF_IND;
import static io.ebpf4j.asm.Opcode.BPF_JA;
import static io.ebpf4j.asm.Opcode.BPF_JCOND;
import static io.ebpf4j.asm.Opcode.BPF_JMP;
import static io.ebpf4j.asm.Opcode.BPF_JMP32;
import static io.ebpf4j.asm.Opcode.BPF_LD;
import static io.ebpf4j.asm.Opcode.BPF_LDX;
import static io.ebpf4j.asm.Opcode.BPF_LOAD_ACQ;
import static io.ebpf4j.asm.Opcode.BPF_MEM;
import static io.ebpf4j.asm.Opcode.BPF_MEMSX;
import static io.ebpf4j.asm.Opcode.BPF_MOV;
import static io.ebpf4j.asm.Opcode.BPF_NEG;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_BTF_ID;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_CALL;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_FUNC;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_KFUNC_CALL;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_FD;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_IDX;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_IDX_VALUE;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_VALUE;
import static io.ebpf4j.asm.Opcode.BPF_ST;
import static io.ebpf4j.asm.Opcode.BPF_STORE_REL;
import static io.ebpf4j.asm.Opcode.BPF_STX;
import static io.ebpf4j.asm.Opcode.BPF_X;

/**
 * The text of one instruction without symbols.
 *
 * <p>Every method returns whether it knew the instruction; what was printed by one that did not is
 * to be dropped.
 */
final class InstructionText {
    static final int GOTOL = BPF_JMP32 | BPF_JA;

    private static final int GREATEST_REGISTER = 11;
    private static final int PSEUDO_ADDRESS_SPACE_CAST = 1;

    private final StringBuilder out;
    private final int opcode;
    private final int dst;
    private final int src;
    private final int offset;
    private final long imm;

    InstructionText(StringBuilder out, Instruction i) {
        this.out = out;
        this.opcode = i.opcode();
        this.dst = i.dst();
        this.src = i.src();
        this.offset = i.offset();
        this.imm = i.imm();
    }

    /** Says whether an instruction has a target to print. */
    static boolean isJump(int opcode) {
        int operation = opcode & 0xf0;
        return switch (opcode & 7) {
            case BPF_JMP ->
                    opcode == (BPF_JMP | BPF_JA)
                            || opcode == (BPF_JMP | BPF_JCOND)
                            || Condition.of(operation) != null;
            case BPF_JMP32 -> opcode == GOTOL || Condition.of(operation) != null;
            default -> false;
        };
    }

    boolean append() {
        if (dst > GREATEST_REGISTER || src > GREATEST_REGISTER) {
            return false;
        }
        return switch (opcode & 7) {
            case BPF_LD -> load();
            case BPF_LDX -> loadMemory();
            case BPF_ST -> storeImmediate();
            case BPF_STX -> storeRegister();
            case BPF_ALU -> arithmetic('w');
            case BPF_ALU64 -> arithmetic('r');
            case BPF_JMP -> jump();
            default -> jump32();
        };
    }

    private boolean load() {
        if (opcode == Instruction.LOAD_IMM64) {
            return wide();
        }
        Width width = Width.ofOpcode(opcode);
        int mode = opcode & 0xe0;
        if (width == Width.DW || (mode != BPF_ABS && mode != BPF_IND)) {
            return false;
        }
        out.append("r0 = *(u").append(width.bits()).append(" *)skb[");
        if (mode == BPF_ABS) {
            number(imm);
        } else {
            register('r', src);
        }
        out.append(']');
        return true;
    }

    private boolean wide() {
        if (offset != 0) {
            return false;
        }
        register('r', dst).append(" = ");
        int low = (int) imm;
        int high = (int) (imm >>> 32);
        switch (src) {
            case 0 -> number(imm).append(" ll");
            case BPF_PSEUDO_MAP_FD -> out.append("map[fd:").append(low).append(']');
            case BPF_PSEUDO_MAP_VALUE ->
                    out.append("map[fd:").append(low).append("][0]+").append(high);
            case BPF_PSEUDO_BTF_ID -> out.append("ksym[id:").append(low).append(']');
            case BPF_PSEUDO_FUNC -> decimal("subprog[", low).append(']');
            case BPF_PSEUDO_MAP_IDX -> out.append("map[idx:").append(low).append(']');
            case BPF_PSEUDO_MAP_IDX_VALUE ->
                    out.append("map[idx:").append(low).append("][0]+").append(high);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean loadMemory() {
        Width width = Width.ofOpcode(opcode);
        boolean signed = (opcode & 0xe0) == BPF_MEMSX;
        if (signed ? width == Width.DW : (opcode & 0xe0) != BPF_MEM) {
            return false;
        }
        register('r', dst).append(" = ");
        memory(signed ? 's' : 'u', width, src);
        return true;
    }

    private boolean storeImmediate() {
        if ((opcode & 0xe0) != BPF_MEM) {
            return false;
        }
        memory('u', Width.ofOpcode(opcode), dst).append(" = ");
        number(imm);
        return true;
    }

    private boolean storeRegister() {
        Width width = Width.ofOpcode(opcode);
        int mode = opcode & 0xe0;
        if (mode == BPF_ATOMIC) {
            return atomic(width);
        }
        if (mode != BPF_MEM) {
            return false;
        }
        memory('u', width, dst).append(" = ");
        register('r', src);
        return true;
    }

    private boolean atomic(Width width) {
        char kind = width == Width.DW ? 'r' : 'w';
        if (imm == BPF_LOAD_ACQ) {
            register(kind, dst).append(" = load_acquire(");
            pointer(width, src).append(')');
            return true;
        }
        if (imm == BPF_STORE_REL) {
            out.append("store_release(");
            pointer(width, dst).append(", ");
            register(kind, src).append(')');
            return true;
        }
        Atomic operation = Atomic.of((int) imm);
        if (operation == null || width.bits() < 32) {
            return false;
        }
        return switch (operation) {
            case ADD, OR, AND, XOR -> {
                out.append("lock ");
                memory('u', width, dst).append(' ').append(operation.text()).append(' ');
                register(kind, src);
                yield true;
            }
            case FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR -> {
                register(kind, src).append(" = ").append(operation.text()).append('(');
                pointer(width, dst).append(", ");
                register(kind, src).append(')');
                yield true;
            }
            case XCHG -> exchange(operation, width, kind, src, "");
            case CMPXCHG -> exchange(operation, width, kind, 0, kind + "0, ");
        };
    }

    private boolean exchange(
            Atomic operation, Width width, char kind, int result, String expected) {
        register(kind, result).append(" = ").append(operation.text());
        out.append(width == Width.DW ? "_64(" : "32_32(");
        address(dst).append(", ").append(expected);
        register(kind, src).append(')');
        return true;
    }

    private boolean arithmetic(char kind) {
        int operation = opcode & 0xf0;
        if (operation == BPF_NEG) {
            if ((opcode & BPF_X) != 0) {
                return false;
            }
            register(kind, dst).append(" = -");
            register(kind, dst);
            return true;
        }
        if (operation == BPF_END) {
            return swap(kind);
        }
        if (operation == BPF_MOV && offset != 0) {
            return extend(kind);
        }
        Arithmetic known = Arithmetic.of(operation, offset);
        if (known == null) {
            return false;
        }
        register(kind, dst).append(' ').append(known.text()).append(' ');
        operand(kind);
        return true;
    }

    private boolean swap(char kind) {
        if ((imm != 16 && imm != 32 && imm != 64) || offset != 0 || src != 0) {
            return false;
        }
        boolean register = (opcode & BPF_X) != 0;
        if (kind == 'r' && register) {
            return false;
        }
        register('r', dst).append(" = ").append(kind == 'r' ? "bswap" : register ? "be" : "le");
        out.append(imm).append(' ');
        register('r', dst);
        return true;
    }

    private boolean extend(char kind) {
        if ((opcode & BPF_X) == 0) {
            return false;
        }
        if (kind == 'r' && offset == PSEUDO_ADDRESS_SPACE_CAST) {
            register('r', dst).append(" = addr_space_cast(");
            register('r', src).append(", ");
            number(imm >>> 16 & 0xffff).append(", ");
            number(imm & 0xffff).append(')');
            return true;
        }
        if (offset != 8 && offset != 16 && (offset != 32 || kind == 'w')) {
            return false;
        }
        register(kind, dst).append(" = (s").append(offset).append(')');
        register(kind, src);
        return true;
    }

    private boolean jump() {
        switch (opcode) {
            case BPF_JMP | BPF_JA -> distance("goto ", offset);
            case BPF_JMP | BPF_JA | BPF_X -> out.append("gotox r").append(dst);
            case BPF_JMP | BPF_JCOND -> {
                if (src != 0) {
                    return false;
                }
                distance("may_goto ", offset);
            }
            case BPF_JMP | BPF_CALL -> {
                return call();
            }
            case BPF_JMP | BPF_CALL | BPF_X -> out.append("callx r").append(dst);
            case BPF_JMP | BPF_EXIT -> out.append("exit");
            default -> {
                return conditional('r');
            }
        }
        return true;
    }

    private boolean jump32() {
        if (opcode == GOTOL) {
            distance("gotol ", imm);
            return true;
        }
        return conditional('w');
    }

    private boolean conditional(char kind) {
        Condition condition = Condition.of(opcode);
        if (condition == null) {
            return false;
        }
        out.append("if ").append(kind).append(dst).append(' ').append(condition.text()).append(' ');
        operand(kind);
        distance(" goto ", offset);
        return true;
    }

    private boolean call() {
        switch (src) {
            case 0 -> out.append("call ").append(Helpers.name((int) imm)).append('#').append(imm);
            case BPF_PSEUDO_CALL -> decimal("call pc", (int) imm);
            case BPF_PSEUDO_KFUNC_CALL -> out.append("call kernel-function#").append(imm);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void operand(char kind) {
        if ((opcode & BPF_X) != 0) {
            register(kind, src);
        } else {
            number(imm);
        }
    }

    private StringBuilder register(char kind, int number) {
        return out.append(kind).append(number);
    }

    private StringBuilder memory(char kind, Width width, int base) {
        out.append("*(").append(kind).append(width.bits()).append(" *)(");
        return address(base).append(')');
    }

    private StringBuilder pointer(Width width, int base) {
        out.append("(u").append(width.bits()).append(" *)(");
        return address(base).append(')');
    }

    private StringBuilder address(int base) {
        out.append('r').append(base).append(offset < 0 ? " - 0x" : " + 0x");
        return out.append(Integer.toHexString(Math.abs(offset)));
    }

    private StringBuilder number(long value) {
        out.append(value < 0 ? "-0x" : "0x");
        return out.append(Long.toHexString(Math.abs(value)));
    }

    private void distance(String jump, long slots) {
        out.append(jump)
                .append(slots < 0 ? "-0x" : "+0x")
                .append(Long.toHexString(Math.abs(slots)));
    }

    private StringBuilder decimal(String before, int value) {
        return out.append(before).append(value < 0 ? "" : "+").append(value);
    }
}
