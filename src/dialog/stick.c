// SPDX-License-Identifier: GPL-2.0-or-later
/* Files in the top directory of FAT sticks. */
#include "dialog/stick.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/question.h"
#include "base/secret.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define LIMIT 30000000ULL /* microseconds */
#define SECTOR 512
#define NAMES_MOST 65536 /* bytes that mdir may print */

struct stick {
	sd_event *event;
	struct mirror *mirror;
	char *root;
	struct question *question;
	char **files;
	char *wanted; /* one of them */
	char *text; /* STICK_FILE_MOST + 1 bytes that both processes see, so that no copy is made */
	bool busy, has_text;
	char *trouble;
};

/* ---- in the process of its own ---------------------------------------------------------- */

/* What a program prints, and its length; NULL if it fails. Secret perhaps. */
static char *output_of(const char *const *argv, size_t most, size_t *length)
{
	posix_spawn_file_actions_t actions;
	int ends[2], status = -1;
	char *output = NULL;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ) == 0) {
		close(ends[1]);
		output = file_read_all(ends[0], most, length);
		close(ends[0]); /* one that prints more ends now */
		waitpid(pid, &status, 0);
	}
	if (status && output)
		secret_free_length(steal(output), *length + 1);
	return output;
}

/* Whether the device begins as FAT does. From here on the kernel refuses to write to it. */
static bool is_fat(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char sector[SECTOR] = { 0 };
	const int on = 1;

	if (fd < 0 || pread(fd, sector, SECTOR, 0) != SECTOR)
		return false;
	if (sector[510] != 0x55 || sector[511] != 0xaa ||
	    (memcmp(sector + 54, "FAT1", 4) != 0 && memcmp(sector + 82, "FAT32", 5) != 0))
		return false;
	/* Where it is not a block device, mtools opens it for reading all the same. */
	return ioctl(fd, BLKROSET, &on) == 0 || errno == ENOTTY;
}

/* The path of a disk or a partition that can be pulled out; NULL: it is none. The caller frees. */
static char *path_of(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "/sys/class/block/%s", name);
	AUTO_FREE char *events = sysfs_text(root, "/sys/class/block/%s/uevent", name);
	const char *device = events ? strstr(events, "DEVNAME=") : NULL;

	if (!device || text_begins(name, "sr") ||
	    (!sysfs_number(root, 0, "/sys/class/block/%s/removable", name) &&
	     !sysfs_number(root, 0, "/sys/class/block/%s/../removable", name) &&
	     !(link && strstr(link, "/usb"))))
		return NULL;
	device += strlen("DEVNAME=");
	return text_format("/dev/%.*s", (int)strcspn(device, "\n"), device);
}

static void add_files(char ***files, const char *path)
{
	const char *const argv[] = { "mdir", "-b", "-i", path, "::/", NULL };
	size_t length = 0;
	AUTO_FREE char *names = is_fat(path) ? output_of(argv, NAMES_MOST, &length) : NULL;
	char *rest = names;

	for (char *name; (name = strsep(&rest, "\n"));)
		/* A directory ends in a slash. */
		if (text_begins(name, "::/") && name[strlen(name) - 1] != '/')
			list_append(files, text_format("%s %s", path, name + strlen("::/")));
}

static void prepare(void)
{
	setenv("MTOOLSRC", "/dev/null", 1);
	setenv("MTOOLS_SKIP_CHECK", "1", 1); /* of sizes, which many sticks have wrong */
}

static char *ask_files(const void *subject, size_t *length)
{
	const struct stick *stick = subject;
	AUTO_LIST char **names = sysfs_list(stick->root, "/sys/class/block");
	AUTO_LIST char **files = NULL;
	char *joined;

	prepare();
	for (char **name = names; name && *name; name++) {
		AUTO_FREE char *path = path_of(stick->root, *name);

		if (path)
			add_files(&files, path);
	}
	joined = list_join(files, "\n");
	*length = strlen(joined);
	return joined;
}

/* Puts the file into the memory that both see. */
static char *ask_text(const void *subject, size_t *length)
{
	const struct stick *stick = subject;
	size_t at = strcspn(stick->wanted, " "), read = 0;
	AUTO_FREE char *path = text_copy_length(stick->wanted, at);
	AUTO_FREE char *name = text_format("::/%s", stick->wanted + at + 1);
	const char *const argv[] = { "mtype", "-i", path, name, NULL };
	char *text;

	prepare();
	text = is_fat(path) ? output_of(argv, STICK_FILE_MOST, &read) : NULL;
	if (text)
		memcpy(stick->text, text, read);
	secret_free_length(text, text ? read + 1 : 0);
	*length = text ? 1 : 0;
	return text_copy(text ? "y" : "");
}

/* ---- in ours ----------------------------------------------------------------------------- */

static void tell(struct stick *stick, char *trouble)
{
	stick->busy = false;
	stick->trouble = trouble;
	stick->mirror->revision++;
}

static void on_files(void *user, const char *bytes, size_t length, int error)
{
	struct stick *stick = user;
	AUTO_FREE char *text = bytes ? text_copy_length(bytes, length) : NULL;
	char *rest = text;

	for (char *line; length && (line = strsep(&rest, "\n"));)
		list_append(&stick->files, text_copy(line));
	tell(stick,
	     error ? text_format("the sticks cannot be read: %s", strerror(error)) :
	     !stick->files ?
		     text_copy("there is no FAT stick with a file in its top directory: plug one in and come back") :
		     NULL);
}

static void on_text(void *user, const char *bytes, size_t length, int error)
{
	struct stick *stick = user;

	(void)bytes;
	stick->has_text = !error && length;
	tell(stick,
	     stick->has_text ?
		     NULL :
		     text_format("'%s' cannot be read by mtype: is it a file of up to %d bytes, and the stick still plugged in?",
				 stick->wanted, STICK_FILE_MOST));
}

static void ask(struct stick *stick, char *(*what)(const void *subject, size_t *length),
		void (*answered)(void *user, const char *bytes, size_t length, int error))
{
	const struct question_options options = {
		.ask = what,
		.subject = stick,
		.limit = LIMIT,
		.answered = answered,
		.user = stick,
	};
	int r;

	question_free(steal(stick->question));
	free(steal(stick->trouble));
	stick->busy = true;
	r = question_start(stick->event, &options, &stick->question);
	if (r < 0)
		tell(stick, text_format("a process to read the sticks cannot be started: %s",
					strerror(-r)));
}

struct stick *stick_new(sd_event *event, struct mirror *mirror, const char *root)
{
	struct stick *stick = memory_zero(1, sizeof(*stick));

	stick->event = event;
	stick->mirror = mirror;
	stick->root = text_copy(root);
	stick->text = mmap(NULL, STICK_FILE_MOST + 1, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stick->text == MAP_FAILED)
		abort(); /* no memory */
	ask(stick, ask_files, on_files);
	return stick;
}

void stick_free(struct stick *stick)
{
	if (!stick)
		return;
	question_free(stick->question);
	explicit_bzero(stick->text, STICK_FILE_MOST);
	munmap(stick->text, STICK_FILE_MOST + 1);
	list_free(stick->files);
	free(stick->wanted);
	free(stick->trouble);
	free(stick->root);
	free(stick);
}

bool stick_is_busy(const struct stick *stick)
{
	return stick->busy;
}

const char *stick_trouble(const struct stick *stick)
{
	return stick->trouble;
}

char *const *stick_files(const struct stick *stick)
{
	return stick->files;
}

void stick_read(struct stick *stick, const char *file)
{
	free(stick->wanted);
	stick->wanted = text_copy(file);
	stick->has_text = false;
	explicit_bzero(stick->text, STICK_FILE_MOST);
	ask(stick, ask_text, on_text);
}

const char *stick_text(const struct stick *stick)
{
	return stick->has_text ? stick->text : NULL;
}
