// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0
// ebpf4j-clang: 19

// Two arenas.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, 33 /* BPF_MAP_TYPE_ARENA, Linux 6.9 */);
    __uint(map_flags, 1 << 10);
    __uint(max_entries, 1);
} one SEC(".maps"), two SEC(".maps");
