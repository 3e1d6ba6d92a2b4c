// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs for what the kernel traces by its types, for tracepoints and for security hooks. Each counts what one process
// runs into; of those that may sleep, each does what only they may.

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

__u32 process = 0;
__u64 hits = 0;
__u64 read = 0;
__u64 text = 0;
__u64 cookies = 0;

static __always_inline int hit(void)
{
	if (bpf_get_current_pid_tgid() >> 32 != process)
		return 0;
	__sync_fetch_and_add(&hits, 1);
	return 1;
}

// Reads what may not be in memory yet.
static __always_inline void hit_and_sleep(void)
{
	char byte = 0;

	if (hit() && text && !bpf_copy_from_user(&byte, 1, (const void *)text))
		read = byte;
}

#define COUNT(section, name)                                                                                 \
	SEC("?" section)                                                                                     \
	int name(void *ctx)                                                                                  \
	{                                                                                                    \
		hit();                                                                                       \
		return 0;                                                                                    \
	}

#define COUNT_AND_SLEEP(section, name)                                                                       \
	SEC("?" section)                                                                                     \
	int name(void *ctx)                                                                                  \
	{                                                                                                    \
		hit_and_sleep();                                                                             \
		return 0;                                                                                    \
	}

COUNT("fentry/bpf_fentry_test1", on_entry)
COUNT("fexit/bpf_fentry_test1", on_exit)
COUNT("fsession/bpf_fentry_test1", on_both)
COUNT_AND_SLEEP("fentry.s/bpf_fentry_test1", on_entry_s)
COUNT_AND_SLEEP("fexit.s/bpf_fentry_test1", on_exit_s)
COUNT_AND_SLEEP("fsession.s/bpf_fentry_test1", on_both_s)

COUNT("fentry.multi/bpf_fentry_test*", on_entries)
COUNT("fexit.multi/bpf_fentry_test*", on_exits)
COUNT("fsession.multi/bpf_fentry_test*", on_all)
COUNT_AND_SLEEP("fentry.multi.s/bpf_fentry_test1", on_entries_s)
COUNT_AND_SLEEP("fexit.multi.s/bpf_fentry_test1", on_exits_s)
COUNT_AND_SLEEP("fsession.multi.s/bpf_fentry_test1", on_all_s)

COUNT("fentry/veth:veth_xmit", on_module_entry)
COUNT("fexit/veth:veth_xmit", on_module_exit)
COUNT("fentry.multi/veth:veth_xm?t", on_module_entries)

COUNT("fmod_ret/security_inode_unlink", on_decision)
COUNT_AND_SLEEP("fmod_ret.s/bpf_fentry_test1", on_decision_s)
COUNT("lsm/inode_unlink", on_unlink)
COUNT_AND_SLEEP("lsm.s/inode_unlink", on_unlink_s)

COUNT("kretsyscall/getppid", on_return)
COUNT("raw_tp.w/sys_enter", on_raw_w)
COUNT("raw_tracepoint/sys_enter", on_raw)
COUNT("raw_tracepoint.w/sys_enter", on_raw_tracepoint_w)
COUNT_AND_SLEEP("raw_tp.s/sys_enter", on_raw_s)
COUNT_AND_SLEEP("raw_tracepoint.s/sys_enter", on_raw_tracepoint_s)
COUNT_AND_SLEEP("tp_btf.s/sys_enter", on_typed_s)
COUNT_AND_SLEEP("tp.s/syscalls/sys_enter_getppid", on_tp_s)
COUNT_AND_SLEEP("tracepoint.s/syscalls/sys_exit_getppid", on_tracepoint_s)

SEC("?fentry.multi")
int on_chosen(void *ctx)
{
	if (hit())
		__sync_fetch_and_add(&cookies, bpf_get_attach_cookie(ctx));
	return 0;
}

// Is never attached: to run it is to have the kernel call the functions above.
SEC("?fentry/bpf_fentry_test1")
int call_tests(void *ctx)
{
	return 0;
}

SEC("?syscall")
int on_demand(void *ctx)
{
	hit_and_sleep();
	return 7;
}

SEC("?lirc_mode2")
int on_infrared(unsigned int *sample)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
