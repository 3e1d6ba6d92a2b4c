// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an iterator goes over, where it takes a choice: one thread or process, or some cgroups.
 * Linux 6.1. A map whose elements are gone over is named in the call.
 *
 * @param tid the one thread that iterators over tasks, their files and their memory look at, or
 *     {@link #EVERY}
 * @param pid the one process, 0 for this one, or {@link #EVERY}
 * @param pidfd a descriptor of the one process, or {@link #EVERY}
 * @param cgroup the cgroup where an iterator over cgroups begins; without it and {@code cgroupFd}
 *     it is the root of version 2
 * @param cgroupFd a descriptor of that cgroup's directory, or -1
 * @param order which cgroups, and in what order; empty for iterators over something else
 */
public record IteratorOptions(
        int tid,
        int pid,
        int pidfd,
        Optional<Path> cgroup,
        int cgroupFd,
        Optional<CgroupOrder> order) {
    /** The {@link #tid()}, {@link #pid()} and {@link #pidfd()} of those who want all tasks. */
    public static final int EVERY = -1;

    static final IteratorOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if more than one choice is made, a number is below -1, the
     *     thread is 0, or a cgroup is given without an order
     */
    public IteratorOptions {
        if (tid < EVERY || tid == 0) {
            throw new IllegalArgumentException(
                    "iterator tid is " + tid + "; a thread has a positive one, -1 means all");
        }
        if (pid < EVERY || pidfd < EVERY || cgroupFd < -1) {
            throw new IllegalArgumentException(
                    "iterator pid is "
                            + pid
                            + ", pidfd "
                            + pidfd
                            + ", cgroup descriptor "
                            + cgroupFd
                            + "; -1 means none, and less means nothing");
        }
        int choices = order.isPresent() ? 1 : 0;
        choices += tid == EVERY ? 0 : 1;
        choices += pid == EVERY ? 0 : 1;
        choices += pidfd == EVERY ? 0 : 1;
        if (choices > 1) {
            throw new IllegalArgumentException(
                    "an iterator goes over one thread, one process or some cgroups; choose one");
        }
        if (order.isEmpty() && (cgroup.isPresent() || cgroupFd >= 0)) {
            throw new IllegalArgumentException("a cgroup to begin with needs an order");
        }
    }

    /**
     * Starts with the defaults: everything that the iterator has.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    boolean choosesTasks() {
        return tid != EVERY || pid != EVERY || pidfd != EVERY;
    }

    /** Collects options. */
    public static final class Builder {
        private int tid = EVERY;
        private int pid = EVERY;
        private int pidfd = EVERY;
        private Path cgroup;
        private int cgroupFd = -1;
        private CgroupOrder order;

        private Builder() {}

        /**
         * Looks at one thread. Linux 6.1.
         *
         * @param tid its id
         * @return this
         */
        public Builder tid(int tid) {
            this.tid = tid;
            return this;
        }

        /**
         * Looks at the threads of one process, for iterators over memory at one of them. Linux 6.1.
         *
         * @param pid its id, or 0 for this process
         * @return this
         */
        public Builder pid(int pid) {
            this.pid = pid;
            return this;
        }

        /**
         * Looks at one process. Linux 6.1.
         *
         * @param pidfd a descriptor of it, which may be closed once the iterator is attached
         * @return this
         */
        public Builder pidfd(int pidfd) {
            this.pidfd = pidfd;
            return this;
        }

        /**
         * Goes over cgroups from the root of version 2 on. Linux 6.1.
         *
         * @param order which, and in what order
         * @return this
         */
        public Builder cgroups(CgroupOrder order) {
            this.order = order;
            return this;
        }

        /**
         * Goes over cgroups from one on. Linux 6.1.
         *
         * @param directory its directory; must not be null
         * @param order which, and in what order
         * @return this
         */
        public Builder cgroups(Path directory, CgroupOrder order) {
            this.cgroup = directory;
            this.order = order;
            return this;
        }

        /**
         * Goes over cgroups from one on. Linux 6.1.
         *
         * @param fd a descriptor of its directory, which may be closed once the iterator is
         *     attached
         * @param order which, and in what order
         * @return this
         */
        public Builder cgroups(int fd, CgroupOrder order) {
            this.cgroupFd = fd;
            this.order = order;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException if more than one choice is made, a number is below -1,
         *     the thread is 0, or a cgroup is given without an order
         */
        public IteratorOptions build() {
            return new IteratorOptions(
                    tid,
                    pid,
                    pidfd,
                    Optional.ofNullable(cgroup),
                    cgroupFd,
                    Optional.ofNullable(order));
        }
    }
}
