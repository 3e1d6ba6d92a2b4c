// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a clang-built object holds: programs, maps, global variables and what they refer to.
 *
 * <p>Parsing reads bytes and nothing else: no kernel, no file but the object, the same result every
 * time. The parts can be changed before a collection is loaded from them. Maps, programs and
 * variables come in the order of the object. Instances are not safe for use by several threads;
 * {@link #copy} one that is shared.
 */
public final class CollectionSpec {

    private final String source;
    private final String name;
    private final ByteOrder order;
    private final String license;
    private final Btf btf;
    private final Map<String, ProgramSpec> programs;
    private final Map<String, MapSpec> maps;
    private final Map<String, VariableSpec> variables;
    private final Map<String, FunctionSpec> functions;
    private final Map<String, ExternSpec> externs;

    CollectionSpec(
            String source,
            String name,
            ByteOrder order,
            String license,
            Btf btf,
            Map<String, ProgramSpec> programs,
            Map<String, MapSpec> maps,
            Map<String, VariableSpec> variables,
            Map<String, FunctionSpec> functions,
            Map<String, ExternSpec> externs) {
        this.source = source;
        this.name = name;
        this.order = order;
        this.license = license;
        this.btf = btf;
        this.programs = Collections.unmodifiableMap(programs);
        this.maps = Collections.unmodifiableMap(maps);
        this.variables = Collections.unmodifiableMap(variables);
        this.functions = Collections.unmodifiableMap(functions);
        this.externs = Collections.unmodifiableMap(externs);
    }

    /**
     * Parses an object file.
     *
     * @param file the file; what precedes the first dot of its name becomes the collection's name
     * @return the parsed object
     * @throws BpfException if the file cannot be read
     * @throws ObjectFormatException if the bytes are no BPF object, or a damaged one
     * @throws UnsupportedException if the object uses something that this library does not load
     */
    public static CollectionSpec parse(Path file) {
        Path last = file.getFileName();
        try {
            return parse(file.toString(), last == null ? "" : last.toString(), read(file));
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read object file " + file, e);
        }
    }

    // A plain stream loads no channels, and with them the libraries of the network; that of a file
    // which cannot be opened does not say why as java.nio.file does.
    private static byte[] read(Path file) throws IOException {
        if (file.getFileSystem().equals(FileSystems.getDefault())) {
            try (FileInputStream in = new FileInputStream(file.toString())) {
                return in.readAllBytes();
            } catch (FileNotFoundException e) {
                return Files.readAllBytes(file);
            }
        }
        return Files.readAllBytes(file);
    }

    /**
     * Parses an object in memory.
     *
     * @param name name of a file; what precedes its first dot becomes the collection's name
     * @param object the whole ELF object
     * @return the parsed object
     * @throws ObjectFormatException if the bytes are no BPF object, or a damaged one
     * @throws UnsupportedException if the object uses something that this library does not load
     */
    public static CollectionSpec parse(String name, byte[] object) {
        return parse(name.isEmpty() ? "object" : name, name, object);
    }

    private static CollectionSpec parse(String label, String name, byte[] object) {
        int dot = name.indexOf('.');
        return new ObjectParser(label, dot < 0 ? name : name.substring(0, dot), object).parse();
    }

    /**
     * Parses an object from a stream, such as a class path resource.
     *
     * @param name name of a file; what precedes its first dot becomes the collection's name
     * @param object the stream, which is read to its end and not closed
     * @return the parsed object
     * @throws BpfException if the stream cannot be read
     * @throws ObjectFormatException if the bytes are no BPF object, or a damaged one
     * @throws UnsupportedException if the object uses something that this library does not load
     */
    public static CollectionSpec parse(String name, InputStream object) {
        try {
            return parse(name, object.readAllBytes());
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read object " + name, e);
        }
    }

    /**
     * Returns the collection's name.
     *
     * @return the file's name up to the first dot
     */
    public String name() {
        return name;
    }

    /**
     * Returns where the object came from, for messages.
     *
     * @return the path of the file, or the name that was given with the bytes
     */
    public String source() {
        return source;
    }

    /**
     * Returns the byte order of the machine that the object is for.
     *
     * @return little or big endian
     */
    public ByteOrder order() {
        return order;
    }

    /**
     * Returns the licence that the kernel is told.
     *
     * @return the string in section {@code license}, or the empty string
     */
    public String license() {
        return license;
    }

    /**
     * Returns the programs.
     *
     * @return by name, in the order of the object; the map cannot be changed, the programs can
     */
    public Map<String, ProgramSpec> programs() {
        return programs;
    }

    /**
     * Returns the maps: those the source defines, then those that hold global data.
     *
     * @return by name, in the order of the object; the map cannot be changed, the maps in it can
     */
    public Map<String, MapSpec> maps() {
        return maps;
    }

    /**
     * Returns the global variables; static ones are left out.
     *
     * @return by name, ordered by section and offset; the map cannot be changed, the variables can
     */
    public Map<String, VariableSpec> variables() {
        return variables;
    }

    /**
     * Returns the subprograms: the functions that programs call or pass as callbacks.
     *
     * @return by unique name, in the order of the object
     */
    public Map<String, FunctionSpec> functions() {
        return functions;
    }

    /**
     * Returns what the object leaves to its loader.
     *
     * @return by name; configuration values first, in the order of their offsets
     */
    public Map<String, ExternSpec> externs() {
        return externs;
    }

    /**
     * Returns a program.
     *
     * @param name its name
     * @return the program
     * @throws BpfException if there is none of that name
     */
    public ProgramSpec program(String name) {
        return find(programs, "program", name);
    }

    /**
     * Returns a map.
     *
     * @param name its name; global data is found by its section's name, such as {@code .rodata}
     * @return the map
     * @throws BpfException if there is none of that name
     */
    public MapSpec map(String name) {
        return find(maps, "map", name);
    }

    /**
     * Returns a global variable.
     *
     * @param name its name
     * @return the variable
     * @throws BpfException if there is none of that name
     */
    public VariableSpec variable(String name) {
        return find(variables, "global variable", name);
    }

    /**
     * Returns the object's types, with what compilers leave to loaders filled in: sizes of sections
     * and offsets of variables.
     *
     * @return the BTF, or empty when the object has none
     */
    public Optional<Btf> btf() {
        return Optional.ofNullable(btf);
    }

    /**
     * Copies the spec and everything in it that can be changed.
     *
     * @return an independent spec
     */
    public CollectionSpec copy() {
        Map<String, ProgramSpec> programCopies = new LinkedHashMap<>();
        for (ProgramSpec program : programs.values()) {
            programCopies.put(program.name(), program.copy());
        }
        Map<String, MapSpec> mapCopies = new LinkedHashMap<>();
        for (MapSpec map : maps.values()) {
            mapCopies.put(map.name(), map.copy());
        }
        Map<String, VariableSpec> variableCopies = new LinkedHashMap<>();
        for (VariableSpec variable : variables.values()) {
            variableCopies.put(variable.name(), variable.in(mapCopies.get(variable.map())));
        }
        Map<String, FunctionSpec> functionCopies = new LinkedHashMap<>();
        for (FunctionSpec function : functions.values()) {
            functionCopies.put(function.name(), function.copy());
        }
        return new CollectionSpec(
                source,
                name,
                order,
                license,
                btf,
                programCopies,
                mapCopies,
                variableCopies,
                functionCopies,
                new LinkedHashMap<>(externs));
    }

    private <T> T find(Map<String, T> parts, String what, String wanted) {
        T part = parts.get(wanted);
        if (part == null) {
            throw new BpfException(
                    "object "
                            + name
                            + " has no "
                            + what
                            + " "
                            + wanted
                            + "; it has "
                            + (parts.isEmpty() ? "none" : String.join(", ", parts.keySet())));
        }
        return part;
    }

    /** Names the collection and its parts. */
    @Override
    public String toString() {
        return "CollectionSpec["
                + name
                + ", "
                + order
                + ", programs "
                + programs.keySet()
                + ", maps "
                + maps.keySet()
                + ", variables "
                + variables.keySet()
                + ", externs "
                + externs.keySet()
                + "]";
    }
}
