// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Relocations in two programs that share a subprogram, and in one that is not loaded by itself.

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct inner {
    int first;
    int second;
} __attribute__((preserve_access_index));

struct outer {
    unsigned int id;
    struct inner *one;
    struct inner many[4];
} __attribute__((preserve_access_index));

struct outer___newer {
    int added;
} __attribute__((preserve_access_index));

enum colour {
    RED,
    GREEN,
};

int sink;

static __attribute__((noinline)) int shared(struct outer *outer)
{
    return outer->id;
}

SEC("raw_tp/one")
int one(struct outer *outer)
{
    sink += outer->many[2].second;
    return shared(outer);
}

SEC("raw_tp/two")
int two(struct outer *outer)
{
    sink += bpf_core_enum_value(enum colour, GREEN);
    if (bpf_core_field_exists(((struct outer___newer *)outer)->added))
        sink += ((struct outer___newer *)outer)->added;
    return shared(outer);
}

SEC("?raw_tp/three")
int three(struct outer *outer)
{
    return bpf_core_type_size(struct inner) + bpf_core_type_id_local(struct inner);
}

char LICENSE[] SEC("license") = "GPL";
