// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A kernel structure of functions.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops {
    void *init;
    char name[16];
};

SEC("struct_ops/init")
void init(void *context)
{
}

SEC(".struct_ops.link")
struct tcp_congestion_ops algorithm = {
    .init = (void *)init,
    .name = "test",
};
