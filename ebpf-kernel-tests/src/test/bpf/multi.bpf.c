// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs for many functions at once: they count what one process runs into, and keep the last cookie.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

__u32 process = 0;
__u64 hits = 0;
__u64 cookie = 0;

static __always_inline int hit(void *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 != process)
		return 0;
	__sync_fetch_and_add(&hits, 1);
	cookie = bpf_get_attach_cookie(ctx);
	return 1;
}

SEC("?kprobe.multi/__*_sys_getppid")
int on_entry(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?kretprobe.multi/__*_sys_getppid")
int on_return(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?kprobe.session/__*_sys_getppid")
int on_both(void *ctx)
{
	hit(ctx);
	return 0;
}

// 1 at the entry makes the return one that the program is not told of.
SEC("?kprobe.session/__*_sys_getppid")
int on_entry_of_session(void *ctx)
{
	return hit(ctx);
}

SEC("?uprobe.multi/libc.so.6:getp?id")
int on_user_entry(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?uprobe.multi.s/libc.so.6:getp?id")
int on_user_entry_asleep(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?uretprobe.multi/libc.so.6:getp?id")
int on_user_return(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?uretprobe.multi.s/libc.so.6:getp?id")
int on_user_return_asleep(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?uprobe.session/libc.so.6:getp?id")
int on_user_both(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?uprobe.session.s/libc.so.6:getp?id")
int on_user_entry_of_session(void *ctx)
{
	return hit(ctx);
}

SEC("?uprobe.s/libc.so.6:getppid")
int on_one_entry_asleep(void *ctx)
{
	hit(ctx);
	return 0;
}

SEC("?uretprobe.s/libc.so.6:getppid")
int on_one_return_asleep(void *ctx)
{
	hit(ctx);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
