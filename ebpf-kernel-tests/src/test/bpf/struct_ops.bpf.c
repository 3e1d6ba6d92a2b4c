// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Congestion controls of TCP, which count what the kernel asks of them.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_sock {
	__u32 snd_cwnd;
} __attribute__((preserve_access_index));

// The kernel's, with other members in between, in another order, and one that no kernel has.
struct tcp_congestion_ops___ours {
	char name[16];
	int no_such_member;
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*no_such_function)(struct sock *sk);
	__u32 flags;
};

__u64 inits, other_inits, acknowledgements, window;

SEC("struct_ops")
void BPF_PROG(count_init, struct sock *sk)
{
	__atomic_fetch_add(&inits, 1, __ATOMIC_RELAXED);
}

SEC("?struct_ops")
void BPF_PROG(count_other_init, struct sock *sk)
{
	__atomic_fetch_add(&other_inits, 1, __ATOMIC_RELAXED);
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(count_acks, struct sock *sk, __u32 ack, __u32 acked)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;

	window = tp->snd_cwnd;
	__atomic_fetch_add(&acknowledgements, 1, __ATOMIC_RELAXED);
}

SEC("struct_ops/ssthresh")
__u32 BPF_PROG(half, struct sock *sk)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;

	return tp->snd_cwnd / 2 > 2 ? tp->snd_cwnd / 2 : 2;
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(same, struct sock *sk)
{
	return ((struct tcp_sock *)sk)->snd_cwnd;
}

SEC("?struct_ops/undo_cwnd")
__u32 BPF_PROG(other, struct sock *sk)
{
	return ((struct tcp_sock *)sk)->snd_cwnd + 1;
}

SEC(".struct_ops")
struct tcp_congestion_ops___ours by_value = {
	.name = "ebpf4j_value",
	.init = (void *)count_init,
	.cong_avoid = (void *)count_acks,
	.ssthresh = (void *)half,
	.undo_cwnd = (void *)same,
};

SEC(".struct_ops.link")
struct tcp_congestion_ops___ours by_link = {
	.name = "ebpf4j_link",
	.init = (void *)count_init,
	.cong_avoid = (void *)count_acks,
	.ssthresh = (void *)half,
	.undo_cwnd = (void *)same,
};

// Takes the place of by_link, whose name it has to have for that.
SEC("?.struct_ops.link")
struct tcp_congestion_ops___ours by_update = {
	.name = "ebpf4j_link",
	.init = (void *)count_other_init,
	.cong_avoid = (void *)count_acks,
	.ssthresh = (void *)half,
	.undo_cwnd = (void *)same,
};

SEC("?.struct_ops")
struct tcp_congestion_ops___ours on_demand = {
	.name = "ebpf4j_demand",
	.cong_avoid = (void *)count_acks,
	.ssthresh = (void *)half,
	.undo_cwnd = (void *)other,
};

char LICENSE[] SEC("license") = "GPL";
