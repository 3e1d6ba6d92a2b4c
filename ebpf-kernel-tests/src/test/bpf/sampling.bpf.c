// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A profiler: samples by CPU, and of one process by thread and stack.

#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <linux/bpf_perf_event.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define MAX_CPUS 64
#define MAX_FRAMES 32

struct place {
	__u32 thread;
	__s32 kernel;
	__s32 user;
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_FRAMES * sizeof(__u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct place);
	__type(value, __u64);
} places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_CPUS);
	__type(key, __u32);
	__type(value, __u64);
} by_cpu SEC(".maps");

__u32 process = 0;
__u64 samples = 0;
__u64 others = 0;

SEC("perf_event")
int on_sample(struct bpf_perf_event_data *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), one = 1, *count;
	__u32 cpu = bpf_get_smp_processor_id();
	struct place place = {};

	count = bpf_map_lookup_elem(&by_cpu, &cpu);
	if (count)
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	if (id >> 32 != process) {
		__atomic_fetch_add(&others, 1, __ATOMIC_RELAXED);
		return 0;
	}
	__atomic_fetch_add(&samples, 1, __ATOMIC_RELAXED);
	place.thread = id;
	place.kernel = bpf_get_stackid(ctx, &stacks, 0);
	place.user = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	count = bpf_map_lookup_elem(&places, &place);
	if (count)
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	else
		bpf_map_update_elem(&places, &place, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
