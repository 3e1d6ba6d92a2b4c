// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0
// ebpf4j-clang: 19

// Memory that programs and processes share at the same addresses.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, 33 /* BPF_MAP_TYPE_ARENA, Linux 6.9 */);
	__uint(map_flags, 1 << 10);
	__uint(max_entries, 100);
} pages SEC(".maps");

__u64 __arena total = 7;
__u32 __arena values[4] = {1, 2, 3, 4};
__u64 address;

SEC("syscall")
int add(void *ctx)
{
	total += values[1] + values[3];
	address = (__u64)&total;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
