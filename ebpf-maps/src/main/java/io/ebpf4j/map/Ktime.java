// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which of the kernel's clocks an {@link java.time.Instant} component was read from. Without
 * it, that is the monotonic one.
 *
 * <p>A codec measures once how far each clock is from the wall clock, to about a microsecond, and
 * uses one distance for all components of that clock. Later changes of the wall clock are not
 * followed. The monotonic and the boot-time clock of a process in a time namespace (Linux 5.6) are
 * not those that programs read: there, an {@code Instant} is off by the namespace's offsets ({@code
 * /proc/self/timens_offsets}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Ktime {
    /**
     * The clock.
     *
     * @return which
     */
    Clock value();

    /** A clock of the kernel, by the helper that programs read it with. */
    enum Clock {
        /** {@code bpf_ktime_get_ns} and {@code bpf_ktime_get_coarse_ns}: stands still in sleep. */
        MONOTONIC(1),
        /** {@code bpf_ktime_get_boot_ns} (Linux 5.8): goes on while the machine sleeps. */
        BOOTTIME(7),
        /** {@code bpf_ktime_get_tai_ns} (Linux 6.1): the wall clock without leap seconds. */
        TAI(11);

        /** {@code CLOCK_*} (include/uapi/linux/time.h). */
        final int number;

        Clock(int number) {
            this.number = number;
        }
    }
}
