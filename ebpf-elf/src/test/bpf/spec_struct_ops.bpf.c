// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Structures of functions for the kernel.
// ebpf4j-target: bpfel bpfeb

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner_settings {
	int low, high;
};

struct some_ops {
	int number;
	int (*first)(int x);
	int (*const second)(int x);
	struct inner_settings settings;
	char name[8];
};

struct other_ops___flavour {
	long (*only)(void);
};

SEC("struct_ops/first")
int first(void *context)
{
	return 1;
}

SEC("struct_ops.s")
int second(void *context)
{
	return 2;
}

SEC("?struct_ops")
long optional(void *context)
{
	return 3;
}

SEC("?struct_ops/lonely")
int lonely(void *context)
{
	return 4;
}

SEC(".struct_ops")
struct some_ops plain = {
	.number = 0x01020304,
	.second = (void *)second,
	.settings = {5, 6},
	.name = "plain",
};

SEC(".struct_ops.link")
struct some_ops linked_one = {
	.first = (void *)first,
	.second = (void *)second,
	.name = "one",
};

SEC(".struct_ops.link")
struct other_ops___flavour linked_two = {
	.only = (void *)optional,
};

SEC("?.struct_ops")
struct some_ops not_created = {
	.first = (void *)first,
};

SEC("?.struct_ops.link")
struct other_ops___flavour not_created_either = {};

char LICENSE[] SEC("license") = "GPL";
