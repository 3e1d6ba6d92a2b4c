// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0
// ebpf4j-clang: 19

// Indirect jumps, written as newer compilers do: clang 19 has neither the instruction nor the tables.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// dst of the instruction gotox is r1
#define GOTOX_R1 ".byte 0x0d, 0x01, 0, 0, 0, 0, 0, 0;"

__attribute__((naked, noinline, used)) static int before(void)
{
	asm volatile("r0 = 5; exit;");
}

__attribute__((naked, noinline)) int choose(void *skb)
{
	asm volatile("r2 = *(u32 *)(r1 + 0);"
		     "r2 &= 1;"
		     "r2 <<= 3;"
		     "r1 = choose_table ll;"
		     "r1 += r2;"
		     "r1 = *(u64 *)(r1 + 0);"
		     GOTOX_R1
		     "choose_even: r0 = 300; exit;"
		     "choose_odd: r0 = 400; exit;");
}

SEC("tc")
__attribute__((naked)) int jumps(void *skb)
{
	asm volatile("r2 = *(u32 *)(r1 + 0);"
		     "r2 &= 1;"
		     "r2 <<= 3;"
		     "r1 = jumps_table ll;"
		     "r1 += r2;"
		     "r1 = *(u64 *)(r1 + 0);"
		     GOTOX_R1
		     "jumps_odd: r0 = 20; exit;"
		     "jumps_even: r0 = 10; exit;");
}

SEC("tc")
int jumps_below(struct __sk_buff *skb)
{
	return choose(skb) + 1;
}

asm(".section .jumptables,\"\",@progbits;"
    ".globl jumps_table; .type jumps_table,@object;"
    "jumps_table: .quad jumps_even - jumps; .quad jumps_odd - jumps;"
    ".size jumps_table, 16;"
    ".globl choose_table; .type choose_table,@object;"
    "choose_table: .quad choose_even - before; .quad choose_odd - before;"
    ".size choose_table, 16;"
    ".text;");

char LICENSE[] SEC("license") = "GPL";
