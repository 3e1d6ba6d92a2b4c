// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A scheduler of first come, first served for all CPUs (sched_ext, Linux 6.12), which counts what it does.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define GLOBAL_QUEUE 0x8000000000000001ULL
#define SLICE (20 * 1000 * 1000)

// Defined, as a kernel function of a type that is only declared is not found.
struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct scx_exit_info;

struct sched_ext_ops {
	char name[128];
	void (*enqueue)(struct task_struct *p, __u64 enq_flags);
	void (*running)(struct task_struct *p);
	int (*init)(void);
	void (*exit)(struct scx_exit_info *info);
};

// The name since Linux 6.13, and the one before.
void scx_bpf_dsq_insert(struct task_struct *p, __u64 queue, __u64 slice, __u64 enq_flags) __ksym __weak;
void scx_bpf_dispatch(struct task_struct *p, __u64 queue, __u64 slice, __u64 enq_flags) __ksym __weak;

__u64 begun, ended, enqueued, run;

SEC("struct_ops/enqueue")
void BPF_PROG(on_enqueue, struct task_struct *p, __u64 enq_flags)
{
	__sync_fetch_and_add(&enqueued, 1);
	if (scx_bpf_dsq_insert)
		scx_bpf_dsq_insert(p, GLOBAL_QUEUE, SLICE, enq_flags);
	else
		scx_bpf_dispatch(p, GLOBAL_QUEUE, SLICE, enq_flags);
}

SEC("struct_ops/running")
void BPF_PROG(on_running, struct task_struct *p)
{
	__sync_fetch_and_add(&run, 1);
}

// May sleep, as it does when it allocates.
SEC("struct_ops.s/init")
int BPF_PROG(on_begin)
{
	begun++;
	return 0;
}

SEC("struct_ops/exit")
void BPF_PROG(on_end, struct scx_exit_info *info)
{
	ended++;
}

SEC(".struct_ops.link")
struct sched_ext_ops in_order = {
	.name = "ebpf4j_in_order",
	.enqueue = (void *)on_enqueue,
	.running = (void *)on_running,
	.init = (void *)on_begin,
	.exit = (void *)on_end,
};

char LICENSE[] SEC("license") = "GPL";
