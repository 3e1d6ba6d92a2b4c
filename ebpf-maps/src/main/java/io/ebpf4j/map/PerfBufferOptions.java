// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.Set;

/**
 * How a perf buffer is opened.
 *
 * @param pages pages of memory for each CPU, a power of 2
 * @param wakeupEvents how many records of a CPU end a wait (libbpf's {@code sample_period}); 0 with
 *     a watermark
 * @param watermark how many bytes of a CPU end a wait; 0 with a number of records
 * @param overwritable whether the oldest records are overwritten in place of losing new ones (Linux
 *     4.7)
 * @param cpus the numbers of the CPUs to read; empty for all, also those that come online later
 * @param lostConsumer what is told of lost records, or null
 */
public record PerfBufferOptions(
        int pages,
        int wakeupEvents,
        int watermark,
        boolean overwritable,
        Set<Integer> cpus,
        LostConsumer lostConsumer) {

    private static final PerfBufferOptions DEFAULTS = builder().build();

    /**
     * Checks the options.
     *
     * @param pages pages of memory for each CPU, a power of 2
     * @param wakeupEvents records of a CPU that end a wait, or 0
     * @param watermark bytes of a CPU that end a wait, or 0
     * @param overwritable whether the oldest records are overwritten
     * @param cpus CPUs to read; empty for all
     * @param lostConsumer what is told of lost records, or null
     * @throws IllegalArgumentException if {@code pages} is no power of 2, a number is negative, or
     *     not exactly one of {@code wakeupEvents} and {@code watermark} is 0
     */
    public PerfBufferOptions {
        if (Integer.bitCount(pages) != 1 || pages < 0) {
            throw new IllegalArgumentException(
                    "a perf buffer of " + pages + " pages; the kernel takes powers of 2");
        }
        if (wakeupEvents < 0 || watermark < 0) {
            throw new IllegalArgumentException(
                    "a wake-up after " + wakeupEvents + " records or " + watermark + " bytes");
        }
        if ((wakeupEvents == 0) == (watermark == 0)) {
            throw new IllegalArgumentException(
                    "a wake-up after either a number of records or a number of bytes");
        }
        cpus = Set.copyOf(cpus);
    }

    /** Is told of records that found no room. */
    @FunctionalInterface
    public interface LostConsumer {
        /**
         * Takes a number of lost records, on the thread that reads, once the kernel has had room to
         * say so.
         *
         * @param cpu the CPU that lost them
         * @param records how many
         */
        void lost(int cpu, long records);
    }

    /**
     * Returns the defaults: 64 pages for each CPU, a wake-up for each record, nothing overwritten.
     *
     * @return the options
     */
    public static PerfBufferOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private int pages = 64;
        private int wakeupEvents = 1;
        private int watermark;
        private boolean overwritable;
        private Set<Integer> cpus = Set.of();
        private LostConsumer lostConsumer;

        private Builder() {}

        /**
         * Sets the memory.
         *
         * @param pages pages for each CPU, a power of 2
         * @return this
         */
        public Builder pages(int pages) {
            this.pages = pages;
            return this;
        }

        /**
         * Ends a wait after several records of a CPU. Fewer are found when the time is over.
         *
         * @param records how many
         * @return this
         */
        public Builder wakeupEvents(int records) {
            this.wakeupEvents = records;
            this.watermark = 0;
            return this;
        }

        /**
         * Ends a wait after so many bytes of a CPU, headers included. Fewer are found when the time
         * is over.
         *
         * @param bytes how many
         * @return this
         */
        public Builder watermark(int bytes) {
            this.watermark = bytes;
            this.wakeupEvents = 0;
            return this;
        }

        /**
         * Overwrites the oldest records in place of losing new ones (Linux 4.7).
         *
         * @return this
         */
        public Builder overwritable() {
            this.overwritable = true;
            return this;
        }

        /**
         * Reads some CPUs only.
         *
         * @param numbers their numbers
         * @return this
         */
        public Builder cpus(Set<Integer> numbers) {
            this.cpus = numbers;
            return this;
        }

        /**
         * Tells of lost records.
         *
         * @param consumer what is told
         * @return this
         */
        public Builder onLost(LostConsumer consumer) {
            this.lostConsumer = consumer;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException as the constructor
         */
        public PerfBufferOptions build() {
            return new PerfBufferOptions(
                    pages, wakeupEvents, watermark, overwritable, cpus, lostConsumer);
        }
    }
}
