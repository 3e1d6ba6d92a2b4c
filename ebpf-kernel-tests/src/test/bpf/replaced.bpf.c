// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A program with functions that other programs replace and trace.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const char unused[] = "kept by programs that do not refer to it";

__noinline int decide(struct xdp_md *ctx)
{
	volatile int verdict = XDP_PASS;

	return ctx ? verdict : XDP_DROP;
}

__noinline int decide_again(struct xdp_md *ctx)
{
	volatile int verdict = XDP_TX;

	return ctx ? verdict : XDP_DROP;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	return decide(ctx);
}

SEC("xdp")
int other_entry(struct xdp_md *ctx)
{
	return decide_again(ctx);
}

char LICENSE[] SEC("license") = "GPL";
