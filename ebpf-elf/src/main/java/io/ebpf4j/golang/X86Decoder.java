// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.golang.Instruction.Flow;

import java.nio.ByteBuffer;

/**
 * Decodes x86_64 code in 64-bit mode, as far as to know how long an instruction is and where it
 * leads.
 *
 * <pre>
 * legacy prefixes | REX          | opcode                   | ModRM | SIB | displacement | immediate
 *                 | VEX EVEX XOP | of the map they name     |
 *                                | 0F op, 0F 38 op, 0F 3A op |
 * </pre>
 *
 * <p>Source: Intel's Software Developer's Manual, volume 2, chapter 2 and appendix A; for XOP, and
 * what only AMD has, AMD's Programmer's Manual, volume 3. Of near branches with an operand-size
 * prefix, which the two read differently, it takes Intel's reading. An opcode that no processor has
 * is not told from one that newer ones have; those of APX are not known.
 */
final class X86Decoder implements Decoder {
    private static final int LONGEST = 15;

    // A letter for each opcode says what follows it:
    //   - nothing       M ModRM              C ModRM of a register, whatever it says
    //   b w immediate of 1 or 2 bytes        e of 3 bytes (enter)
    //   z of 4 bytes, or 2 (operand size)    v of 8 bytes (REX.W), 4, or 2
    //   B Z ModRM and what b or z mean       T U the same, if ModRM selects test
    //   j J distance of 1 or 4 bytes         a address of 8 bytes, or 4 (address size)
    //   S ModRM, and two bytes behind some prefixes
    //   p prefix or another map              x no instruction
    private static final String ONE_BYTE =
            "MMMMbzxxMMMMbzxp" // 00
                    + "MMMMbzxxMMMMbzxx"
                    + "MMMMbzpxMMMMbzpx" // 20
                    + "MMMMbzpxMMMMbzpx"
                    + "pppppppppppppppp" // 40
                    + "----------------"
                    + "xxpMppppzZbB----" // 60
                    + "jjjjjjjjjjjjjjjj"
                    + "BZxBMMMMMMMMMMMM" // 80
                    + "----------x-----"
                    + "aaaa----bz------" // a0
                    + "bbbbbbbbvvvvvvvv"
                    + "BBw-ppBZe-w--bx-" // c0
                    + "MMMMxxx-MMMMMMMM"
                    + "jjjjbbbbJJxj----" // e0
                    + "p-pp--TU------MM";

    private static final String TWO_BYTES =
            "MMMMx-----x-xM-B" // 0f 00
                    + "MMMMMMMMMMMMMMMM"
                    + "CCCCxxxxMMMMMMMM" // 0f 20
                    + "------x-pxpxxxxx"
                    + "MMMMMMMMMMMMMMMM" // 0f 40
                    + "MMMMMMMMMMMMMMMM"
                    + "MMMMMMMMMMMMMMMM" // 0f 60
                    + "BBBBMMM-SMxxMMMM"
                    + "JJJJJJJJJJJJJJJJ" // 0f 80
                    + "MMMMMMMMMMMMMMMM"
                    + "---MBMMM---MBMMM" // 0f a0
                    + "MMMMMMMMMMBMMMMM"
                    + "MMBMBBBM--------" // 0f c0
                    + "MMMMMMMMMMMMMMMM"
                    + "MMMMMMMMMMMMMMMM" // 0f e0
                    + "MMMMMMMMMMMMMMMM";

    private static final int OPERAND_SIZE = 0x66;
    private static final int ADDRESS_SIZE = 0x67;
    private static final int REPNE = 0xf2;
    private static final int GROUP_5 = 0xff;
    private static final int VZEROUPPER = 0x77;

    private final ByteBuffer code;
    private final long address;

    // Of the instruction that is being decoded:
    private int at;
    private boolean wide;
    private boolean shortOperand;
    private boolean shortAddress;
    private boolean repne;
    private int distance;
    private Flow flow;

    /**
     * Takes a function's code.
     *
     * @param code the bytes, little endian
     * @param address the virtual address of the first one
     */
    X86Decoder(ByteBuffer code, long address) {
        this.code = code;
        this.address = address;
    }

    @Override
    public Instruction decode(int start) {
        at = start;
        wide = false;
        shortOperand = false;
        shortAddress = false;
        repne = false;
        distance = 0;
        flow = Flow.NEXT;
        prefixes(start);
        if (at - start >= LONGEST || !opcode()) {
            return null;
        }
        int length = at - start;
        if (length > LONGEST || at > code.limit()) {
            return null;
        }
        return new Instruction(address + start, length, flow, target());
    }

    // Behind the end everything is 0, which is no prefix; decode() sees that the end was passed.
    private int peek(int offset) {
        return offset < code.limit() ? code.get(offset) & 0xff : 0;
    }

    private void prefixes(int start) {
        while (at - start < LONGEST) {
            int prefix = peek(at);
            switch (prefix) {
                case OPERAND_SIZE -> shortOperand = true;
                case ADDRESS_SIZE -> shortAddress = true;
                case REPNE -> repne = true;
                case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0xf0, 0xf3 -> {
                    // Segments, lock and rep change no length.
                }
                default -> {
                    if ((prefix & 0xf0) != 0x40) {
                        return;
                    }
                }
            }
            // A REX prefix counts only directly before the opcode.
            wide = (prefix & 0xf8) == 0x48;
            at++;
        }
    }

    private boolean opcode() {
        int opcode = peek(at++);
        return switch (opcode) {
            case 0x0f -> escaped();
            case 0xc5 -> {
                at++;
                yield vector(1);
            }
            case 0xc4 -> {
                int map = peek(at) & 0x1f;
                at += 2;
                yield map <= 3 && vector(map);
            }
            case 0x62 -> {
                int map = peek(at) & 0xf;
                boolean fixed = (peek(at + 1) & 4) != 0;
                at += 3;
                yield fixed && vector(map);
            }
            case 0x8f -> (peek(at) & 0x1f) < 8 ? modrm(0) : xop();
            default -> {
                flow(opcode);
                yield operands(ONE_BYTE.charAt(opcode));
            }
        };
    }

    private boolean escaped() {
        int opcode = peek(at++);
        if (opcode == 0x38 || opcode == 0x3a) {
            at++;
            return modrm(opcode == 0x3a ? 1 : 0);
        }
        char letter = TWO_BYTES.charAt(opcode);
        if (letter == 'J') {
            flow = Flow.BRANCH;
        }
        return operands(letter);
    }

    // The opcodes of map 1 take what their namesakes behind 0f take.
    private boolean vector(int map) {
        int opcode = peek(at++);
        return switch (map) {
            case 1 -> opcode == VZEROUPPER || modrm(TWO_BYTES.charAt(opcode) == 'B' ? 1 : 0);
            case 2, 5, 6 -> modrm(0);
            case 3 -> modrm(1);
            default -> false;
        };
    }

    private boolean xop() {
        int map = peek(at) & 0x1f;
        at += 3;
        return switch (map) {
            case 8 -> modrm(1);
            case 9 -> modrm(0);
            case 10 -> modrm(4);
            default -> false;
        };
    }

    private boolean operands(char letter) {
        return switch (letter) {
            case '-' -> true;
            case 'M' -> modrm(0);
            case 'C', 'b' -> skip(1);
            case 'w' -> skip(2);
            case 'e' -> skip(3);
            case 'j' -> leap(Byte.BYTES);
            case 'J' -> leap(Integer.BYTES);
            case 'z' -> skip(immediate());
            case 'v' -> skip(wide ? 8 : immediate());
            case 'a' -> skip(shortAddress ? 4 : 8);
            case 'B' -> modrm(1);
            case 'Z' -> modrm(immediate());
            case 'T' -> modrm(selectsTest() ? 1 : 0);
            case 'U' -> modrm(selectsTest() ? immediate() : 0);
            case 'S' -> modrm(shortOperand || repne ? 2 : 0);
            default -> false;
        };
    }

    private boolean skip(int bytes) {
        at += bytes;
        return true;
    }

    private boolean leap(int bytes) {
        distance = bytes;
        return skip(bytes);
    }

    private int immediate() {
        return shortOperand && !wide ? 2 : 4;
    }

    private boolean selectsTest() {
        return (peek(at) & 0x30) == 0;
    }

    private boolean modrm(int immediate) {
        int modrm = peek(at++);
        int mod = modrm >> 6;
        int base = modrm & 7;
        if (mod != 3 && base == 4) {
            base = peek(at++) & 7;
        }
        if (mod == 1) {
            at++;
        } else if (mod == 2 || mod == 0 && base == 5) {
            at += 4;
        }
        at += immediate;
        return true;
    }

    private void flow(int opcode) {
        flow =
                switch (opcode) {
                    case 0xc2, 0xc3 -> Flow.RETURN;
                    case 0xe8 -> Flow.CALL;
                    case 0xe9, 0xeb -> Flow.JUMP;
                    case 0xe0, 0xe1, 0xe2, 0xe3 -> Flow.BRANCH;
                    case GROUP_5 -> indirect(peek(at), peek(at + 1));
                    default -> (opcode & 0xf0) == 0x70 ? Flow.BRANCH : Flow.NEXT;
                };
    }

    // What compilers make of a switch loads from a table of addresses: jmp [base + 8 * index].
    private static Flow indirect(int modrm, int sib) {
        int operation = modrm >> 3 & 7;
        if (operation != 4 && operation != 5) {
            return Flow.NEXT;
        }
        boolean scaled = modrm >> 6 != 3 && (modrm & 7) == 4 && sib >> 6 == 3;
        return operation == 4 && scaled ? Flow.TABLE : Flow.ELSEWHERE;
    }

    private long target() {
        return switch (distance) {
            case Byte.BYTES -> address + at + code.get(at - Byte.BYTES);
            case Integer.BYTES -> address + at + code.getInt(at - Integer.BYTES);
            default -> 0;
        };
    }
}
