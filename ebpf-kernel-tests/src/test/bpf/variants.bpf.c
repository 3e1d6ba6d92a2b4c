// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A union of which a number tells what it holds, arrays at the end of events, and the clocks of the kernel.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

enum kind {
	KIND_OPENED = 1,
	KIND_CLOSED = 7,
};

struct opened {
	__u64 inode;
	char name[16];
};

struct closed {
	__u32 code;
	unsigned char address[16];
};

struct change {
	enum kind kind;
	union {
		struct opened opened;
		struct closed closed;
		__u32 number;
	};
	__u64 boottime;
	__u8 version : 4;
	__u8 length : 4;
	__u16 grid[2][3];
};

struct line {
	__u16 length;
	char text[];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct change);
} changes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct closed);
} closings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} lines SEC(".maps");

__u32 opened_seen;
__u32 code_seen;

SEC("socket")
int variants(struct __sk_buff *skb)
{
	struct change *c;
	__u32 i = 0;

	c = bpf_map_lookup_elem(&changes, &i);
	if (!c)
		return 0;
	c->kind = KIND_OPENED;
	c->opened.inode = 0x1122334455667788;
	__builtin_memcpy(c->opened.name, "passwd", 7);
	c->boottime = bpf_ktime_get_boot_ns();
	c->version = 4;
	c->length = 5;
	for (int n = 0; n < 6; n++)
		c->grid[n / 3][n % 3] = n + 65530;
	i = 1;
	c = bpf_map_lookup_elem(&changes, &i);
	if (!c)
		return 0;
	c->kind = KIND_CLOSED;
	c->closed.code = 42;
	c->closed.address[10] = c->closed.address[11] = 0xff;
	c->closed.address[12] = 10;
	c->closed.address[15] = 9;
	i = 2;
	c = bpf_map_lookup_elem(&changes, &i);
	if (!c)
		return 0;
	opened_seen = c->kind == KIND_OPENED && c->opened.name[0] == 'x';
	i = 3;
	c = bpf_map_lookup_elem(&changes, &i);
	if (!c)
		return 0;
	code_seen = c->kind == KIND_CLOSED ? c->closed.code : 0;
	bpf_map_update_elem(&closings, &i, &(struct closed){.code = 43, .address = {1, 2}}, BPF_ANY);
	return 0;
}

SEC("socket")
int write_lines(struct __sk_buff *skb)
{
	struct {
		__u16 length;
		char text[14];
	} line = {.length = 5, .text = "hello"};

	bpf_ringbuf_output(&lines, &line, sizeof(line.length) + 5, 0);
	line.length = 0;
	bpf_ringbuf_output(&lines, &line, sizeof(line.length), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
