// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/*
 * libbpf's side of the measurements of maps and buffers: does the same as MapMeasures.java, once for each line that it
 * reads, and prints the nanoseconds that it took.
 */

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define ENTRIES 100000
#define READS 10000000
#define RING_BYTES (64ULL * 1024 * 1024)
#define PERF_PAGES 4096
#define PERF_RECORDS 200000
#define LIVE_RECORDS 2000000
#define LIVE_BATCH 1000
#define WAKES 200
#define MICROS_BETWEEN_WAKES 200

typedef unsigned int u32;
typedef unsigned long long u64;

struct order {
	u32 records;
	u32 bytes;
	u64 flags;
};

static struct bpf_object *object;
static int cpus;
static u64 sum, seen;
static u64 latencies[WAKES];

static void die(const char *what)
{
	fprintf(stderr, "libbpf-maps: %s: %s\n", what, strerror(errno));
	exit(1);
}

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int map(const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(object, name);

	if (fd < 0)
		die(name);
	return fd;
}

static int program(const char *name)
{
	struct bpf_program *found = bpf_object__find_program_by_name(object, name);

	if (!found)
		die(name);
	return bpf_program__fd(found);
}

static void run(const char *name, struct order order)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &order, .ctx_size_in = sizeof(order));

	if (bpf_prog_test_run_opts(program(name), &options) || options.retval)
		die(name);
}

/* Each key once, in no order. */
static u32 key(u32 i)
{
	return i * 2654435761U;
}

static void put_all(int fd)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		u32 k = key(i);
		u64 value = i;

		if (bpf_map_update_elem(fd, &k, &value, BPF_ANY))
			die("update");
	}
}

static void delete_all(int fd)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		u32 k = key(i);

		if (bpf_map_delete_elem(fd, &k) && errno != ENOENT)
			die("delete");
	}
}

static void check(u64 is, u64 expected)
{
	if (is != expected) {
		fprintf(stderr, "libbpf-maps: %llu where %llu was expected\n", is, expected);
		exit(1);
	}
}

#define SUM_OF_ENTRIES ((u64)ENTRIES * (ENTRIES - 1) / 2)

static u64 hash_lookup(void)
{
	int fd = map("hash");
	u64 begin = now(), total = 0;

	for (u32 i = 0; i < ENTRIES; i++) {
		u32 k = key(i);
		u64 value;

		if (bpf_map_lookup_elem(fd, &k, &value))
			die("lookup");
		total += value;
	}
	begin = now() - begin;
	check(total, SUM_OF_ENTRIES);
	return begin;
}

static u64 hash_update(void)
{
	int fd = map("hash");
	u64 begin = now();

	put_all(fd);
	return now() - begin;
}

static u64 hash_insert(void)
{
	delete_all(map("hash"));
	return hash_update();
}

static u64 hash_delete(void)
{
	int fd = map("hash");
	u64 begin;

	put_all(fd);
	begin = now();
	delete_all(fd);
	return now() - begin;
}

static u64 hash_miss(void)
{
	int fd = map("hash");
	u64 begin, missed = 0;

	delete_all(fd);
	begin = now();
	for (u32 i = 0; i < ENTRIES; i++) {
		u32 k = key(i);
		u64 value;

		missed += bpf_map_lookup_elem(fd, &k, &value) && errno == ENOENT;
	}
	begin = now() - begin;
	check(missed, ENTRIES);
	return begin;
}

static u64 percpu_lookup(void)
{
	int fd = map("percpu");
	u64 begin = now(), total = 0;

	for (u32 i = 0; i < ENTRIES; i++) {
		u32 k = key(i);
		u64 values[cpus];

		if (bpf_map_lookup_elem(fd, &k, values))
			die("lookup");
		for (int cpu = 0; cpu < cpus; cpu++)
			total += values[cpu];
	}
	begin = now() - begin;
	check(total, SUM_OF_ENTRIES * cpus);
	return begin;
}

static u64 array_lookup(void)
{
	int fd = map("array");
	u64 begin = now(), total = 0;

	for (u32 i = 0; i < ENTRIES; i++) {
		u64 value;

		if (bpf_map_lookup_elem(fd, &i, &value))
			die("lookup");
		total += value;
	}
	begin = now() - begin;
	check(total, SUM_OF_ENTRIES);
	return begin;
}

static u64 iterate(void)
{
	int fd = map("hash");
	u64 begin = now(), total = 0;
	u32 k, *previous = NULL;

	while (!bpf_map_get_next_key(fd, previous, &k)) {
		u64 value;

		if (bpf_map_lookup_elem(fd, &k, &value))
			die("lookup");
		total += value;
		previous = &k;
	}
	begin = now() - begin;
	check(total, SUM_OF_ENTRIES);
	return begin;
}

static u64 variable_read(void)
{
	size_t size;
	struct bpf_map *bss = bpf_object__find_map_by_name(object, ".bss");
	volatile u64 *counter = bpf_map__initial_value(bss, &size);
	u64 begin, total = 0;

	for (u32 i = 0; i < size / sizeof(u64); i++)
		counter[i] = 1;
	begin = now();
	for (u32 i = 0; i < READS; i++)
		total += *counter;
	begin = now() - begin;
	check(total, READS);
	return begin;
}

static u64 elements_read(void)
{
	size_t size = 512 * sizeof(u64);
	volatile u64 *numbers;
	u64 begin, total = 0;

	numbers = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, map("numbers"), 0);
	if (numbers == MAP_FAILED)
		die("mmap");
	for (u32 i = 0; i < 512; i++)
		numbers[i] = 1;
	begin = now();
	for (u32 i = 0; i < READS; i++)
		total += numbers[i & 511];
	begin = now() - begin;
	check(total, READS);
	munmap((void *)numbers, size);
	return begin;
}

static int add(void *context, void *data, size_t size)
{
	seen++;
	sum += *(u64 *)data;
	return 0;
}

static struct ring_buffer *ring(ring_buffer_sample_fn take)
{
	static struct ring_buffer *open;

	if (!open)
		open = ring_buffer__new(map("ring"), take, NULL, NULL);
	if (!open)
		die("ring buffer");
	return open;
}

static u64 consume(u32 bytes)
{
	struct ring_buffer *reader = ring(add);
	u64 records = RING_BYTES / (bytes + 8), begin;

	run("fill", (struct order){ .records = records, .bytes = bytes, .flags = BPF_RB_NO_WAKEUP });
	sum = seen = 0;
	begin = now();
	ring_buffer__consume(reader);
	begin = now() - begin;
	/* a full ring leaves no room for what it would take to be told from an empty one */
	if (seen + 1 < records)
		check(seen, records);
	check(sum, seen * (seen - 1) / 2);
	return begin;
}

static u64 ring_8(void)
{
	return consume(8);
}

static u64 ring_64(void)
{
	return consume(64);
}

static u64 ring_256(void)
{
	return consume(256);
}

static void add_sample(void *context, int cpu, void *data, u32 size)
{
	seen++;
	sum += *(u64 *)data;
}

static u64 perf_64(void)
{
	static struct perf_buffer *reader;
	u64 begin;

	if (!reader)
		reader = perf_buffer__new(map("perf"), PERF_PAGES, add_sample, NULL, NULL, NULL);
	if (!reader)
		die("perf buffer");
	run("fill_perf", (struct order){ .records = PERF_RECORDS });
	sum = seen = 0;
	begin = now();
	perf_buffer__consume(reader);
	begin = now() - begin;
	check(seen, PERF_RECORDS);
	check(sum, seen * (seen - 1) / 2);
	return begin;
}

static atomic_int producing;

static void *produce(void *unused)
{
	while (producing)
		run("fill", (struct order){ .records = LIVE_BATCH, .bytes = 8 });
	return NULL;
}

static u64 ring_live(void)
{
	struct ring_buffer *reader = ring(add);
	pthread_t producer;
	u64 begin;

	ring_buffer__consume(reader);
	seen = 0;
	producing = 1;
	begin = now();
	if (pthread_create(&producer, NULL, produce, NULL))
		die("thread");
	while (seen < LIVE_RECORDS)
		ring_buffer__poll(reader, 100);
	begin = (now() - begin) * 1.0 / seen * LIVE_RECORDS;
	producing = 0;
	pthread_join(producer, NULL);
	return begin;
}

static int note(void *context, void *data, size_t size)
{
	latencies[seen++] = now() - *(u64 *)data;
	return 0;
}

static void *wake(void *unused)
{
	for (int i = 0; i < WAKES; i++) {
		usleep(MICROS_BETWEEN_WAKES);
		run("wake", (struct order){ .records = i });
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(u64 *)a, y = *(u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 ring_wake(void)
{
	struct ring_buffer *reader = ring(note);
	pthread_t waker;

	seen = 0;
	if (pthread_create(&waker, NULL, wake, NULL))
		die("thread");
	while (seen < WAKES)
		ring_buffer__poll(reader, 100);
	pthread_join(waker, NULL);
	qsort(latencies, WAKES, sizeof(u64), compare);
	return latencies[WAKES / 2];
}

static void nothing(void)
{
}

/*
 * A JVM has many threads, and so has a daemon: the kernel then counts the references to a descriptor in each system
 * call, which it spares a process with one.
 */
static void *second_thread(void *unused)
{
	pause();
	return NULL;
}

static void fill_hash(void)
{
	put_all(map("hash"));
}

static void fill_percpu(void)
{
	int fd = map("percpu");

	for (u32 i = 0; i < ENTRIES; i++) {
		u32 k = key(i);
		u64 values[cpus];

		for (int cpu = 0; cpu < cpus; cpu++)
			values[cpu] = i;
		if (bpf_map_update_elem(fd, &k, values, BPF_ANY))
			die("update");
	}
}

static void fill_array(void)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		u64 value = i;

		if (bpf_map_update_elem(map("array"), &i, &value, BPF_ANY))
			die("update");
	}
}

static const struct {
	const char *name;
	void (*prepare)(void);
	u64 (*measure)(void);
} measures[] = {
	{ "hash-lookup", fill_hash, hash_lookup },
	{ "hash-update", fill_hash, hash_update },
	{ "hash-insert", nothing, hash_insert },
	{ "hash-delete", nothing, hash_delete },
	{ "hash-miss", nothing, hash_miss },
	{ "percpu-lookup", fill_percpu, percpu_lookup },
	{ "array-lookup", fill_array, array_lookup },
	{ "iterate", fill_hash, iterate },
	{ "variable-read", nothing, variable_read },
	{ "elements-read", nothing, elements_read },
	{ "ring-8", nothing, ring_8 },
	{ "ring-64", nothing, ring_64 },
	{ "ring-256", nothing, ring_256 },
	{ "perf-64", nothing, perf_64 },
	{ "ring-live", nothing, ring_live },
	{ "ring-wake", nothing, ring_wake },
};

int main(int count, char **arguments)
{
	char line[64];
	pthread_t second;

	if (count != 3) {
		fputs("usage: libbpf-maps CASE OBJECT\n", stderr);
		return 1;
	}
	cpus = libbpf_num_possible_cpus();
	object = bpf_object__open_file(arguments[2], NULL);
	if (!object || bpf_object__load(object))
		die(arguments[2]);
	if (pthread_create(&second, NULL, second_thread, NULL))
		die("thread");
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
		if (strcmp(measures[i].name, arguments[1]))
			continue;
		measures[i].prepare();
		puts("ready");
		fflush(stdout);
		while (fgets(line, sizeof(line), stdin)) {
			printf("%llu\n", measures[i].measure());
			fflush(stdout);
		}
		bpf_object__close(object);
		return 0;
	}
	fprintf(stderr, "libbpf-maps: there is no case %s\n", arguments[1]);
	return 1;
}
