// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.kernel.Kernel;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A file of x86_64 code with static probes, mapped into this process and called.
 *
 * <p>Its probe {@code app:two} has two places. {@link #REGISTERS} is hit with the arguments in
 * registers, {@link #STACK} with the first one on the stack; {@code app:indexed} has an argument
 * that an index leads to, {@code app:counted} a semaphore, and {@code app:fast} a second
 * instruction that newer kernels enter by a call.
 */
final class ProbedFile implements AutoCloseable {
    static final int REGISTERS = 0x00;
    static final int STACK = 0x10;
    static final int INDEXED = 0x20;
    static final int COUNTED = 0x30;
    static final int FAST = 0x40;

    private static final int PAGE = 0x1000;
    private static final int CODE = 0x1000;
    private static final int DATA = 0x2000;
    private static final int SEMAPHORE = DATA + 0x10;
    private static final int NOTES = 0x400;
    private static final int NAMES = 0x300;
    private static final int SECTIONS = 0x200;
    private static final String TEXT = "\0.note.stapsdt\0.shstrtab\0.text\0";
    private static final int READ_EXECUTE = 5;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE = 2;

    private static final FunctionDescriptor FUNCTION =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);

    private final Path path;
    private final long code;
    private final long data;

    /** Writes the file and maps its code and its data. */
    ProbedFile(Path path) throws IOException {
        this(write(path), 0);
    }

    private ProbedFile(Path path, int start) throws IOException {
        this.path = path;
        code = map(READ_EXECUTE, start + CODE);
        data = map(READ_WRITE, start + DATA);
    }

    private static Path write(Path path) throws IOException {
        return Files.write(path, bytes());
    }

    /** Writes the file as it is into a zip archive, at the second page, and maps it from there. */
    static ProbedFile inArchive(Path archive, String entry) throws IOException {
        byte[] bytes = bytes();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            ZipEntry stored = new ZipEntry(entry);
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(bytes.length);
            stored.setCompressedSize(bytes.length);
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            stored.setCrc(checksum.getValue());
            int header = 30 + entry.length();
            byte[] padding = new byte[PAGE - header];
            ByteBuffer.wrap(padding)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) 0xd935)
                    .putShort((short) (padding.length - 4));
            stored.setExtra(padding);
            zip.putNextEntry(stored);
            zip.write(bytes);
            zip.closeEntry();
        }
        return new ProbedFile(archive, PAGE);
    }

    private long map(int protection, int offset) throws IOException {
        long fd = Kernel.shared().calls().open(path.toString(), 0, 0);
        if (fd < 0) {
            throw new IOException("open gave " + fd);
        }
        long address =
                Kernel.shared().calls().mmap(0, 0x1000, protection, PRIVATE, (int) fd, offset);
        Kernel.shared().calls().close((int) fd);
        if (address < 0) {
            throw new IOException("mmap gave " + address);
        }
        return address;
    }

    String path() {
        return path.toString();
    }

    /** Calls the function at one of the places. */
    @SuppressWarnings("restricted")
    void call(int place, long first, long second, long third) {
        MethodHandle handle =
                Linker.nativeLinker()
                        .downcallHandle(MemorySegment.ofAddress(code + place), FUNCTION);
        try {
            long _ = (long) handle.invokeExact(first, second, third);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the counter of those who listen to {@code app:counted}. */
    @SuppressWarnings("restricted")
    int semaphore() {
        return MemorySegment.ofAddress(data + SEMAPHORE - DATA)
                .reinterpret(2)
                .get(ValueLayout.JAVA_SHORT, 0);
    }

    @Override
    public void close() {
        Kernel.shared().calls().munmap(code, 0x1000);
        Kernel.shared().calls().munmap(data, 0x1000);
    }

    private static byte[] bytes() {
        ByteBuffer file = ByteBuffer.allocate(0x3000).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(0x10, (short) 3).putShort(0x12, (short) 62).putInt(0x14, 1);
        file.putLong(0x20, 64).putLong(0x28, SECTIONS);
        file.putShort(0x34, (short) 64).putShort(0x36, (short) 56).putShort(0x38, (short) 2);
        file.putShort(0x3a, (short) 64).putShort(0x3c, (short) 4).putShort(0x3e, (short) 2);
        segment(file, 64, 5, CODE);
        segment(file, 64 + 56, 6, DATA);
        // nop; mov rax, rdi; ret
        code(file, REGISTERS, 0x90, 0x48, 0x89, 0xf8, 0xc3);
        // mov [rsp - 8], rdi; nop; mov rax, rdi; ret
        code(file, STACK, 0x48, 0x89, 0x7c, 0x24, 0xf8, 0x90, 0x48, 0x89, 0xf8, 0xc3);
        code(file, INDEXED, 0x90, 0xc3);
        code(file, COUNTED, 0x90, 0xc3);
        // nop; nop of five bytes; ret
        code(file, FAST, 0x90, 0x0f, 0x1f, 0x44, 0, 0, 0xc3);
        file.put(NAMES, TEXT.getBytes(StandardCharsets.US_ASCII));
        int end = note(file, NOTES, REGISTERS, 0, "two", "-4@%edi 8@%rsi 1@$7 -8@$-9 2@%dx 1@%dh");
        end = note(file, end, STACK + 5, 0, "two", "8@-8(%rsp) -4@-8(%rsp) -1@-8(%rsp)");
        end = note(file, end, INDEXED, 0, "indexed", "-4@16(%rdi,%rsi,8)");
        end = note(file, end, COUNTED, SEMAPHORE, "counted", "");
        end = note(file, end, FAST, 0, "fast", "8@%rdi -1@%sil");
        section(file, 1, ".note.stapsdt", 7, NOTES, end - NOTES);
        section(file, 2, ".shstrtab", 3, NAMES, TEXT.length());
        section(file, 3, ".text", 1, CODE, PAGE);
        return file.array();
    }

    private static void code(ByteBuffer file, int place, int... instructions) {
        for (int i = 0; i < instructions.length; i++) {
            file.put(CODE + place + i, (byte) instructions[i]);
        }
    }

    private static void segment(ByteBuffer file, int at, int flags, int offset) {
        file.putInt(at, 1).putInt(at + 4, flags).putLong(at + 8, offset).putLong(at + 16, offset);
        file.putLong(at + 32, 0x1000).putLong(at + 40, 0x1000).putLong(at + 48, 0x1000);
    }

    private static int note(
            ByteBuffer file, int at, int place, int semaphore, String name, String arguments) {
        byte[] texts = ("app\0" + name + '\0' + arguments + '\0').getBytes(StandardCharsets.UTF_8);
        file.putInt(at, 8).putInt(at + 4, 24 + texts.length).putInt(at + 8, 3);
        file.put(at + 12, "stapsdt\0".getBytes(StandardCharsets.US_ASCII));
        file.putLong(at + 20, CODE + place).putLong(at + 36, semaphore).put(at + 44, texts);
        return at + 44 + texts.length + 3 & ~3;
    }

    private static void section(
            ByteBuffer file, int index, String name, int type, int at, int size) {
        int header = SECTIONS + index * 64;
        file.putInt(header, TEXT.indexOf(name)).putInt(header + 4, type);
        file.putLong(header + 0x18, at).putLong(header + 0x20, size);
    }
}
