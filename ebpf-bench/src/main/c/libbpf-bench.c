// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What ebpf-bench measures, done with libbpf.
 *
 *   libbpf-bench load OBJECT    opens and loads an object
 *   libbpf-bench btf NAMES      reads the kernel's types, and looks for the structs that a file names
 *
 * Says "ready", then answers each line of its input with one line: "time" with the nanoseconds that it took to do
 * that once more, "heap" with the bytes that the types keep allocated. Ends with its input.
 */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#define MOST_NAMES 1000

/* How long the kernel is given to free a program; Server.java says why. */
#define MICROS_TO_FREE 500

static const char *object;
static char *names[MOST_NAMES];
static int name_count;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "libbpf-bench: %s %s\n", what, which);
	exit(1);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long load(void)
{
	long long begin = now(), end;
	struct bpf_object *loaded = bpf_object__open_file(object, NULL);
	struct bpf_program *program;
	unsigned int programs = 0;

	if (!loaded || bpf_object__load(loaded))
		die("cannot load", object);
	end = now();
	bpf_object__for_each_program(program, loaded)
		programs++;
	bpf_object__close(loaded);
	usleep(programs * MICROS_TO_FREE);
	return end - begin;
}

static struct btf *find(void)
{
	struct btf *types = btf__load_vmlinux_btf();

	if (!types)
		die("cannot read", "the kernel's types");
	for (int i = 0; i < name_count; i++) {
		if (btf__find_by_name_kind(types, names[i], BTF_KIND_STRUCT) < 0)
			die("there is no struct", names[i]);
	}
	return types;
}

static long long types(void)
{
	long long begin = now(), end;
	struct btf *found = find();

	end = now();
	btf__free(found);
	return end - begin;
}

static long long allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static long long heap(void)
{
	long long before = allocated(), after;
	struct btf *found = find();

	after = allocated();
	btf__free(found);
	return after - before;
}

static void read_names(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[512];

	if (!file)
		die("cannot read", path);
	while (name_count < MOST_NAMES && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		names[name_count++] = strdup(line);
	}
	fclose(file);
}

int main(int count, char **arguments)
{
	long long (*timed)(void) = load;
	char line[64];

	if (count != 3)
		die("usage:", "libbpf-bench load OBJECT | libbpf-bench btf NAMES");
	object = arguments[2];
	if (!strcmp(arguments[1], "btf")) {
		read_names(arguments[2]);
		timed = types;
	}
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		printf("%lld\n", line[0] == 'h' ? heap() : timed());
		fflush(stdout);
	}
	return 0;
}
