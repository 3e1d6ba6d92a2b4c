// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// What README.md shows and calls opens.bpf.c; a test keeps the two the same.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u32 pid;
	char comm[16];
};

struct event {
	__u64 ts;
	__u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

__u32 target_pid = 0; /* 0: every process */

SEC("tp/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	struct key key = { .pid = bpf_get_current_pid_tgid() >> 32 };
	__u64 one = 1, *count;
	struct event *e;

	if (target_pid && target_pid != key.pid)
		return 0;
	bpf_get_current_comm(key.comm, sizeof(key.comm));
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_ANY);

	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0; /* the buffer is full: this event is lost */
	e->ts = bpf_ktime_get_ns();
	e->pid = key.pid;
	__builtin_memcpy(e->comm, key.comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
