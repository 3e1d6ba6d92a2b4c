// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.error.PermissionDeniedException;

import org.junit.jupiter.api.Test;

class FailureTest {
    private static final long TRACING = Capability.BPF | Capability.PERFMON;

    private static PermissionDeniedException refused(Privileges privileges) {
        return Failure.refused(
                "BPF_PROG_LOAD", Errno.EPERM, "cannot load program p", TRACING, privileges);
    }

    @Test
    void namesOnlyTheCapabilitiesThatAreMissing() {
        PermissionDeniedException e = refused(new Privileges(Capability.BPF, true, 2, ""));
        assertThat(e.missing()).isEqualTo("CAP_PERFMON");
        assertThat(e.remedy()).contains("+perfmon").contains("unprivileged_bpf_disabled is 2");
        assertThat(e).hasMessageStartingWith("cannot load program p: missing CAP_PERFMON;");
        assertThat(refused(new Privileges(0, true, 0, "")).missing())
                .isEqualTo("CAP_BPF and CAP_PERFMON");
    }

    @Test
    void letsSysAdminStandForTheOthers() {
        PermissionDeniedException e =
                refused(new Privileges(Capability.SYS_ADMIN, true, 2, "integrity"));
        assertThat(e.missing()).contains("lockdown [integrity]");
    }

    @Test
    void blamesLockdownWhenTracingIsRefusedDespiteAllCapabilities() {
        PermissionDeniedException e = refused(new Privileges(-1, true, 2, ""));
        assertThat(e.missing()).contains("lockdown").contains("capabilities are not the reason");
    }

    @Test
    void blamesTheUserNamespaceOfAContainer() {
        PermissionDeniedException e = refused(new Privileges(-1, false, 2, ""));
        assertThat(e.missing()).contains("user namespace");
    }

    @Test
    void doesNotBlameLockdownForWhatItDoesNotCover() {
        PermissionDeniedException e =
                Failure.refused(
                        "BPF_MAP_CREATE",
                        Errno.EPERM,
                        "cannot create map m",
                        Capability.BPF,
                        new Privileges(-1, true, 2, "none"));
        assertThat(e.missing()).doesNotContain("lockdown");
    }

    @Test
    void readsTheFilesOfProc() {
        assertThat(Privileges.effective("Name:\tjava\nCapEff:\t000001fffeffffff\nCapBnd:\t0\n"))
                .isEqualTo(0x1fffeffffffL);
        assertThat(Privileges.effective("nonsense")).isEqualTo(-1);
        assertThat(Privileges.lockdown("none [integrity] confidentiality\n"))
                .isEqualTo("integrity");
        assertThat(Privileges.lockdown("")).isEmpty();
        assertThat(Privileges.initialNamespace("         0          0 4294967295\n")).isTrue();
        assertThat(Privileges.initialNamespace("         0     100000      65536\n")).isFalse();
    }

    @Test
    void namesErrorNumbers() {
        assertThat(Errno.name(-Errno.ENOTSUPP)).isEqualTo("ENOTSUPP");
        assertThat(Errno.describe(Errno.EINVAL)).isEqualTo("EINVAL (invalid argument)");
        assertThat(Errno.describe(9999)).isEqualTo("errno 9999");
    }
}
