// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A structure with a program where no function goes.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct some_ops {
    char name[16];
    void *not_a_function;
};

SEC("struct_ops/init")
void init(void *context)
{
}

SEC(".struct_ops.link")
struct some_ops algorithm = {
    .not_a_function = (void *)init,
    .name = "test",
};
