// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a map holds once it is created: bytes, and names that descriptors take the place of. */
abstract sealed class MapFilling permits MapSpec {
    private byte[] contents;
    private TreeMap<Integer, String> slots = new TreeMap<>();
    private LinkedHashMap<String, String> functions = new LinkedHashMap<>();
    private LinkedHashMap<String, String> declaredFunctions = new LinkedHashMap<>();

    MapFilling() {}

    abstract MapType type();

    abstract int valueSize();

    abstract boolean internal();

    /**
     * Returns the first value of a map that holds global data or a structure for the kernel, or an
     * arena's global variables.
     *
     * @return the live bytes, {@link MapSpec#valueSize} of them unless in an arena, or null for
     *     other maps. Those of a struct_ops map are laid out as the object declares the structure,
     *     with zeros for pointers, see {@link MapSpec#functions}
     */
    public byte[] contents() {
        if (internal() && contents == null) {
            contents = new byte[valueSize()];
        }
        return contents;
    }

    /**
     * Returns how much global data there is.
     *
     * @return bytes: the size of the value, for an arena that of its global variables
     */
    public int dataSize() {
        if (type() == MapType.ARENA) {
            return contents == null ? 0 : contents.length;
        }
        return valueSize();
    }

    void contents(byte[] bytes) {
        this.contents = bytes;
    }

    /**
     * Returns whether the first value is all zeros because nobody has touched it, as that of {@code
     * .bss}. A new array map is zeroed by the kernel, so that nothing has to be written then.
     *
     * @return true as long as {@link MapSpec#contents} of a section without bytes in the file has
     *     not been asked for
     */
    public boolean zeroed() {
        return contents == null;
    }

    /**
     * Returns what the slots of a program array or a map of maps are filled with at load.
     *
     * @return the live, sorted map from slot number to the name of a program or map
     */
    public Map<Integer, String> slots() {
        return slots;
    }

    /**
     * Returns which programs a struct_ops map hands to the kernel. A program that is taken out, and
     * is in no other map, is not loaded.
     *
     * @return the live map from the name of a member, a pointer to a function, to the name of a
     *     program; empty for other types
     */
    public Map<String, String> functions() {
        return functions;
    }

    /**
     * Returns what {@link MapSpec#functions} was in the object.
     *
     * @return an unmodifiable map from the name of a member to the name of a program
     */
    public Map<String, String> declaredFunctions() {
        return Collections.unmodifiableMap(declaredFunctions);
    }

    void declareFunction(String member, String program) {
        declaredFunctions.put(member, program);
        functions.put(member, program);
    }

    /** Takes copies of what another map holds. */
    void fillAs(MapFilling other) {
        contents = other.contents == null ? null : other.contents.clone();
        slots = new TreeMap<>(other.slots);
        functions = new LinkedHashMap<>(other.functions);
        declaredFunctions = new LinkedHashMap<>(other.declaredFunctions);
    }

    /** Describes everything but the contents' bytes. */
    String filling() {
        return (slots.isEmpty() ? "" : ", slots " + slots)
                + (functions.isEmpty() ? "" : ", functions " + functions)
                + (contents == null ? "" : ", contents " + Arrays.hashCode(contents));
    }
}
