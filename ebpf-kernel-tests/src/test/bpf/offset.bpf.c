// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Says where the kernel's types have a field.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

SEC("xdp")
int offset(struct xdp_md *ctx)
{
	return bpf_core_field_offset(struct task_struct, pid);
}

char LICENSE[] SEC("license") = "GPL";
