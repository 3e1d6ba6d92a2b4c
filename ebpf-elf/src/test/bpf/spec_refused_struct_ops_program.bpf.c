// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A structure with a program of another type.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct some_ops {
    int (*function)(void);
};

SEC("xdp")
int packet(void *context)
{
    return 2;
}

SEC(".struct_ops")
struct some_ops algorithm = {
    .function = (void *)packet,
};
