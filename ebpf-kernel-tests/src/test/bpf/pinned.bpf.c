// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Maps that are pinned by name, of the types whose numbers the loader or the kernel changes.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} rounded SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u32);
} one_per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u32);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} own SEC(".maps");

SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 key = 1;
	__u64 one = 1;
	__u64 *value = bpf_map_lookup_elem(&counts, &key);

	if (!value) {
		bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
		return 1;
	}
	*value += 1;
	return *value;
}

char LICENSE[] SEC("license") = "GPL";
