// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0
// ebpf4j-clang: 19

// A variable of an arena that is not there.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int __attribute__((address_space(1))) shared = 3;

SEC("syscall")
int uses(void *context)
{
    return shared;
}
