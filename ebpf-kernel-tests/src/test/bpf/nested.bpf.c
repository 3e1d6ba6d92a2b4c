// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Maps of maps and a program array that are declared with what they hold.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} by_index SEC(".maps");

struct inner first SEC(".maps");
struct inner second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} filled SEC(".maps") = {
	.values = { [1] = &first, [3] = &second },
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} by_key SEC(".maps") = {
	.values = { [9] = &second },
};

int leaf(struct __sk_buff *skb);
int other_leaf(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, int (struct __sk_buff *));
} tails SEC(".maps") = {
	.values = { [0] = &leaf, [2] = &other_leaf },
};

__u32 slot = 0;

static __always_inline int value_of(void *inner)
{
	__u32 zero = 0;
	__u64 *value = inner ? bpf_map_lookup_elem(inner, &zero) : 0;

	return value ? *value : 100;
}

SEC("tc")
int empty_array(struct __sk_buff *skb)
{
	__u32 key = slot;

	return value_of(bpf_map_lookup_elem(&by_index, &key));
}

SEC("tc")
int array(struct __sk_buff *skb)
{
	__u32 key = slot;

	return value_of(bpf_map_lookup_elem(&filled, &key));
}

SEC("tc")
int hash(struct __sk_buff *skb)
{
	__u32 key = slot;

	return value_of(bpf_map_lookup_elem(&by_key, &key));
}

SEC("tc")
int jump(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &tails, slot);
	return 7;
}

SEC("tc")
int leaf(struct __sk_buff *skb)
{
	return 42;
}

SEC("tc")
int other_leaf(struct __sk_buff *skb)
{
	return 43;
}

char LICENSE[] SEC("license") = "GPL";
