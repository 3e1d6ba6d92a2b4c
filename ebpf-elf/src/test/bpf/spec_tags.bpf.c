// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Functions with tags that tell the loader something.
// ebpf4j-target: bpfel bpfeb

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define TAG(text) __attribute__((btf_decl_tag(text)))

__noinline int leaf(int x)
{
	return bpf_get_prandom_u32() + x;
}

__noinline int on_exception(__u64 cookie)
{
	return leaf(cookie);
}

__attribute__((visibility("hidden"))) __noinline int hidden_callback(__u64 cookie)
{
	return bpf_get_prandom_u32() + cookie;
}

__noinline int context_first(void *ctx TAG("arg:ctx"), int x)
{
	return bpf_get_prandom_u32() + x + (ctx != 0);
}

__noinline int context_second(int x, struct __sk_buff *ctx TAG("arg:ctx"), int *y TAG("arg:nonnull"))
{
	return bpf_get_prandom_u32() + x + (ctx != 0) + *y;
}

__noinline int no_context(int x)
{
	return bpf_get_prandom_u32() + x;
}

SEC("tc")
TAG("exception_callback:on_exception")
int throws(void *context)
{
	return no_context(1);
}

SEC("tc")
TAG("exception_callback:on_exception")
TAG("exception_callback:leaf")
int throws_twice(void *context)
{
	return 1;
}

SEC("?tc")
TAG("exception_callback:nobody")
int throws_to_nobody(void *context)
{
	return 1;
}

SEC("?tc")
TAG("exception_callback:hidden_callback")
int throws_to_hidden(void *context)
{
	return 1;
}

SEC("tc")
int contexts(struct __sk_buff *context)
{
	int y = 1;

	return context_first(context, 1) + context_second(2, context, &y) + no_context(3);
}

SEC("xdp")
int packet(struct xdp_md *context)
{
	return context_first(context, 1);
}

SEC("syscall")
int unnamed_context(void *context)
{
	return context_first(context, 1);
}

char LICENSE[] SEC("license") = "GPL";
