// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/* One program with 30 relocations of fields of task_struct, mm_struct and file. */

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct file {
	unsigned int f_flags;
	unsigned int f_mode;
	long long f_pos;
	void *f_op;
	void *f_inode;
	void *f_cred;
	void *f_mapping;
	void *private_data;
} __attribute__((preserve_access_index));

struct mm_struct {
	unsigned long mmap_base;
	unsigned long task_size;
	unsigned long total_vm;
	unsigned long data_vm;
	unsigned long stack_vm;
	unsigned long start_code;
	unsigned long end_code;
	unsigned long start_brk;
	unsigned long brk;
	unsigned long start_stack;
	unsigned long arg_start;
	struct file *exe_file;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	int prio;
	int static_prio;
	int exit_code;
	unsigned int flags;
	unsigned int policy;
	unsigned long long utime;
	unsigned long long stime;
	struct mm_struct *mm;
} __attribute__((preserve_access_index));

__u64 sum;

#define ADD(holder, field) (sum += BPF_CORE_READ(holder, field))

SEC("raw_tp/sys_enter")
int thirty(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct file *file = BPF_CORE_READ(mm, exe_file);

	ADD(task, pid);
	ADD(task, tgid);
	ADD(task, prio);
	ADD(task, static_prio);
	ADD(task, exit_code);
	ADD(task, flags);
	ADD(task, policy);
	ADD(task, utime);
	ADD(task, stime);

	ADD(mm, mmap_base);
	ADD(mm, task_size);
	ADD(mm, total_vm);
	ADD(mm, data_vm);
	ADD(mm, stack_vm);
	ADD(mm, start_code);
	ADD(mm, end_code);
	ADD(mm, start_brk);
	ADD(mm, brk);
	ADD(mm, start_stack);
	ADD(mm, arg_start);

	ADD(file, f_flags);
	ADD(file, f_mode);
	ADD(file, f_pos);
	sum += (__u64)BPF_CORE_READ(file, f_op);
	sum += (__u64)BPF_CORE_READ(file, f_inode);
	sum += (__u64)BPF_CORE_READ(file, f_cred);
	sum += (__u64)BPF_CORE_READ(file, f_mapping);
	sum += (__u64)BPF_CORE_READ(file, private_data);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
