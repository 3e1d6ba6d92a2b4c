// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A program, or a structure of programs, that is attached. Closing the link detaches it, unless it
 * is pinned.
 *
 * <p>On kernels that have links for a hook ({@code bpf_link}), this owns one; below that, a perf
 * event with the program set on it, which cannot be pinned. Links may be used and closed from any
 * thread. One that is lost without being closed stays attached until the process ends.
 */
public abstract sealed class Link implements AutoCloseable
        permits AttachedProgram,
                BpfIterator,
                ClsactLink,
                KernelLink,
                PerfEventLink,
                PlacesLink,
                RegisteredMap,
                RouteLink,
                SocketAttachment,
                XdpNetlinkLink {
    Link() {}

    /**
     * Opens a pinned link of the running kernel. Linux 5.7.
     *
     * @param path where it is pinned, in a bpf file system
     * @return the link; closing it leaves the pin and thus the attachment
     * @throws io.ebpf4j.error.BpfException if nothing is pinned there, or something else than a
     *     link
     * @throws io.ebpf4j.error.PermissionDeniedException if the pin may not be opened
     */
    public static Link fromPin(Path path) {
        return fromPin(Kernel.shared(), path);
    }

    /**
     * Opens a pinned link. Linux 5.7.
     *
     * @param kernel the kernel that holds it
     * @param path where it is pinned, in a bpf file system
     * @return the link; closing it leaves the pin and thus the attachment
     * @throws io.ebpf4j.error.BpfException if nothing is pinned there, or something else than a
     *     link
     * @throws io.ebpf4j.error.PermissionDeniedException if the pin may not be opened
     */
    public static Link fromPin(Kernel kernel, Path path) {
        return KernelLink.open(kernel, path);
    }

    /**
     * Opens a link of the running kernel by its id. Linux 5.8.
     *
     * @param id the id, as {@link LinkInfo#id} has it
     * @return the link; the program stays attached until whoever else holds the link closes it too
     * @throws io.ebpf4j.error.BpfException if there is no such link
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_SYS_ADMIN is missing
     */
    public static Link fromId(int id) {
        return fromId(Kernel.shared(), id);
    }

    /**
     * Opens a link by its id. Linux 5.8.
     *
     * @param kernel the kernel that holds it
     * @param id the id, as {@link LinkInfo#id} has it
     * @return the link; the program stays attached until whoever else holds the link closes it too
     * @throws io.ebpf4j.error.BpfException if there is no such link
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_SYS_ADMIN is missing
     */
    public static Link fromId(Kernel kernel, int id) {
        return KernelLink.open(kernel, id);
    }

    /**
     * Returns what the kernel says about the link.
     *
     * @return type, ids and what belongs to the type
     * @throws IllegalStateException if the link is closed
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public abstract LinkInfo info();

    /**
     * Puts another program in the place of the attached one, without a moment in which neither
     * runs: links of cgroups, network namespaces and iterators (Linux 5.8 at the latest), of XDP
     * (5.9), TCX (6.6), netkit (6.7) and socket maps (6.10), and attachments to cgroups without a
     * link (5.5).
     *
     * @param replacement a program of the same type, loaded for the same attach type
     * @throws IllegalStateException if the link or the program is closed
     * @throws io.ebpf4j.error.UnsupportedException if the kernel cannot do that for this kind of
     *     attachment
     * @throws io.ebpf4j.error.BpfException if the program does not fit, or the link is detached
     */
    public final void update(Program replacement) {
        replace(replacement, null);
    }

    /**
     * Puts another program in the place of the attached one, as {@link #update(Program)}, if that
     * is a certain one.
     *
     * @param replacement a program of the same type, loaded for the same attach type
     * @param expected the program that has to be attached now
     * @throws IllegalStateException if the link or one of the programs is closed
     * @throws io.ebpf4j.error.UnsupportedException if the kernel cannot do that for this kind of
     *     attachment
     * @throws io.ebpf4j.error.BpfException if another program is attached, the replacement does not
     *     fit, or the link is detached
     */
    public final void update(Program replacement, Program expected) {
        replace(replacement, Objects.requireNonNull(expected, "expected"));
    }

    /** Returns the descriptor of the {@code bpf_link}. */
    FileDescriptor kernelLink() {
        throw new IllegalArgumentException(this + " is no kernel link; name its program instead");
    }

    /** Replaces the program; whatever it is when none is expected (null). */
    abstract void replace(Program replacement, Program expected);

    /**
     * Detaches the program although the link is pinned or somebody else holds it. A kernel link
     * stays open, and {@link #info} no longer names what it was attached to (Linux 5.9; cgroups,
     * network namespaces, XDP, TCX, netkit, since 6.11 structures of programs). An attachment
     * without a kernel link is closed.
     *
     * @throws IllegalStateException if the link is closed
     * @throws io.ebpf4j.error.UnsupportedException if the kernel can only end this kind of link by
     *     closing and unpinning it
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public abstract void detach();

    /**
     * Gives the link a name in a bpf file system, so that the program stays attached after {@link
     * #close} and after this process. Linux 5.7, for perf events 5.15.
     *
     * @param path a new name; its directory must be in a file system of type bpf
     * @throws IllegalStateException if the link is closed
     * @throws io.ebpf4j.error.UnsupportedException if the kernel has no link for this hook, only an
     *     older mechanism
     * @throws io.ebpf4j.error.BpfException if the link is pinned already, the name is taken, or the
     *     directory is in no bpf file system
     */
    public abstract void pin(Path path);

    /**
     * Removes the link's pin, if it has one. The program stays attached until the link is closed. A
     * pin that somebody else removed counts as removed.
     *
     * @throws io.ebpf4j.error.BpfException if the pin cannot be removed
     */
    public abstract void unpin();

    /**
     * Returns where the link is pinned.
     *
     * @return the path given to {@link #pin} or {@link #fromPin(Path)}, or empty
     */
    public abstract Optional<Path> pinPath();

    /**
     * Says whether the link is pinned, as far as this object knows: a pin made or removed by others
     * is not seen.
     *
     * @return whether {@link #close} will leave the program attached
     */
    public final boolean isPinned() {
        return pinPath().isPresent();
    }

    /**
     * Says whether the link was not yet closed.
     *
     * @return false after {@link #close}
     */
    public abstract boolean isOpen();

    /**
     * Detaches the program, or, when the link is pinned, only lets go of it. Further calls do
     * nothing. Events that are being handled on other CPUs may still finish.
     */
    @Override
    public abstract void close();
}
