// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs that fill, or stand in, maps of the kinds that user space alone cannot fill.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define DEPTH 32

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 64);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, DEPTH * sizeof(__u64));
} kernel_stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_STACK_BUILD_ID);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, DEPTH * sizeof(struct bpf_stack_build_id));
} user_stacks SEC(".maps");

int kernel_id = -1;
int user_id = -1;

SEC("raw_tp")
int record(void *ctx)
{
	kernel_id = bpf_get_stackid(ctx, &kernel_stacks, 0);
	user_id = bpf_get_stackid(ctx, &user_stacks, BPF_F_USER_STACK);
	return 0;
}

struct pair {
	struct bpf_spin_lock lock;
	__u32 first;
	__u64 second;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

// Both numbers change under the lock, so that whoever takes it sees them alike.
SEC("tc")
int change_pair(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct pair *pair = bpf_map_lookup_elem(&pairs, &key);

	if (!pair)
		return 1;
	bpf_spin_lock(&pair->lock);
	pair->first++;
	pair->second++;
	bpf_spin_unlock(&pair->lock);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} cgroup_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} cgroup_cpu_counts SEC(".maps");

SEC("cgroup_skb/egress")
int count_egress(struct __sk_buff *skb)
{
	__u64 *count = bpf_get_local_storage(&cgroup_counts, 0);
	__u64 *each = bpf_get_local_storage(&cgroup_cpu_counts, 0);

	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	*each += 1;
	return 1;
}

SEC("xdp/devmap")
int at_device(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp/cpumap")
int at_cpu(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int first(struct __sk_buff *skb)
{
	return 1;
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	return 2;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} calls SEC(".maps");

SEC("tc")
int call_second_slot(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &calls, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
