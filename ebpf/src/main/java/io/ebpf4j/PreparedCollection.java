// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.BpfToken;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An object that is ready to be loaded: its maps are in the kernel, its programs are adapted to the
 * kernel, linked, and complete to the last descriptor, but not loaded yet.
 *
 * <p>For those who want to see what the kernel will be given, or to load what can be loaded: a
 * program that is refused does not end the others.
 *
 * <pre>{@code
 * try (PreparedCollection prepared = Collection.prepare(spec)) {
 *     for (String program : prepared.programs()) {
 *         try {
 *             prepared.load(program);
 *         } catch (VerifierException e) {
 *             System.err.println(e.getMessage());
 *         }
 *     }
 *     try (Collection loaded = prepared.finish()) {
 *         loaded.attach();
 *     }
 * }
 * }</pre>
 *
 * <p>Until {@link #finish} or {@link #load()} hands everything over to a collection, all of it
 * belongs to this object, whose {@link #close} leaves nothing in the kernel or pinned. May be used
 * from any thread; loading is done by one at a time.
 */
public final class PreparedCollection implements AutoCloseable {
    private final CollectionSpec spec;
    private final Map<String, Loader.Linked> linked = new LinkedHashMap<>();
    private final Map<String, MapHandle> maps;
    private final MapLoad mapLoad;
    private final ProgramLoader loader;
    private final BpfToken token;
    private final Map<String, Program> loaded = new LinkedHashMap<>();
    private boolean ended;

    PreparedCollection(
            CollectionSpec spec,
            List<Loader.Linked> programs,
            Map<String, Program> reused,
            Map<String, MapHandle> maps,
            MapLoad mapLoad,
            ProgramLoader loader,
            BpfToken token) {
        this.token = token;
        this.spec = spec;
        this.maps = maps;
        this.mapLoad = mapLoad;
        this.loader = loader;
        for (Loader.Linked l : programs) {
            linked.put(l.spec().name(), l);
        }
        loaded.putAll(reused);
    }

    /**
     * Returns the programs that can be loaded: those that the spec does not leave out.
     *
     * @return their names, in the object's order; unmodifiable
     */
    public Set<String> programs() {
        return Collections.unmodifiableSet(linked.keySet());
    }

    /**
     * Returns the maps, which are filled, and frozen where they are read-only.
     *
     * @return by name, in the object's order; unmodifiable. They are closed with this object, or
     *     with the collection that takes them over
     */
    public Map<String, MapHandle> maps() {
        return Collections.unmodifiableMap(maps);
    }

    /**
     * Returns the instructions that the kernel is given for a program: with the subprograms it
     * calls, the kernel's offsets and ids, and the descriptors of maps and modules, which are valid
     * as long as this object, or the collection made of it, is open.
     *
     * @param program the program's name
     * @return a copy; its references still say which slots hold a map's descriptor
     * @throws BpfException if no such program is prepared; the message lists those that are
     */
    public Instructions instructions(String program) {
        return find(program).program().instructions().copy();
    }

    /**
     * Loads one program, or returns it if that was done.
     *
     * @param program the program's name
     * @return the loaded program, which belongs to this object, or the collection made of it
     * @throws VerifierException if the verifier rejects it. Everything else stays, so that other
     *     programs can be loaded, or this one again
     * @throws BpfException if no such program is prepared, or the kernel refuses it for another
     *     reason; everything else stays
     * @throws IllegalStateException if this object is closed, or became a collection
     */
    public synchronized Program load(String program) {
        Loader.Linked wanted = find(program);
        requireOpen();
        Program known = loaded.get(program);
        if (known != null) {
            return known;
        }
        Program fresh = loader.load(wanted);
        loaded.put(program, fresh);
        ReadOnlyData.bind(spec, maps, fresh, wanted.program().instructions());
        return fresh;
    }

    /**
     * Loads all programs that are not loaded yet, and makes a collection of everything.
     *
     * @return the collection, which owns all programs and maps; this object is closed
     * @throws BpfException if the kernel refuses a program; all is closed then, and nothing is left
     *     in the kernel
     * @throws IllegalStateException if this object is closed, or became a collection
     */
    public synchronized Collection load() {
        requireOpen();
        try {
            for (String program : linked.keySet()) {
                load(program);
            }
        } catch (RuntimeException | Error e) {
            undo(e);
            throw e;
        }
        return finish();
    }

    /**
     * Makes a collection of the maps and of the programs that were loaded one by one. Program
     * arrays get those of the programs they are declared with that were loaded; the slots of others
     * stay empty.
     *
     * @return the collection, which owns all programs and maps; this object is closed
     * @throws BpfException if a program array cannot be filled; all is closed then, and nothing is
     *     left in the kernel
     * @throws IllegalStateException if this object is closed, or became a collection
     */
    public synchronized Collection finish() {
        requireOpen();
        try {
            mapLoad.fill(loaded);
            loader.close();
        } catch (RuntimeException | Error e) {
            undo(e);
            throw e;
        }
        ended = true;
        Collection collection = new Collection(spec, inOrder(), maps, mapLoad.structOps());
        if (token != null) {
            collection.keep(token);
        }
        return collection;
    }

    private Map<String, Program> inOrder() {
        Map<String, Program> ordered = new LinkedHashMap<>();
        for (String name : spec.programs().keySet()) {
            if (loaded.containsKey(name)) {
                ordered.put(name, loaded.get(name));
            }
        }
        return ordered;
    }

    /**
     * Takes everything back: programs, maps, and the pins that preparing made. Does nothing after
     * {@link #load()} or {@link #finish}, or a second time.
     *
     * @throws BpfException if something could not be closed; all else is closed nevertheless
     */
    @Override
    public synchronized void close() {
        if (ended) {
            return;
        }
        BpfException failure = new BpfException("not everything was taken back");
        undo(failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private void undo(Throwable failure) {
        ended = true;
        List<AutoCloseable> held = new ArrayList<>(loaded.values());
        held.add(loader);
        Closing.all(held, failure);
        mapLoad.undo(failure);
        if (token != null) {
            token.close();
        }
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException(
                    spec.source() + ": what was prepared is closed, or became a collection");
        }
    }

    private Loader.Linked find(String program) {
        Loader.Linked found = linked.get(program);
        if (found == null) {
            throw new BpfException(
                    spec.source()
                            + ": no program \""
                            + program
                            + "\" is prepared; there are "
                            + linked.keySet());
        }
        return found;
    }
}
