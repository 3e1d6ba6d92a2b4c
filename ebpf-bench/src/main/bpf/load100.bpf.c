// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/* A hundred small programs that read two fields of the kernel each. */

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct mm_struct {
	unsigned long total_vm;
} __attribute__((preserve_access_index));

struct task_struct {
	int tgid;
	struct mm_struct *mm;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} pages SEC(".maps");

#define PROGRAM(number)                                                              \
	SEC("raw_tp/sys_enter")                                                      \
	int program_##number(void *ctx)                                              \
	{                                                                            \
		struct task_struct *task = (struct task_struct *)bpf_get_current_task(); \
		__u64 total = BPF_CORE_READ(task, mm, total_vm);                     \
		__u32 key = number;                                                  \
                                                                                     \
		bpf_map_update_elem(&pages, &key, &total, BPF_ANY);                  \
		return 0;                                                            \
	}

#define TEN(tens)            \
	PROGRAM(tens##0)     \
	PROGRAM(tens##1)     \
	PROGRAM(tens##2)     \
	PROGRAM(tens##3)     \
	PROGRAM(tens##4)     \
	PROGRAM(tens##5)     \
	PROGRAM(tens##6)     \
	PROGRAM(tens##7)     \
	PROGRAM(tens##8)     \
	PROGRAM(tens##9)

TEN(1)
TEN(2)
TEN(3)
TEN(4)
TEN(5)
TEN(6)
TEN(7)
TEN(8)
TEN(9)
TEN(10)

char LICENSE[] SEC("license") = "GPL";
