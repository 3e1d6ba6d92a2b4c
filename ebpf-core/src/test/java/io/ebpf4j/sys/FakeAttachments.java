// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is attached without links: several programs to a hook, or one in the place of another. */
final class FakeAttachments {
    private static final int F_ALLOW_MULTI = 1 << 1;
    private static final int F_REPLACE = 1 << 2;

    /** A null target is what the kernel takes without a descriptor; a file is its path. */
    private record Hook(Object target, int type) {
        static Hook of(FakeObject target, int type) {
            return new Hook(target instanceof FakeObject.File file ? file.what : target, type);
        }
    }

    private final Map<Hook, List<FakeObject>> programs = new HashMap<>();
    private final Map<Hook, Integer> flags = new HashMap<>();

    long attach(FakeObject target, FakeObject program, ByteBuffer a) {
        if (!(program instanceof FakeObject.Program)
                || target == null && get(a, AttrLayout.Attach.TARGET_FD) != 0) {
            return -Errno.EBADF;
        }
        Hook hook = Hook.of(target, get(a, AttrLayout.Attach.ATTACH_TYPE));
        int given = get(a, AttrLayout.Attach.ATTACH_FLAGS) & ~F_REPLACE;
        List<FakeObject> there = programs.computeIfAbsent(hook, h -> new ArrayList<>());
        if (!there.isEmpty() && flags.get(hook) != given) {
            return -Errno.EPERM;
        }
        if ((given & F_ALLOW_MULTI) == 0
                || (get(a, AttrLayout.Attach.ATTACH_FLAGS) & F_REPLACE) != 0) {
            there.clear();
        }
        flags.put(hook, given);
        there.add(program);
        return 0;
    }

    long detach(FakeObject target, FakeObject program, ByteBuffer a) {
        List<FakeObject> there =
                programs.get(Hook.of(target, get(a, AttrLayout.Attach.ATTACH_TYPE)));
        return there != null && there.remove(program) ? 0 : -Errno.ENOENT;
    }

    long query(FakeObject target, ByteBuffer a) {
        if (target == null) {
            return -Errno.EBADF;
        }
        Hook hook = Hook.of(target, get(a, AttrLayout.Query.ATTACH_TYPE));
        List<FakeObject> there = programs.getOrDefault(hook, List.of());
        int room = get(a, AttrLayout.Query.PROG_CNT);
        put(a, AttrLayout.Query.PROG_CNT, there.size());
        put(a, AttrLayout.Query.ATTACH_FLAGS, there.isEmpty() ? 0 : flags.get(hook));
        if (there.size() > room) {
            return -Errno.ENOSPC;
        }
        long address = a.getLong(AttrLayout.offset(AttrLayout.Query.PROG_IDS));
        ByteBuffer ids =
                NativeText.buffer(
                        NativeSystemCalls.segment(address, 4L * room, Arena.global(), null));
        there.forEach(program -> ids.putInt(program.id));
        return 0;
    }

    List<String> describe() {
        List<String> all = new ArrayList<>();
        programs.forEach(
                (hook, there) ->
                        there.forEach(program -> all.add("attachment of type " + hook.type)));
        return all;
    }

    private static int get(ByteBuffer attr, int field) {
        return attr.getInt(AttrLayout.offset(field));
    }

    private static void put(ByteBuffer attr, int field, int value) {
        attr.putInt(AttrLayout.offset(field), value);
    }
}
