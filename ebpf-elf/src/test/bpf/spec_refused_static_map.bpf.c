// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A map that only its own file sees.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, int);
    __type(value, int);
} concealed SEC(".maps");

SEC("socket")
int uses(void *context)
{
    int zero = 0;
    return bpf_map_lookup_elem(&concealed, &zero) != 0;
}
