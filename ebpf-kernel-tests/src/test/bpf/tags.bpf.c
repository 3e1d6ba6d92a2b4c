// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Functions with tags: a program that throws, and global functions that take the context.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define TAG(text) __attribute__((btf_decl_tag(text)))

extern void bpf_throw(__u64 cookie) __ksym __weak;

__u64 cookies;

static __noinline void remember(__u64 cookie)
{
	__sync_fetch_and_add(&cookies, cookie);
}

__noinline int on_exception(__u64 cookie)
{
	remember(cookie);
	return cookie + 1000;
}

static __noinline int deep(struct __sk_buff *skb)
{
	if (skb->len)
		bpf_throw(42);
	return 1;
}

SEC("?tc")
TAG("exception_callback:on_exception")
int throws(struct __sk_buff *skb)
{
	return deep(skb) + 2;
}

SEC("?tc")
int throws_without_callback(struct __sk_buff *skb)
{
	return deep(skb) + 2;
}

__noinline int length(void *ctx TAG("arg:ctx"))
{
	return ((struct __sk_buff *)ctx)->len;
}

__noinline int add(int x, void *ctx TAG("arg:ctx"))
{
	return x + (ctx != 0);
}

SEC("tc")
int measure(struct __sk_buff *skb)
{
	return add(length(skb), skb);
}

SEC("xdp")
int packet(struct xdp_md *xdp)
{
	return add(1, xdp);
}

char LICENSE[] SEC("license") = "GPL";
