// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// execsnoop: shows processes as they start a program

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define COMM_LEN 16
#define ARGS_LEN 1024
#define ANY_UID ((__u32)-1)

/* The kernel's structs, as far as they are used: CO-RE finds the members where this kernel has them. */
struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
} __attribute__((preserve_access_index));

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
	struct mm_struct *mm;
} __attribute__((preserve_access_index));

struct event {
	__u64 time; /* CLOCK_MONOTONIC, nanoseconds */
	__u32 pid;
	__u32 ppid;
	__u32 uid;
	__u32 args_length; /* of all arguments; no more than ARGS_LEN bytes of them are in args */
	char comm[COMM_LEN];
	char args[ARGS_LEN]; /* each argument ends with a NUL */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} events SEC(".maps");

const volatile __u32 target_uid = ANY_UID;

__u64 lost = 0;

static __always_inline void read_args(struct event *e, struct task_struct *task)
{
	unsigned long start = BPF_CORE_READ(task, mm, arg_start);
	__u64 length = BPF_CORE_READ(task, mm, arg_end) - start;
	__u64 size = length;

	/* Old verifiers bound the register that is compared, but not a copy of it: this makes them one. */
	barrier_var(size);
	if (size > ARGS_LEN)
		size = ARGS_LEN;
	e->args_length = bpf_probe_read_user(e->args, size, (const void *)start) ? 0 : length;
}

SEC("tp/sched/sched_process_exec")
int on_exec(void *ctx)
{
	__u32 uid = bpf_get_current_uid_gid();
	struct task_struct *task;
	struct event *e;

	if (target_uid != ANY_UID && target_uid != uid)
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		__atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
		return 0;
	}
	task = (struct task_struct *)bpf_get_current_task();
	e->time = bpf_ktime_get_ns();
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->ppid = BPF_CORE_READ(task, real_parent, tgid);
	e->uid = uid;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	read_args(e, task);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
