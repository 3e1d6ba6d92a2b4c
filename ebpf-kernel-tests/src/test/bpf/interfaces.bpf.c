// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A program for each way to a network interface: all count the frames of a protocol that only tests use.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define TEST_PROTOCOL 0x88b5

__u64 hits = 0;
__u64 other_hits = 0;

static __always_inline void count_frame(void *data, void *data_end, __u64 *counter)
{
	struct ethhdr *frame = data;

	if (data + sizeof(*frame) <= data_end && frame->h_proto == bpf_htons(TEST_PROTOCOL))
		__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static __always_inline void count_received(struct xdp_md *ctx, __u64 *counter)
{
	count_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end, counter);
}

static __always_inline void count_packet(struct __sk_buff *ctx, __u64 *counter)
{
	if (ctx->protocol == bpf_htons(TEST_PROTOCOL))
		__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

SEC("xdp")
int on_receive(struct xdp_md *ctx)
{
	count_received(ctx, &hits);
	return XDP_PASS;
}

SEC("xdp")
int on_receive_too(struct xdp_md *ctx)
{
	count_received(ctx, &other_hits);
	return XDP_PASS;
}

SEC("?xdp.frags")
int on_fragments(struct xdp_md *ctx)
{
	count_received(ctx, &hits);
	return XDP_PASS;
}

SEC("?xdp/devmap")
int on_device(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("?xdp/cpumap")
int on_cpu(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int on_packet(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("classifier")
int on_packet_too(struct __sk_buff *ctx)
{
	count_packet(ctx, &other_hits);
	return TC_ACT_UNSPEC;
}

// Ends the chain, so that nothing behind it counts.
SEC("tc")
int on_packet_last(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_OK;
}

SEC("?tc/ingress")
int on_ingress(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("?tcx/egress")
int on_egress(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("?classifier")
int on_classifier(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("?tcx/ingress")
int on_ingress_of_tcx(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("?tc/egress")
int on_egress_of_tc(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("?action")
int on_action(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return TC_ACT_UNSPEC;
}

SEC("?netkit/primary")
int on_primary(struct __sk_buff *ctx)
{
	count_packet(ctx, &hits);
	return -1; // NETKIT_NEXT
}

SEC("?netkit/peer")
int on_peer(struct __sk_buff *ctx)
{
	count_packet(ctx, &other_hits);
	return -1; // NETKIT_NEXT
}

SEC("?netfilter")
int on_hook(void *ctx)
{
	__atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
	return 1; // NF_ACCEPT
}

char LICENSE[] SEC("license") = "GPL";
