// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.relocation.TargetFiles;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** Knows where a kernel's BTF is: in sysfs since Linux 5.4, else in a vmlinux file on disk. */
final class VmlinuxSource {
    private static final String SYSFS = "/sys/kernel/btf/vmlinux";
    private static final int PROT_READ = 1;
    private static final int MAP_PRIVATE = 2;

    private VmlinuxSource() {}

    static Btf find(Kernel kernel) {
        Btf mapped = map(kernel.calls());
        if (mapped != null) {
            return mapped;
        }
        byte[] bytes = kernel.files().read(SYSFS);
        if (bytes != null && bytes.length != 0) {
            return Btf.parse(bytes);
        }
        Btf onDisk = search(kernel.files().text("/proc/sys/kernel/osrelease"));
        if (onDisk == null) {
            throw new UnsupportedException(
                    "reading the kernel's types: there is no "
                            + SYSFS
                            + ", nor a vmlinux with BTF on disk",
                    "5.4",
                    "use a kernel built with CONFIG_DEBUG_INFO_BTF, or give BTF of this kernel from"
                            + " a file");
        }
        return onDisk;
    }

    /**
     * Maps the file, which kernels since 6.16 allow (kernel commit a539e2a6d51d), or returns null.
     * Older ones refuse with ENODEV; only a private mapping is allowed, which is why {@code
     * FileChannel.map} cannot do it.
     */
    private static Btf map(SystemCalls calls) {
        long fd = calls.open(SYSFS, 0, 0);
        if (fd < 0) {
            return null;
        }
        long length = calls.seekEnd((int) fd);
        long address =
                length <= 0 ? -1 : calls.mmap(0, length, PROT_READ, MAP_PRIVATE, (int) fd, 0);
        calls.close((int) fd);
        if (address < 0) {
            return null;
        }
        return Btf.parse(
                NativeSystemCalls.segment(
                                address,
                                length,
                                Arena.ofAuto(),
                                memory -> calls.munmap(memory.address(), memory.byteSize()))
                        .asByteBuffer()
                        .asReadOnlyBuffer());
    }

    private static Btf search(String release) {
        String[] places = {
            "/boot/vmlinux-" + release,
            "/lib/modules/" + release + "/vmlinux-" + release,
            "/lib/modules/" + release + "/build/vmlinux",
            "/usr/lib/modules/" + release + "/kernel/vmlinux",
            "/usr/lib/debug/boot/vmlinux-" + release,
            "/usr/lib/debug/boot/vmlinux-" + release + ".debug",
            "/usr/lib/debug/lib/modules/" + release + "/vmlinux",
        };
        for (String place : places) {
            Path path = Path.of(place);
            if (Files.isReadable(path)) {
                try {
                    return fromFile(path);
                } catch (ObjectFormatException e) {
                    // a vmlinux stripped of its BTF; the next place may have it
                }
            }
        }
        return null;
    }

    static Btf fromFile(Path path) {
        return TargetFiles.read(path).vmlinux();
    }
}
