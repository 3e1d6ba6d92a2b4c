// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * Attaches programs to static probes (USDT): places that the authors of an executable or library
 * marked, with arguments. Linux 4.3.
 *
 * <p>A probe may be hit at several places, with its arguments elsewhere at each. One link holds all
 * of them where the kernel can (6.10) and the program was loaded for it, as those of {@code
 * SEC("usdt")} are; else there is a uprobe for each. A program finds its arguments by libbpf's
 * {@code usdt.bpf.h}, whose maps {@link UsdtMaps} fills.
 */
public final class Usdt {
    private Usdt() {}

    /**
     * Attaches a program to a static probe.
     *
     * @param program a program of type KPROBE
     * @param maps the maps of the program's object, or null when it does not include {@code
     *     usdt.bpf.h}
     * @param binary a path, a library's soname or an executable's name
     * @param provider the probe's provider, such as {@code hotspot}
     * @param name the probe's name, such as {@code gc__begin}
     * @param options how
     * @return the link; close it to detach from all places of the probe
     * @throws BpfException if there is no such binary or probe, the program is of another type, the
     *     maps are full, or the kernel refuses; nothing is attached then
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file, or an argument
     *     is where no program can read it
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without uprobes, or needs
     *     a process to be named: before Linux 5.15, for all but executables at a fixed address
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program,
            UsdtMaps maps,
            String binary,
            String provider,
            String name,
            UsdtOptions options) {
        return attach(
                HostFiles.SYSTEM,
                BinarySearch.ofSystem(),
                program,
                maps,
                new UsdtTarget(binary, provider, name),
                options);
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            UsdtMaps maps,
            UsdtTarget target,
            UsdtOptions options) {
        String path = search.find(target.binary(), options.pid());
        try (BinaryFile binary = BinaryFile.open(files, path)) {
            return new UsdtLadder(files, program, maps, binary, target, options).attach();
        }
    }
}
