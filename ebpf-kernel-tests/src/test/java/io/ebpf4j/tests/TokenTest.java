// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.BpfToken;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Loading in a user namespace whose bpf file system delegates rights: this process, which has them,
 * sets the file system up for a child that has none.
 */
@KernelTest
class TokenTest {
    private static final String BPFFS = "/sys/fs/bpf";
    private static final int SET_STRING = 1;
    private static final int CREATE = 6;
    private static final int EMPTY_PATH = 4;
    private static final int AT_FDCWD = -100;
    private static final int PACKET_BYTES = 64;

    /** Has no rights of its own, and says what came of trying. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            int context;
            try (Arena arena = Arena.ofConfined()) {
                context = RawCall.call(RawCall.FSOPEN, arena.allocateFrom("bpf").address(), 0);
            }
            System.out.println("before " + load(LoadOptions.defaults()));
            System.out.println("context " + context);
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            try (Arena arena = Arena.ofConfined()) {
                int mount = RawCall.call(RawCall.FSMOUNT, context, 0, 0);
                RawCall.call(
                        RawCall.MOVE_MOUNT,
                        mount,
                        arena.allocateFrom("").address(),
                        AT_FDCWD,
                        arena.allocateFrom(BPFFS).address(),
                        EMPTY_PATH);
            }
            LoadOptions explicit = LoadOptions.builder().token(Path.of(BPFFS)).build();
            System.out.println("explicit " + load(explicit));
            System.out.println("implicit " + load(LoadOptions.defaults()));
            LoadOptions elsewhere = LoadOptions.builder().token(Path.of("/proc")).build();
            System.out.println("elsewhere " + load(elsewhere));
        }

        private static String load(LoadOptions options) {
            try (Collection c = Collection.load(Objects.spec("replaced"), options)) {
                TestRun packet = TestRun.create().data(new byte[PACKET_BYTES]);
                return "returned " + c.program("entry").testRun(packet).returnValue();
            } catch (BpfException e) {
                return e.getClass().getSimpleName() + ": " + e.getMessage();
            }
        }
    }

    @Test
    @Requires(Requirement.TOKEN)
    void aUserNamespaceLoadsWithWhatItsFileSystemDelegates() throws IOException {
        String[] unshare = {"unshare", "--user", "--map-root-user", "--mount"};
        try (ChildJvm child = new ChildJvm(Child.class, unshare)) {
            assertThat(child.answer("before")).startsWith("PermissionDeniedException");
            delegate(child.pid(), Integer.parseInt(child.answer("context")));
            child.tell("mounted");
            assertThat(child.answer("explicit")).isEqualTo("returned 2");
            assertThat(child.answer("implicit")).isEqualTo("returned 2");
            assertThat(child.answer("elsewhere"))
                    .contains("/proc")
                    .contains("is not the root of a bpf file system");
        }
    }

    /** Makes the file system that the child began; only who has the rights may pass them on. */
    private static void delegate(long pid, int context) {
        int process = RawCall.call(RawCall.PIDFD_OPEN, pid, 0);
        int fd = RawCall.call(RawCall.PIDFD_GETFD, process, context, 0);
        try (Arena arena = Arena.ofConfined()) {
            for (String right : new String[] {"cmds", "maps", "progs", "attachs"}) {
                RawCall.call(
                        RawCall.FSCONFIG,
                        fd,
                        SET_STRING,
                        arena.allocateFrom("delegate_" + right).address(),
                        arena.allocateFrom("any").address(),
                        0);
            }
            RawCall.call(RawCall.FSCONFIG, fd, CREATE, 0, 0, 0);
        } finally {
            BpfCall.close(fd);
            BpfCall.close(process);
        }
    }

    @Test
    @Requires({Requirement.TOKEN, Requirement.BPFFS})
    void theInitialUserNamespaceHasNoUseForTokens() {
        assertThatThrownBy(() -> BpfToken.create(Kernel.shared(), Path.of(BPFFS)).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("initial user namespace");
    }
}
