// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Counts the files that one process unlinks, by kprobe and by fentry, in a map and as events.

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#define NAME_LEN 64

struct filename {
	const char *name;
} __attribute__((preserve_access_index));

struct key {
	__u32 pid;
	char name[NAME_LEN];
};

struct event {
	__u64 ts;
	__u32 pid;
	char comm[16];
	char name[NAME_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

__u32 target_pid = 0;
__u64 lost = 0;

static __always_inline int record(struct filename *file)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct key key = {};
	struct event *e;
	__u64 one = 1, *count;

	if (pid != target_pid)
		return 0;
	key.pid = pid;
	bpf_probe_read_kernel_str(key.name, sizeof(key.name), BPF_CORE_READ(file, name));
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_ANY);

	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		__atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
		return 0;
	}
	e->ts = bpf_ktime_get_ns();
	e->pid = pid;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	__builtin_memcpy(e->name, key.name, sizeof(e->name));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("kprobe")
int BPF_KPROBE(on_unlink, int dfd, struct filename *name)
{
	return record(name);
}

SEC("?fentry/do_unlinkat")
int BPF_PROG(on_unlink_fentry, int dfd, struct filename *name)
{
	return record(name);
}

char LICENSE[] SEC("license") = "GPL";
