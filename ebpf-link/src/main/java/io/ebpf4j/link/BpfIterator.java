// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A program of {@code SEC("iter/TARGET")} that the kernel runs for each of its objects of a kind,
 * each task, map or socket, when somebody reads. Linux 5.8.
 *
 * <p>Each reading is a run of its own, and sees the objects that there are then. What it gives is
 * what the program writes, by {@code bpf_seq_printf} or {@code bpf_seq_write}. Readings of several
 * threads do not disturb each other, but one reading is for one thread. A reading that has begun
 * goes on when the iterator is closed.
 *
 * <p>A pinned iterator is a file that gives the same: {@code cat /sys/fs/bpf/tasks}.
 */
public final class BpfIterator extends Link {

    /**
     * Makes a value of the bytes of a record.
     *
     * @param <T> type of values
     */
    @FunctionalInterface
    public interface Decoder<T> {
        /**
         * Decodes a record.
         *
         * @param segment memory that holds it during this call only
         * @param offset where it begins
         * @return the value
         */
        T decode(MemorySegment segment, long offset);
    }

    /** O_PATH, the same number on all machines that this library knows. */
    private static final int O_PATH = 1 << 21;

    private final Kernel kernel;
    private final KernelLink link;
    private final String what;

    private BpfIterator(Kernel kernel, KernelLink link, String what) {
        this.kernel = kernel;
        this.link = link;
        this.what = what;
    }

    /**
     * Attaches a program to the iterator that it was loaded for.
     *
     * @param program a program of {@code SEC("iter/TARGET")}
     * @return the iterator; close it to detach
     * @throws BpfException if the program is of another type, its iterator wants a map or cgroups,
     *     or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static BpfIterator attach(Program program) {
        return attach(program, IteratorOptions.DEFAULT);
    }

    /**
     * Attaches a program to the iterator that it was loaded for.
     *
     * @param program a program of {@code SEC("iter/TARGET")}
     * @param options which tasks or cgroups
     * @return the iterator; close it to detach
     * @throws BpfException if the program is of another type, its iterator takes no such options,
     *     there is no such cgroup, or the kernel refuses
     * @throws UnsupportedException if the kernel lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static BpfIterator attach(Program program, IteratorOptions options) {
        if (options.cgroup().isEmpty()) {
            return attach(program, IteratorChoice.of(options, options.cgroupFd()));
        }
        try (FileDescriptor cgroup = open(program.kernel(), options.cgroup().get())) {
            return attach(program, IteratorChoice.of(options, cgroup.fd()));
        }
    }

    /**
     * Attaches a program to the elements of a map; for this library's modules, {@code
     * Collection.attachIterator} is for users. Linux 5.9.
     *
     * @param program a program of {@code SEC("iter/bpf_map_elem")} or another that goes over a map
     * @param map the map's descriptor
     * @param name the map's name
     * @return the iterator; close it to detach
     * @throws BpfException if the program is of another type, its iterator takes no map or none of
     *     this type, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program or the map is closed
     */
    @SuppressWarnings("exports")
    public static BpfIterator attach(Program program, FileDescriptor map, String name) {
        int fd = map.acquire();
        try {
            return attach(program, IteratorChoice.ofMap(fd, name));
        } finally {
            map.release();
        }
    }

    /**
     * Opens a pinned iterator of the running kernel.
     *
     * @param path where it is pinned, in a bpf file system
     * @return the iterator; closing it leaves the pin
     * @throws BpfException if nothing is pinned there, or something else than an iterator
     * @throws io.ebpf4j.error.PermissionDeniedException if the pin may not be opened
     */
    public static BpfIterator fromPin(Path path) {
        return fromPin(Kernel.shared(), path);
    }

    /**
     * Opens a pinned iterator.
     *
     * @param kernel the kernel that holds it
     * @param path where it is pinned, in a bpf file system
     * @return the iterator; closing it leaves the pin
     * @throws BpfException if nothing is pinned there, or something else than an iterator
     * @throws io.ebpf4j.error.PermissionDeniedException if the pin may not be opened
     */
    public static BpfIterator fromPin(Kernel kernel, Path path) {
        KernelLink link = KernelLink.open(kernel, path);
        try {
            LinkType type = link.info().type();
            if (type != LinkType.ITER) {
                throw new BpfException(
                        path + " is the pin of a link of type " + type + ", not of an iterator");
            }
            return new BpfIterator(kernel, link, "the iterator at " + path);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private static FileDescriptor open(Kernel kernel, Path cgroup) {
        long fd = kernel.calls().open(cgroup.toString(), O_PATH, 0);
        if (fd < 0) {
            throw Failure.of("openat", (int) -fd, "cannot open the cgroup " + cgroup);
        }
        return FileDescriptor.adopt(kernel.calls(), (int) fd, "cgroup " + cgroup);
    }

    private static BpfIterator attach(Program program, IteratorChoice choice) {
        Hooks.require(program, "an iterator", ProgramType.TRACING);
        AttachType type = program.attachType();
        // a program opened from its pin does not say which it has
        if (type != AttachType.TRACE_ITER && type != AttachType.NONE) {
            throw new BpfException(
                    "cannot attach "
                            + program.name()
                            + " to an iterator: it was loaded as "
                            + type
                            + "; write SEC(\"iter/…\")");
        }
        int fd = program.descriptor().acquire();
        try {
            return new BpfIterator(
                    program.kernel(),
                    choice.link(program, fd),
                    "the iterator of program " + program.name());
        } finally {
            program.descriptor().release();
        }
    }

    /**
     * Begins a run and reads what it gives as bytes. The stream gives its descriptor back when it
     * is closed or at its end. Apart from {@code close} its methods throw {@link BpfException} if
     * the program writes more for one object than the kernel has room for (errno E2BIG), or asks
     * for the same object again and again (errno EAGAIN), and {@link IllegalStateException} once it
     * is closed.
     *
     * @return the stream; for one thread
     * @throws BpfException if the kernel refuses
     * @throws IllegalStateException if the iterator is closed
     */
    public InputStream open() {
        FileDescriptor descriptor = link.descriptor();
        int fd = descriptor.acquire();
        try {
            FileDescriptor output =
                    kernel.bpf()
                            .own(
                                    BpfCommand.ITER_CREATE,
                                    kernel.bpf().iterCreate(fd),
                                    "output of " + what,
                                    "cannot open the ");
            return new IteratorStream(kernel.calls(), output);
        } finally {
            descriptor.release();
        }
    }

    /**
     * Begins a run and reads what it gives as lines of UTF-8. The stream gives its descriptor back
     * when it is closed or at its end; close it if it may not be read to the end.
     *
     * @return the lines, which throw what {@link #open} describes
     * @throws BpfException if the kernel refuses
     * @throws IllegalStateException if the iterator is closed
     */
    public Stream<String> lines() {
        IteratorStream in = (IteratorStream) open();
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                .lines()
                .onClose(in::close);
    }

    /**
     * Begins a run and reads what it gives as records that the program wrote with {@code
     * bpf_seq_write}. The stream gives its descriptor back when it is closed or at its end; close
     * it if it may not be read to the end.
     *
     * <p>{@code Collection.records} takes a class for this; a codec is used by {@code
     * records(codec.size(), codec::decode)}.
     *
     * @param <T> type of values
     * @param size bytes of a record
     * @param decoder makes values of records
     * @return the values, which throw what {@link #open} describes, and {@link BpfException} when
     *     the output ends within a record
     * @throws BpfException if the kernel refuses
     * @throws IllegalArgumentException if the size is less than 1
     * @throws IllegalStateException if the iterator is closed
     */
    public <T> Stream<T> records(int size, Decoder<? extends T> decoder) {
        if (size < 1) {
            throw new IllegalArgumentException("a record has at least one byte, not " + size);
        }
        IteratorStream in = (IteratorStream) open();
        return StreamSupport.stream(new IteratorRecords<T>(in, size, decoder, what), false)
                .onClose(in::close);
    }

    @Override
    public LinkInfo info() {
        return link.info();
    }

    @Override
    void replace(Program replacement, Program expected) {
        link.replace(replacement, expected);
    }

    @Override
    public void detach() {
        link.detach();
    }

    @Override
    public void pin(Path path) {
        link.pin(path);
    }

    @Override
    public void unpin() {
        link.unpin();
    }

    @Override
    public Optional<Path> pinPath() {
        return link.pinPath();
    }

    @Override
    public boolean isOpen() {
        return link.isOpen();
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public String toString() {
        return link.toString();
    }
}
