// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Reads an argument that an index register leads to, as headers since libbpf 1.7 do, by declarations of its own: what
// counts are the names of maps and members.

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct argument {
	__u64 val_off;
	__u32 arg_type: 8;
	__u32 idx_reg_off: 12;
	__u32 scale_bitshift: 4;
	__u32 : 8;
	short reg_off;
	bool arg_signed;
	char arg_bitshift;
};

struct spec {
	struct argument args[12];
	__u64 usdt_cookie;
	short arg_cnt;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct spec);
} __bpf_usdt_specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, long);
	__type(value, __u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps");

extern const bool LINUX_HAS_BPF_COOKIE __kconfig;

__u64 hits = 0;
__u32 type = 0;
__s64 value = 0;

SEC("usdt")
int on_indexed(struct pt_regs *ctx)
{
	__u64 base = 0, index = 0, found = 0;
	struct argument *argument;
	struct spec *spec;
	__u32 id = 0;

	if (LINUX_HAS_BPF_COOKIE) {
		id = bpf_get_attach_cookie(ctx);
	} else {
		long ip = PT_REGS_IP(ctx);
		__u32 *known = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);

		if (!known)
			return 0;
		id = *known;
	}
	spec = bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
	if (!spec)
		return 0;
	argument = &spec->args[0];
	type = argument->arg_type;
	bpf_probe_read_kernel(&base, sizeof(base), (void *)ctx + argument->reg_off);
	bpf_probe_read_kernel(&index, sizeof(index), (void *)ctx + argument->idx_reg_off);
	bpf_probe_read_user(&found, sizeof(found),
			    (void *)(base + (index << argument->scale_bitshift) + argument->val_off));
	found <<= argument->arg_bitshift;
	value = argument->arg_signed ? (__s64)found >> argument->arg_bitshift : (__s64)(found >> argument->arg_bitshift);
	hits++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
