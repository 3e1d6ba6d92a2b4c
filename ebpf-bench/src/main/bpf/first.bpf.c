// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/* Sends an event for a system call of any process, unless one is still to be read. */

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct event {
	__u64 time; /* CLOCK_MONOTONIC, nanoseconds */
	__u32 pid;
	__u32 tid;
};

SEC("tp/raw_syscalls/sys_enter")
int on_enter(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct event *event;

	if (bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->time = bpf_ktime_get_ns();
	event->pid = id >> 32;
	event->tid = id;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
