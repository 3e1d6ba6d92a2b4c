// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Asks the kernel's types every question of CO-RE, and keeps the answers.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

// All members are elsewhere, and some of another size, than in any kernel.
struct task_struct {
	int pid;
	unsigned short flags;
	unsigned sched_reset_on_fork : 3;
	char comm[4];
	int no_such_field;
} __attribute__((preserve_access_index));

struct no_such_type {
	int x;
} __attribute__((preserve_access_index));

enum pid_type {
	PIDTYPE_NO_SUCH = 99,
	PIDTYPE_TGID = 77,
};

typedef struct {
	int counter;
} atomic_t;

__u64 pid_offset, comm_size, comm_exists, missing_exists, flags_signed, pid_signed;
__u64 bit_offset, bit_size, bit_left, bit_right, second_offset;
__u64 local_id, target_id, missing_id, type_exists, missing_type_exists, typedef_exists, task_size, missing_size;
__u64 enumerator_exists, missing_enumerator_exists, enumerator;
__u64 flags;

static struct task_struct *none;

SEC("raw_tp/sched_switch")
int questions(void *ctx)
{
	pid_offset = __builtin_preserve_field_info(none->pid, BPF_FIELD_BYTE_OFFSET);
	comm_size = bpf_core_field_size(none->comm);
	comm_exists = bpf_core_field_exists(none->comm);
	missing_exists = bpf_core_field_exists(none->no_such_field);
	flags_signed = __builtin_preserve_field_info(none->flags, BPF_FIELD_SIGNED);
	pid_signed = __builtin_preserve_field_info(none->pid, BPF_FIELD_SIGNED);

	bit_offset = __builtin_preserve_field_info(none->sched_reset_on_fork, BPF_FIELD_BYTE_OFFSET);
	bit_size = __builtin_preserve_field_info(none->sched_reset_on_fork, BPF_FIELD_BYTE_SIZE);
	bit_left = __builtin_preserve_field_info(none->sched_reset_on_fork, BPF_FIELD_LSHIFT_U64);
	bit_right = __builtin_preserve_field_info(none->sched_reset_on_fork, BPF_FIELD_RSHIFT_U64);
	second_offset = __builtin_preserve_field_info(none->comm[2], BPF_FIELD_BYTE_OFFSET);

	local_id = bpf_core_type_id_local(struct no_such_type);
	target_id = bpf_core_type_id_kernel(struct task_struct);
	missing_id = bpf_core_type_id_kernel(struct no_such_type);
	type_exists = bpf_core_type_exists(struct task_struct);
	missing_type_exists = bpf_core_type_exists(struct no_such_type);
	typedef_exists = bpf_core_type_exists(atomic_t);
	task_size = bpf_core_type_size(struct task_struct);
	missing_size = bpf_core_type_size(struct no_such_type);

	enumerator_exists = bpf_core_enum_value_exists(enum pid_type, PIDTYPE_TGID);
	missing_enumerator_exists = bpf_core_enum_value_exists(enum pid_type, PIDTYPE_NO_SUCH);
	enumerator = bpf_core_enum_value(enum pid_type, PIDTYPE_TGID);

	if (bpf_core_enum_value_exists(enum pid_type, PIDTYPE_NO_SUCH))
		enumerator = bpf_core_enum_value(enum pid_type, PIDTYPE_NO_SUCH);
	return 0;
}

// A load through a typed pointer becomes one of the kernel's width: 2 bytes here, 4 there.
SEC("tp_btf/sched_switch")
int widths(__u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[1];

	flags = task->flags;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
