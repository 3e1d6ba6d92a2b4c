// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import java.util.Optional;

/**
 * A program as an object defines it: an entry function, and what its section's name says about it.
 *
 * <p>Instances are mutable and not safe for use by several threads.
 */
public final class ProgramSpec {

    /** Load flag {@code BPF_F_SLEEPABLE}: the program may sleep (Linux 5.10). */
    public static final int SLEEPABLE = 1 << 4;

    /**
     * Load flag {@code BPF_F_XDP_HAS_FRAGS}: the program handles packets in several buffers (Linux
     * 5.18).
     */
    public static final int XDP_HAS_FRAGS = 1 << 5;

    private final FunctionSpec function;
    private final String section;
    private SectionDefinition definition;
    private ProgramType type = ProgramType.UNSPEC;
    private AttachType attachType = AttachType.NONE;
    private String attachTarget = "";
    private int flags;
    private boolean autoload = true;
    private String exceptionCallback;

    /**
     * Creates a program from a function, typed by a section name.
     *
     * @param function the entry function
     * @param section a name such as {@code kprobe/do_unlinkat}; a leading question mark turns
     *     autoload off. A name that says nothing leaves the type {@link ProgramType#UNSPEC}
     */
    public ProgramSpec(FunctionSpec function, String section) {
        this.function = function;
        this.autoload = !section.startsWith("?");
        this.section = autoload ? section : section.substring(1);
        this.definition = SectionDefinition.lookup(this.section).orElse(null);
        if (definition != null) {
            this.type = definition.type();
            this.attachType = definition.attachType();
            this.attachTarget = definition.target(this.section);
            this.flags =
                    (definition.flags().contains(SectionDefinition.Flag.SLEEPABLE) ? SLEEPABLE : 0)
                            | (definition.flags().contains(SectionDefinition.Flag.XDP_FRAGS)
                                    ? XDP_HAS_FRAGS
                                    : 0);
        }
    }

    /**
     * Returns the program's name.
     *
     * @return the entry function's name
     */
    public String name() {
        return function.name();
    }

    /**
     * Returns the section's name.
     *
     * @return the name without a leading question mark
     */
    public String section() {
        return section;
    }

    /**
     * Returns the entry function.
     *
     * @return the function, with its references open
     */
    public FunctionSpec function() {
        return function;
    }

    /**
     * Returns the program's type.
     *
     * @return the type, {@link ProgramType#UNSPEC} when the section's name does not tell
     */
    public ProgramType type() {
        return type;
    }

    /**
     * Changes the type. When it becomes another one the section's definition no longer applies.
     *
     * @param type the new type
     * @return this
     */
    public ProgramSpec type(ProgramType type) {
        if (type != this.type) {
            this.type = type;
            this.definition = null;
        }
        return this;
    }

    /**
     * Returns the attach type to load with.
     *
     * @return the attach type, {@link AttachType#NONE} where there is none
     */
    public AttachType attachType() {
        return attachType;
    }

    /**
     * Changes the attach type.
     *
     * @param attachType the new attach type
     * @return this
     */
    public ProgramSpec attachType(AttachType attachType) {
        this.attachType = attachType;
        return this;
    }

    /**
     * Returns what the program is to be attached to.
     *
     * @return the rest of the section's name, such as {@code do_unlinkat} or {@code
     *     syscalls/sys_enter_openat}; may be empty
     */
    public String attachTarget() {
        return attachTarget;
    }

    /**
     * Changes what the program is to be attached to.
     *
     * @param attachTarget the target, written as in a section's name; may be empty
     * @return this
     */
    public ProgramSpec attachTarget(String attachTarget) {
        this.attachTarget = attachTarget;
        return this;
    }

    /**
     * Returns the definition that the section's name falls under.
     *
     * @return the definition, or empty when there is none or the type was changed
     */
    public Optional<SectionDefinition> definition() {
        return Optional.ofNullable(definition);
    }

    /**
     * Returns whether the program may sleep.
     *
     * @return whether {@link #SLEEPABLE} is among the flags
     */
    public boolean sleepable() {
        return (flags & SLEEPABLE) != 0;
    }

    /**
     * Returns the load flags ({@code prog_flags}).
     *
     * @return bit set of {@code BPF_F_*} for BPF_PROG_LOAD
     */
    public int flags() {
        return flags;
    }

    /**
     * Changes the load flags ({@code prog_flags}).
     *
     * @param flags bit set of {@code BPF_F_*} for BPF_PROG_LOAD
     * @return this
     */
    public ProgramSpec flags(int flags) {
        this.flags = flags;
        return this;
    }

    /**
     * Returns whether the program is loaded with its collection.
     *
     * @return false after {@code SEC("?...")} or when it was turned off
     */
    public boolean autoload() {
        return autoload;
    }

    /**
     * Changes whether the program is loaded with its collection.
     *
     * @param autoload true to load
     * @return this
     */
    public ProgramSpec autoload(boolean autoload) {
        this.autoload = autoload;
        return this;
    }

    /**
     * Returns the function that the kernel calls when the program throws an exception (Linux 6.7).
     *
     * @return the name of a subprogram, given by {@code __exception_cb}; empty when there is none
     */
    public Optional<String> exceptionCallback() {
        return Optional.ofNullable(exceptionCallback);
    }

    /** Sets the subprogram that is linked because a tag of the program names it, or null. */
    ProgramSpec exceptionCallback(String function) {
        this.exceptionCallback = function;
        return this;
    }

    /**
     * Copies the spec and its function.
     *
     * @return an independent spec
     */
    public ProgramSpec copy() {
        ProgramSpec copy = new ProgramSpec(function.copy(), section);
        copy.definition = definition;
        copy.type = type;
        copy.attachType = attachType;
        copy.attachTarget = attachTarget;
        copy.flags = flags;
        copy.autoload = autoload;
        copy.exceptionCallback = exceptionCallback;
        return copy;
    }

    /** Describes the program without its instructions. */
    @Override
    public String toString() {
        return "ProgramSpec["
                + name()
                + ", "
                + section
                + ", "
                + type
                + ", "
                + attachType
                + ", target '"
                + attachTarget
                + "', flags 0x"
                + Integer.toHexString(flags)
                + (autoload ? "" : ", not loaded")
                + ", "
                + function.instructions().slotCount()
                + " slots]";
    }
}
