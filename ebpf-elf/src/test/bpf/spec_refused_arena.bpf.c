// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A global variable in an arena.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, 33 /* BPF_MAP_TYPE_ARENA, Linux 6.9 */);
    __uint(map_flags, 1 << 10);
    __uint(max_entries, 1);
} arena SEC(".maps");

int __attribute__((address_space(1))) shared = 3;

SEC("syscall")
int uses(void *context)
{
    return shared;
}
