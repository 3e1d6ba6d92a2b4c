// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs for sockets, maps of sockets and network namespaces; each counts what it sees.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define WHOLE 0xffff

__u64 on_packet_hits;
__u64 on_choice_hits;
__u64 on_send_hits;
__u64 on_parse_hits;
__u64 on_stream_hits;
__u64 on_verdict_hits;
__u64 on_lookup_hits;
__u64 on_dissect_hits;
__u64 on_any_hits;
__u64 on_migration_hits;

// How much of a packet a socket gets.
__u32 kept = WHOLE;

// Connections to this port are refused.
__u32 refused_port;

__u32 chosen;

__u32 attached_to_parser;

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} connections SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} group SEC(".maps");

SEC("socket")
int on_packet(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&on_packet_hits, 1);
	return kept;
}

SEC("sk_reuseport")
int on_choice(struct sk_reuseport_md *md)
{
	__u32 key = chosen;

	__sync_fetch_and_add(&on_choice_hits, 1);
	bpf_sk_select_reuseport(md, &group, &key, 0);
	return SK_PASS;
}

// Sends connections to the first socket, and those that it leaves behind to the second.
SEC("sk_reuseport/migrate")
int on_migration(struct sk_reuseport_md *md)
{
	__u32 key = !!md->migrating_sk;

	__sync_fetch_and_add(&on_migration_hits, key);
	bpf_sk_select_reuseport(md, &group, &key, 0);
	return SK_PASS;
}

SEC("sk_msg")
int on_send(struct sk_msg_md *message)
{
	__sync_fetch_and_add(&on_send_hits, 1);
	return SK_PASS;
}

SEC("sk_skb/stream_parser")
int on_parse(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&on_parse_hits, 1);
	return skb->len;
}

SEC("sk_skb/stream_verdict")
int on_stream(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&on_stream_hits, 1);
	return SK_PASS;
}

SEC("sk_skb/verdict")
int on_verdict(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&on_verdict_hits, 1);
	return SK_PASS;
}

// For any place in the stream.
SEC("sk_skb")
int on_any(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&on_any_hits, 1);
	return attached_to_parser ? skb->len : SK_PASS;
}

SEC("sk_lookup")
int on_lookup(struct bpf_sk_lookup *lookup)
{
	if (lookup->local_port != refused_port)
		return SK_PASS;
	__sync_fetch_and_add(&on_lookup_hits, 1);
	return SK_DROP;
}

SEC("flow_dissector")
int on_dissect(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&on_dissect_hits, 1);
	return BPF_OK;
}

// A test run of it has the packet dissected.
SEC("tc")
int hash(struct __sk_buff *skb)
{
	return bpf_get_hash_recalc(skb) & 1;
}

char _license[] SEC("license") = "GPL";
