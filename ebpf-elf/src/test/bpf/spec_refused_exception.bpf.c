// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A callback for exceptions.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) int on_exception(__u64 cookie)
{
    return bpf_get_prandom_u32() + cookie;
}

SEC("tc")
__attribute__((btf_decl_tag("exception_callback:on_exception"))) int throws(void *context)
{
    return 1;
}
