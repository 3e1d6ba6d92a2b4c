// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The types of some kernel, read from files: any machine can then say what would become of an
 * object there.
 *
 * <p>A file is BTF as in {@code /sys/kernel/btf}, or an ELF file with a section {@code .BTF}, such
 * as {@code vmlinux} itself. Instances are immutable.
 */
public final class TargetFiles implements TargetTypes {

    private static final byte ELF_MAGIC = 0x7f;

    private final Btf vmlinux;
    private final List<Btf> modules = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private TargetFiles(Btf vmlinux) {
        this.vmlinux = vmlinux;
    }

    /**
     * Reads the types of a kernel, and of the modules that it has loaded.
     *
     * @param vmlinux the kernel's own BTF
     * @param modules split BTF of its modules, such as {@code /sys/kernel/btf/xfs}; the names of
     *     the files are taken for theirs
     * @return the types
     * @throws BpfException if a file cannot be read, or has BTF that is relocatable (a module's
     *     file since Linux 6.11), which has to be taken from {@code /sys/kernel/btf}
     * @throws ObjectFormatException if a file is neither BTF nor an ELF file that holds some
     */
    public static TargetFiles read(Path vmlinux, Path... modules) {
        TargetFiles files = new TargetFiles(Btf.parse(bytes(vmlinux)));
        for (Path module : modules) {
            files.modules.add(Btf.parseSplit(bytes(module), files.vmlinux));
            String name = String.valueOf(module.getFileName());
            files.names.add(name.endsWith(".ko") ? name.substring(0, name.length() - 3) : name);
        }
        return files;
    }

    @Override
    public Btf vmlinux() {
        return vmlinux;
    }

    @Override
    public List<Btf> modules() {
        return List.copyOf(modules);
    }

    @Override
    public String name(Btf types) {
        int module = modules.indexOf(types);
        return module < 0 ? "vmlinux" : names.get(module);
    }

    private static byte[] bytes(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte first = (byte) in.read();
            if (first != ELF_MAGIC) {
                return Files.readAllBytes(file);
            }
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read BTF from " + file, e);
        }
        try (ElfFile elf = ElfFile.open(file)) {
            if (elf.section(".BTF.base").isPresent()) {
                throw new BpfException(
                        file
                                + " has BTF on a base of its own, which only its kernel relocates;"
                                + " take it from /sys/kernel/btf there");
            }
            Optional<ElfSection> section = elf.section(".BTF");
            if (section.isEmpty()) {
                throw new ObjectFormatException(file + " has no section .BTF");
            }
            return section.get().bytes();
        }
    }
}
