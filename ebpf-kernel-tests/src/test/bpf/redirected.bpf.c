// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs that redirect frames through maps, and programs of the maps' entries, which count them.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define TEST_PROTOCOL 0x88b5

__u64 hits = 0;
__u64 returned = 0;

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} queues SEC(".maps");

static __always_inline int is_test_frame(struct xdp_md *ctx)
{
	struct ethhdr *frame = (void *)(long)ctx->data;

	return (void *)(frame + 1) <= (void *)(long)ctx->data_end && frame->h_proto == bpf_htons(TEST_PROTOCOL);
}

static __always_inline int count(struct xdp_md *ctx)
{
	if (is_test_frame(ctx))
		__sync_fetch_and_add(&hits, 1);
	return XDP_PASS;
}

static __always_inline int redirect(struct xdp_md *ctx, void *map)
{
	return is_test_frame(ctx) ? bpf_redirect_map(map, 0, 0) : XDP_PASS;
}

// Those of a map's entries have to be for fragments if those that redirect through it are.
#define REDIRECTS(section, name, map)                                                                        \
	SEC(section)                                                                                         \
	int name(struct xdp_md *ctx)                                                                         \
	{                                                                                                    \
		return redirect(ctx, &map);                                                                  \
	}

REDIRECTS("?xdp", to_device, ports)
REDIRECTS("?xdp", to_cpu, queues)
REDIRECTS("?xdp.frags", to_device_in_parts, ports)
REDIRECTS("?xdp.frags", to_cpu_in_parts, queues)

SEC("xdp")
int on_return(struct xdp_md *ctx)
{
	if (!is_test_frame(ctx))
		return XDP_PASS;
	__sync_fetch_and_add(&returned, 1);
	return XDP_DROP;
}

SEC("?xdp/devmap")
int on_device(struct xdp_md *ctx)
{
	return count(ctx);
}

SEC("?xdp.frags/devmap")
int on_device_in_parts(struct xdp_md *ctx)
{
	return count(ctx);
}

SEC("?xdp/cpumap")
int on_cpu(struct xdp_md *ctx)
{
	return count(ctx);
}

SEC("?xdp.frags/cpumap")
int on_cpu_in_parts(struct xdp_md *ctx)
{
	return count(ctx);
}

char LICENSE[] SEC("license") = "GPL";
