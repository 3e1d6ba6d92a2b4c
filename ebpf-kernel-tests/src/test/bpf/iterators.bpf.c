// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Iterators: over tasks, as text and as records, over a map's elements, over cgroups; and two that cannot be read.

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
} __attribute__((preserve_access_index));

struct kernfs_node {
	__u64 id;
} __attribute__((preserve_access_index));

struct cgroup {
	struct kernfs_node *kn;
} __attribute__((preserve_access_index));

struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} squares SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} narrow SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, __u64);
} queue SEC(".maps");

struct record {
	__u32 pid;
	__u32 tgid;
	char comm[16];
	__u32 number;
};

static const char task_line[] = "%d %d %s\n";

SEC("?iter/task")
int tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u64 args[3];

	if (!task)
		return 0;
	args[0] = task->tgid;
	args[1] = task->pid;
	args[2] = (__u64)task->comm;
	bpf_seq_printf(ctx->meta->seq, task_line, sizeof(task_line), args, sizeof(args));
	return 0;
}

SEC("?iter.s/task")
int tasks_asleep(struct bpf_iter__task *ctx)
{
	return tasks(ctx);
}

SEC("?iter/task")
int task_records(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct record record = {};

	if (!task)
		return 0;
	record.pid = task->pid;
	record.tgid = task->tgid;
	record.number = ctx->meta->seq_num;
	bpf_probe_read_kernel(record.comm, sizeof(record.comm), task->comm);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

SEC("?iter/task")
int again(struct bpf_iter__task *ctx)
{
	return 1;
}

static char block[1024];

// For the first task as much as fits in no buffer of the kernel.
SEC("?iter/task")
int too_much(struct bpf_iter__task *ctx)
{
	int i;

	for (i = 0; i < 40; i++)
		bpf_seq_write(ctx->meta->seq, block, sizeof(block));
	return 0;
}

SEC("?iter/bpf_map_elem")
int elements(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;
	__u64 element[2];

	if (!key || !value)
		return 0;
	element[0] = *key;
	element[1] = *value;
	bpf_seq_write(ctx->meta->seq, element, sizeof(element));
	return 0;
}

static const char cgroup_line[] = "%llu\n";

SEC("?iter/cgroup")
int cgroups(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgroup = ctx->cgroup;
	__u64 args[1];

	if (!cgroup)
		return 0;
	args[0] = cgroup->kn->id;
	bpf_seq_printf(ctx->meta->seq, cgroup_line, sizeof(cgroup_line), args, sizeof(args));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
