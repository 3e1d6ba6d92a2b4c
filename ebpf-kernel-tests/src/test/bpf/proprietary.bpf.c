// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A program that may not do what it does for the license it has; see rejected.bpf.c.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

SEC("?raw_tp/sched_switch")
int closed_source(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 v = 0;

	bpf_probe_read_kernel(&v, 8, (void *)ctx->args[2]); // HERE
	return v;
}

char LICENSE[] SEC("license") = "Proprietary";
