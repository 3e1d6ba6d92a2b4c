// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs that use, reachably, what no kernel's types have: one kind of relocation each, in the program itself, in
// a subprogram, and two calls deep. The line to be blamed ends with the word HERE.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct no_such_part {
	int a;
	int b[4];
};

struct task_struct {
	int pid;
	struct no_such_part part;
} __attribute__((preserve_access_index));

struct no_such_type {
	int x;
	int y;
} __attribute__((preserve_access_index));

enum no_such_enum {
	NO_SUCH_ZERO,
	NO_SUCH_VALUE = 77,
};

SEC("?raw_tp/sched_switch")
int offset_of_a_member(struct bpf_raw_tracepoint_args *ctx) // HERE
{
	struct task_struct *task = (void *)ctx->args[2];

	return (int)(long)&task->part.b[2];
}

SEC("?raw_tp/sched_switch")
int offset_in_a_type(struct bpf_raw_tracepoint_args *ctx)
{
	struct no_such_type *p = (void *)ctx->args[2];
	int y = 0; // HERE

	bpf_probe_read_kernel(&y, sizeof y, &p->y);
	return y;
}

SEC("?raw_tp/sched_switch")
int size_of_a_member(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[2];

	return bpf_core_field_size(task->part); // HERE
}

SEC("?raw_tp/sched_switch")
int value_of_a_name(struct bpf_raw_tracepoint_args *ctx)
{
	return bpf_core_enum_value(enum no_such_enum, NO_SUCH_VALUE); // HERE
}

static __noinline int reads_it(struct no_such_type *p) // HERE
{
	return (int)(long)&p->y;
}

static __noinline int passes_it_on(struct no_such_type *p)
{
	return reads_it(p) + 1;
}

SEC("?raw_tp/sched_switch")
int two_calls_deep(struct bpf_raw_tracepoint_args *ctx)
{
	if (ctx->args[0] == 77)
		return 0;
	return passes_it_on((void *)ctx->args[2]);
}

SEC("?tp_btf/sched_switch")
int loads_directly(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[2];

	return task->part.a; // HERE
}

char LICENSE[] SEC("license") = "GPL";
