// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// A map of the form that loaders dropped in 2022.

#include <linux/bpf.h>

struct {
    unsigned int type, key_size, value_size, max_entries, flags;
} old __attribute__((section("maps"), used)) = {1, 4, 4, 1, 0};
