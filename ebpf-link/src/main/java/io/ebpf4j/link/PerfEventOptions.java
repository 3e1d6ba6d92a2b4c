// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * What is sampled, how often, and where.
 *
 * @param type {@code perf_event_attr.type}, see {@link PerfCounter}
 * @param config {@code perf_event_attr.config}
 * @param frequency samples per second, or 0 when {@code period} says
 * @param period events per sample, or 0 when {@code frequency} says
 * @param pid the process whose threads are sampled: {@link #EVERY_PROCESS}, 0 for this one, or a
 *     process id
 * @param cpu the one CPU that is sampled, or {@link #EVERY_CPU}
 * @param excludeKernel whether nothing is counted in the kernel
 * @param excludeUser whether nothing is counted outside the kernel
 * @param cookie the value {@code bpf_get_attach_cookie} returns in the program; 0 when there is
 *     none. Linux 5.15
 * @param mode the mechanism
 */
public record PerfEventOptions(
        int type,
        long config,
        long frequency,
        long period,
        int pid,
        int cpu,
        boolean excludeKernel,
        boolean excludeUser,
        long cookie,
        AttachMode mode) {
    /** The {@link #pid()} that samples every process. */
    public static final int EVERY_PROCESS = -1;

    /** The {@link #cpu()} that samples every CPU. */
    public static final int EVERY_CPU = -1;

    /** Not a divisor of the frequencies of timers, so that samples do not keep step with them. */
    private static final long DEFAULT_FREQUENCY = 99;

    static final PerfEventOptions DEFAULT = builder().build();

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException unless one of frequency and period is positive and the other
     *     0; if the pid or CPU is below -1; or if kernel and user are both excluded
     */
    public PerfEventOptions {
        if (frequency < 0 || period < 0 || (frequency == 0) == (period == 0)) {
            throw new IllegalArgumentException(
                    "sampling frequency is "
                            + frequency
                            + " and period "
                            + period
                            + "; one has to be positive, the other 0");
        }
        if (pid < EVERY_PROCESS || cpu < EVERY_CPU) {
            throw new IllegalArgumentException(
                    "sampling pid is " + pid + " and CPU " + cpu + "; -1 means every one");
        }
        if (excludeKernel && excludeUser) {
            throw new IllegalArgumentException(
                    "kernel and user are both excluded, which leaves nothing to sample");
        }
    }

    /**
     * Starts with the defaults: the CPU clock 99 times per second, every process, every CPU that is
     * online, no cookie, the newest mechanism the kernel has.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. */
    public static final class Builder {
        private int type = PerfCounter.CPU_CLOCK.type();
        private long config = PerfCounter.CPU_CLOCK.config();
        private long frequency = DEFAULT_FREQUENCY;
        private long period;
        private int pid = EVERY_PROCESS;
        private int cpu = EVERY_CPU;
        private boolean excludeKernel;
        private boolean excludeUser;
        private long cookie;
        private AttachMode mode = AttachMode.AUTOMATIC;

        private Builder() {}

        /**
         * Says what is counted.
         *
         * @param counter one of those that have a name
         * @return this
         */
        public Builder counter(PerfCounter counter) {
            return counter(counter.type(), counter.config());
        }

        /**
         * Says what is counted.
         *
         * @param type {@code perf_event_attr.type}: {@code PERF_TYPE_*}, or the number in {@code
         *     /sys/bus/event_source/devices/NAME/type}
         * @param config {@code perf_event_attr.config}: what the type makes of it
         * @return this
         */
        public Builder counter(int type, long config) {
            this.type = type;
            this.config = config;
            return this;
        }

        /**
         * Samples so many times per second, as far as the counter gets that far.
         *
         * @param hertz samples per second on each CPU, up to {@code
         *     kernel.perf_event_max_sample_rate}
         * @return this
         */
        public Builder frequency(long hertz) {
            this.frequency = hertz;
            this.period = 0;
            return this;
        }

        /**
         * Samples after so many events, for clocks nanoseconds.
         *
         * @param events how many
         * @return this
         */
        public Builder period(long events) {
            this.period = events;
            this.frequency = 0;
            return this;
        }

        /**
         * Samples the threads that a process has now, and those that they start.
         *
         * @param pid a process id, 0 for this process, {@link #EVERY_PROCESS} for all
         * @return this
         */
        public Builder pid(int pid) {
            this.pid = pid;
            return this;
        }

        /**
         * Samples one CPU.
         *
         * @param cpu its number, {@link #EVERY_CPU} for all
         * @return this
         */
        public Builder cpu(int cpu) {
            this.cpu = cpu;
            return this;
        }

        /**
         * Counts nothing in the kernel.
         *
         * @return this
         */
        public Builder excludeKernel() {
            this.excludeKernel = true;
            return this;
        }

        /**
         * Counts nothing outside the kernel.
         *
         * @return this
         */
        public Builder excludeUser() {
            this.excludeUser = true;
            return this;
        }

        /**
         * Sets the cookie. Linux 5.15.
         *
         * @param cookie the value {@code bpf_get_attach_cookie} returns in the program
         * @return this
         */
        public Builder cookie(long cookie) {
            this.cookie = cookie;
            return this;
        }

        /**
         * Forces a mechanism.
         *
         * @param mode the mechanism
         * @return this
         */
        public Builder mode(AttachMode mode) {
            this.mode = mode;
            return this;
        }

        /**
         * Returns the options.
         *
         * @return the options
         * @throws IllegalArgumentException unless the frequency or period is positive; if the pid
         *     or CPU is below -1; or if kernel and user are both excluded
         */
        public PerfEventOptions build() {
            return new PerfEventOptions(
                    type,
                    config,
                    frequency,
                    period,
                    pid,
                    cpu,
                    excludeKernel,
                    excludeUser,
                    cookie,
                    mode);
        }
    }
}
