// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Takes numbered records of several producers from a user ring buffer, and checks that each comes once and in order.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define PRODUCERS 4

struct record {
	__u64 producer;
	__u64 sequence;
	__u64 checksum;
};

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
	__type(value, struct record);
} commands SEC(".maps");

__u64 taken = 0;
__u64 wrong = 0;
__u64 next[PRODUCERS] = {};
__s64 last_result = 0;

static long take(struct bpf_dynptr *dynptr, void *context)
{
	struct record *r = bpf_dynptr_data(dynptr, 0, sizeof(*r));

	if (!r) {
		wrong++;
		return 0;
	}
	__u64 producer = r->producer, sequence = r->sequence;

	if (producer >= PRODUCERS || r->checksum != sequence * 0x9e3779b97f4a7c15ull + producer) {
		wrong++;
		return 0;
	}
	/* what a producer sends is in order, but may have gaps where it discarded */
	if (sequence < next[producer])
		wrong++;
	next[producer] = sequence + 1;
	taken++;
	return 0;
}

SEC("raw_tp/ebpf4j")
int drain(void *ctx)
{
	last_result = bpf_user_ringbuf_drain(&commands, take, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
