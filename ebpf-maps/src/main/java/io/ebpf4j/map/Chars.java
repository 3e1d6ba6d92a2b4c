// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how many bytes the C array behind a {@link String} component has: {@code char comm[16]} is
 * {@code @Chars(16) String comm}.
 *
 * <p>The text is UTF-8. Reading stops at the first NUL or after the last byte, and malformed bytes
 * become U+FFFD. Writing pads with NULs; text that takes more bytes than there are is an error.
 * Exactly as many bytes as there are may be written, without a terminator, so that every text that
 * was read can be written again. May be left out where the map's BTF is known.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Chars {
    /**
     * The length of the C array.
     *
     * @return bytes, 1 or more
     */
    int value();
}
