// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.spec.FunctionSpec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adapts the instructions of one object to the types of the kernel they will run on ("compile once,
 * run everywhere").
 *
 * <p>For each relocation the target's types of the same name are searched for what the object's own
 * type has: vmlinux first, modules only when vmlinux has no type of that name. All that match must
 * agree, or the relocation is ambiguous. Where nothing matches, a question ("does it exist?") is
 * answered with 0, and any other instruction is poisoned: the verifier removes it when it is dead
 * code and rejects the program when it is not. An instance serves one load and is not safe for use
 * by several threads.
 */
public final class CoreRelocator {

    private final Btf local;
    private final TargetTypes target;
    private final Map<Integer, List<Candidate>> candidates = new HashMap<>();

    /** A type of the target that has the wanted name and kind. */
    record Candidate(Btf btf, int type) {}

    private final Map<Question, Answer> answers = new HashMap<>();

    /**
     * What a relocation asks for, wherever it stands. The programs of one object ask the same again
     * and again, and get the same answer: candidates are only ever ruled out, and those that are
     * left agree.
     */
    private static final class Question {
        private final int type;
        private final CoreRelocation.Kind kind;
        private final String access;

        Question(CoreRelocation r) {
            type = r.type();
            kind = r.kind();
            access = r.access();
        }

        // a record would spin classes for these two when the first object of a process is loaded
        @Override
        public boolean equals(Object other) {
            return other instanceof Question q
                    && type == q.type
                    && kind == q.kind
                    && access.equals(q.access);
        }

        @Override
        public int hashCode() {
            return (type * 31 + access.hashCode()) * 31 + kind.hashCode();
        }
    }

    /**
     * What the matching candidates agree on.
     *
     * @param access the local access, in words for people
     * @param matched whether any matched
     * @param value what the instruction gets
     */
    private record Answer(String access, boolean matched, CoreValue value) {}

    /**
     * Creates a relocator for the functions of one object.
     *
     * @param local the object's own types
     * @param target the types to adapt to; asked for only when a relocation needs it
     */
    public CoreRelocator(Btf local, TargetTypes target) {
        this.local = local;
        this.target = target;
    }

    /** Returns the object's own types. */
    Btf local() {
        return local;
    }

    /**
     * Applies all relocations of a function to its instructions, in place.
     *
     * @param function the function; pass a {@linkplain FunctionSpec#copy copy} to keep the original
     * @return what became of each relocation, in order
     * @throws RelocationException if a relocation, or a type that it leads to, is malformed, if it
     *     is ambiguous, or if its result does not fit the instruction
     */
    public List<CoreResolution> apply(FunctionSpec function) {
        List<CoreResolution> done = new ArrayList<>(function.relocations().size());
        for (CoreRelocation r : function.relocations()) {
            try {
                done.add(apply(function.instructions(), r));
            } catch (RelocationException | ObjectFormatException e) {
                RelocationException located =
                        new RelocationException(
                                "CO-RE relocation "
                                        + r.kind()
                                        + " of type ["
                                        + Integer.toUnsignedString(r.type())
                                        + "] "
                                        + name(r.type())
                                        + " (access \""
                                        + r.access()
                                        + "\") at "
                                        + function.name()
                                        + ", instruction "
                                        + r.slot()
                                        + ": "
                                        + e.getMessage());
                located.initCause(e);
                throw located;
            }
        }
        return done;
    }

    /** Names a type for a message that may be about the very type. */
    private String name(int type) {
        try {
            return local.type(type).name();
        } catch (ObjectFormatException e) {
            return "<malformed>";
        }
    }

    /** Applies one relocation; what its exceptions say does not name it. */
    CoreResolution apply(Instructions code, CoreRelocation r) {
        if (r.slot() < 0 || r.slot() >= code.slotCount()) {
            throw new RelocationException(
                    "the function has only " + code.slotCount() + " instructions");
        }
        int count = r.kind() == CoreRelocation.Kind.TYPE_ID_LOCAL ? 0 : candidates(r).size();
        Question question = new Question(r);
        Answer answer = answers.get(question);
        if (answer == null) {
            answer = answer(r);
            answers.put(question, answer);
        }
        boolean poisoned = CorePatch.apply(code, r.slot(), answer.value());
        return new CoreResolution(
                r,
                answer.access(),
                count,
                answer.matched(),
                poisoned,
                poisoned ? 0 : answer.value().value());
    }

    private Answer answer(CoreRelocation r) {
        Access access = Access.parse(local, r);
        if (r.kind() == CoreRelocation.Kind.TYPE_ID_LOCAL) {
            return new Answer(access.toString(), true, CoreValue.of(r.kind(), access, null));
        }
        List<Candidate> all = candidates(r);
        Access first = null;
        CoreValue agreed = null;
        List<Candidate> matching = new ArrayList<>(all.size());
        for (Candidate c : all) {
            Access there = AccessMatcher.match(access, r.kind(), c.btf(), c.type());
            if (there == null) {
                continue;
            }
            CoreValue value = CoreValue.of(r.kind(), access, there);
            if (first == null) {
                first = there;
                agreed = value;
            } else if (there.bitOffset() != first.bitOffset() || !value.agreesWith(agreed)) {
                throw new RelocationException(
                        "ambiguous: " + first + " and " + there + " give different results");
            }
            matching.add(c);
        }
        if (first == null) {
            return new Answer(access.toString(), false, CoreValue.of(r.kind(), access, null));
        }
        // a type that failed one relocation is not the one meant by the object's others
        candidates.put(r.type(), matching);
        return new Answer(access.toString(), true, agreed);
    }

    /** Returns the candidates that no earlier relocation of the type has ruled out. */
    List<Candidate> candidates(CoreRelocation r) {
        List<Candidate> known = candidates.get(r.type());
        if (known != null) {
            return known;
        }
        BtfType root = local.type(r.type());
        String name = Btf.essentialName(root.name());
        if (name.isEmpty()) {
            throw new RelocationException("the root type has no name to look for");
        }
        List<Candidate> found = new ArrayList<>();
        collect(target.vmlinux(), root, name, found);
        if (found.isEmpty()) {
            for (Btf module : target.modules()) {
                collect(module, root, name, found);
            }
        }
        candidates.put(r.type(), found);
        return found;
    }

    private static void collect(Btf btf, BtfType root, String name, List<Candidate> found) {
        Class<? extends BtfType> kind =
                root instanceof BtfType.Enumeration ? BtfType.Enumeration.class : root.getClass();
        for (int id : btf.candidates(name, kind)) {
            found.add(new Candidate(btf, id));
        }
    }
}
