// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * Makes names that the kernel accepts for maps and programs (kernel/bpf/syscall.c,
 * bpf_obj_name_cpy).
 */
public final class KernelName {
    /** Most characters of a name: BPF_OBJ_NAME_LEN without its NUL. */
    public static final int MAX_LENGTH = 15;

    private KernelName() {}

    /**
     * Turns characters other than ASCII letters, digits, {@code _} and {@code .} into {@code _} and
     * cuts the rest.
     *
     * @param name any name
     * @return a name of at most {@value #MAX_LENGTH} characters
     */
    public static String of(String name) {
        int length = Math.min(name.length(), MAX_LENGTH);
        StringBuilder s = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            s.append(allowed(c) ? c : '_');
        }
        return s.toString();
    }

    private static boolean allowed(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '.';
    }
}
