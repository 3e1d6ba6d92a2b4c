// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs that are attached to functions of another program.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 entered = 0;
__u64 returned = 0;

SEC("freplace/decide")
int replacement(struct xdp_md *ctx)
{
	return XDP_ABORTED;
}

SEC("?fentry/entry")
int BPF_PROG(on_entry)
{
	__atomic_fetch_add(&entered, 1, __ATOMIC_RELAXED);
	return 0;
}

SEC("?fexit")
int BPF_PROG(on_return)
{
	__atomic_fetch_add(&returned, 1, __ATOMIC_RELAXED);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
