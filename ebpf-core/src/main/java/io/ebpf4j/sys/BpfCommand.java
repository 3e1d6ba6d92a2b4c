// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * The commands of bpf() ({@code enum bpf_cmd}), with the kernel version that introduced each and
 * the capabilities it asks for. The ordinal is the kernel's number.
 */
public enum BpfCommand {
    /** Creates a map. */
    MAP_CREATE("3.18", Capability.BPF),
    /** Reads an element. */
    MAP_LOOKUP_ELEM("3.18", 0),
    /** Writes an element. */
    MAP_UPDATE_ELEM("3.18", 0),
    /** Removes an element. */
    MAP_DELETE_ELEM("3.18", 0),
    /** Finds the key after a key. */
    MAP_GET_NEXT_KEY("3.18", 0),
    /** Verifies and loads a program. */
    PROG_LOAD("3.18", Capability.BPF),
    /** Gives an object a name in a bpf file system. */
    OBJ_PIN("4.4", 0),
    /** Opens a pinned object. */
    OBJ_GET("4.4", 0),
    /** Attaches a program without a link. */
    PROG_ATTACH("4.10", Capability.NET_ADMIN),
    /** Detaches a program that was attached without a link. */
    PROG_DETACH("4.10", Capability.NET_ADMIN),
    /** Runs a program on given data. */
    PROG_TEST_RUN("4.12", Capability.BPF),
    /** Finds the program id after an id. */
    PROG_GET_NEXT_ID("4.13", Capability.SYS_ADMIN),
    /** Finds the map id after an id. */
    MAP_GET_NEXT_ID("4.13", Capability.SYS_ADMIN),
    /** Opens a program by its id. */
    PROG_GET_FD_BY_ID("4.13", Capability.SYS_ADMIN),
    /** Opens a map by its id. */
    MAP_GET_FD_BY_ID("4.13", Capability.SYS_ADMIN),
    /** Describes an object. */
    OBJ_GET_INFO_BY_FD("4.13", 0),
    /** Lists the programs at a hook. */
    PROG_QUERY("4.15", Capability.NET_ADMIN),
    /** Attaches to a raw tracepoint or, without a name, a tracing program to its target. */
    RAW_TRACEPOINT_OPEN("4.17", Capability.PERFMON),
    /** Loads type information. */
    BTF_LOAD("4.18", Capability.BPF),
    /** Opens type information by its id. */
    BTF_GET_FD_BY_ID("4.18", Capability.SYS_ADMIN),
    /** Says which program a descriptor of a perf event runs. */
    TASK_FD_QUERY("4.18", Capability.SYS_ADMIN),
    /** Reads and removes an element. */
    MAP_LOOKUP_AND_DELETE_ELEM("4.20", 0),
    /** Ends all writing from user space. */
    MAP_FREEZE("5.2", 0),
    /** Finds the BTF id after an id. */
    BTF_GET_NEXT_ID("5.4", Capability.SYS_ADMIN),
    /** Reads many elements. */
    MAP_LOOKUP_BATCH("5.6", 0),
    /** Reads and removes many elements. */
    MAP_LOOKUP_AND_DELETE_BATCH("5.6", 0),
    /** Writes many elements. */
    MAP_UPDATE_BATCH("5.6", 0),
    /** Removes many elements. */
    MAP_DELETE_BATCH("5.6", 0),
    /** Attaches by a link. */
    LINK_CREATE("5.7", Capability.BPF),
    /** Replaces the program of a link. */
    LINK_UPDATE("5.7", Capability.BPF),
    /** Opens a link by its id. */
    LINK_GET_FD_BY_ID("5.8", Capability.SYS_ADMIN),
    /** Finds the link id after an id. */
    LINK_GET_NEXT_ID("5.8", Capability.SYS_ADMIN),
    /** Has the kernel count runs and run time while the descriptor is open. */
    ENABLE_STATS("5.8", Capability.SYS_ADMIN),
    /** Opens an iterator's output. */
    ITER_CREATE("5.8", 0),
    /** Detaches a link while descriptors of it stay open. */
    LINK_DETACH("5.9", Capability.BPF),
    /** Keeps a map alive as long as a program. */
    PROG_BIND_MAP("5.10", 0),
    /** Takes up the rights that a bpf file system delegates. */
    TOKEN_CREATE("6.9", Capability.BPF);

    private final String since;
    private final long capabilities;

    BpfCommand(String since, long capabilities) {
        this.since = since;
        this.capabilities = capabilities;
    }

    /**
     * Returns the kernel's number.
     *
     * @return the first argument of bpf()
     */
    @SuppressWarnings(
            "EnumOrdinal") // the constants stand in the kernel's order, and a test checks it
    public int number() {
        return ordinal();
    }

    /**
     * Returns the kernel that introduced the command.
     *
     * @return such as {@code 5.7}
     */
    public String since() {
        return since;
    }

    /**
     * Returns the capabilities that are asked for when bpf() is restricted, as a set of {@link
     * Capability} bits.
     *
     * @return 0 when none is
     */
    long capabilities() {
        return capabilities;
    }

    /**
     * Returns the kernel's name.
     *
     * @return such as {@code BPF_MAP_CREATE}
     */
    public String kernelName() {
        return "BPF_".concat(name());
    }
}
