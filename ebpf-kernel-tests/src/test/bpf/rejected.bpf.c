// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Programs that verifiers reject, one mistake each. The line of a function that is to be blamed ends with the word
// HERE; where none does, it is the function's first. What each kernel says of them is in rejections/expected.tsv.

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#define KERNEL_CALL(n) asm volatile("call " #n ::: "r0", "r1", "r2", "r3", "r4", "r5", "memory")

struct value {
	__u64 count;
	__u32 index;
	__u32 size;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct value);
} values SEC(".maps");

struct locked {
	struct bpf_spin_lock lock;
	__u32 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct locked);
} locks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

const volatile char constant[16] = "constant";
__u32 numbers[8];

SEC("?socket")
int null_value(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct value *v = bpf_map_lookup_elem(&values, &key);

	return v->count; // HERE
}

SEC("?socket")
int null_arithmetic(struct __sk_buff *skb)
{
	__u32 key = 1;
	char *v = bpf_map_lookup_elem(&values, &key);

	asm volatile("%0 += 4" : "+r"(v)); // HERE
	return v ? *v : 0;
}

SEC("?raw_tp/sched_switch")
int plain_pointer(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 *next = (__u32 *)ctx->args[2];

	return next[4]; // HERE
}

SEC("?socket")
int null_record(struct __sk_buff *skb)
{
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	*record = 1; // HERE
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("?socket")
int null_record_submitted(struct __sk_buff *skb)
{
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	bpf_ringbuf_submit(record, 0); // HERE
	return 0;
}

SEC("?socket")
int outside_value(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct value *v = bpf_map_lookup_elem(&values, &key);

	if (!v)
		return 0;
	return v[1].index; // HERE
}

SEC("?socket")
int unbounded_index(struct __sk_buff *skb)
{
	return *(volatile __u32 *)&numbers[skb->len]; // HERE
}

SEC("?socket")
int weakly_bounded_index(struct __sk_buff *skb)
{
	__u32 i = skb->len & 15;

	asm volatile("" : "+r"(i));
	return *(volatile __u32 *)&numbers[i]; // HERE
}

SEC("?socket")
int negative_index(struct __sk_buff *skb)
{
	__s64 i = (__s32)skb->mark;

	asm volatile("" : "+r"(i));
	if (i > 7)
		return 0;
	return *(volatile __u32 *)&numbers[i]; // HERE
}

SEC("?socket")
int unbounded_stack(struct __sk_buff *skb)
{
	__u64 local[4] = {};
	__u64 i = skb->len;

	asm volatile("" : "+r"(i));
	if (i > 4096)
		return 0;
	((volatile __u64 *)local)[i] = 1; // HERE
	return 0;
}

SEC("?socket")
int nothing_returned(struct __sk_buff *skb)
{
	asm volatile("if %0 == 0 goto +1\n\texit" ::"r"(skb->len)); // HERE
	return 0;
}

SEC("?socket")
int clobbered_register(struct __sk_buff *skb)
{
	__u64 v;

	KERNEL_CALL(5);
	asm volatile("%0 = r2" : "=r"(v)); // HERE
	return v;
}

SEC("?socket")
int leaked_record(struct __sk_buff *skb)
{
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	if (record)
		*record = skb->len;
	return 0; // HERE
}

SEC("?socket")
int record_used_after_submit(struct __sk_buff *skb)
{
	volatile __u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	if (!record)
		return 0;
	bpf_ringbuf_submit((void *)record, 0);
	return *record; // HERE
}

SEC("?socket")
int submits_what_it_did_not_reserve(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct value *v = bpf_map_lookup_elem(&values, &key);

	if (v)
		bpf_ringbuf_submit(v, 0); // HERE
	return 0;
}

SEC("?socket")
int endless_loop(struct __sk_buff *skb)
{
	for (;;) // HERE
		asm volatile("");
}

static __noinline int recurse(__u32 n)
{
	if (n < 2)
		return n;
	return n * (recurse(n - 1) + 1); // HERE
}

SEC("?socket")
int recursion(struct __sk_buff *skb)
{
	return recurse(skb->len); // HERE
}

SEC("?socket")
int too_many_steps(struct __sk_buff *skb)
{
	__u32 sum = 0;

	for (__u32 i = 0; i < 1000000; i++) { // HERE
		asm volatile("%0 += %1" : "+r"(sum) : "r"(i));
	}
	return sum;
}

static __noinline int deep(__u32 x)
{
	volatile char local[400] = {};

	local[x & 255] = 1;
	return local[(x >> 8) & 255];
}

SEC("?socket")
int deep_stack(struct __sk_buff *skb)
{
	volatile char local[400] = {};

	local[skb->len & 255] = 1;
	return deep(skb->mark) + local[skb->mark & 255];
}

#define FRAME(name, next)                                                                                              \
	static __noinline int name(struct __sk_buff *skb)                                                              \
	{                                                                                                              \
		return next(skb) + 1;                                                                                  \
	}

static __noinline int frame9(struct __sk_buff *skb)
{
	return skb->len;
}

FRAME(frame8, frame9)
FRAME(frame7, frame8)
FRAME(frame6, frame7)
FRAME(frame5, frame6)
FRAME(frame4, frame5)
FRAME(frame3, frame4)
FRAME(frame2, frame3)

SEC("?socket")
int many_frames(struct __sk_buff *skb)
{
	return frame2(skb) + 1;
}

SEC("?socket")
int below_stack(struct __sk_buff *skb)
{
	asm volatile("*(u64 *)(r10 - 520) = %0" ::"r"(skb->len) : "memory"); // HERE
	return 0;
}

SEC("?socket")
int unset_stack(struct __sk_buff *skb)
{
	__u64 v;

	asm volatile("%0 = *(u64 *)(r10 - 64)" : "=r"(v)); // HERE
	return v;
}

SEC("?socket")
int unset_key(struct __sk_buff *skb)
{
	__u32 key;

	asm volatile("" : "=m"(key));
	return bpf_map_lookup_elem(&values, &key) != 0; // HERE
}

SEC("?socket")
int misaligned_stack(struct __sk_buff *skb)
{
	asm volatile("*(u64 *)(r10 - 13) = %0" ::"r"(skb->len) : "memory"); // HERE
	return 0;
}

SEC("?socket")
int frame_pointer(struct __sk_buff *skb)
{
	asm volatile("r10 += 8"); // HERE
	return 0;
}

SEC("?socket")
int unknown_helper(struct __sk_buff *skb)
{
	KERNEL_CALL(99999); // HERE
	return 0;
}

SEC("?xdp")
int helper_of_others(struct xdp_md *xdp)
{
	KERNEL_CALL(26); // HERE
	return XDP_PASS;
}

SEC("?raw_tp/sched_switch")
int sleeping_helper(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 to = 0;

	bpf_copy_from_user(&to, 8, (void *)ctx->args[0]); // HERE
	return to;
}

SEC("?tc")
int call_under_lock(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct locked *v = bpf_map_lookup_elem(&locks, &key);

	if (!v)
		return 0;
	bpf_spin_lock(&v->lock);
	v->count = bpf_get_prandom_u32(); // HERE
	bpf_spin_unlock(&v->lock);
	return 0;
}

SEC("?tc")
int kept_lock(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct locked *v = bpf_map_lookup_elem(&locks, &key);

	if (!v)
		return 0;
	bpf_spin_lock(&v->lock);
	v->count++;
	return 0;
} // HERE

SEC("?tc")
int lock_written(struct __sk_buff *skb)
{
	__u32 key = 0;
	volatile __u32 *v = bpf_map_lookup_elem(&locks, &key);

	if (!v)
		return 0;
	*v = 1; // HERE
	return 0;
}

SEC("?socket")
int unreachable(struct __sk_buff *skb)
{
	asm volatile("goto +1\n\tr1 = 0"); // HERE
	return 0;
}

SEC("?socket")
int jump_outside(struct __sk_buff *skb)
{
	asm volatile("goto +1000"); // HERE
	return 0;
}

SEC("?socket")
int no_exit(struct __sk_buff *skb)
{
	asm volatile("r0 = 0"); // HERE
	__builtin_unreachable();
}

SEC("?socket")
int context_for_a_map(struct __sk_buff *skb)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(skb, &key) != 0; // HERE
}

SEC("?socket")
int number_for_a_pointer(struct __sk_buff *skb)
{
	return bpf_map_lookup_elem(&values, (void *)4096) != 0; // HERE
}

SEC("?socket")
int outside_context(struct __sk_buff *skb)
{
	return *(volatile __u32 *)((char *)skb + 4096); // HERE
}

SEC("?socket")
int context_written(struct __sk_buff *skb)
{
	*(volatile __u32 *)&skb->len = 0; // HERE
	return 0;
}

SEC("?socket")
int moved_context(struct __sk_buff *skb)
{
	__u32 *moved = (__u32 *)skb;
	__u32 v;

	asm volatile("%1 += 8\n\t%0 = *(u32 *)(%1 + 0)" : "=r"(v), "+r"(moved)); // HERE
	return v;
}

SEC("?socket")
int variable_context(struct __sk_buff *skb)
{
	__u64 i = skb->mark & 60;
	char *moved = (char *)skb;

	asm volatile("%0 += %1" : "+r"(moved) : "r"(i));
	return *(volatile __u32 *)moved; // HERE
}

SEC("?socket")
int multiplied_pointer(struct __sk_buff *skb)
{
	__u64 v = (__u64)skb;

	asm volatile("%0 *= 2" : "+r"(v)); // HERE
	return v;
}

SEC("?socket")
int added_pointers(struct __sk_buff *skb)
{
	__u64 v = (__u64)skb;

	asm volatile("%0 += r10" : "+r"(v)); // HERE
	return v;
}

SEC("?socket")
int unbounded_arithmetic(struct __sk_buff *skb)
{
	__u32 key = 1;
	char *v = bpf_map_lookup_elem(&values, &key);
	__u64 i;

	if (!v)
		return 0;
	i = *(volatile __u64 *)v;
	asm volatile("%0 += %1" : "+r"(v) : "r"(i)); // HERE
	return *v;
}

SEC("?socket")
int constant_written(struct __sk_buff *skb)
{
	*(volatile char *)constant = 1; // HERE
	return 0;
}

SEC("?raw_tp/sched_switch")
int constant_filled(struct bpf_raw_tracepoint_args *ctx)
{
	return bpf_get_current_comm((void *)constant, sizeof constant); // HERE
}

SEC("?tp_btf/sched_switch")
int kernel_memory_written(__u64 *ctx)
{
	volatile __u32 *next = (__u32 *)ctx[2];

	*next = 1; // HERE
	return 0;
}

SEC("?tp_btf/sched_switch")
int outside_kernel_type(__u64 *ctx)
{
	volatile char *next = (char *)ctx[2];

	return next[1 << 20]; // HERE
}

SEC("?raw_tp/sched_switch")
int unbounded_size(struct bpf_raw_tracepoint_args *ctx)
{
	char to[16];

	return bpf_probe_read_kernel(to, (__u32)ctx->args[0], (void *)ctx->args[2]); // HERE
}

SEC("?raw_tp/sched_switch")
int negative_size(struct bpf_raw_tracepoint_args *ctx)
{
	char to[16];
	__s64 size = (__s64)ctx->args[0];

	asm volatile("" : "+r"(size));
	if (size > 16)
		return 0;
	return bpf_probe_read_kernel(to, size, (void *)ctx->args[2]); // HERE
}

SEC("?raw_tp/sched_switch")
int zero_size(struct bpf_raw_tracepoint_args *ctx)
{
	char to[16];
	__u64 size = ctx->args[0] & 15;

	asm volatile("" : "+r"(size));
	return bpf_get_current_comm(to, size) + bpf_perf_event_output(ctx, &values, 0, to, size); // HERE
}

SEC("?xdp")
int unchecked_packet(struct xdp_md *xdp)
{
	__u32 *data = (__u32 *)(__u64)xdp->data;

	return *(volatile __u32 *)data; // HERE
}

SEC("?xdp")
int packet_after_move(struct xdp_md *xdp)
{
	char *data = (char *)(__u64)xdp->data;

	if (data + 14 > (char *)(__u64)xdp->data_end)
		return XDP_DROP;
	if (bpf_xdp_adjust_head(xdp, 4))
		return XDP_DROP;
	return *(volatile char *)data; // HERE
}

SEC("?cgroup/connect4")
int wrong_result(struct bpf_sock_addr *address)
{
	return 7; // HERE
}

SEC("?socket")
int division_by_zero(struct __sk_buff *skb)
{
	__u32 v = skb->len;

	asm volatile("%0 /= 0" : "+r"(v)); // HERE
	return v;
}

SEC("?socket")
int atomic_on_context(struct __sk_buff *skb)
{
	asm volatile("lock *(u32 *)(%0 + 8) += %1" ::"r"(skb), "r"(1) : "memory"); // HERE
	return 0;
}

__noinline int global(struct value *v)
{
	return v ? v->count : 0;
}

SEC("?socket")
int global_with_wrong_argument(struct __sk_buff *skb)
{
	return global((void *)(__u64)skb->len); // HERE
}

__noinline int takes_context(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("?socket")
int global_without_context(struct __sk_buff *skb)
{
	__u64 not_a_context[8] = {};

	return takes_context((void *)not_a_context); // HERE
}

extern void bpf_rcu_read_unlock(void) __ksym __weak;
struct file {};
extern int vfs_fsync(struct file *file, int datasync) __ksym __weak;

SEC("?tc")
int foreign_function(struct __sk_buff *skb)
{
	return vfs_fsync((void *)skb, 0); // HERE
}

SEC("?tc")
int unlocked_twice(struct __sk_buff *skb)
{
	bpf_rcu_read_unlock(); // HERE
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
