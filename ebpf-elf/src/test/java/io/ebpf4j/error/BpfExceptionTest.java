// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What is said about a file that cannot be read. */
class BpfExceptionTest {
    private static String words(IOException cause) {
        BpfException e = BpfException.unreadable("cannot read a.o", cause);
        assertThat(e).hasCause(cause);
        assertThat(e.errno()).isZero();
        return e.getMessage();
    }

    @Test
    void whyAFileCannotBeReadIsSaidInWords() {
        assertThat(words(new NoSuchFileException("a.o")))
                .isEqualTo("cannot read a.o: no such file");
        assertThat(words(new AccessDeniedException("a.o")))
                .isEqualTo("cannot read a.o: permission denied");
        assertThat(words(new FileSystemException("a.o", null, "Too many open files")))
                .isEqualTo("cannot read a.o: Too many open files");
        assertThat(words(new IOException("Is a directory")))
                .isEqualTo("cannot read a.o: Is a directory");
    }

    @Test
    void aCauseWithoutWordsIsNamedByItsClass() {
        assertThat(words(new IOException())).isEqualTo("cannot read a.o: java.io.IOException");
    }
}
