// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// ebpf4j-target: bpfel bpfeb
// One type of every kind, and one record of every table of .BTF.ext.

#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))

typedef unsigned int u32;
typedef unsigned long long u64;

enum colour { RED, GREEN = 7, BLUE = 0xfffffffe };
enum level { LOW = -5, HIGH = 5 };
enum wide { NARROW = 1, WIDE = 0x123456789abcdef0ULL };
enum wide_signed { MINUS_WIDE = -0x100000000LL, ZERO = 0 };

struct forward;

struct packet {
    u32 version : 4;
    int sign : 3;
    u32 : 9;
    u32 length : 16;
    const volatile char *name;
    union {
        u64 whole;
        u32 half[2];
    };
    struct forward *next;
    u32 tail[];
};

struct task___ours {
    int pid;
    struct task___ours *parent;
    u32 flags;
} CORE;

struct tagged {
    u64 counter __attribute__((btf_decl_tag("guarded")));
    int __attribute__((btf_type_tag("user"))) *address;
};

extern int kernel_function(struct task___ours *task) SEC(".ksyms");

struct packet initialised = {.version = 4};
static volatile enum level current_level = LOW;
const volatile u32 limit = 10;
volatile u64 counters[3][5];
volatile enum colour last_colour;
volatile enum wide last_wide;
volatile enum wide_signed last_wide_signed;
volatile double ratio;
volatile _Bool enabled;
struct tagged tagged_variable;

int (*callback)(const char *restrict format, ...);

static __attribute__((noinline)) int step(struct task___ours *task, int depth) {
    return depth ? kernel_function(task) + task->pid : (int)task->flags;
}

__attribute__((noinline)) int walk(u64 seed) {
    return (int)(seed * counters[1][2]) + (int)current_level;
}

SEC("kprobe/one")
int first(struct task___ours *task) {
    u64 sum = limit;

    sum += __builtin_preserve_field_info(task->flags, 2);
    sum += __builtin_preserve_type_info(*(struct task___ours *)0, 0);
    sum += __builtin_preserve_enum_value(*(enum wide *)WIDE, 1);
    return step(task, (int)sum) + walk(sum);
}

SEC("tracepoint/two")
int second(struct task___ours *task) {
    return task->parent->pid + (enabled ? 1 : 0);
}

char _license[] SEC("license") = "GPL";
