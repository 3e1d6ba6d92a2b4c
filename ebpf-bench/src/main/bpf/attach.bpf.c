// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/* What both sides attach to functions of the kernel. */

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("kprobe")
int on_one(void *ctx)
{
	return 0;
}

SEC("kprobe.multi")
int on_many(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
