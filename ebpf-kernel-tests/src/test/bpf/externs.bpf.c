// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Copies what the loader finds in the kernel to where a test can read it.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct rq {
	int cpu;
} __attribute__((preserve_access_index));

struct named_by_id {
	int x;
};

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern int CONFIG_HZ __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_EXT4_FS __kconfig __weak;
extern char CONFIG_NET __kconfig __weak;
extern unsigned long CONFIG_PHYSICAL_START __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[8] __kconfig;
extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern _Bool LINUX_HAS_BPF_COOKIE __kconfig;

extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;
extern int LINUX_NO_SUCH_VALUE __kconfig __weak;
extern int CONFIG_NO_SUCH_STRONG_OPTION __kconfig;

extern const void vfs_read __ksym;
extern const void no_such_symbol __ksym __weak;
extern const void no_such_strong_symbol __ksym;

extern const struct rq runqueues __ksym;
extern const int no_such_variable __ksym __weak;
extern const int no_such_strong_variable __ksym;

extern struct task_struct *bpf_task_from_pid___any(int pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern int bpf_task_from_pid___wrong(int a, int b) __ksym __weak;
extern int no_such_function(int x) __ksym __weak;
extern int no_such_strong_function(int x) __ksym;

__u64 hz, bpf_syscall, ext4, net, physical_start, hostname, version, wrapper, cookie;
__u64 absent_option, absent_value, absent_symbol, absent_variable, absent_function, absent_signature;
__u64 address, cpu_of_queue, pid_of_task, runs;
__u32 wanted_cpu, wanted_pid;

SEC("raw_tp/sys_enter")
int config(void *ctx)
{
	hz = CONFIG_HZ;
	bpf_syscall = CONFIG_BPF_SYSCALL;
	ext4 = CONFIG_EXT4_FS;
	net = CONFIG_NET;
	physical_start = CONFIG_PHYSICAL_START;
	__builtin_memcpy(&hostname, CONFIG_DEFAULT_HOSTNAME, sizeof(hostname));
	return 0;
}

SEC("raw_tp/sys_enter")
int virtual(void *ctx)
{
	version = LINUX_KERNEL_VERSION;
	wrapper = LINUX_HAS_SYSCALL_WRAPPER;
	cookie = LINUX_HAS_BPF_COOKIE;
	return 0;
}

SEC("raw_tp/sys_enter")
int symbol(void *ctx)
{
	address = (__u64)&vfs_read;
	return 0;
}

SEC("raw_tp/sys_enter")
int variable(void *ctx)
{
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, wanted_cpu);

	if (!rq)
		return 1;
	cpu_of_queue = rq->cpu;
	return 0;
}

SEC("raw_tp/sys_enter")
int absent(void *ctx)
{
	absent_option = CONFIG_NO_SUCH_OPTION;
	absent_value = LINUX_NO_SUCH_VALUE;
	absent_symbol = (__u64)&no_such_symbol;
	absent_variable = (__u64)&no_such_variable;
	absent_function = (__u64)&no_such_function;
	absent_signature = (__u64)&bpf_task_from_pid___wrong;
	if (no_such_function)
		absent_function = no_such_function(1);
	if (bpf_task_from_pid___wrong)
		absent_signature = bpf_task_from_pid___wrong(1, 2);
	runs++;
	return 0;
}

SEC("tp_btf/sys_enter")
int function(void *ctx)
{
	struct task_struct *task;

	if (bpf_get_current_pid_tgid() >> 32 != wanted_pid)
		return 0;
	runs++;
	task = bpf_task_from_pid___any(wanted_pid);
	if (!task)
		return 0;
	pid_of_task = task->pid;
	bpf_task_release(task);
	return 0;
}

SEC("raw_tp/sys_enter")
int names_a_type(void *ctx)
{
	return __builtin_btf_type_id(*(struct named_by_id *)0, 0);
}

SEC("raw_tp/sys_enter")
int unguarded(void *ctx)
{
	return no_such_function(1);
}

SEC("raw_tp/sys_enter")
int strong_option(void *ctx)
{
	return CONFIG_NO_SUCH_STRONG_OPTION;
}

SEC("raw_tp/sys_enter")
int strong_symbol(void *ctx)
{
	return (__u64)&no_such_strong_symbol;
}

SEC("raw_tp/sys_enter")
int strong_variable(void *ctx)
{
	return (__u64)&no_such_strong_variable;
}

SEC("raw_tp/sys_enter")
int strong_function(void *ctx)
{
	return no_such_strong_function(1);
}

char LICENSE[] SEC("license") = "GPL";
