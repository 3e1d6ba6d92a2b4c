// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

/**
 * A kernel's version.
 *
 * @param major such as 6
 * @param minor such as 12
 * @param patch such as 43; 0 when the kernel does not say
 */
public record KernelVersion(int major, int minor, int patch) implements Comparable<KernelVersion> {
    private static final int MAX_CODED_PATCH = 255;

    /**
     * Reads a version from the beginning of a text.
     *
     * @param text such as {@code 5.15} or {@code 6.12.43-generic}
     * @return the version; what follows the third number is ignored
     * @throws IllegalArgumentException if the text does not begin with two numbers and a dot
     *     between
     */
    public static KernelVersion parse(String text) {
        int[] numbers = new int[3];
        int count = 0;
        int at = 0;
        while (count < 3 && at < text.length() && isDigit(text.charAt(at))) {
            int number = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && number < 100_000) {
                number = number * 10 + (text.charAt(at++) - '0');
            }
            numbers[count++] = number;
            if (at >= text.length() || text.charAt(at) != '.') {
                break;
            }
            at++;
        }
        if (count < 2) {
            throw new IllegalArgumentException(
                    "a kernel version such as 6.12 was expected, not \"" + text + "\"");
        }
        return new KernelVersion(numbers[0], numbers[1], numbers[2]);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Returns the number that C calls {@code LINUX_VERSION_CODE}.
     *
     * @return major, minor and patch in one byte each from bit 16 down; a patch above 255 counts as
     *     255
     */
    public int code() {
        return major << 16 | minor << 8 | Math.min(patch, MAX_CODED_PATCH);
    }

    /**
     * Compares with a version given by two numbers.
     *
     * @param otherMajor such as 5
     * @param otherMinor such as 15
     * @return true if this version is that one or newer
     */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || major == otherMajor && minor >= otherMinor;
    }

    /**
     * Compares with a version given as text, as the tables of this library write it.
     *
     * @param version such as {@code 5.15}
     * @return true if this version is that one or newer
     * @throws IllegalArgumentException if the text is no version
     */
    public boolean isAtLeast(String version) {
        return compareTo(parse(version)) >= 0;
    }

    @Override
    public int compareTo(KernelVersion other) {
        if (major != other.major) {
            return Integer.compare(major, other.major);
        }
        return minor != other.minor
                ? Integer.compare(minor, other.minor)
                : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
