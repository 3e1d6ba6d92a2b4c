// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Reads the arguments of static probes: those of the HotSpot JVM, and those of a file that a test writes.

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>

#define TEXT_LEN 128
#define MOST 6

enum kind {
	GC_BEGIN = 1,
	GC_END,
	POOL_GC_BEGIN,
	CLASS_LOADED,
};

struct event {
	__u32 kind;
	__u32 pid;
	__u64 number;
	__u64 cookie;
	char text[TEXT_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} events SEC(".maps");

/* what the last probe of the written file had */
__u64 hits = 0;
__u64 counted = 0;
__s64 arguments[MOST] = {};
__s64 results[MOST] = {};
__u64 count = 0;
__u64 cookie = 0;

static __always_inline int send(struct pt_regs *ctx, enum kind kind, __u64 number, void *text, __u64 len)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->kind = kind;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->number = number;
	e->cookie = bpf_usdt_cookie(ctx);
	__builtin_memset(e->text, 0, sizeof(e->text));
	if (len >= TEXT_LEN)
		len = TEXT_LEN - 1;
	if (len)
		bpf_probe_read_user(e->text, len & (TEXT_LEN - 1), text);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("usdt")
int BPF_USDT(on_gc_begin, __u64 full)
{
	return send(ctx, GC_BEGIN, full, 0, 0);
}

SEC("usdt")
int BPF_USDT(on_gc_end)
{
	return send(ctx, GC_END, bpf_usdt_arg_cnt(ctx), 0, 0);
}

SEC("usdt")
int BPF_USDT(on_pool_gc_begin, void *manager, __u64 manager_len)
{
	return send(ctx, POOL_GC_BEGIN, bpf_usdt_arg_cnt(ctx), manager, manager_len);
}

SEC("usdt")
int BPF_USDT(on_class_loaded, void *name, __u64 len, __u64 loader, __u64 shared)
{
	return send(ctx, CLASS_LOADED, shared, name, len);
}

static __always_inline int keep(struct pt_regs *ctx)
{
	long value;

	count = bpf_usdt_arg_cnt(ctx);
	cookie = bpf_usdt_cookie(ctx);
	for (int i = 0; i < MOST; i++) {
		results[i] = bpf_usdt_arg(ctx, i, &value);
		arguments[i] = value;
	}
	hits++;
	return 0;
}

SEC("usdt")
int on_probe(struct pt_regs *ctx)
{
	return keep(ctx);
}

/* attached by a uprobe for each place, also where the kernel has one link for all */
SEC("uprobe")
int on_probe_one_by_one(struct pt_regs *ctx)
{
	return keep(ctx);
}

SEC("?usdt.s")
int on_sleepable(struct pt_regs *ctx)
{
	return keep(ctx);
}

SEC("usdt")
int on_counted(struct pt_regs *ctx)
{
	counted++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
