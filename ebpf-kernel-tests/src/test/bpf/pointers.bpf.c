// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0
// ebpf4j-clang: 19

// Lists in an arena: pointers in it, in a global variable and in a map's values.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define __arena __attribute__((address_space(1)))
#define NODES 5
#define MOST 20

struct node {
	struct node __arena *next;
	__u64 value;
	char name[8];
};

struct list {
	struct node __arena *first;
	__u32 length;
	__u32 lower_half;
};

struct {
	__uint(type, 33 /* BPF_MAP_TYPE_ARENA, Linux 6.9 */);
	__uint(map_flags, 1 << 10);
	__uint(max_entries, 4);
} nodes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct list);
} lists SEC(".maps");

struct node __arena *head;
__u64 total;

void __arena *bpf_arena_alloc_pages(void *map, void __arena *address, __u32 pages, int node, __u64 flags) __ksym;

/* Each node is before those that were made before it. */
SEC("syscall")
int build(void *ctx)
{
	struct node __arena *page = bpf_arena_alloc_pages(&nodes, 0, 1, -1, 0);
	struct list list = {};
	__u32 key = 1;

	if (!page)
		return 1;
	head = 0;
	for (int i = 0; i < NODES; i++) {
		page[i].next = head;
		page[i].value = 10 + i;
		page[i].name[0] = 'a' + i;
		head = &page[i];
	}
	list.first = head;
	list.length = NODES;
	list.lower_half = *(volatile __u64 *)&head; /* a number again: half of a pointer cannot be stored */
	return bpf_map_update_elem(&lists, &key, &list, BPF_ANY);
}

/* Goes along the list, wherever its nodes were made. */
SEC("syscall")
int sum(void *ctx)
{
	struct node __arena *node = head;

	asm volatile("" ::"r"(&nodes)); /* a program's arena is the one that it refers to */
	total = 0;
	for (int i = 0; i < MOST && node; i++) {
		__sync_fetch_and_add(&total, node->value);
		node = node->next;
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
