// SPDX-License-Identifier: GPL-2.0-or-later
/* p2v-map: says which parts of a disk are used. p2vd starts one for each disk. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "blocks/broker.h"
#include "blocks/map.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define EXIT_USAGE 2
#define DEFAULT_TIMEOUT 300 /* seconds */
#define LONGEST_TIMEOUT 86400
#define GRACE 2000 /* milliseconds to end after the timeout, before it is ended */

static const char help[] =
	"usage: p2v-map [OPTION]... DISK\n"
	"\n"
	"Finds out which parts of a disk are used, by its metadata, and prints that as JSON. Nothing\n"
	"is written to the disk.\n"
	"\n"
	"  --output=FILE      write the map there, as p2v-relay reads it\n"
	"  --timeout=SECONDS  what is not known by then counts as used (300)\n"
	"  --help             this text\n"
	"  --version          p2v-map's version\n";

struct task {
	uint64_t size;
	int64_t milliseconds;
	int map, json; /* descriptors to write to; map: -1 for none */
};

static int say(const char *what, const char *subject, int error)
{
	fprintf(stderr, "p2v-map: %s '%s': %s\n", what, subject, strerror(error));
	return 1;
}

/* Whether @path may be a disk: else it is not opened, for a FIFO would wait for somebody to
 * write. */
static bool may_be_disk(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 || S_ISBLK(status.st_mode) || S_ISREG(status.st_mode);
}

/* Returns the size in bytes of what @path has been opened as, or 0 after a message. */
static uint64_t measure(int disk, const char *path)
{
	off_t size = disk < 0 ? -1 : lseek(disk, 0, SEEK_END);

	if (size < 0)
		say("cannot read", path, errno);
	else if (size == 0)
		fprintf(stderr, "p2v-map: '%s' is empty\n", path);
	else
		return (uint64_t)size;
	return 0;
}

static int write_results(const struct map *map, const struct task *task)
{
	sd_json_variant *json = map_json(map);
	int copy = dup(task->json);
	AUTO_FCLOSE FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
	int r = task->map < 0 ? 0 : extents_write(&map->extents, task->map);

	if (r == 0 && (!out || sd_json_variant_dump(json, SD_JSON_FORMAT_NEWLINE, out, NULL) < 0 ||
		       fflush(out) != 0))
		r = -EIO;
	sd_json_variant_unref(json);
	return r;
}

/* In a process without rights. Returns an exit code. */
static int work(int disk, int broker, void *user)
{
	const struct task *task = user;
	struct map map;
	int r;

	map_make(&map, disk, task->size, broker, task->milliseconds);
	r = write_results(&map, task);
	map_clear(&map);
	return r < 0 ? 1 : 0;
}

/* That process has not ended as it should: so the whole disk counts as used. */
static int wholly(const struct task *task, int error)
{
	struct map map;
	int r = 0;

	map_wholly(&map, task->size,
		   error == -ETIMEDOUT ? "looking at it took too long (p2v.map_timeout)" :
		   error == -ECHILD    ? "the process that looked at it has crashed" :
					 "the process that looked at it has failed");
	if (ftruncate(task->json, 0) < 0 || lseek(task->json, 0, SEEK_SET) < 0 ||
	    (task->map >= 0 && (ftruncate(task->map, 0) < 0 || lseek(task->map, 0, SEEK_SET) < 0)))
		r = -errno;
	if (r == 0)
		r = write_results(&map, task);
	map_clear(&map);
	return r;
}

static int print(int json)
{
	char buffer[4096];
	ssize_t length;

	if (lseek(json, 0, SEEK_SET) < 0)
		return -errno;
	while ((length = read(json, buffer, sizeof(buffer))) > 0)
		if (fwrite(buffer, 1, (size_t)length, stdout) != (size_t)length)
			return -EIO;
	return length < 0 || fflush(stdout) != 0 ? -EIO : 0;
}

static int run(const char *path, const char *output, int64_t seconds)
{
	AUTO_CLOSE int disk = -1;
	AUTO_CLOSE int json = memfd_create("json", MFD_CLOEXEC);
	AUTO_CLOSE int map = -1;
	struct task task = { .milliseconds = seconds * 1000, .json = json };
	int r;

	if (json < 0)
		return say("cannot make a file in memory for", path, errno);
	if (!may_be_disk(path)) {
		fprintf(stderr, "p2v-map: '%s' is neither a disk nor a file that holds one\n",
			path);
		return 1;
	}
	disk = open(path, O_RDONLY | O_CLOEXEC);
	task.size = measure(disk, path);
	if (task.size == 0)
		return 1;
	if (output) {
		map = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (map < 0)
			return say("cannot write", output, errno);
	}
	task.map = map;
	r = broker_run(disk, task.milliseconds + GRACE, work, &task);
	if (r != 0)
		r = wholly(&task, r);
	if (r < 0)
		return say("cannot write", output ?: "what was found", -r);
	r = print(json);
	return r < 0 ? say("cannot write", "standard output", -r) : 0;
}

static int usage(const char *what, const char *value)
{
	if (what)
		fprintf(stderr, "p2v-map: %s '%s'\n", what, value);
	fputs("Try 'p2v-map --help' for more information.\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = { { "output", required_argument, NULL, 'o' },
						 { "timeout", required_argument, NULL, 't' },
						 { "help", no_argument, NULL, 'h' },
						 { "version", no_argument, NULL, 'v' },
						 { 0 } };
	const char *output = NULL;
	long seconds = DEFAULT_TIMEOUT;
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			output = optarg;
			break;
		case 't':
			seconds = strtol(optarg, &end, 10);
			if (*optarg < '0' || *optarg > '9' || *end || seconds < 1 ||
			    seconds > LONGEST_TIMEOUT)
				return usage("--timeout wants seconds, 1 to 86400, not", optarg);
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		case 'v':
			puts("p2v-map " P2VD_VERSION);
			return 0;
		default: /* getopt has named the option */
			return usage(NULL, NULL);
		}
	}
	if (argc == optind)
		return usage("name the disk, as", "/dev/sda");
	if (argc > optind + 1)
		return usage("give one disk at a time, without", argv[optind + 1]);
	return run(argv[optind], output, seconds);
}
