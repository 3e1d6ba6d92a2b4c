// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Fills a ring buffer with numbered, checksummed records of changing length as fast as it can.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define WORDS 6
#define BATCH 1000

struct record {
	__u64 sequence;
	__u64 words[WORDS];
	__u64 checksum;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} records SEC(".maps");

__u64 produced = 0;
__u64 dropped = 0;
__u64 discarded = 0;

static __always_inline void fill(struct record *r, __u64 sequence)
{
	__u64 sum = sequence;

	r->sequence = sequence;
	for (int i = 0; i < WORDS; i++) {
		__u64 word = (sequence + i) * 0x9e3779b97f4a7c15ull;

		r->words[i] = word;
		sum = sum * 31 + word;
	}
	r->checksum = sum;
}

SEC("socket")
int produce(void *ctx)
{
	for (int i = 0; i < BATCH; i++) {
		__u64 sequence = produced++;
		struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

		if (!r) {
			dropped++;
			continue;
		}
		fill(r, sequence);
		if (sequence % 17 == 0) {
			discarded++;
			bpf_ringbuf_discard(r, 0);
		} else {
			bpf_ringbuf_submit(r, 0);
		}
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
