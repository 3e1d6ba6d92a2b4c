// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Members that Java has no type of its own for, written and read by a program.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

enum verdict {
	VERDICT_NONE = -5,
	VERDICT_DROP = 70000,
	VERDICT_PASS = 1,
};

struct flow {
	__u64 at;
	__u64 took;
	__be32 address;
	__be16 port;
	__u16 spare;
	enum verdict verdict;
	int mode : 3;
	__u32 on : 1;
	__u32 hops : 20;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

struct flow written;
struct flow given;
__u64 hits;
__u32 seen_port;
__s32 seen_mode;
__u32 seen_hops;
__s32 seen_verdict;

SEC("socket")
int layouts(struct __sk_buff *skb)
{
	seen_port = bpf_ntohs(given.port);
	seen_mode = given.mode;
	seen_hops = given.hops;
	seen_verdict = given.verdict;

	written.at = bpf_ktime_get_ns();
	written.took = 1000000001;
	written.address = bpf_htonl(0xc0a80001);
	written.port = bpf_htons(65000);
	written.spare = 7;
	written.verdict = VERDICT_DROP;
	written.mode = -3;
	written.on = 1;
	written.hops = 0xabcde;
	__sync_fetch_and_add(&hits, 1);

	__u32 last = 2;
	__u64 *counter = bpf_map_lookup_elem(&counters, &last);
	struct flow *flow = bpf_map_lookup_elem(&flows, &last);

	if (counter)
		__sync_fetch_and_add(counter, 1);
	if (flow)
		flow->hops = flow->hops + 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
