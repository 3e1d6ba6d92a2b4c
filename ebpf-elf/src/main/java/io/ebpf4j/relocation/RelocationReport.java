// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.CollectionSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What CO-RE makes of each relocation of an object on the types of some kernel, and why.
 *
 * <p>It is the engine of a load that answers, so the report for the running kernel's types says
 * what a load does; the types of another kernel may come from files ({@link TargetFiles}), on any
 * machine. The object is not changed, nor is the kernel asked for anything.
 *
 * @param object where the object came from
 * @param relocations the relocations of all programs, and of the functions that they call, in the
 *     order in which a load applies them; those of programs that are not loaded by themselves come
 *     last
 */
public record RelocationReport(String object, List<Relocation> relocations) {

    /**
     * Creates a report.
     *
     * @param object where the object came from
     * @param relocations the relocations
     */
    public RelocationReport {
        relocations = List.copyOf(relocations);
    }

    /**
     * Adapts a copy of an object.
     *
     * @param spec the object
     * @param target the types to adapt to
     * @return what became of its relocations; without any when the object has none
     * @throws RelocationException if a program cannot be linked
     * @throws ObjectFormatException if the target's types are damaged
     * @throws UnsupportedException if the running kernel, whose types are asked for, has none
     * @throws BpfException if they cannot be read
     */
    public static RelocationReport of(CollectionSpec spec, TargetTypes target) {
        return new RelocationReport(spec.source(), Relocations.of(spec.copy(), target));
    }

    /**
     * One relocation.
     *
     * @param programs the programs that contain it, in the object's order
     * @param function the function that holds it: a program's own or a subprogram
     * @param record what the compiler left: its slot counts from the function's start
     * @param path what is asked for, as C writes it, such as {@code struct task_struct::mm.pgd};
     *     the bare access string when that leads nowhere in the object's types
     * @param source the line of C; empty when the object does not tell
     * @param candidates the target's types of that name, in the order of the search; without any
     *     for {@code TYPE_ID_LOCAL}, which is no question to the target
     * @param outcome what becomes of the instruction
     */
    public record Relocation(
            List<String> programs,
            String function,
            CoreRelocation record,
            String path,
            Optional<Source> source,
            List<Candidate> candidates,
            Outcome outcome) {

        /** Says all of it, on several lines. */
        @Override
        public String toString() {
            StringBuilder s = new StringBuilder(function);
            s.append(", instruction ").append(record.slot());
            s.append(": ").append(record.kind()).append(" of ").append(path);
            s.append(" (").append(record.access()).append(")\n");
            source.ifPresent(line -> s.append("    ").append(line).append('\n'));
            s.append("    ").append(outcome).append('\n');
            for (Candidate c : candidates) {
                s.append("    ").append(c).append('\n');
            }
            return s.toString();
        }
    }

    /**
     * A line of C.
     *
     * @param file the file, as the compiler was given it
     * @param line the line's number, from 1
     * @param text the line; empty when the object does not tell
     */
    public record Source(String file, int line, String text) {

        /** Writes it as compilers do. */
        @Override
        public String toString() {
            return file + ":" + line + (text.isEmpty() ? "" : ": " + text);
        }
    }

    /**
     * A type of the target that could be meant.
     *
     * @param type its id
     * @param name its name as C writes it, with its flavour
     * @param module {@code vmlinux}, or the module that has it
     * @param value the number that the relocation would have with this type alone; empty when the
     *     type does not match
     * @param why why it does not match; empty when it does
     */
    public record Candidate(int type, String name, String module, OptionalLong value, String why) {

        /** Says all of it on a line. */
        @Override
        public String toString() {
            String result =
                    value.isPresent() ? Long.toString(value.getAsLong()) : "no match: " + why;
            return "[" + type + "] " + name + " of " + module + ": " + result;
        }
    }

    /** What becomes of an instruction. */
    public sealed interface Outcome {
        /**
         * Returns what is not as the program's author may expect.
         *
         * @return the reason; empty when a type matched
         */
        String why();
    }

    /**
     * The instruction gets a number.
     *
     * @param before the number in it, which is that of the compiler's types
     * @param after the number that the target needs
     * @param instruction the instruction with that number, in the disassembler's notation
     * @param why why nothing matched, where 0 says just that; else empty
     */
    public record Patched(long before, long after, String instruction, String why)
            implements Outcome {

        /** Shows both numbers. */
        @Override
        public String toString() {
            return before
                    + " -> "
                    + after
                    + ": "
                    + instruction
                    + (why.isEmpty() ? "" : ", since " + why);
        }
    }

    /**
     * The instruction is replaced by one that the verifier rejects if it is reachable.
     *
     * @param before the number in it
     * @param why what is missing, or does not fit
     */
    public record Poisoned(long before, String why) implements Outcome {

        /** Gives the reason. */
        @Override
        public String toString() {
            return before + " -> poisoned, since " + why;
        }
    }

    /**
     * The relocation cannot be applied, so the object cannot be loaded.
     *
     * @param why what is wrong: it is ambiguous, malformed, or its result does not fit
     */
    public record Failed(String why) implements Outcome {

        /** Gives the reason. */
        @Override
        public String toString() {
            return "failed: " + why;
        }
    }

    /**
     * Returns the relocations of one program.
     *
     * @param program the program's name
     * @return its own, and those of the functions it calls
     */
    public List<Relocation> of(String program) {
        List<Relocation> found = new ArrayList<>();
        for (Relocation r : relocations) {
            if (r.programs().contains(program)) {
                found.add(r);
            }
        }
        return found;
    }

    /**
     * Returns the relocations for which a load is refused.
     *
     * @return those that failed; without any, CO-RE is no obstacle to a load
     */
    public List<Relocation> failed() {
        return with(Failed.class);
    }

    /**
     * Returns the relocations whose instruction must not be reachable.
     *
     * @return those that are poisoned: the verifier decides whether the program checks for what is
     *     missing before it is used
     */
    public List<Relocation> poisoned() {
        return with(Poisoned.class);
    }

    private List<Relocation> with(Class<? extends Outcome> kind) {
        List<Relocation> found = new ArrayList<>();
        for (Relocation r : relocations) {
            if (kind.isInstance(r.outcome())) {
                found.add(r);
            }
        }
        return found;
    }

    /** Counts the outcomes on a line, and lists all relocations below it. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(object);
        s.append(": ").append(relocations.size()).append(" relocations, ");
        s.append(failed().size()).append(" failed, ");
        s.append(poisoned().size()).append(" poisoned\n");
        for (Relocation r : relocations) {
            s.append(r);
        }
        return s.toString();
    }
}
