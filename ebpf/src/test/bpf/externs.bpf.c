// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Leaves names of every kind to the loader, weak and not.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct thing {
	int member;
};

extern _Bool CONFIG_BOOL __kconfig;
extern enum libbpf_tristate CONFIG_TRISTATE __kconfig;
extern char CONFIG_CHAR __kconfig;
extern short CONFIG_S16 __kconfig;
extern unsigned short CONFIG_U16 __kconfig;
extern int CONFIG_S32 __kconfig;
extern __u64 CONFIG_U64 __kconfig;
extern char CONFIG_TEXT[8] __kconfig;

extern int CONFIG_WEAK __kconfig __weak;
extern int LINUX_WEAK __kconfig __weak;
extern int LINUX_STRONG __kconfig;
extern int OTHER_WEAK __kconfig __weak;
extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern _Bool LINUX_HAS_BPF_COOKIE __kconfig;

extern const void symbol __ksym;
extern const void weak_symbol __ksym __weak;
extern const int variable __ksym;
extern const int weak_variable __ksym __weak;
extern const int module_variable __ksym;
extern int function___flavour(struct thing *t) __ksym;
extern int module_function(int x) __ksym;
extern int weak_function(int x) __ksym __weak;

SEC("raw_tp/sys_enter")
int config(void *ctx)
{
	return CONFIG_BOOL + CONFIG_TRISTATE + CONFIG_CHAR + CONFIG_S16 + CONFIG_U16 + CONFIG_S32 + CONFIG_U64
		+ CONFIG_TEXT[0];
}

SEC("raw_tp/sys_enter")
int weak_config(void *ctx)
{
	return CONFIG_WEAK + LINUX_WEAK;
}

SEC("raw_tp/sys_enter")
int virtual_config(void *ctx)
{
	return LINUX_KERNEL_VERSION + LINUX_HAS_SYSCALL_WRAPPER + LINUX_HAS_BPF_COOKIE;
}

SEC("raw_tp/sys_enter")
int unknown_virtual(void *ctx)
{
	return LINUX_STRONG;
}

SEC("raw_tp/sys_enter")
int unknown_family(void *ctx)
{
	return OTHER_WEAK;
}

SEC("raw_tp/sys_enter")
int symbols(void *ctx)
{
	return (__u64)&symbol == (__u64)&weak_symbol;
}

SEC("raw_tp/sys_enter")
int variables(void *ctx)
{
	return (__u64)&variable == (__u64)&weak_variable;
}

SEC("raw_tp/sys_enter")
int calls(void *ctx)
{
	return function___flavour(0);
}

SEC("raw_tp/sys_enter")
int module_calls(void *ctx)
{
	return module_function(1) + ((__u64)&module_variable == 1);
}

SEC("raw_tp/sys_enter")
int weak_calls(void *ctx)
{
	return weak_function ? weak_function(1) : 0;
}

char LICENSE[] SEC("license") = "GPL";
