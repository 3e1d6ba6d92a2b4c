// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;

/**
 * A static probe, written {@code path:provider:name}.
 *
 * @param binary a path, a library's soname or an executable's name
 * @param provider the provider's name
 * @param name the probe's name
 */
record UsdtTarget(String binary, String provider, String name) {

    /**
     * Parses the text.
     *
     * @throws BpfException if it is not of that form
     */
    static UsdtTarget parse(String text) {
        int name = text.lastIndexOf(':');
        int provider = name <= 0 ? -1 : text.lastIndexOf(':', name - 1);
        if (provider <= 0 || provider + 1 == name || name == text.length() - 1) {
            throw new BpfException(
                    "\""
                            + text
                            + "\" names no static probe; write binary:provider:name, such as"
                            + " libjvm.so:hotspot:gc__begin");
        }
        return new UsdtTarget(
                text.substring(0, provider),
                text.substring(provider + 1, name),
                text.substring(name + 1));
    }
}
