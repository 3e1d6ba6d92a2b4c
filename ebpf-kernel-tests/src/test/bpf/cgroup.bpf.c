// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs for every hook of a cgroup; each lets pass what it sees, and counts it.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define PASS 1

// How many programs have run in all.
__u64 turns;

#define COUNT(section, name, context)                                                                        \
	__u64 name##_hits;                                                                                   \
	__u64 name##_turn;                                                                                   \
	SEC(section)                                                                                         \
	int name(struct context *ctx)                                                                        \
	{                                                                                                    \
		__sync_fetch_and_add(&name##_hits, 1);                                                       \
		name##_turn = ++turns;                                                                       \
		return PASS;                                                                                 \
	}

COUNT("cgroup_skb/ingress", on_ingress, __sk_buff)
COUNT("cgroup_skb/egress", on_egress, __sk_buff)
COUNT("cgroup/skb", on_skb, __sk_buff)
COUNT("cgroup/sock", on_sock, bpf_sock)
COUNT("cgroup/sock_create", on_sock_create, bpf_sock)
COUNT("cgroup/sock_create", on_sock_create_too, bpf_sock)
COUNT("cgroup/sock_release", on_sock_release, bpf_sock)
COUNT("cgroup/post_bind4", on_post_bind4, bpf_sock)
COUNT("cgroup/post_bind6", on_post_bind6, bpf_sock)
COUNT("cgroup/bind4", on_bind4, bpf_sock_addr)
COUNT("cgroup/bind6", on_bind6, bpf_sock_addr)
COUNT("cgroup/connect4", on_connect4, bpf_sock_addr)
COUNT("cgroup/connect6", on_connect6, bpf_sock_addr)
COUNT("cgroup/connect_unix", on_connect_unix, bpf_sock_addr)
COUNT("cgroup/sendmsg4", on_sendmsg4, bpf_sock_addr)
COUNT("cgroup/sendmsg6", on_sendmsg6, bpf_sock_addr)
COUNT("cgroup/sendmsg_unix", on_sendmsg_unix, bpf_sock_addr)
COUNT("cgroup/recvmsg4", on_recvmsg4, bpf_sock_addr)
COUNT("cgroup/recvmsg6", on_recvmsg6, bpf_sock_addr)
COUNT("cgroup/recvmsg_unix", on_recvmsg_unix, bpf_sock_addr)
COUNT("cgroup/getpeername4", on_getpeername4, bpf_sock_addr)
COUNT("cgroup/getpeername6", on_getpeername6, bpf_sock_addr)
COUNT("cgroup/getpeername_unix", on_getpeername_unix, bpf_sock_addr)
COUNT("cgroup/getsockname4", on_getsockname4, bpf_sock_addr)
COUNT("cgroup/getsockname6", on_getsockname6, bpf_sock_addr)
COUNT("cgroup/getsockname_unix", on_getsockname_unix, bpf_sock_addr)
COUNT("cgroup/sysctl", on_sysctl, bpf_sysctl)
COUNT("cgroup/getsockopt", on_getsockopt, bpf_sockopt)
COUNT("cgroup/setsockopt", on_setsockopt, bpf_sockopt)
COUNT("cgroup/dev", on_dev, bpf_cgroup_dev_ctx)
COUNT("sockops", on_sockops, bpf_sock_ops)

__u64 on_lsm_bind_hits;

struct socket;
struct sockaddr;

SEC("lsm_cgroup/socket_bind")
int BPF_PROG(on_lsm_bind, struct socket *sock, struct sockaddr *address, int length)
{
	__sync_fetch_and_add(&on_lsm_bind_hits, 1);
	return PASS;
}

char _license[] SEC("license") = "GPL";
