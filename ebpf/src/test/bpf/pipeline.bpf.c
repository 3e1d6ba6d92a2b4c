// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0
// ebpf4j-target: bpfel bpfeb

// Walks through every room of the loader: maps, data sections, a subprogram, and programs that are
// loaded only when asked for.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

const volatile __u32 wanted = 7;
__u64 calls = 0;

extern const int bpf_prog_active __ksym;

static __noinline int count(void)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 one = 1;

	if (pid != wanted)
		return 0;
	__sync_fetch_and_add(&calls, 1);
	bpf_map_update_elem(&counts, &pid, &one, BPF_ANY);
	return 0;
}

SEC("raw_tp/sched_switch")
int first(void *ctx)
{
	return count();
}

SEC("raw_tp/sched_wakeup")
int second(void *ctx)
{
	__u64 one = 1;

	bpf_ringbuf_output(&events, &one, sizeof(one), 0);
	return count();
}

SEC("kprobe")
int loose(void *ctx)
{
	return 0;
}

SEC("?raw_tp/sched_process_exit")
int optional(void *ctx)
{
	return 0;
}

SEC("?anything")
int untyped(void *ctx)
{
	return 0;
}

SEC("?fentry")
int untargeted(void *ctx)
{
	return 0;
}

SEC("?raw_tp/sched_process_fork")
int reaching(void *ctx)
{
	return bpf_prog_active;
}

struct named_by_id {
	int x;
};

SEC("?raw_tp/sched_process_exec")
int naming(void *ctx)
{
	return bpf_core_type_id_local(struct named_by_id);
}

char LICENSE[] SEC("license") = "GPL";
