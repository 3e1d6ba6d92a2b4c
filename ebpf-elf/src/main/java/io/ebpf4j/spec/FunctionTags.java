// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What declaration tags ({@code btf_decl_tag}) tell the loader about functions; those that tell the
 * kernel something go to it with the types.
 */
final class FunctionTags {
    private static final String EXCEPTION_CALLBACK = "exception_callback:";
    private static final String CONTEXT = "arg:ctx";

    private final Map<String, List<String>> callbacks = new HashMap<>();
    private final Map<String, List<Integer>> contexts = new HashMap<>();

    /** Returns the callback for a program's exceptions, or null; two of them are none. */
    String exceptionCallback(String program) {
        List<String> names = callbacks.getOrDefault(program, List.of());
        return names.size() == 1 ? names.get(0) : null;
    }

    /** Returns the numbers of a global function's parameters that are the program's context. */
    List<Integer> contexts(String function) {
        return contexts.getOrDefault(function, List.of());
    }

    void add(ObjectFile file, Btf btf, BtfType.DeclTag tag) {
        if (tag.name().startsWith(EXCEPTION_CALLBACK) && tag.component() == -1) {
            BtfType target = btf.type(tag.type());
            if (!(target instanceof BtfType.Func function)
                    || function.linkage() != BtfType.Func.GLOBAL) {
                throw file.unsupported(
                        "section .BTF: " + target + " has an exception callback",
                        "put __exception_cb on a program");
            }
            String callback = tag.name().substring(EXCEPTION_CALLBACK.length());
            put(callbacks, function.name(), callback);
        } else if (tag.name().equals(CONTEXT)
                && tag.component() >= 0
                && btf.type(tag.type()) instanceof BtfType.Func function
                && function.linkage() == BtfType.Func.GLOBAL) {
            put(contexts, function.name(), tag.component());
        }
    }

    private static <T> void put(Map<String, List<T>> all, String name, T added) {
        List<T> some = all.get(name);
        if (some == null) {
            some = new ArrayList<>();
            all.put(name, some);
        }
        some.add(added);
    }
}
