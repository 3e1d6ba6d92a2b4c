// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// ebpf4j-target: bpfel bpfeb
// What is left to the loader: configuration values, kernel symbols and kernel functions.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

struct rq {
    int cpu;
};

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_IPV6 __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[24] __kconfig __weak;
extern unsigned long long CONFIG_HZ __kconfig;
extern short CONFIG_NR_CPUS __kconfig __weak;

extern const struct rq runqueues __ksym;
extern const void bpf_prog_put __ksym __weak;
extern void *bpf_cast_to_kern_ctx(void *object) __ksym;
extern int missing_function(int x) __ksym __weak;

unsigned long long out;

SEC("raw_tp/sched_switch")
int uses(void *context)
{
    out = LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_IPV6 + CONFIG_DEFAULT_HOSTNAME[1] + CONFIG_HZ + CONFIG_NR_CPUS;
    out += (unsigned long long)&runqueues + (unsigned long long)&bpf_prog_put;
    out += (unsigned long long)bpf_cast_to_kern_ctx(context);
    if (missing_function)
        out += missing_function(3);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
