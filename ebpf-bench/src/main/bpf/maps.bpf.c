// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// What both sides of the measurements of maps and buffers load, and what fills their buffers.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define ENTRIES 100000
#define RING_BYTES (64 * 1024 * 1024)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__type(value, __u64);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__type(value, __u64);
} percpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} perf SEC(".maps");

/* What the syscall programs take as their context. */
struct order {
	__u32 records;
	__u32 bytes; /* 8, 64 or 256 */
	__u64 flags; /* BPF_RB_NO_WAKEUP, BPF_RB_FORCE_WAKEUP */
};

__u64 counter = 0; /* read through shared memory */
__u64 dropped = 0;

struct filling {
	__u64 flags;
	__u64 dropped;
};

#define FILL(size)                                                                         \
	static long fill_##size(__u32 number, void *context)                               \
	{                                                                                  \
		struct filling *filling = context;                                         \
		__u64 *record = bpf_ringbuf_reserve(&ring, size, 0);                       \
                                                                                           \
		if (!record) {                                                             \
			filling->dropped++;                                                \
			return 0;                                                          \
		}                                                                          \
		record[0] = number;                                                        \
		bpf_ringbuf_submit(record, filling->flags);                                \
		return 0;                                                                  \
	}

FILL(8)
FILL(64)
FILL(256)

SEC("syscall")
int fill(struct order *order)
{
	struct filling filling = { .flags = order->flags };

	if (order->bytes == 8)
		bpf_loop(order->records, fill_8, &filling, 0);
	else if (order->bytes == 64)
		bpf_loop(order->records, fill_64, &filling, 0);
	else
		bpf_loop(order->records, fill_256, &filling, 0);
	__atomic_fetch_add(&dropped, filling.dropped, __ATOMIC_RELAXED);
	return 0;
}

struct emitting {
	void *context;
	__u64 dropped;
};

static long emit(__u32 number, void *context)
{
	struct emitting *emitting = context;
	__u64 record[8] = { number };

	if (bpf_perf_event_output(emitting->context, &perf, BPF_F_CURRENT_CPU, record, sizeof(record)))
		emitting->dropped++;
	return 0;
}

/* As fill, records of 64 bytes into the perf buffer of the CPU; syscall programs have none. The order is args[0] and [1]. */
SEC("raw_tp")
int fill_perf(struct bpf_raw_tracepoint_args *order)
{
	struct emitting emitting = { .context = order };

	bpf_loop((__u32)order->args[0], emit, &emitting, 0);
	__atomic_fetch_add(&dropped, emitting.dropped, __ATOMIC_RELAXED);
	return 0;
}

/* One record with the time at which it was submitted, and a wake-up. */
SEC("syscall")
int wake(struct order *order)
{
	__u64 *event = bpf_ringbuf_reserve(&ring, 16, 0);

	if (!event)
		return 1;
	event[1] = order->records;
	event[0] = bpf_ktime_get_ns(); /* CLOCK_MONOTONIC */
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
