// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A little of everything that a collection opens: maps, a ring buffer, variables, two programs.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} by_pid SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

const volatile __u32 wanted = 0;
__u64 calls = 0;

static __noinline int count(void)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 one = 1;

	if (pid != wanted)
		return 0;
	__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
	bpf_map_update_elem(&by_pid, &pid, &one, BPF_ANY);
	bpf_ringbuf_output(&events, &one, sizeof(one), 0);
	return 0;
}

SEC("tp/sched/sched_process_exec")
int on_exec(void *ctx)
{
	return count();
}

SEC("raw_tp/sched_process_exit")
int on_exit(void *ctx)
{
	return count();
}

char LICENSE[] SEC("license") = "GPL";
