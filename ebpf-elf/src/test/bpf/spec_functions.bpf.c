// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// ebpf4j-target: bpfel bpfeb
// Subprograms of every linkage, callbacks, and several programs in one section.

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
    int pid;
    int tgid;
} __attribute__((preserve_access_index));

int sink;

static __attribute__((noinline)) int leaf(int x)
{
    sink += x;
    return x * 3;
}

static __attribute__((noinline)) int middle(int x)
{
    return leaf(x) + leaf(x + sink);
}

__attribute__((noinline)) int global_sum(int a, int b)
{
    return middle(a) + leaf(b) + sink;
}

__hidden __attribute__((noinline)) int hidden_sum(int a)
{
    sink ^= a;
    return a + sink;
}

__weak __attribute__((noinline)) int weak_sum(int a)
{
    sink -= a;
    return a - sink;
}

static int on_each(__u32 index, void *context)
{
    sink += middle(index);
    return 0;
}

__attribute__((noinline)) int global_callback(__u32 index, void *context)
{
    sink += index;
    return 0;
}

__attribute__((noinline)) int even(int n);

__attribute__((noinline)) int odd(int n)
{
    sink++;
    return n == 0 ? 0 : even(n - 1);
}

__attribute__((noinline)) int even(int n)
{
    sink--;
    return n == 0 ? 1 : odd(n - 1);
}

// Refers to leaf first, then to what middle already brought in.
SEC("tp/syscalls/sys_enter_openat")
int leaf_first(void *context)
{
    return leaf(1) + global_sum(2, 3) + hidden_sum(4);
}

// The same section, another order.
SEC("tp/syscalls/sys_enter_openat")
int leaf_last(void *context)
{
    return global_sum(2, 3) + weak_sum(5) + leaf(1);
}

SEC("tp/syscalls/sys_enter_openat")
int alone(void *context)
{
    return sink;
}

SEC("raw_tp")
int loops(void *context)
{
    bpf_loop(10, on_each, 0, 0);
    bpf_loop(10, global_callback, 0, 0);
    return middle(sink);
}

SEC("?fentry.s/do_unlinkat")
int recursive(void *context)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    return even(BPF_CORE_READ(task, tgid)) + BPF_CORE_READ(task, pid);
}

SEC("an unknown name")
int untyped(void *context)
{
    return 7;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
