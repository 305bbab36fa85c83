// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree of p2v-pxe(8), read. p2v-pxe replaces an entry by renaming a new file over it, which
 * changes the directory's time: so three stat(2) tell that nothing has changed.
 */
#include "fleet/entries.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/hardware_address.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define LOADERS 3
#define HEAD_LINES 5       /* that p2v-pxe looks at */
#define TRIES 3            /* if the entry does not say how many: p2v-pxe's tries_default */
#define ENTRY_MOST 65536   /* bytes of a file */
#define LOOK_MOST 1000     /* milliseconds between two looks */
#define RACE 2000          /* a file's time is not finer than that */

/* Where each loader's entries are, and how their names begin and end. */
static const struct {
	const char *directory, *begin, *end;
} loaders[LOADERS] = {
	{ "ipxe", "", ".ipxe" },
	{ "grub/p2v", "", ".cfg" },
	{ "pxelinux.cfg", "01-", "" },
};

struct file {
	bool seen; /* in this look */
	ino_t inode;
	off_t size;
	struct timespec time;
	struct entry entry; /* what it alone says */
};

struct machine_entry {
	struct entry entry;
	struct file file[LOADERS];
};

struct entries {
	char *tree;
	struct machine_entry **machine; /* by their MAC address */
	size_t machines;
	struct timespec time[LOADERS]; /* of the directories */
	int64_t looked;                /* by the steady clock */
	bool race; /* a directory may have changed in the moment of the look */
	bool said;
};

/* ---- one file ---------------------------------------------------------------------- */

bool entry_mac(const char *text, char mac[static ENTRY_MAC_SIZE])
{
	return hardware_address_read(text, '-', mac);
}

/* The number behind @word in @text, 0 if there is none. */
static unsigned number_behind(const char *text, const char *word)
{
	const char *at = strstr(text, word);
	unsigned long n = at ? strtoul(at + strlen(word), NULL, 10) : 0;

	return n < 1000000 ? (unsigned)n : 0;
}

/* "convert", "done TIME", "given up TIME", with ", failed N of TRIES" behind it if it has failed. */
static void read_mark(struct entry *entry, const char *mark)
{
	if (text_begins(mark, "done"))
		entry->state = ENTRY_DONE;
	else if (text_begins(mark, "given up"))
		entry->state = ENTRY_GIVEN_UP;
	else if (text_begins(mark, "convert"))
		entry->state = ENTRY_CONVERT;
	else
		entry->state = ENTRY_LOCAL;
	entry->failures = number_behind(mark, "failed ");
	if (entry->failures)
		entry->tries = number_behind(strstr(mark, "failed "), " of ");
}

/* A token has no character that a loader would quote (p2v.report_token in p2v.parameters(7)). */
static char *read_token(const char *text)
{
	static const char *const words[] = { "p2v.report_token=", "p2v.report.token=" };

	for (size_t i = 0; i < COUNT(words); i++) {
		const char *at = strstr(text, words[i]);
		size_t length = 0;

		if (!at || at == text || !strchr(" '\"", at[-1]))
			continue;
		at += strlen(words[i]);
		at += *at == '"';
		while (isalnum((unsigned char)at[length]) ||
		       (at[length] && strchr("-._~+/=", at[length])))
			length++;
		if (length)
			return text_copy_length(at, length);
	}
	return NULL;
}

void entry_read(struct entry *entry, const char *text, size_t length)
{
	char *copy = text_copy_length(text, length), *rest = copy;

	if (!entry->token)
		entry->token = read_token(copy);
	for (int i = 0; i < HEAD_LINES && rest; i++) {
		char *line = strsep(&rest, "\n");

		if (text_begins(line, "# p2v-pxe: ")) {
			read_mark(entry, line + strlen("# p2v-pxe: "));
		} else if (text_begins(line, "# tries: ")) {
			entry->tries = number_behind(line, "# tries: ");
		} else if (text_begins(line, "# name: ") && !entry->name) {
			entry->name = text_copy(line + strlen("# name: "));
			text_make_plain(entry->name);
		}
	}
	secret_free(copy);
}

bool entry_token_is(const char *right, const char *token)
{
	size_t length = strlen(right), given = strlen(token);
	unsigned char differs = length != given || !length;

	for (size_t i = 0; i < given; i++)
		differs |= (unsigned char)(token[i] ^ right[length ? i % length : 0]);
	return !differs;
}

static void clear_entry(struct entry *entry)
{
	free(entry->name);
	secret_free(entry->token);
	entry->name = entry->token = NULL;
	entry->state = ENTRY_NONE;
	entry->failures = entry->tries = 0;
}

/* ---- one machine -------------------------------------------------------------------- */

/* As state_read() of p2v-pxe: if one of them says done, it is done. */
static void merge(struct machine_entry *machine)
{
	struct entry *entry = &machine->entry;

	clear_entry(entry);
	for (size_t i = 0; i < LOADERS; i++) {
		const struct entry *one = &machine->file[i].entry;

		if (entry->state == ENTRY_NONE || one->state == ENTRY_DONE ||
		    (one->state == ENTRY_GIVEN_UP && entry->state != ENTRY_DONE))
			entry->state = one->state != ENTRY_NONE ? one->state : entry->state;
		if (!entry->name)
			entry->name = text_copy(one->name);
		if (!entry->token)
			entry->token = text_copy(one->token);
		if (one->failures > entry->failures)
			entry->failures = one->failures;
		if (one->tries > entry->tries)
			entry->tries = one->tries;
	}
	if (!entry->tries)
		entry->tries = TRIES;
	if (entry->state == ENTRY_GIVEN_UP && !entry->failures)
		entry->failures = entry->tries;
}

static void free_machine(struct machine_entry *machine)
{
	clear_entry(&machine->entry);
	for (size_t i = 0; i < LOADERS; i++)
		clear_entry(&machine->file[i].entry);
	free(machine);
}

/* The place of @mac, or where it would be. */
static size_t place_of(const struct entries *entries, const char *mac)
{
	size_t low = 0, high = entries->machines;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(entries->machine[middle]->entry.mac, mac) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct machine_entry *machine_of(struct entries *entries, const char *mac)
{
	size_t place = place_of(entries, mac);
	struct machine_entry *machine;

	if (place < entries->machines && !strcmp(entries->machine[place]->entry.mac, mac))
		return entries->machine[place];
	machine = memory_zero(1, sizeof(*machine));
	memcpy(machine->entry.mac, mac, strlen(mac) + 1);
	APPEND(entries->machine, entries->machines, machine);
	memmove(entries->machine + place + 1, entries->machine + place,
		(entries->machines - place - 1) * sizeof(*entries->machine));
	entries->machine[place] = machine;
	return machine;
}

/* ---- the tree ------------------------------------------------------------------------- */

/* Sets @mac to what the entry's file @name stands for. */
static bool name_is_entry(const char *name, size_t loader, char mac[static ENTRY_MAC_SIZE])
{
	size_t begin = strlen(loaders[loader].begin), end = strlen(loaders[loader].end);
	size_t length = strlen(name);
	char middle[ENTRY_MAC_SIZE];

	if (loader == 2 && !strcmp(name, ENTRY_DEFAULT))
		return strcpy(mac, name);
	if (!text_begins(name, loaders[loader].begin) || length < begin + end ||
	    length - begin - end >= sizeof(middle) ||
	    strcmp(name + length - end, loaders[loader].end) != 0)
		return false;
	memcpy(middle, name + begin, length - begin - end);
	middle[length - begin - end] = '\0';
	if (!strcmp(middle, ENTRY_DEFAULT))
		return strcpy(mac, middle);
	return entry_mac(middle, mac) && !strcmp(mac, middle);
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static void read_file(struct entries *entries, const char *directory, int fd, const char *name,
		      struct file *file)
{
	AUTO_FREE char *path = text_format("%s/%s/%s", entries->tree, directory, name);
	struct stat status;
	size_t length;
	char *text;

	file->seen = true;
	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (file->inode == status.st_ino && file->size == status.st_size &&
	    same_time(&file->time, &status.st_ctim))
		return;
	clear_entry(&file->entry);
	file->inode = status.st_ino;
	file->size = status.st_size;
	file->time = status.st_ctim;
	if (!S_ISREG(status.st_mode))
		return;
	text = file_read(path, ENTRY_MOST, &length);
	if (!text) {
		if (!entries->said)
			log_warning("cannot read the entry '%s': %s; no report of this machine can be checked: see p2v-fleetd(8), RIGHTS",
				    path, strerror(errno));
		entries->said = true;
		/* Who may read it can change without any change to the directory. */
		entries->race = true;
		file->inode = 0;
		return;
	}
	entry_read(&file->entry, text, length);
	secret_free_length(text, length + 1);
}

static void read_directory(struct entries *entries, size_t loader)
{
	AUTO_FREE char *path = text_format("%s/%s", entries->tree, loaders[loader].directory);
	DIR *directory = opendir(path);
	int fd = directory ? dirfd(directory) : -1;
	const struct dirent *one;
	char mac[ENTRY_MAC_SIZE];

	while (fd >= 0 && (one = readdir(directory)))
		if (name_is_entry(one->d_name, loader, mac))
			read_file(entries, loaders[loader].directory, fd, one->d_name,
				  &machine_of(entries, mac)->file[loader]);
	if (directory)
		closedir(directory);
}

/* What has not been seen is gone. */
static void settle(struct entries *entries)
{
	size_t kept = 0;

	for (size_t i = 0; i < entries->machines; i++) {
		struct machine_entry *machine = entries->machine[i];
		bool seen = false;

		for (size_t j = 0; j < LOADERS; j++) {
			if (machine->file[j].seen) {
				seen = true;
			} else {
				clear_entry(&machine->file[j].entry);
				machine->file[j] = (struct file){ 0 };
			}
			machine->file[j].seen = false;
		}
		merge(machine);
		if (seen)
			entries->machine[kept++] = machine;
		else
			free_machine(machine);
	}
	entries->machines = kept;
}

/* Whether a directory has changed since the last time, or may have. */
static bool changed(struct entries *entries)
{
	bool differs = entries->race;
	int64_t now = moment_now();

	entries->race = false;
	for (size_t i = 0; i < LOADERS; i++) {
		AUTO_FREE char *path = text_format("%s/%s", entries->tree, loaders[i].directory);
		struct stat status = { 0 };

		if (stat(path, &status) < 0)
			status = (struct stat){ 0 };
		differs = differs || !same_time(&status.st_mtim, &entries->time[i]);
		entries->time[i] = status.st_mtim;
		if (now - status.st_mtim.tv_sec * 1000 < RACE)
			entries->race = true;
	}
	return differs;
}

void entries_look(struct entries *entries, bool now)
{
	int64_t steady = moment_steady();

	if (!now && entries->looked && steady - entries->looked < LOOK_MOST)
		return;
	if (!changed(entries) && entries->looked) {
		entries->looked = steady;
		return;
	}
	entries->looked = steady;
	for (size_t i = 0; i < LOADERS; i++)
		read_directory(entries, i);
	settle(entries);
}

struct entries *entries_new(const char *tree)
{
	struct entries *entries = memory_zero(1, sizeof(*entries));

	entries->tree = text_copy(tree);
	return entries;
}

void entries_free(struct entries *entries)
{
	if (!entries)
		return;
	for (size_t i = 0; i < entries->machines; i++)
		free_machine(entries->machine[i]);
	free(entries->machine);
	free(entries->tree);
	free(entries);
}

const struct entry *entries_find(const struct entries *entries, const char *mac)
{
	size_t place = place_of(entries, mac);

	return place < entries->machines && !strcmp(entries->machine[place]->entry.mac, mac) ?
		       &entries->machine[place]->entry :
		       NULL;
}

size_t entries_count(const struct entries *entries)
{
	return entries->machines;
}

const struct entry *entries_at(const struct entries *entries, size_t index)
{
	return &entries->machine[index]->entry;
}
