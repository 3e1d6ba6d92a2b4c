// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// ebpf4j-target: bpfel bpfeb
// Every attribute that a map's definition may have.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LONG_NUMBER(name, value) enum { name##_value = value } name

struct key {
    __u32 pid;
    char comm[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE);
    __uint(numa_node, 1);
    __type(key, struct key);
    __type(value, __u64);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
} typed SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 24);
    __uint(max_entries, 3);
    __uint(pinning, LIBBPF_PIN_NONE);
} sized SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(key_size, sizeof(struct key));
    __type(key, struct key);
    __type(value, int);
    __uint(value_size, 4);
    __uint(max_entries, 5);
} both SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 5000);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
    __type(value, __u32);
    __uint(max_entries, 100);
    __uint(map_extra, 3);
} bloom SEC(".maps");

struct {
    __uint(type, 33 /* BPF_MAP_TYPE_ARENA, Linux 6.9 */);
    __uint(map_flags, 1 << 10);
    __uint(max_entries, 100);
    LONG_NUMBER(map_extra, 0x100000000000ull);
} far_arena SEC(".maps");

struct inner {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, struct key);
} inner_one SEC(".maps"), inner_two SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 8);
    __type(key, __u32);
    __array(values, struct inner);
} outer SEC(".maps") = {
    .values = {[1] = &inner_two, [6] = &inner_one},
};

int tail_one(void *context);
int tail_two(void *context);

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 4);
    __uint(key_size, 4);
    __array(values, int(void *));
} tails SEC(".maps") = {
    .values = {[0] = &tail_two, [3] = &tail_one},
};

SEC("socket/one")
int tail_one(void *context)
{
    return 1;
}

SEC("socket/two")
int tail_two(void *context)
{
    return 2;
}

SEC("socket")
int uses(void *context)
{
    __u32 zero = 0;
    struct key key = {};
    __u64 *value = bpf_map_lookup_elem(&typed, &key);
    int *other = bpf_map_lookup_elem(&both, &key);
    void *in = bpf_map_lookup_elem(&outer, &zero);
    bpf_tail_call(context, &tails, 0);
    bpf_ringbuf_output(&ring, &key, sizeof(key), 0);
    bpf_map_push_elem(&bloom, &zero, 0);
    return (value ? *value : 0) + (other ? *other : 0) + (in != 0) +
           (bpf_map_lookup_elem(&sized, &zero) != 0) + (bpf_map_lookup_elem(&inner_one, &zero) != 0);
}
