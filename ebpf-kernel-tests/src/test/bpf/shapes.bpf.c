// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// ebpf4j-clang: 15
// Asks whether the kernel has types of a shape, which compilers before clang 15 cannot.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct list_head {
	struct list_head *next, *prev;
};

struct list_head___other {
	int next;
};

__u64 matches, mismatches;

SEC("raw_tp/sched_switch")
int shapes(void *ctx)
{
	matches = bpf_core_type_matches(struct list_head);
	mismatches = bpf_core_type_matches(struct list_head___other);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
