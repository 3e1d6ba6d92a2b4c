// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** One call that a {@link FakeSystemCalls} answered, with the attribute as it was passed. */
public final class FakeCall {
    private final String name;
    private final BpfCommand command;
    private final byte[] attr;
    private final long result;

    FakeCall(String name, BpfCommand command, byte[] attr, long result) {
        this.name = name;
        this.command = command;
        this.attr = attr;
        this.result = result;
    }

    /** Returns {@code BPF_MAP_CREATE}, {@code mmap} and the like. */
    public String name() {
        return name;
    }

    /** Returns the command, or null for a call other than bpf(). */
    public BpfCommand command() {
        return command;
    }

    /** Returns how many bytes of attribute were passed. */
    public int size() {
        return attr.length;
    }

    /** Returns what was answered. */
    public long result() {
        return result;
    }

    /** Returns an integer member of the attribute by the name that the kernel's header gives it. */
    public long field(String member) {
        int field = constant(member);
        int offset = AttrLayout.offset(field);
        ByteBuffer bytes = ByteBuffer.wrap(attr).order(ByteOrder.nativeOrder());
        return AttrLayout.width(field) == Long.BYTES ? bytes.getLong(offset) : bytes.getInt(offset);
    }

    /** Returns a char array of the attribute up to its NUL. */
    public String text(String member) {
        int field = constant(member);
        ByteBuffer bytes = ByteBuffer.wrap(attr).order(ByteOrder.nativeOrder());
        return NativeText.string(bytes, AttrLayout.offset(field), AttrLayout.width(field));
    }

    private int constant(String member) {
        try {
            Field constant = layout().getDeclaredField(member.toUpperCase(Locale.ROOT));
            constant.setAccessible(true);
            return constant.getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(name + " has no member " + member, e);
        }
    }

    private Class<?> layout() {
        return switch (command) {
            case MAP_CREATE -> AttrLayout.MapCreate.class;
            case MAP_LOOKUP_ELEM,
                    MAP_UPDATE_ELEM,
                    MAP_DELETE_ELEM,
                    MAP_GET_NEXT_KEY,
                    MAP_LOOKUP_AND_DELETE_ELEM,
                    MAP_FREEZE ->
                    AttrLayout.MapElement.class;
            case PROG_LOAD -> AttrLayout.ProgLoad.class;
            case OBJ_PIN, OBJ_GET -> AttrLayout.ObjectPath.class;
            case PROG_ATTACH, PROG_DETACH -> AttrLayout.Attach.class;
            case PROG_TEST_RUN -> AttrLayout.TestRun.class;
            case OBJ_GET_INFO_BY_FD -> AttrLayout.InfoByFd.class;
            case RAW_TRACEPOINT_OPEN -> AttrLayout.RawTracepoint.class;
            case BTF_LOAD -> AttrLayout.BtfLoad.class;
            case LINK_CREATE -> LinkLayout.Create.class;
            case LINK_UPDATE -> LinkLayout.Update.class;
            case LINK_DETACH -> LinkLayout.Detach.class;
            case ENABLE_STATS -> AttrLayout.EnableStats.class;
            case ITER_CREATE -> AttrLayout.IterCreate.class;
            case PROG_BIND_MAP -> AttrLayout.ProgBindMap.class;
            case TOKEN_CREATE -> AttrLayout.TokenCreate.class;
            case MAP_LOOKUP_BATCH,
                    MAP_LOOKUP_AND_DELETE_BATCH,
                    MAP_UPDATE_BATCH,
                    MAP_DELETE_BATCH ->
                    AttrLayout.Batch.class;
            case PROG_GET_NEXT_ID,
                    MAP_GET_NEXT_ID,
                    BTF_GET_NEXT_ID,
                    LINK_GET_NEXT_ID,
                    PROG_GET_FD_BY_ID,
                    MAP_GET_FD_BY_ID,
                    BTF_GET_FD_BY_ID,
                    LINK_GET_FD_BY_ID,
                    TASK_FD_QUERY,
                    PROG_QUERY ->
                    AttrLayout.GetId.class;
        };
    }

    @Override
    public String toString() {
        return name + " = " + (result < 0 ? Errno.name((int) result) : Long.toString(result));
    }
}
