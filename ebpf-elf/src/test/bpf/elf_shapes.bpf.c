// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// One of everything that an object file can hold, for the tests of the ELF reader and of the disassembler.
// ebpf4j-target: bpfel bpfeb

#define SEC(name) __attribute__((section(name), used))

struct {
    int (*type)[1];
    int (*max_entries)[16];
    int (*key)[1];
    int (*value)[1];
} counts SEC(".maps");

const volatile int wanted_pid = 42;
int hits = 7;
static volatile int zeroed[4];

extern int missing_function(int value);
extern int perhaps_missing __attribute__((weak, section(".ksyms")));

static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const current_pid)(void) = (void *)14;

__attribute__((noinline)) static int twice(int value)
{
    asm volatile("" ::: "memory");
    return value * 2 + zeroed[value & 3];
}

__attribute__((noinline, visibility("hidden"))) int hidden_function(int value)
{
    return twice(value) - hits;
}

__attribute__((noinline, weak)) int weak_function(int value)
{
    return hidden_function(value) + 1;
}

SEC("tp/first")
int on_first(void *context)
{
    int key = current_pid() >> 32;
    unsigned long *count = map_lookup(&counts, &key);

    if (key != wanted_pid || !count)
        return 0;
    __sync_fetch_and_add(count, 1);
    return weak_function(key);
}

SEC("tp/second")
int on_second(void *context)
{
    return &perhaps_missing ? missing_function(hits) : 0;
}

char object_license[] SEC("license") = "Apache-2.0";
