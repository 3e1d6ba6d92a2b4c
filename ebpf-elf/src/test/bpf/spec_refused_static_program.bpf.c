// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A program that only its own file sees.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
static __attribute__((used)) int concealed(void *context)
{
    return 0;
}
