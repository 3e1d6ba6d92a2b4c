// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/*
 * libbpf's side of the measurements of attaching: does the same as AttachMeasures.java, once for each line that it reads,
 * and prints the nanoseconds that it took. The file that it is given has the path of the object in its first line, and
 * the names of functions in the others.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define MOST_NAMES 1000

static struct bpf_program *program;
static const char *names[MOST_NAMES];
static struct bpf_link *links[MOST_NAMES];
static size_t name_count;

static void die(const char *what)
{
	fprintf(stderr, "libbpf-attach: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static unsigned long long attach_each(void)
{
	unsigned long long begin = now(), end;

	for (size_t i = 0; i < name_count; i++) {
		links[i] = bpf_program__attach_kprobe(program, false, names[i]);
		if (!links[i])
			die(names[i]);
	}
	end = now();
	for (size_t i = 0; i < name_count; i++)
		bpf_link__destroy(links[i]);
	return end - begin;
}

static unsigned long long attach_all(void)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, options, .syms = names, .cnt = name_count);
	unsigned long long begin = now(), end;
	struct bpf_link *link = bpf_program__attach_kprobe_multi_opts(program, NULL, &options);

	if (!link)
		die("kprobe.multi");
	end = now();
	bpf_link__destroy(link);
	return end - begin;
}

int main(int count, char **arguments)
{
	int each = count == 3 && !strcmp(arguments[1], "kprobes");
	struct bpf_object *object;
	char line[512];
	FILE *file;

	if (count != 3) {
		fputs("usage: libbpf-attach kprobes|kprobe-multi FILE\n", stderr);
		return 1;
	}
	file = fopen(arguments[2], "r");
	if (!file || !fgets(line, sizeof(line), file))
		die(arguments[2]);
	line[strcspn(line, "\n")] = 0;
	object = bpf_object__open_file(line, NULL);
	if (!object || bpf_object__load(object))
		die(line);
	program = bpf_object__find_program_by_name(object, each ? "on_one" : "on_many");
	while (name_count < MOST_NAMES && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		names[name_count++] = strdup(line);
	}
	fclose(file);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		printf("%llu\n", each ? attach_each() : attach_all());
		fflush(stdout);
	}
	bpf_object__close(object);
	return 0;
}
