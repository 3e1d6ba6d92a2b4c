// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Reads what no kernel has: in one program reachably, in the other behind a question; and names a type by its id
// in an object that also declares an extern.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
	int no_such_field;
} __attribute__((preserve_access_index));

static __noinline int read_it(struct task_struct *task)
{
	return BPF_CORE_READ(task, no_such_field);
}

SEC("raw_tp/sched_switch")
int reaches(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return read_it(task);
}

SEC("raw_tp/sched_switch")
int asks_first(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (bpf_core_field_exists(task->no_such_field))
		return BPF_CORE_READ(task, no_such_field);
	return BPF_CORE_READ(task, pid) < 0;
}

extern const int no_such_symbol __ksym __weak;

struct named_by_id {
	int x;
};

SEC("?raw_tp/sched_switch")
int names_a_type(void *ctx)
{
	return bpf_core_type_id_local(struct named_by_id);
}

SEC("?raw_tp/sched_switch")
int refers_to_an_extern(void *ctx)
{
	return &no_such_symbol != 0;
}

char LICENSE[] SEC("license") = "GPL";
