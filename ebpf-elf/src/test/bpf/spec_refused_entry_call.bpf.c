// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A call of an entry program.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
__attribute__((noinline)) int callee(void *context)
{
    return bpf_get_prandom_u32();
}

SEC("xdp")
int caller(void *context)
{
    return callee(context) + 1;
}
