// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.SectionAttach;
import io.ebpf4j.link.UsdtMaps;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.EventReader;
import io.ebpf4j.map.LongMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.map.PerfBuffer;
import io.ebpf4j.map.PerfBufferOptions;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.map.UserRingBuffer;
import io.ebpf4j.map.Variable;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.SectionDefinition;
import io.ebpf4j.spec.VariableSpec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * An object's programs and maps in the kernel.
 *
 * <p>{@code load} reads an object that clang built, adapts it to the running kernel and loads it;
 * nothing is attached yet. The collection owns what it loaded: {@link #close} detaches its links,
 * stops its readers and producers of events and releases programs and maps. What is pinned, or held
 * by someone else, lives on.
 *
 * <p>A collection may be used from any thread.
 */
public final class Collection extends SocketHooks implements AutoCloseable {

    private final CollectionSpec spec;
    private final Map<String, Program> programs;
    private final Map<String, MapHandle> maps;
    private final StructOps structOps;
    private final Dependents dependents = new Dependents();
    private UsdtMaps usdtMaps;

    Collection(
            CollectionSpec spec,
            Map<String, Program> programs,
            Map<String, MapHandle> maps,
            StructOps structOps) {
        this.spec = spec;
        this.structOps = structOps;
        this.programs = Collections.unmodifiableMap(programs);
        this.maps = Collections.unmodifiableMap(maps);
    }

    /**
     * Loads an object file.
     *
     * @param path the file's path
     * @return the loaded collection
     * @throws BpfException if the file cannot be read or is no BPF object, or the kernel refuses
     *     it; the subclass says which. Nothing is left in the kernel then
     */
    public static Collection load(String path) {
        return load(Path.of(path));
    }

    /**
     * Loads an object file.
     *
     * @param path the file
     * @return the loaded collection
     * @throws BpfException as {@link #load(String)}
     */
    public static Collection load(Path path) {
        return load(path, LoadOptions.defaults());
    }

    /**
     * Loads an object file.
     *
     * @param path the file
     * @param options how to load it
     * @return the loaded collection
     * @throws BpfException as {@link #load(String)}
     */
    public static Collection load(Path path, LoadOptions options) {
        return load(CollectionSpec.parse(path), options);
    }

    /**
     * Loads an object from a stream, such as a resource of the application's jar.
     *
     * @param object the stream; read to its end, not closed
     * @return the loaded collection
     * @throws IOException if the stream cannot be read
     * @throws BpfException as {@link #load(String)}
     */
    public static Collection load(InputStream object) throws IOException {
        return load(object.readAllBytes());
    }

    /**
     * Loads an object.
     *
     * @param object the bytes of the object file
     * @return the loaded collection
     * @throws BpfException as {@link #load(String)}
     */
    public static Collection load(byte[] object) {
        return load(CollectionSpec.parse("bpf", object));
    }

    /**
     * Loads a spec, as it was edited.
     *
     * @param spec the spec; it is not changed, and later changes of it have no effect on the
     *     collection
     * @return the loaded collection
     * @throws BpfException as {@link #load(String)}
     */
    public static Collection load(CollectionSpec spec) {
        return load(spec, LoadOptions.defaults());
    }

    /**
     * Loads a spec, as it was edited.
     *
     * @param spec the spec; it is not changed, and later changes of it have no effect on the
     *     collection
     * @param options how to load it
     * @return the loaded collection
     * @throws BpfException as {@link #load(String)}
     */
    public static Collection load(CollectionSpec spec, LoadOptions options) {
        return Delegation.load(spec, options);
    }

    /**
     * Prepares a spec for loading, as it was edited.
     *
     * @param spec the spec; it is not changed, and later changes of it have no effect on what was
     *     prepared
     * @return what can be loaded at once or program by program
     * @throws BpfException as {@link #prepare(CollectionSpec, LoadOptions)}
     */
    public static PreparedCollection prepare(CollectionSpec spec) {
        return prepare(spec, LoadOptions.defaults());
    }

    /**
     * Prepares a spec for loading, as it was edited: all that {@link #load(CollectionSpec,
     * LoadOptions)} does, except that no program is given to the kernel yet.
     *
     * @param spec the spec; it is not changed, and later changes of it have no effect on what was
     *     prepared
     * @param options how to load it
     * @return what can be loaded at once or program by program
     * @throws BpfException if the object cannot be adapted to the kernel, or the kernel refuses a
     *     map; the subclass says which. Nothing is left in the kernel then
     */
    public static PreparedCollection prepare(CollectionSpec spec, LoadOptions options) {
        return Delegation.prepare(spec, options);
    }

    /**
     * Returns the loaded programs.
     *
     * @return by name, in the object's order; unmodifiable
     */
    public Map<String, Program> programs() {
        return programs;
    }

    /**
     * Returns a loaded program.
     *
     * @param name the name of its function
     * @return the program
     * @throws BpfException if there is none of that name; the message lists the names there are
     */
    @Override
    public Program program(String name) {
        return find(programs, name, "program");
    }

    /**
     * Returns the maps.
     *
     * @return by name, in the object's order; unmodifiable. Data sections are among them by their
     *     section's name
     */
    public Map<String, MapHandle> maps() {
        return maps;
    }

    /**
     * Returns a map.
     *
     * @param name the name in the object, or a data section's name such as {@code .bss}
     * @return the map
     * @throws BpfException if there is none of that name; the message lists the names there are
     */
    @Override
    public MapHandle map(String name) {
        return find(maps, name, "map");
    }

    /**
     * Opens a typed view of a map.
     *
     * @param name the map's name
     * @param key the class of keys
     * @param value the class of values
     * @param <K> the type of keys
     * @param <V> the type of values
     * @return the view
     * @throws BpfException if there is no such map, or its types and the classes do not agree; the
     *     message shows both
     */
    public <K, V> BpfMap<K, V> map(String name, Class<K> key, Class<V> value) {
        return map(name).open(key, value);
    }

    /**
     * Opens a view of a map of integers by integers that needs no boxes.
     *
     * @param name the map's name
     * @return the view
     * @throws BpfException if there is no such map, or its keys or values are no integers
     */
    public LongMap longMap(String name) {
        return map(name).openLongs();
    }

    /**
     * Opens a typed view of a per-CPU map.
     *
     * @param name the map's name
     * @param key the class of keys
     * @param value the class of one CPU's value
     * @param <K> the type of keys
     * @param <V> the type of one CPU's value
     * @return the view
     * @throws BpfException if there is no such map, it is not per-CPU, or its types and the classes
     *     do not agree
     */
    public <K, V> BpfMap<K, PerCpu<V>> perCpuMap(String name, Class<K> key, Class<V> value) {
        return map(name).openPerCpu(key, value);
    }

    /**
     * Opens a reader of a ring buffer map. The collection closes it, if nobody did before.
     *
     * @param name the map's name
     * @param type the class of events
     * @param <T> the type of events
     * @return the reader; a ring buffer has one consumer at a time
     * @throws BpfException if there is no such map, it is no ring buffer, or its memory cannot be
     *     mapped
     * @throws IllegalStateException if another reader of the map is open, or the collection is
     *     closed
     */
    public <T> RingBuffer<T> ringBuffer(String name, Class<T> type) {
        return keep(RingBuffer.of(map(name), type));
    }

    /**
     * Opens a reader of a perf event array. The collection closes it, if nobody did before.
     *
     * @param name the map's name
     * @param type the class of events
     * @param options how
     * @param <T> the type of events
     * @return the reader; a perf buffer has one consumer at a time
     * @throws BpfException if there is no such map, it is no perf event array, or the kernel
     *     refuses
     * @throws IllegalStateException if another reader of the map is open, or the collection is
     *     closed
     */
    public <T> PerfBuffer<T> perfBuffer(String name, Class<T> type, PerfBufferOptions options) {
        return keep(PerfBuffer.of(map(name), type, options));
    }

    /**
     * Opens the reader that the type of an event map asks for: a ring buffer's or a perf event
     * array's. The collection closes it, if nobody did before.
     *
     * @param name the map's name
     * @param type the class of events
     * @param <T> the type of events
     * @return the reader, which has one consumer at a time
     * @throws BpfException if there is no such map, it is neither a ring buffer nor a perf event
     *     array, or the kernel refuses
     * @throws IllegalStateException if another reader of the map is open, or the collection is
     *     closed
     */
    public <T> EventReader<T> events(String name, Class<T> type) {
        return keep(EventReader.of(map(name), type));
    }

    /**
     * Opens the producer of a user ring buffer. The collection closes it, if nobody did before.
     *
     * @param name the map's name
     * @param type the class of records
     * @param <T> the type of records
     * @return the producer, for any number of threads
     * @throws BpfException if there is no such map, it is no user ring buffer, or the kernel
     *     refuses
     * @throws IllegalStateException if another producer of the map is open, or the collection is
     *     closed
     */
    public <T> UserRingBuffer<T> userRingBuffer(String name, Class<T> type) {
        return keep(UserRingBuffer.of(map(name), type));
    }

    /**
     * Opens a view of a global variable.
     *
     * @param name the variable's name in C
     * @param type the class of its value
     * @param <T> the type of its value
     * @return the view
     * @throws BpfException if there is no such variable, or its type and the class do not agree
     */
    public <T> Variable<T> variable(String name, Class<T> type) {
        VariableSpec variable = spec.variable(name);
        return Variable.of(map(variable.map()), variable, spec.btf().orElse(null), type);
    }

    /**
     * Attaches every program whose section says where, and then registers every struct_ops map. A
     * program whose section names only a type, such as {@code SEC("kprobe")} or {@code SEC("xdp")},
     * is left for the caller to attach.
     *
     * @return the links, in the object's order; closed with this collection
     * @throws BpfException if one cannot be attached; those attached by this call before it are
     *     detached again
     */
    public List<Link> attach() {
        List<Link> links = new ArrayList<>();
        try {
            for (Program p : programs.values()) {
                ProgramSpec s = spec.program(p.name());
                if (SectionAttach.isComplete(s)) {
                    links.add(attach(p, s));
                }
            }
            for (String map : structOps.maps()) {
                links.add(structOps.attach(map(map), programs));
            }
        } catch (RuntimeException | Error e) {
            Closing.all(links.reversed(), e);
            throw e;
        }
        dependents.addAll(links);
        return List.copyOf(links);
    }

    /**
     * Attaches one program to where its section says.
     *
     * @param program the program's name
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, its section does not say where, or the
     *     kernel refuses
     */
    public Link attach(String program) {
        return keep(attach(program(program), spec.program(program)));
    }

    private Link attach(Program program, ProgramSpec programSpec) {
        boolean usdt =
                programSpec.definition().isPresent()
                        && programSpec
                                .definition()
                                .get()
                                .flags()
                                .contains(SectionDefinition.Flag.USDT);
        return SectionAttach.attach(program, programSpec, usdt ? usdtMaps(program) : null);
    }

    @Override
    synchronized UsdtMaps usdtMaps(Program program) {
        MapHandle specs = maps.get(UsdtMaps.SPECS);
        MapHandle addresses = maps.get(UsdtMaps.ADDRESSES);
        Btf btf = spec.btf().orElse(null);
        if (usdtMaps == null && specs != null && addresses != null && btf != null) {
            int type = spec.map(UsdtMaps.SPECS).valueTypeId();
            usdtMaps =
                    new UsdtMaps(
                            program.kernel(),
                            specs.descriptor(),
                            addresses.descriptor(),
                            btf,
                            type);
        }
        return usdtMaps;
    }

    /**
     * Registers a structure of programs with the subsystem of the kernel that it is for (Linux
     * 5.6).
     *
     * <p>A variable of {@code SEC(".struct_ops.link")} is registered by a {@code bpf_link} (Linux
     * 6.4). One of {@code SEC(".struct_ops")} stays registered, when this process ends without
     * closing the link, until somebody removes it with {@code bpftool struct_ops unregister}.
     *
     * @param map the name of the variable in {@code SEC(".struct_ops")} or {@code
     *     SEC(".struct_ops.link")}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such map, it is of another type, or the kernel refuses
     */
    public Link attachStructOps(String map) {
        return keep(structOps.attach(map(map), programs));
    }

    /**
     * Puts another struct_ops map of this collection in the place of the one that a link
     * registered, without a moment in which neither is (Linux 6.4). Both are of {@code
     * SEC(".struct_ops.link")} and of one type. TCP congestion controls, of which connections keep
     * the old one until they end, must have the same name; schedulers (sched_ext) cannot be
     * replaced so.
     *
     * @param link what {@link #attachStructOps} returned
     * @param map the other map's name
     * @throws BpfException if there is no such map, or the kernel refuses; an {@link
     *     io.ebpf4j.error.UnsupportedException} if there is no kernel link, or the subsystem cannot
     *     replace what it has
     * @throws IllegalStateException if the link is closed
     */
    public void updateStructOps(Link link, String map) {
        structOps.update(link, map(map), null, programs);
    }

    /**
     * Puts another struct_ops map in the place of the one that a link registered, as {@link
     * #updateStructOps(Link, String)}, if that is a certain one.
     *
     * @param link what {@link #attachStructOps} returned
     * @param map the other map's name
     * @param expected the name of the map that has to be registered now
     * @throws BpfException if there is no such map, another one is registered, or the kernel
     *     refuses; an {@link io.ebpf4j.error.UnsupportedException} if there is no kernel link, or
     *     the subsystem cannot replace what it has
     * @throws IllegalStateException if the link is closed
     */
    public void updateStructOps(Link link, String map, String expected) {
        structOps.update(link, map(map), map(expected), programs);
    }

    /**
     * Detaches the links made through this collection, stops its ring buffers, and releases
     * programs and maps. A thread that polls one of the ring buffers returns. Closing twice is
     * harmless.
     *
     * @throws BpfException if something could not be closed; all else is closed nevertheless
     */
    @Override
    public void close() {
        List<AutoCloseable> all = dependents.end();
        all.addAll(programs.values());
        all.addAll(maps.values());
        Closing.all(all);
    }

    @Override
    <T extends AutoCloseable> T keep(T dependent) {
        dependents.addAll(List.of(dependent));
        return dependent;
    }

    private static <T> T find(Map<String, T> all, String name, String what) {
        T found = all.get(name);
        if (found == null) {
            throw new BpfException(
                    "no " + what + " \"" + name + "\" was loaded; there are " + all.keySet());
        }
        return found;
    }
}
