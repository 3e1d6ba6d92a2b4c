// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.ObjectFormatException;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the arguments of a static probe from left to right.
 *
 * <pre>
 * argument: ['-'] size '@' operand
 * size:     '1' | '2' | '4' | '8'
 * </pre>
 *
 * <p>Operands are the assembler's, in the machine's style.
 */
final class UsdtGrammar {
    private final UsdtMachine machine;
    private final String text;
    private int at;

    /** The argument that is being read. */
    private int ordinal;

    private int bytes;
    private boolean signed;

    /** What {@link #takeNumber} found. */
    private long number;

    UsdtGrammar(UsdtMachine machine, String text) {
        this.machine = machine;
        this.text = text;
    }

    List<UsdtArgument> arguments() {
        List<UsdtArgument> arguments = new ArrayList<>();
        skipSpaces();
        while (at < text.length()) {
            ordinal++;
            size();
            arguments.add(operand());
            if (at < text.length() && text.charAt(at) != ' ') {
                throw error("ends in characters that are no part of an operand");
            }
            skipSpaces();
        }
        return List.copyOf(arguments);
    }

    private void size() {
        signed = take('-');
        bytes = at < text.length() ? text.charAt(at++) - '0' : 0;
        if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) {
            throw error("does not begin with a size of 1, 2, 4 or 8 bytes");
        }
        if (!take('@')) {
            throw error(
                    at < text.length() && text.charAt(at) == 'f'
                            ? "is a floating-point number, which programs cannot read"
                            : "has no @ behind its size");
        }
    }

    private UsdtArgument operand() {
        return switch (machine.style()) {
            case ATT -> att();
            case BRACKETS -> take('[') ? bracketed() : plain("");
            case PLAIN -> plain("");
            case PERCENT -> plain("%");
        };
    }

    private UsdtArgument att() {
        if (take('$')) {
            return new UsdtArgument.Constant(bytes, signed, requireNumber());
        }
        if (peek() == '%') {
            return inRegister(register("%"));
        }
        long offset = peek() == '(' ? 0 : requireNumber();
        if (!take('(')) {
            throw error("is at an absolute address, which programs cannot relocate");
        }
        return parenthesised("%", offset);
    }

    // A number is a constant unless a parenthesis follows.
    private UsdtArgument plain(String prefix) {
        boolean parentheses = machine.style() != UsdtMachine.Style.BRACKETS;
        if (parentheses && take('(')) {
            return parenthesised(prefix, 0);
        }
        if (!takeNumber()) {
            return inRegister(register(prefix));
        }
        return parentheses && take('(')
                ? parenthesised(prefix, number)
                : new UsdtArgument.Constant(bytes, signed, number);
    }

    private UsdtArgument parenthesised(String prefix, long offset) {
        if (peek() == ',') {
            throw error("has an index but no base register, which programs cannot follow");
        }
        UsdtRegister first = register(prefix);
        skipSpaces();
        if (take(')')) {
            return inMemory(first, offset);
        }
        if (machine == UsdtMachine.RISCV64 || !take(',')) {
            throw error("has no closing parenthesis");
        }
        skipSpaces();
        UsdtRegister second = register(prefix);
        skipSpaces();
        // s390x writes the index first, but both are added all the same
        int scale = machine == UsdtMachine.X86_64 && take(',') ? scale() : 1;
        require(')', "has no closing parenthesis");
        return indexed(first, second, scale, offset);
    }

    private int scale() {
        skipSpaces();
        long scale = requireNumber();
        skipSpaces();
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw error("has a scale other than 1, 2, 4 or 8");
        }
        return (int) scale;
    }

    private UsdtArgument bracketed() {
        skipSpaces();
        UsdtRegister base = register("");
        skipSpaces();
        if (take(']')) {
            return inMemory(base, 0);
        }
        require(',', "has no closing bracket");
        skipSpaces();
        take('#');
        if (takeNumber()) {
            skipSpaces();
            require(']', "has no closing bracket");
            return inMemory(base, number);
        }
        UsdtRegister index = register("");
        if (!index.name().startsWith("x")) {
            throw error("has an index of 32 bits, which programs cannot extend");
        }
        skipSpaces();
        int scale = take(',') ? shift() : 1;
        require(']', "has no closing bracket");
        return indexed(base, index, scale, 0);
    }

    private int shift() {
        skipSpaces();
        if (!text.startsWith("lsl", at)) {
            throw error("changes its index by something else than lsl");
        }
        at += "lsl".length();
        skipSpaces();
        take('#');
        long shift = requireNumber();
        skipSpaces();
        if (shift < 0 || shift > 3) {
            throw error("shifts its index by something else than 0 to 3");
        }
        return 1 << (int) shift;
    }

    private UsdtArgument inRegister(UsdtRegister register) {
        return register.offset() == UsdtMachine.ZERO
                ? new UsdtArgument.Constant(bytes, signed, 0)
                : new UsdtArgument.InRegister(bytes, signed, register);
    }

    private UsdtArgument inMemory(UsdtRegister base, long offset) {
        address(base);
        return new UsdtArgument.InMemory(bytes, signed, base, offset);
    }

    private UsdtArgument indexed(UsdtRegister base, UsdtRegister index, int scale, long offset) {
        address(base);
        return index.offset() == UsdtMachine.ZERO
                ? new UsdtArgument.InMemory(bytes, signed, base, offset)
                : new UsdtArgument.Indexed(bytes, signed, base, index, scale, offset);
    }

    // What stands before (%rip) is meant from the next instruction, and often a symbol.
    private void address(UsdtRegister base) {
        if (base.offset() == UsdtMachine.ZERO || base.name().endsWith("ip")) {
            throw error("is in memory that no register holds the address of");
        }
    }

    private UsdtRegister register(String prefix) {
        int from = at;
        if (!text.startsWith(prefix, at)) {
            throw error("has no " + prefix + " before its register");
        }
        at += prefix.length();
        int name = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        Integer offset = machine.offset(text.substring(name, at));
        if (offset == null) {
            throw error(
                    at == name
                            ? "has no operand that is known"
                            : "is in " + text.substring(from, at) + ", which programs cannot read");
        }
        return new UsdtRegister(text.substring(from, at), offset);
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private long requireNumber() {
        if (!takeNumber()) {
            throw error("has no number where one belongs (a symbol's address is not known here)");
        }
        return number;
    }

    /** Reads a number of up to 64 bits, or stays where it is when there is none. */
    private boolean takeNumber() {
        int from = at;
        boolean negative = take('-');
        if (!negative) {
            take('+');
        }
        int radix = text.startsWith("0x", at) ? 16 : 10;
        at += radix == 16 ? 2 : 0;
        int digits = at;
        while (peek() < 128 && Character.digit(peek(), radix) >= 0) {
            at++;
        }
        if (at == digits) {
            at = from;
            return false;
        }
        try {
            long value = Long.parseUnsignedLong(text, digits, at, radix);
            number = negative ? -value : value;
        } catch (NumberFormatException e) {
            throw error("has a number of more than 64 bits");
        }
        return true;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char c) {
        boolean there = peek() == c;
        at += there ? 1 : 0;
        return there;
    }

    private void require(char c, String otherwise) {
        if (!take(c)) {
            throw error(otherwise);
        }
    }

    private void skipSpaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    private ObjectFormatException error(String what) {
        return new ObjectFormatException(
                "argument " + ordinal + " of a static probe's \"" + text + "\" " + what);
    }
}
