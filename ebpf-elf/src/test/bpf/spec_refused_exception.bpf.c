// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// An exception callback of a function that is no program.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((btf_decl_tag("exception_callback:on_exception"))) static __noinline int throws(int x)
{
    return bpf_get_prandom_u32() + x;
}

SEC("tc")
int program(void *context)
{
    return throws(1);
}
