// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Sends events through a ring buffer where the kernel has one, and else through the perf event array that the ring
// buffer is turned into before the load.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct event {
	__u64 sequence;
	__u64 checksum;
	__u32 cpu;
	char comm[16];
	char text[40];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} scratch SEC(".maps");

/* set together with the type of the map, on kernels that have ring buffers too */
const volatile _Bool prefer_perf = 0;

__u64 produced = 0;
__u64 dropped = 0;

struct bpf_ringbuf___known {
} __attribute__((preserve_access_index));

static __always_inline _Bool ring(void)
{
	return !prefer_perf && bpf_core_type_exists(struct bpf_ringbuf___known);
}

static __always_inline struct event *reserve(void)
{
	__u32 zero = 0;

	if (ring())
		return bpf_ringbuf_reserve(&events, sizeof(struct event), 0);
	return bpf_map_lookup_elem(&scratch, &zero);
}

static __always_inline void submit(void *ctx, struct event *event)
{
	if (ring())
		bpf_ringbuf_submit(event, 0);
	else if (bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, event, sizeof(*event)))
		__atomic_fetch_add(&dropped, 1, __ATOMIC_RELAXED);
}

/* how many are sent by each run: the context's first word */
SEC("raw_tp/ebpf4j")
int send(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 times = ctx->args[0];

	for (__u64 i = 0; i < 1000; i++) {
		struct event *event;

		if (i >= times)
			break;
		__u64 sequence = produced++; /* one sends at a time; atomics with a result need Linux 5.12 */

		event = reserve();
		if (!event) {
			__atomic_fetch_add(&dropped, 1, __ATOMIC_RELAXED);
			continue;
		}
		event->sequence = sequence;
		event->cpu = bpf_get_smp_processor_id();
		event->checksum = sequence * 0x9e3779b97f4a7c15ull + event->cpu;
		bpf_get_current_comm(event->comm, sizeof(event->comm));
		submit(ctx, event);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
