// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// ebpf4j-target: bpfel bpfeb
// Global data of all kinds.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

enum colour { RED, GREEN = 7, BLUE };

struct point {
    int x;
    int y;
};

int initialised = 42;
unsigned char small = 200;
long long wide = -5;
bool flag = true;
enum colour colour = GREEN;
struct point points[3] = {{1, 2}, {3, 4}, {5, 6}};
__weak int replaceable = 9;
__hidden int concealed = 11;
static volatile int counter = 13;

const volatile unsigned int target_pid = 1000;
const volatile char name[16] = "ebpf4j";
const volatile short delta = -3;

unsigned long long total;
int table[8];
static int seen;

int custom SEC(".data.custom") = 77;
const volatile int limit SEC(".rodata.limits") = 99;
static volatile int only_static SEC(".data.private") = 5;
__u64 big SEC(".bss.big");

SEC("socket")
int uses(void *context)
{
    static const char format[] = "%d";
    bpf_trace_printk(format, sizeof(format), initialised);
    counter += target_pid + delta + name[3];
    seen++;
    total += wide + small + flag + colour + points[2].y + table[seen & 7] + replaceable + concealed;
    custom += limit + only_static + big;
    return points[1].x;
}

SEC("socket")
int addresses(void *context)
{
    bpf_trace_printk("text", 5);
    bpf_trace_printk("other text", 11);
    return *(volatile int *)&table[5] + *(volatile int *)&points[2].x;
}
