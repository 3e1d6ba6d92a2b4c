// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A 64-bit ELF file of either byte order: a relocatable BPF object, an executable or a shared
 * object.
 *
 * <p>Opening reads the headers only and checks that every section lies in the file; symbols and
 * relocations are decoded when asked for. Whatever the bytes are, methods that read them throw
 * {@link ObjectFormatException} and nothing else, and allocate no more than the file's size
 * warrants. Instances do not change and may be used by several threads, as far as the segment they
 * were made from may.
 *
 * <p>The format is that of the System V ABI (gABI), chapters 4 and 5, with the extended numbering
 * of files that have more than 65,279 sections.
 */
public final class ElfFile implements AutoCloseable {

    /** A relocatable object, as clang writes for BPF. */
    public static final int ET_REL = 1;

    /** An executable at a fixed address. */
    public static final int ET_EXEC = 2;

    /** A shared object or position-independent executable. */
    public static final int ET_DYN = 3;

    /** The machine number of BPF. */
    public static final int EM_BPF = 247;

    private static final long LARGEST_READ = 1 << 20;
    private static final int LONGEST_SECTION_NAME = 1 << 12;

    private final ElfBytes bytes;
    private final Arena arena;
    private final ElfHeader header;
    private final List<ElfSection> sections;
    private final List<ProgramHeader> programHeaders;
    private volatile ElfSymbolTable symbols;
    private volatile ElfSymbolTable dynamicSymbols;

    private ElfFile(ElfBytes unordered, Arena arena) {
        this.bytes = unordered.order(ElfHeader.identify(unordered));
        this.arena = arena;
        this.header = ElfHeader.parse(bytes);
        this.sections = readSections();
        this.programHeaders = readProgramHeaders();
    }

    /**
     * Reads a file's headers from memory.
     *
     * @param bytes the whole file; a native segment is read in place and must stay alive and
     *     unchanged as long as the {@code ElfFile} is used, the content of a heap segment is copied
     * @return the file
     * @throws ObjectFormatException if the bytes are no ELF64 file, or headers or sections leave it
     * @throws IllegalArgumentException if a heap segment is too large to copy
     */
    public static ElfFile parse(MemorySegment bytes) {
        return new ElfFile(ElfBytes.of("", bytes), null);
    }

    /**
     * Reads a file's headers from an array.
     *
     * @param bytes the whole file, not copied: it must not be changed as long as the {@code
     *     ElfFile} is used
     * @return the file
     * @throws ObjectFormatException if the bytes are no ELF64 file, or headers or sections leave it
     */
    public static ElfFile parse(byte[] bytes) {
        return parse("", bytes);
    }

    /**
     * Reads a file's headers from an array and remembers where the array came from.
     *
     * @param name the file's name, with which every error message begins; empty for none
     * @param bytes the whole file, not copied: it must not be changed as long as the {@code
     *     ElfFile} is used
     * @return the file
     * @throws ObjectFormatException if the bytes are no ELF64 file, or headers or sections leave it
     */
    public static ElfFile parse(String name, byte[] bytes) {
        return new ElfFile(ElfBytes.of(name, bytes), null);
    }

    /**
     * Opens a file.
     *
     * <p>Files of up to 1 MiB are read, larger ones are mapped until {@link #close}. A mapped file
     * must not be truncated meanwhile: the operating system answers reads of lost pages with a
     * signal, which Java turns into an {@link InternalError}.
     *
     * @param path the file
     * @return the file; close it
     * @throws ObjectFormatException if the bytes are no ELF64 file, or headers or sections leave it
     * @throws BpfException if the file cannot be read
     */
    public static ElfFile open(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new BpfException(path + " is not a regular file; an ELF file was expected");
            }
            if (attributes.size() <= LARGEST_READ) {
                return parse(path.toString(), Files.readAllBytes(path));
            }
            return map(path, attributes.size());
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read " + path, e);
        }
    }

    private static ElfFile map(Path path, long size) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            return new ElfFile(ElfBytes.of(path.toString(), mapped), arena);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Unmaps the file if {@link #open} mapped it.
     *
     * <p>After that, methods that read bytes throw {@link IllegalStateException}, and so do
     * segments from {@link ElfSection#data}. Closing again does nothing.
     */
    @Override
    public synchronized void close() {
        if (arena != null && arena.scope().isAlive()) {
            arena.close();
        }
    }

    /**
     * Returns the byte order of the file.
     *
     * @return little or big endian
     */
    public ByteOrder order() {
        return bytes.order();
    }

    /**
     * Returns the kind of file.
     *
     * @return such as {@link #ET_REL} or {@link #ET_DYN}
     */
    public int type() {
        return header.type();
    }

    /**
     * Returns the machine the file is for.
     *
     * @return {@link #EM_BPF}, or the number of another machine
     */
    public int machine() {
        return header.machine();
    }

    /**
     * Returns all sections.
     *
     * @return an unmodifiable list in which each section is at its own index; section 0 is not a
     *     real one; empty when the file has no section headers
     */
    public List<ElfSection> sections() {
        return sections;
    }

    /**
     * Finds a section by its name.
     *
     * @param name the name, such as {@code .text}
     * @return the first section of that name, or empty
     */
    public Optional<ElfSection> section(String name) {
        for (int i = 1; i < sections.size(); i++) {
            if (sections.get(i).name().equals(name)) {
                return Optional.of(sections.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the symbols of the symbol table, {@code .symtab}.
     *
     * @return an unmodifiable list in which each symbol is at its own index, decoded on access;
     *     symbol 0 is not a real one; empty when the file has no such table. Its {@code get} throws
     *     {@link ObjectFormatException} for a symbol whose name or section does not exist
     * @throws ObjectFormatException if the table or its string table is malformed
     */
    public List<ElfSymbol> symbols() {
        ElfSymbolTable table = table(false);
        return table == null ? List.of() : table;
    }

    /**
     * Returns the symbols of the dynamic linker's table, {@code .dynsym}.
     *
     * @return an unmodifiable list like that of {@link #symbols}
     * @throws ObjectFormatException if the table or its string table is malformed
     */
    public List<ElfSymbol> dynamicSymbols() {
        ElfSymbolTable table = table(true);
        return table == null ? List.of() : table;
    }

    /**
     * Finds a symbol of {@code .symtab} without decoding the others.
     *
     * @param name the symbol's name
     * @return the first symbol of that name that the file defines, else the first one that it
     *     needs, or empty
     * @throws ObjectFormatException if the table, its string table or a symbol of that name is
     *     malformed
     */
    public Optional<ElfSymbol> symbol(String name) {
        ElfSymbolTable table = table(false);
        return table == null ? Optional.empty() : table.find(name);
    }

    /**
     * Finds a symbol of {@code .dynsym} without decoding the others.
     *
     * @param name the symbol's name, without a version
     * @return the symbol of that name that the file defines, of several versions the one that new
     *     programs link to (SHT_GNU_VERSYM); else the first one that the file needs; or empty
     * @throws ObjectFormatException if the table, its string table or a symbol of that name is
     *     malformed
     */
    public Optional<ElfSymbol> dynamicSymbol(String name) {
        ElfSymbolTable table = table(true);
        return table == null ? Optional.empty() : table.find(name);
    }

    /**
     * Finds all symbols of a name in {@code .symtab} without decoding the others.
     *
     * @param name the symbols' name
     * @return the symbols, in the table's order
     * @throws ObjectFormatException if the table, its string table or a symbol of that name is
     *     malformed
     */
    public List<ElfSymbol> symbols(String name) {
        ElfSymbolTable table = table(false);
        return table == null ? List.of() : table.findAll(name);
    }

    /**
     * Finds all symbols of a name in {@code .dynsym} without decoding the others; there may be one
     * for each version.
     *
     * @param name the symbols' name, without a version
     * @return the symbols, in the table's order
     * @throws ObjectFormatException if the table, its string table or a symbol of that name is
     *     malformed
     */
    public List<ElfSymbol> dynamicSymbols(String name) {
        ElfSymbolTable table = table(true);
        return table == null ? List.of() : table.findAll(name);
    }

    /**
     * Returns the program headers.
     *
     * @return an unmodifiable list; empty for relocatable objects
     */
    public List<ProgramHeader> programHeaders() {
        return programHeaders;
    }

    /**
     * Returns the relocations that change a section, resolved to symbols.
     *
     * @param target the section that changes, one of {@link #sections}
     * @return the relocations, in the file's order; empty when there are none
     * @throws ObjectFormatException if a table is malformed, or a relocation names a symbol that
     *     does not exist or, in a relocatable object, a place outside the section
     */
    public List<ElfRelocation> relocations(ElfSection target) {
        return new RelocationReader(this, target).read();
    }

    /**
     * Translates a virtual address to a place in the file, as uprobes need it.
     *
     * @param virtualAddress the address, before a load bias, such as the value of a function symbol
     * @return offset in bytes from the start of the file by the first PT_LOAD header whose bytes
     *     from the file cover the address, or -1 when none does
     */
    public long fileOffset(long virtualAddress) {
        for (ProgramHeader p : programHeaders) {
            if (p.type() == ProgramHeader.PT_LOAD) {
                long distance = virtualAddress - p.virtualAddress();
                if (Long.compareUnsigned(distance, p.fileSize()) < 0) {
                    return p.offset() + distance;
                }
            }
        }
        return -1;
    }

    /**
     * Returns what the file puts at a virtual address.
     *
     * @param virtualAddress the address, before a load bias
     * @param length bytes
     * @return a read-only part of the file
     * @throws ObjectFormatException if no PT_LOAD header takes all of these bytes from the file
     */
    public MemorySegment contents(long virtualAddress, long length) {
        for (ProgramHeader p : programHeaders) {
            long distance = virtualAddress - p.virtualAddress();
            if (p.type() == ProgramHeader.PT_LOAD
                    && Long.compareUnsigned(distance, p.fileSize()) < 0
                    && Long.compareUnsigned(length, p.fileSize() - distance) <= 0
                    && bytes.holds(p.offset() + distance, length)) {
                return bytes.slice(p.offset() + distance, length);
            }
        }
        throw bytes.error(
                -1,
                "the file has no "
                        + Long.toUnsignedString(length)
                        + " bytes for the address 0x"
                        + Long.toHexString(virtualAddress));
    }

    private List<ElfSection> readSections() {
        int count = header.sectionCount();
        if (count == 0) {
            return List.of();
        }
        ByteBuffer headers =
                bytes.table(
                        header.sectionHeaders(),
                        (long) count * ElfSection.HEADER_BYTES,
                        "the section header table");
        ByteBuffer names = names(headers);
        ElfSection[] read = new ElfSection[count];
        for (int i = 0; i < count; i++) {
            read[i] = new ElfSection(bytes, headers, i, sectionName(headers, names, i));
            checkRange(read[i]);
        }
        return Collections.unmodifiableList(Arrays.asList(read));
    }

    private ByteBuffer names(ByteBuffer headers) {
        if (header.nameSection() == 0) {
            return null;
        }
        ElfSection table = new ElfSection(bytes, headers, header.nameSection(), "");
        if (table.type() != ElfSection.SHT_STRTAB) {
            throw bytes.error(
                    table.offset(),
                    table.describe()
                            + " should hold the names of sections, but has type "
                            + table.type()
                            + ", expected 3 (string table)");
        }
        return table.table();
    }

    private String sectionName(ByteBuffer headers, ByteBuffer names, int index) {
        int offset = names == null ? 0 : headers.getInt(index * ElfSection.HEADER_BYTES);
        if (offset == 0) {
            return "";
        }
        String name =
                offset > 0 && offset < names.limit()
                        ? ElfBytes.string(names, offset, LONGEST_SECTION_NAME)
                        : null;
        if (name == null) {
            throw bytes.error(
                    header.sectionHeaders() + (long) index * ElfSection.HEADER_BYTES,
                    "section "
                            + index
                            + " has the name at "
                            + Integer.toUnsignedString(offset)
                            + " of a string table of "
                            + names.limit()
                            + " bytes, where none ends within "
                            + LONGEST_SECTION_NAME
                            + " bytes");
        }
        return name;
    }

    private void checkRange(ElfSection section) {
        if (section.hasBytes() && !bytes.holds(section.offset(), section.size())) {
            throw bytes.error(
                    section.offset(),
                    section.describe()
                            + " takes "
                            + Long.toUnsignedString(section.size())
                            + " bytes and leaves the file, which ends at 0x"
                            + Long.toHexString(bytes.size())
                            + "; the file may be truncated");
        }
    }

    private List<ProgramHeader> readProgramHeaders() {
        int count = header.programHeaderCount();
        if (count == 0) {
            return List.of();
        }
        ByteBuffer table =
                bytes.table(
                        header.programHeaders(),
                        (long) count * ProgramHeader.BYTES,
                        "the program header table");
        ProgramHeader[] read = new ProgramHeader[count];
        for (int i = 0; i < count; i++) {
            read[i] = ProgramHeader.decode(table, i);
        }
        return Collections.unmodifiableList(Arrays.asList(read));
    }

    /** Returns the symbols of {@code .symtab} or {@code .dynsym}, or null when there are none. */
    ElfSymbolTable table(boolean dynamic) {
        ElfSymbolTable table = dynamic ? dynamicSymbols : symbols;
        if (table != null) {
            return table;
        }
        int type = dynamic ? ElfSection.SHT_DYNSYM : ElfSection.SHT_SYMTAB;
        for (ElfSection s : sections) {
            if (s.type() == type) {
                table = new ElfSymbolTable(this, s);
                break;
            }
        }
        if (dynamic) {
            dynamicSymbols = table;
        } else {
            symbols = table;
        }
        return table;
    }

    ElfSection linked(ElfSection from, String what) {
        int link = from.link();
        if (link <= 0 || link >= sections.size()) {
            throw bytes.error(
                    from.offset(),
                    from.describe()
                            + " names section "
                            + Integer.toUnsignedString(link)
                            + " as its "
                            + what
                            + ", but there are "
                            + sections.size()
                            + " sections");
        }
        return sections.get(link);
    }

    long size() {
        return bytes.size();
    }

    ObjectFormatException error(long offset, String message) {
        return bytes.error(offset, message);
    }
}
