// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// One of every kind of thing that a load makes in the kernel.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} first_inner SEC(".maps"), second_inner SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = { &first_inner, &second_inner },
};

int entry(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct xdp_md *));
} jumps SEC(".maps") = {
	.values = { &entry },
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} pinned_first SEC(".maps"), pinned_second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

extern int CONFIG_HZ __kconfig;
extern const int some_variable __ksym;

const volatile __u32 verdict = XDP_PASS;
__u64 calls = 0;
__u64 preset = 5;

__noinline int decide(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return ctx ? verdict : CONFIG_HZ;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	return decide(ctx);
}

SEC("xdp")
int jumping(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &jumps, 0);
	return some_variable + preset;
}

SEC("?freplace/decide")
int replacement(struct xdp_md *ctx)
{
	return 0;
}

SEC("?fexit/decide")
int trace(void *ctx)
{
	return 0;
}

SEC("?usdt")
int probe(void *ctx)
{
	return 0;
}

SEC("?fentry.multi/some_module:a*")
int many(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
