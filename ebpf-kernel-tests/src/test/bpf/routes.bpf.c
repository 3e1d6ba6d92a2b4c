// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs for each place of a route; they let pass what they see, and count it.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

__u64 hits = 0;

static __always_inline int pass(void)
{
	__sync_fetch_and_add(&hits, 1);
	return BPF_OK;
}

SEC("?lwt_in")
int on_arrival(struct __sk_buff *ctx)
{
	return pass();
}

SEC("?lwt_out")
int on_departure(struct __sk_buff *ctx)
{
	return pass();
}

SEC("?lwt_xmit")
int on_transmission(struct __sk_buff *ctx)
{
	return pass();
}

SEC("?lwt_seg6local")
int on_segment(struct __sk_buff *ctx)
{
	return pass();
}

char LICENSE[] SEC("license") = "GPL";
