// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** What the running kernel was configured with: /proc/config.gz, else /boot/config-RELEASE. */
public final class KernelConfig {
    private static final int GZIP_MAGIC = 0x1f;

    private final Map<String, String> values;
    private final String source;

    private KernelConfig(Map<String, String> values, String source) {
        this.values = values;
        this.source = source;
    }

    static KernelConfig read(KernelFiles files) {
        String boot = "/boot/config-" + files.text("/proc/sys/kernel/osrelease");
        String[] places = {"/proc/config.gz", boot};
        for (String place : places) {
            byte[] bytes = files.read(place);
            Map<String, String> values = bytes == null ? null : parse(bytes);
            if (values != null) {
                return new KernelConfig(values, place);
            }
        }
        return new KernelConfig(Map.of(), "");
    }

    /**
     * Reads a configuration given as text.
     *
     * @param text lines such as {@code CONFIG_HZ=250}, of which the first for an option counts;
     *     others, such as {@code # CONFIG_X is not set}, are ignored
     * @return the configuration
     * @throws IllegalArgumentException if a line names an option and no value
     */
    public static KernelConfig of(String text) {
        int number = 0;
        int start = 0;
        while (start < text.length()) {
            number++;
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', start);
            boolean valued = equals > 0 && equals < end - 1;
            if (!valued && text.startsWith("CONFIG_", start)) {
                throw new IllegalArgumentException(
                        "line "
                                + number
                                + " of the given configuration, \""
                                + text.substring(start, end)
                                + "\", has no value; write CONFIG_X=y, m, a number or \"text\"");
            }
            start = end + 1;
        }
        return new KernelConfig(lines(text), "given text");
    }

    private static Map<String, String> parse(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != GZIP_MAGIC) {
            return lines(new String(bytes, StandardCharsets.UTF_8));
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return lines(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return null;
        }
    }

    private static Map<String, String> lines(String text) {
        Map<String, String> values = new HashMap<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', start);
            if (equals > 0 && equals < end && text.startsWith("CONFIG_", start)) {
                values.putIfAbsent(text.substring(start, equals), text.substring(equals + 1, end));
            }
            start = end + 1;
        }
        return values;
    }

    /**
     * Returns an option's value.
     *
     * @param name such as {@code CONFIG_HZ}
     * @return as configured: {@code y}, {@code m}, a number, or a string in quotes; empty when not
     *     set
     */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * Says where the values come from.
     *
     * @return a file, or the empty string when the kernel's configuration was not found
     */
    public String source() {
        return source;
    }
}
