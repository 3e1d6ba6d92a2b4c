// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// opensnoop: shows files as processes open them, with the result

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#define COMM_LEN 16
#define FILE_LEN 256
#define ANY_UID ((__u32)-1)
#define ANY_PID 0

/* As /sys/kernel/tracing/events/syscalls/NAME/format has them on 64-bit kernels. */
struct sys_enter_openat {
	__u64 common;
	long number;
	long dfd;
	const char *file;
	long flags;
	long mode;
};

struct sys_exit_openat {
	__u64 common;
	long number;
	long result;
};

/* What the entry knows and the exit needs. */
struct call {
	const char *file;
	__u32 flags;
};

struct event {
	__u64 time; /* CLOCK_MONOTONIC, nanoseconds, when the call returned */
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__s32 result; /* a file descriptor, or a negative errno */
	__u32 flags;
	char comm[COMM_LEN];
	char file[FILE_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32); /* the thread */
	__type(value, struct call);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} events SEC(".maps");

const volatile __u32 target_pid = ANY_PID;
const volatile __u32 target_uid = ANY_UID;
const volatile bool failed_only = false;

__u64 lost = 0;

static __always_inline bool wanted(__u32 pid)
{
	if (target_pid != ANY_PID && target_pid != pid)
		return false;
	return target_uid == ANY_UID || target_uid == (__u32)bpf_get_current_uid_gid();
}

SEC("tp/syscalls/sys_enter_openat")
int on_enter(struct sys_enter_openat *ctx)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	__u32 tid = pid_tgid;
	struct call call = {};

	if (!wanted(pid_tgid >> 32))
		return 0;
	call.file = ctx->file;
	call.flags = ctx->flags;
	if (bpf_map_update_elem(&calls, &tid, &call, BPF_ANY))
		__atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
	return 0;
}

static __always_inline void report(struct call *call, __u64 pid_tgid, long result)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e) {
		__atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
		return;
	}
	e->time = bpf_ktime_get_ns();
	e->pid = pid_tgid >> 32;
	e->tid = pid_tgid;
	e->uid = bpf_get_current_uid_gid();
	e->result = result;
	e->flags = call->flags;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	/* At the entry its page may not be in memory yet, and a program cannot wait for it. */
	bpf_probe_read_user_str(e->file, sizeof(e->file), call->file);
	bpf_ringbuf_submit(e, 0);
}

SEC("tp/syscalls/sys_exit_openat")
int on_exit(struct sys_exit_openat *ctx)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	__u32 tid = pid_tgid;
	struct call *call = bpf_map_lookup_elem(&calls, &tid);

	if (!call)
		return 0;
	if (ctx->result < 0 || !failed_only)
		report(call, pid_tgid, ctx->result);
	bpf_map_delete_elem(&calls, &tid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
