// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Loads objects with libbpf, to compare with what `ebpf-examples/run objload` does with them.
//
//   reference DUMPDIR PREFIX FILE...
//   reference -a PREFIX FILE...         attaches, too, to compare with AttachTrial
//
// Goes about it as objload does: each object whole; then with a size for maps that have none; then each program alone
// that was not loaded so. Writes PREFIX-objects.tsv and PREFIX-programs.tsv, which have some of objload's columns, and
// each prepared program's instructions as DUMPDIR/OBJECT/PROGRAM.txt, in objload's form.
//
// With -a, each program that is loaded, with the whole object or else alone, is attached as its section says, and
// PREFIX-attach.tsv has 0 or an errno for it.

#define _GNU_SOURCE
#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define MAX_PROGRAMS 4096
#define SECONDS_PER_OBJECT 900
#define STACK_BYTES (127 * 8)
#define LOAD_WIDE 0x18

static FILE *objects, *programs, *links;
static const char *folder, *file, *name;
static bool done[MAX_PROGRAMS];
static char message[256];

// Keeps the first warning since it was cleared, on one line.
static int keep(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level != LIBBPF_WARN || message[0])
		return 0;
	vsnprintf(message, sizeof(message), format, arguments);
	for (char *c = message; *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return 0;
}

static FILE *table(const char *prefix, const char *what, const char *columns)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s-%s.tsv", prefix, what);
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	fputs(columns, out);
	fflush(out);
	return out;
}

// ------------------------------------------------------------------------------------------------ instructions

static const char *map_of(struct bpf_object *object, int fd)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		const char *whole = bpf_map__name(map), *dot = strchr(whole, '.');

		if (bpf_map__fd(map) == fd)
			return bpf_map__is_internal(map) && dot ? dot : whole;
	}
	return NULL;
}

// Writes a line for each slot; what a process has numbers of its own for, maps and modules, is written by name.
static void dump(struct bpf_object *object, struct bpf_program *program)
{
	const struct bpf_insn *code = bpf_program__insns(program);
	size_t count = bpf_program__insn_cnt(program);
	char path[4096];
	int wide = -1;
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%s/%s.txt", folder, name, bpf_program__name(program));
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn slot = code[i];
		bool first = wide < 0 && slot.code == LOAD_WIDE;
		bool of_map = first && (slot.src_reg == BPF_PSEUDO_MAP_FD || slot.src_reg == BPF_PSEUDO_MAP_VALUE);
		const char *map = of_map ? map_of(object, slot.imm) : NULL;

		fprintf(out, "%02x %d %d %d ", slot.code, slot.dst_reg, slot.src_reg, slot.off);
		if (map)
			fprintf(out, "map:%s\n", map);
		else if (wide == BPF_PSEUDO_BTF_ID && slot.imm)
			fputs("btf-fd\n", out);
		else
			fprintf(out, "%d\n", slot.imm);
		wide = first ? slot.src_reg : -1;
	}
	fclose(out);
}

// -------------------------------------------------------------------------------------------------------- rows

static void row(struct bpf_program *program, const char *mode, const char *stage, int error)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	if (!error && bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &size))
		error = -errno;
	fprintf(programs, "%s\t%s\t%s\t%s\t%d\t", name, bpf_program__name(program), mode, stage, error);
	for (size_t i = 0; !error && i < sizeof(info.tag); i++)
		fprintf(programs, "%02x", info.tag[i]);
	fprintf(programs, "%s\t%u\t%u\t%u\t%u\t%s\n", error ? "-" : "", info.attach_btf_id, info.nr_func_info,
		info.nr_line_info, info.nr_map_ids, error ? message : "");
	fflush(programs);
}

// ------------------------------------------------------------------------------------------------------- loads

static bool has_entries(enum bpf_map_type type)
{
	switch (type) {
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_CGROUP_STORAGE:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
	case BPF_MAP_TYPE_CGRP_STORAGE:
	case BPF_MAP_TYPE_STRUCT_OPS:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		return false;
	default:
		return true;
	}
}

// Opens the object with nothing to pin, and with sizes for maps that have none; counts those.
static struct bpf_object *open_object(bool sizes, int *sized)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);
	struct bpf_map *map;

	*sized = 0;
	if (!object)
		return NULL;
	bpf_object__for_each_map(map, object) {
		enum bpf_map_type type = bpf_map__type(map);

		bpf_map__set_pin_path(map, NULL);
		if (type == BPF_MAP_TYPE_STACK_TRACE && !bpf_map__value_size(map)) {
			*sized += 1;
			if (sizes)
				bpf_map__set_value_size(map, STACK_BYTES);
		}
		if (!bpf_map__max_entries(map) && has_entries(type)) {
			*sized += 1;
			if (sizes)
				bpf_map__set_max_entries(map, 1);
		}
	}
	return object;
}

static int load_whole(struct bpf_object *object, const char *mode)
{
	struct bpf_program *program;
	int error = bpf_object__prepare(object), i = 0;

	if (error)
		return error;
	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program))
			dump(object, program);
	error = bpf_object__load(object);
	if (error)
		return error;
	bpf_object__for_each_program(program, object) {
		if (bpf_program__autoload(program) && bpf_program__fd(program) >= 0) {
			row(program, mode, "ok", 0);
			done[i] = true;
		}
		i++;
	}
	return 0;
}

// Leaves one program only in what struct_ops maps refer to, and out the maps that do not refer to it.
static void leave_out_others(struct bpf_object *object, struct bpf_program *kept)
{
	struct bpf_program *program;
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		bool used = false;
		size_t size = 0;
		void **value;

		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		value = bpf_map__initial_value(map, &size);
		for (size_t i = 0; value && i < size / sizeof(*value); i++) {
			bpf_object__for_each_program(program, object) {
				if (value[i] != program)
					continue;
				if (program == kept)
					used = true;
				else
					value[i] = NULL;
				break;
			}
		}
		if (!used)
			bpf_map__set_autocreate(map, false);
	}
}

static void load_alone(int index)
{
	struct bpf_program *program, *alone = NULL;
	const char *stage = "prepare";
	struct bpf_object *object;
	int sized, error, i = 0;

	object = open_object(true, &sized);
	if (!object)
		exit(1);
	bpf_object__for_each_program(program, object) {
		bpf_program__set_autoload(program, i == index);
		if (i++ == index)
			alone = program;
	}
	leave_out_others(object, alone);
	bpf_program__set_autoload(alone, true);
	message[0] = 0;
	error = bpf_object__prepare(object);
	if (!error) {
		dump(object, alone);
		stage = "load";
		error = bpf_object__load(object);
		if (!error && bpf_program__fd(alone) < 0)
			error = -ENOENT;
	}
	row(alone, sized ? "onefix" : "one", error ? stage : "ok", error);
	bpf_object__close(object);
}

static void load_object(void)
{
	struct bpf_program *program;
	struct bpf_object *object;
	int sized, count = 0, error;

	object = open_object(false, &sized);
	if (!object) {
		fprintf(objects, "%s\t%d\t-\t-\n", name, -errno);
		return;
	}
	bpf_object__for_each_program(program, object)
		if (++count == MAX_PROGRAMS)
			exit(1);
	error = load_whole(object, "obj");
	bpf_object__close(object);
	fprintf(objects, "%s\t0\t%d\t", name, error);
	if (error && sized) {
		object = open_object(true, &sized);
		fprintf(objects, "%d\n", load_whole(object, "objfix"));
		bpf_object__close(object);
	} else {
		fputs("-\n", objects);
	}
	for (int i = 0; i < count; i++)
		if (!done[i])
			load_alone(i);
}

// ---------------------------------------------------------------------------------------------------- attaching

static void attach_loaded(struct bpf_object *object)
{
	struct bpf_link *all[MAX_PROGRAMS];
	struct bpf_program *program;
	int count = 0;

	bpf_object__for_each_program(program, object) {
		struct bpf_link *link;

		if (bpf_program__fd(program) < 0)
			continue;
		link = bpf_program__attach(program);
		fprintf(links, "%s\t%s\t%d\n", name, bpf_program__name(program), link ? 0 : errno);
		if (link)
			all[count++] = link;
	}
	while (count > 0)
		bpf_link__destroy(all[--count]);
}

static void attach_object(void)
{
	struct bpf_object *object;
	int sized, count = 0, error;

	object = open_object(true, &sized);
	if (!object)
		return;
	for (struct bpf_program *p = NULL; (p = bpf_object__next_program(object, p));)
		if (++count == MAX_PROGRAMS)
			exit(1);
	error = bpf_object__load(object);
	if (!error)
		attach_loaded(object);
	bpf_object__close(object);
	for (int alone = 0; error && alone < count; alone++) {
		struct bpf_program *program, *kept = NULL;
		int i = 0;

		object = open_object(true, &sized);
		if (!object)
			exit(1);
		bpf_object__for_each_program(program, object) {
			bpf_program__set_autoload(program, i == alone);
			if (i++ == alone)
				kept = program;
		}
		leave_out_others(object, kept);
		if (!bpf_object__load(object))
			attach_loaded(object);
		bpf_object__close(object);
	}
}

int main(int argc, char **argv)
{
	bool attaching;
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	int failures = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: %s DUMPDIR PREFIX FILE...\n", argv[0]);
		return 2;
	}
	attaching = !strcmp(argv[1], "-a");
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_print(keep);
	if (attaching) {
		links = table(argv[2], "attach", "object\tprogram\terrno\n");
	} else {
		folder = argv[1];
		mkdir(folder, 0755);
		objects = table(argv[2], "objects", "object\topen\tload\tload_fixed\n");
		programs = table(argv[2], "programs",
				 "object\tprogram\tmode\tstage\trc\ttag\tattach_btf_id\tfunc_infos\tline_infos\tmaps\treason\n");
	}
	for (int i = 3; i < argc; i++) {
		int status = 0;
		pid_t child;

		file = argv[i];
		name = basename(strdup(file));
		// what one object does to libbpf must not end the others
		child = fork();
		if (!child) {
			alarm(SECONDS_PER_OBJECT);
			if (attaching)
				attach_object();
			else
				load_object();
			fflush(NULL);
			_exit(0);
		}
		waitpid(child, &status, 0);
		if (status) {
			fprintf(stderr, "%s: libbpf ended with status %d\n", name, status);
			failures++;
		}
	}
	return failures ? 1 : 0;
}
