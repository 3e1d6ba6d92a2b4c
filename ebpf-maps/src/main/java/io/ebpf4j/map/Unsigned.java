// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that the C member behind an integer component is unsigned and narrower than the component:
 * {@code __u16 port} is {@code @Unsigned(2) int port}, and {@code __u32 bytes} is
 * {@code @Unsigned(4) long bytes}.
 *
 * <p>Reading never yields a negative number; writing one that does not fit is an error. Needed only
 * where no BTF is known, as for the records of most ring buffers: with BTF, a wider component takes
 * the width and signedness of its member by itself.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Unsigned {
    /**
     * The size of the C member.
     *
     * @return bytes: 1, 2 or 4, and fewer than the component has
     */
    int value();
}
