// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion server: reading the probe's answer. */
#include "server/server.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Reads decimal digits at *@text and moves it past them; false if there are
 * none or more than a uint64_t holds. */
static bool parse_number(const char **text, uint64_t *number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return errno == 0;
}

static void read_text(void *member, const char *value)
{
	char **text = member;

	free(*text);
	*text = text_copy(value);
}

static void read_list(void *member, const char *value)
{
	list_append(member, text_copy(value));
}

static void read_bytes(void *member, const char *value)
{
	uint64_t *bytes = member;

	if (!parse_number(&value, bytes))
		*bytes = UINT64_MAX;
}

/* "BYTES DIRECTORY", BYTES being - where unknown. Of two, the one with less space stays. */
static void read_space(void *member, const char *value)
{
	struct space *space = member;
	const char *blank = strchr(value, ' ');
	uint64_t bytes;

	read_bytes(&bytes, value);
	if (!blank || (space->directory && space->bytes <= bytes))
		return;
	read_text(&space->directory, blank + 1);
	space->bytes = bytes;
}

static void read_time(void *member, const char *value)
{
	uint64_t seconds;

	*(int64_t *)member = parse_number(&value, &seconds) && !*value && seconds <= INT64_MAX ?
				     (int64_t)seconds :
				     CLOCK_NONE;
}

/* "2.6.0rhel=9,release=5": the text as it is, and its first two numbers. */
static void read_version(void *member, const char *value)
{
	struct server *server = member;
	uint64_t major = 0, minor = 0;
	const char *p = value;

	read_text(&server->version, value);
	if (!parse_number(&p, &major) || *p++ != '.' || !parse_number(&p, &minor) || major > 1000 ||
	    minor > 100000)
		major = minor = 0;
	server->version_major = (unsigned)major;
	server->version_minor = (unsigned)minor;
}

#define MEMBER(name) offsetof(struct server, name)

static const struct fact {
	const char *key;
	void (*read)(void *member, const char *value);
	size_t member;
} facts[] = {
	{ "user", read_text, MEMBER(user) },
	{ "system", read_text, MEMBER(system) },
	{ "boot", read_text, MEMBER(boot) },
	{ "queue-of", read_text, MEMBER(queue_of) },
	{ "arch", read_text, MEMBER(arch) },
	{ "processors", read_bytes, MEMBER(processors) },
	{ "virt-v2v", read_version, 0 }, /* three members: it gets the whole server */
	{ "virt-v2v-path", read_text, MEMBER(v2v_path) },
	{ "virt-v2v-said", read_text, MEMBER(v2v_said) },
	{ "kernel-unreadable", read_text, MEMBER(kernel_unreadable) },
	{ "missing", read_list, MEMBER(missing) },
	{ "ended", read_list, MEMBER(ended) },
	{ "unended", read_list, MEMBER(unended) },
	{ "rival", read_text, MEMBER(rival) },
	{ "capability", read_list, MEMBER(capabilities) },
	{ "sudo-message", read_text, MEMBER(sudo_message) },
	{ "storage", read_text, MEMBER(storage.directory) },
	{ "storage-free", read_bytes, MEMBER(storage.bytes) },
	{ "storage-file", read_list, MEMBER(files) },
	{ "storage-refused", read_text, MEMBER(storage_refused) },
	{ "temporary-refused", read_text, MEMBER(temporary_refused) },
	{ "store-refused", read_text, MEMBER(store_refused) },
	{ "work-refused", read_text, MEMBER(work_refused) },
	{ "temporary", read_space, MEMBER(temporary) },
	{ "work", read_space, MEMBER(work) },
	{ "work-inodes", read_bytes, MEMBER(work_inodes) },
	{ "listens", read_list, MEMBER(listeners) },
	{ "queue", read_list, MEMBER(queue) },
	{ "time", read_time, MEMBER(time) },
};

/* Facts that are true when the value is this one; NULL: with any value. */
static const struct flag {
	const char *key, *value;
	size_t member;
} flags[] = {
	{ "uid", "0", MEMBER(root) },
	{ "nbdkit", NULL, MEMBER(nbdkit) },
	{ "nbdkit", "nbd", MEMBER(nbdkit_nbd) },
	{ "nbdcopy", NULL, MEMBER(nbdcopy) },
	{ "pool", "no", MEMBER(pool_missing) },
	{ "domain", "yes", MEMBER(domain_exists) },
	{ "end", NULL, MEMBER(complete) },
};

/* Facts that are one of a few words, by the values of an enum. */
static const struct state {
	const char *key;
	const char *words[5];
	unsigned other; /* stands for any other word */
	size_t member;
} states[] = {
	{ "sudo",
	  { [SUDO_OK] = "ok",
	    [SUDO_MISSING] = "missing",
	    [SUDO_PASSWORD] = "password",
	    [SUDO_TTY] = "tty" },
	  SUDO_REFUSED,
	  MEMBER(sudo) },
	{ "storage-state",
	  { [STORAGE_WRITABLE] = "writable",
	    [STORAGE_READONLY] = "readonly",
	    [STORAGE_MISSING] = "missing",
	    [STORAGE_OTHER] = "other" },
	  STORAGE_UNKNOWN,
	  MEMBER(storage_state) },
	{ "virsh",
	  { [LIBVIRT_OK] = "ok", [LIBVIRT_MISSING] = "missing" },
	  LIBVIRT_REFUSED,
	  MEMBER(libvirt) },
};
_Static_assert(sizeof(enum sudo_state) == sizeof(unsigned), "");

static void read_state(unsigned *member, const struct state *state, const char *value)
{
	*member = state->other;
	for (unsigned i = 0; i < COUNT(state->words); i++)
		if (state->words[i] && !strcmp(value, state->words[i]))
			*member = i;
}

static void read_fact(struct server *server, const char *key, const char *value)
{
	char *members = (char *)server;

	for (const struct fact *fact = facts; fact < facts + COUNT(facts); fact++)
		if (!strcmp(fact->key, key))
			fact->read(members + fact->member, value);
	for (const struct flag *flag = flags; flag < flags + COUNT(flags); flag++)
		if (!strcmp(flag->key, key))
			*(bool *)(members + flag->member) = !flag->value ||
							    !strcmp(value, flag->value);
	for (const struct state *state = states; state < states + COUNT(states); state++)
		if (!strcmp(state->key, key))
			read_state((void *)(members + state->member), state, value);
}

void server_parse(struct server *server, const char *answer, size_t length)
{
	AUTO_FREE char *copy = text_copy_length(answer, length);
	char *rest = copy, *line;

	*server = (struct server){
		.storage.bytes = UINT64_MAX,
		.temporary.bytes = UINT64_MAX,
		.work.bytes = UINT64_MAX,
		.work_inodes = UINT64_MAX,
		.processors = UINT64_MAX,
		.time = CLOCK_NONE,
	};
	while ((line = strsep(&rest, "\n"))) {
		const char *key = strsep(&line, " ");

		if (line)
			read_fact(server, key, line);
	}
}

void server_clear(struct server *server)
{
	free(server->user);
	free(server->system);
	free(server->boot);
	free(server->queue_of);
	free(server->arch);
	free(server->version);
	free(server->v2v_path);
	free(server->v2v_said);
	free(server->kernel_unreadable);
	free(server->sudo_message);
	free(server->storage_refused);
	free(server->temporary_refused);
	free(server->work_refused);
	free(server->store_refused);
	free(server->storage.directory);
	free(server->temporary.directory);
	free(server->work.directory);
	list_free(server->capabilities);
	list_free(server->files);
	list_free(server->missing);
	list_free(server->ended);
	list_free(server->unended);
	free(server->rival);
	list_free(server->listeners);
	list_free(server->queue);
	*server = (struct server){ 0 };
}

/* The names that virt-v2v has given one type of output in different versions. */
static char *const synonyms[][4] = {
	{ "output:local", "output:disk" },
	{ "output:rhv", "output:ovirt", "output:rhev" },
	{ "output:rhv-upload", "output:ovirt-upload" },
};

bool server_can(const struct server *server, const char *capability)
{
	if (list_contains(server->capabilities, capability))
		return true;
	for (size_t i = 0; i < COUNT(synonyms); i++) {
		if (!list_contains(synonyms[i], capability))
			continue;
		for (char *const *name = synonyms[i]; *name; name++)
			if (list_contains(server->capabilities, *name))
				return true;
	}
	return false;
}
