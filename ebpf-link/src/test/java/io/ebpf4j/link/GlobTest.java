// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "vfs_read, vfs_read, true",
        "vfs_read, vfs_reads, false",
        "vfs_*, vfs_, true",
        "vfs_*, vf, false",
        "*, anything, true",
        "*read, vfs_read, true",
        "*read, vfs_readv, false",
        "v?s_read, vfs_read, true",
        "v?s_read, vs_read, false",
        "?, '', false",
        "*, '', true",
        "a*b*c, aXbXbc, true",
        "a*b*c, aXbXbd, false",
        "*a*a*, aXa, true",
        "*a*a*, Xa, false",
        "a**b, ab, true",
        "*.isra.?, f.isra.0, true"
    })
    void starsStandForAnyCharactersAndQuestionMarksForOne(
            String pattern, String name, boolean matches) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void manyStarsDoNotTakeForEver() {
        assertThat(new Glob("*a".repeat(40) + "b").matches("a".repeat(5_000))).isFalse();
    }

    @Test
    void knowsPatternsFromNames() {
        assertThat(Glob.isPattern("vfs_read")).isFalse();
        assertThat(Glob.isPattern("vfs_*")).isTrue();
        assertThat(Glob.isPattern("vfs_rea?")).isTrue();
    }
}
