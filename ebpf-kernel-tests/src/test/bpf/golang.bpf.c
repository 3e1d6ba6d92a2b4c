// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Counts what happens in a Go program, and adds up what is in its registers.

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

__u64 entries;
__u64 arguments;
__u64 returns;
__u64 results;
__u64 cookie;

SEC("uprobe")
int on_entry(struct pt_regs *ctx)
{
	__atomic_fetch_add(&entries, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&arguments, ctx->rax, __ATOMIC_RELAXED);
	return 0;
}

SEC("uprobe")
int on_return(struct pt_regs *ctx)
{
	__atomic_fetch_add(&returns, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&results, ctx->rax, __ATOMIC_RELAXED);
	return 0;
}

SEC("?uprobe")
int on_cookie(struct pt_regs *ctx)
{
	__atomic_fetch_add(&returns, 1, __ATOMIC_RELAXED);
	cookie = bpf_get_attach_cookie(ctx);
	return 0;
}

SEC("?uprobe.multi")
int on_any_return(struct pt_regs *ctx)
{
	__atomic_fetch_add(&returns, 1, __ATOMIC_RELAXED);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
