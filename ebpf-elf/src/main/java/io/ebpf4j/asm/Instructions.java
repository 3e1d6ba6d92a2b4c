// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A sequence of instructions as the kernel takes it, 8 bytes a slot, with the symbolic references
 * that are still open.
 *
 * <pre>
 *   0        1          2              4                      8
 *   | opcode | src dst  | offset (s16) | immediate (s32)      |     little endian: dst in the low four bits
 * </pre>
 *
 * <p>The bytes are kept flat because parsing, relocating and loading mostly move them; {@link #at}
 * decodes one on demand. Instances are mutable and not safe for use by several threads.
 */
public final class Instructions implements Iterable<Instruction> {

    /** Bytes of one instruction slot. */
    public static final int SLOT_BYTES = 8;

    private final boolean little;
    private byte[] bytes;

    /**
     * The bytes, in their order: unlike var handles over arrays, it needs no linking at start-up.
     */
    private ByteBuffer fields;

    private int slots;
    private final ArrayList<Reference> references = new ArrayList<>();

    private Instructions(byte[] bytes, int slots, boolean little) {
        this.slots = slots;
        this.little = little;
        keep(bytes);
    }

    /**
     * Creates an empty sequence.
     *
     * @param order the byte order of the machine that will run the instructions
     * @return a new, empty sequence
     */
    public static Instructions empty(ByteOrder order) {
        return new Instructions(new byte[0], 0, order == ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Copies encoded instructions.
     *
     * @param encoded whole slots of 8 bytes
     * @param order their byte order
     * @return a new sequence without references
     * @throws ObjectFormatException if the length is no multiple of 8
     */
    public static Instructions decode(byte[] encoded, ByteOrder order) {
        if (encoded.length % SLOT_BYTES != 0) {
            throw new ObjectFormatException(
                    "instructions take whole slots of 8 bytes, but there are "
                            + encoded.length
                            + " bytes");
        }
        return new Instructions(
                encoded.clone(), encoded.length / SLOT_BYTES, order == ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the byte order of the encoding.
     *
     * @return little or big endian
     */
    public ByteOrder order() {
        return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /**
     * Returns the length in slots, which is what the kernel calls {@code insn_cnt}.
     *
     * @return number of 8-byte slots; a 64-bit immediate load counts twice
     */
    public int slotCount() {
        return slots;
    }

    /**
     * Encodes the sequence.
     *
     * @return a copy of the bytes
     */
    public byte[] encode() {
        return Arrays.copyOf(bytes, slots * SLOT_BYTES);
    }

    /**
     * Returns the open references, in no particular order.
     *
     * @return the live, mutable list
     */
    public List<Reference> references() {
        return references;
    }

    /**
     * Copies the instructions and the list of references.
     *
     * @return an independent copy
     */
    public Instructions copy() {
        Instructions copy = new Instructions(encode(), slots, little);
        copy.references.addAll(references);
        return copy;
    }

    /**
     * Adds an instruction at the end.
     *
     * @param instruction the instruction, of one or two slots
     */
    public void add(Instruction instruction) {
        int slot = grow(instruction.slots());
        put(
                slot,
                instruction.opcode(),
                instruction.dst(),
                instruction.src(),
                instruction.offset(),
                (int) instruction.imm());
        if (instruction.slots() == 2) {
            put(slot + 1, 0, 0, 0, 0, (int) (instruction.imm() >>> 32));
        }
    }

    /**
     * Appends another sequence, and its references moved behind this one's slots.
     *
     * @param other a sequence of the same byte order
     * @throws IllegalArgumentException if the byte orders differ
     */
    public void append(Instructions other) {
        if (other.little != little) {
            throw new IllegalArgumentException("cannot append " + other.order() + " to " + order());
        }
        int count = other.slots;
        List<Reference> moved = List.copyOf(other.references);
        byte[] source = other.bytes;
        int base = grow(count);
        System.arraycopy(source, 0, bytes, base * SLOT_BYTES, count * SLOT_BYTES);
        for (Reference r : moved) {
            references.add(r.at(r.slot() + base));
        }
    }

    /**
     * Decodes the instruction that begins at a slot.
     *
     * @param slot index of its first slot
     * @return the instruction
     * @throws IndexOutOfBoundsException if there is no such slot
     * @throws ObjectFormatException if a 64-bit immediate load lacks its second slot
     */
    public Instruction at(int slot) {
        int opcode = opcode(slot);
        if (opcode != Instruction.LOAD_IMM64) {
            return new Instruction(opcode, dst(slot), src(slot), offset(slot), imm(slot));
        }
        if (slot + 1 >= slots) {
            throw new ObjectFormatException(
                    "64-bit immediate load at slot " + slot + " has no second slot");
        }
        long imm = (imm(slot) & 0xffff_ffffL) | (long) imm(slot + 1) << 32;
        return new Instruction(opcode, dst(slot), src(slot), offset(slot), imm);
    }

    /**
     * Replaces the slots at an index.
     *
     * @param slot index of the first slot
     * @param instruction the new instruction; it overwrites as many slots as it has
     * @throws IndexOutOfBoundsException if it does not fit
     */
    public void set(int slot, Instruction instruction) {
        check(slot);
        check(slot + instruction.slots() - 1);
        put(
                slot,
                instruction.opcode(),
                instruction.dst(),
                instruction.src(),
                instruction.offset(),
                (int) instruction.imm());
        if (instruction.slots() == 2) {
            put(slot + 1, 0, 0, 0, 0, (int) (instruction.imm() >>> 32));
        }
    }

    /**
     * Returns a slot's opcode byte.
     *
     * @param slot index of the slot
     * @return 0 to 255; 0 in the second slot of a 64-bit immediate load
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public int opcode(int slot) {
        check(slot);
        return bytes[slot * SLOT_BYTES] & 0xff;
    }

    /**
     * Returns a slot's destination register.
     *
     * @param slot index of the slot
     * @return 0 to 15
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public int dst(int slot) {
        check(slot);
        int regs = bytes[slot * SLOT_BYTES + 1];
        return little ? regs & 0xf : regs >> 4 & 0xf;
    }

    /**
     * Returns a slot's source register or pseudo code.
     *
     * @param slot index of the slot
     * @return 0 to 15
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public int src(int slot) {
        check(slot);
        int regs = bytes[slot * SLOT_BYTES + 1];
        return little ? regs >> 4 & 0xf : regs & 0xf;
    }

    /**
     * Returns a slot's offset.
     *
     * @param slot index of the slot
     * @return the signed 16-bit value
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public int offset(int slot) {
        check(slot);
        return fields.getShort(slot * SLOT_BYTES + 2);
    }

    /**
     * Returns a slot's immediate.
     *
     * @param slot index of the slot
     * @return the signed 32-bit value
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public int imm(int slot) {
        check(slot);
        return fields.getInt(slot * SLOT_BYTES + 4);
    }

    /**
     * Replaces a slot's source register or pseudo code.
     *
     * @param slot index of the slot
     * @param src 0 to 15
     * @throws IndexOutOfBoundsException if there is no such slot
     * @throws IllegalArgumentException if the number does not fit 4 bits
     */
    public void setSrc(int slot, int src) {
        if ((src & ~0xf) != 0) {
            throw new IllegalArgumentException("source " + src + " does not fit 4 bits");
        }
        put(slot, opcode(slot), dst(slot), src, offset(slot), imm(slot));
    }

    /**
     * Replaces a slot's immediate.
     *
     * @param slot index of the slot
     * @param imm the signed 32-bit value
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public void setImm(int slot, int imm) {
        check(slot);
        fields.putInt(slot * SLOT_BYTES + 4, imm);
    }

    /**
     * Replaces a slot's offset.
     *
     * @param slot index of the slot
     * @param offset the signed 16-bit value
     * @throws IndexOutOfBoundsException if there is no such slot
     * @throws IllegalArgumentException if the value does not fit 16 signed bits
     */
    public void setOffset(int slot, int offset) {
        check(slot);
        if (offset != (short) offset) {
            throw new IllegalArgumentException("offset " + offset + " does not fit 16 bits");
        }
        fields.putShort(slot * SLOT_BYTES + 2, (short) offset);
    }

    /** Iterates over instructions, not slots. */
    @Override
    public Iterator<Instruction> iterator() {
        return new Iterator<>() {
            private int slot;

            @Override
            public boolean hasNext() {
                return slot < slots;
            }

            @Override
            public Instruction next() {
                if (slot >= slots) {
                    throw new NoSuchElementException();
                }
                Instruction next = at(slot);
                slot += next.slots();
                return next;
            }
        };
    }

    /** Returns an encoded byte, 0 to 255. */
    int byteAt(int index) {
        check(index / SLOT_BYTES);
        return bytes[index] & 0xff;
    }

    private int grow(int count) {
        int first = slots;
        slots += count;
        if (slots * SLOT_BYTES > bytes.length) {
            keep(Arrays.copyOf(bytes, Math.max(slots, first + (first >> 1)) * SLOT_BYTES));
        }
        return first;
    }

    private void keep(byte[] newBytes) {
        bytes = newBytes;
        fields = ByteBuffer.wrap(newBytes).order(order());
    }

    private void check(int slot) {
        if (slot < 0 || slot >= slots) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + slots);
        }
    }

    private void put(int slot, int opcode, int dst, int src, int offset, int imm) {
        int at = slot * SLOT_BYTES;
        bytes[at] = (byte) opcode;
        bytes[at + 1] = (byte) (little ? src << 4 | dst : dst << 4 | src);
        setOffset(slot, offset);
        setImm(slot, imm);
    }
}
