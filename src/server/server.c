// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion server: reading the probe's answer, judging it, and explaining
 * the errors that virt-v2v ends with. */
#include "server/server.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

/* virt-v2v checks the first itself, but only after it has looked at the disks;
 * the second holds its log and what describes the machine. */
#define TEMPORARY_MIN GIB
#define WORK_MIN (16 * MIB)

static void replace(char **text, const char *value)
{
	free(*text);
	*text = text_copy(value);
}

/* Reads decimal digits at *@text and moves it past them; false if there are
 * none or more than a uint64_t holds. */
static bool parse_number(const char **text, uint64_t *number)
{
	const char *p = *text;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return false;
	*text = p;
	*number = value;
	return true;
}

/* "2.6.0rhel=9,release=5": the text as it is, and its first two numbers. */
static void parse_version(struct server *server, const char *value)
{
	uint64_t major = 0, minor = 0;
	const char *p = value;

	replace(&server->version, value);
	if (!parse_number(&p, &major) || *p++ != '.' || !parse_number(&p, &minor) || major > 1000 ||
	    minor > 100000)
		major = minor = 0;
	server->version_major = (unsigned)major;
	server->version_minor = (unsigned)minor;
}

/* "BYTES DIRECTORY", BYTES being - where unknown. The fuller of two stays. */
static void parse_room(struct room *room, const char *value)
{
	uint64_t bytes = UINT64_MAX;
	const char *p = value;

	if (!parse_number(&p, &bytes))
		bytes = UINT64_MAX;
	p = strchr(p, ' ');
	if (!p || (room->directory && room->bytes <= bytes))
		return;
	replace(&room->directory, p + 1);
	room->bytes = bytes;
}

static enum sudo_state parse_sudo(const char *value)
{
	if (!strcmp(value, "ok"))
		return SUDO_OK;
	if (!strcmp(value, "missing"))
		return SUDO_MISSING;
	if (!strcmp(value, "password"))
		return SUDO_PASSWORD;
	return SUDO_REFUSED;
}

static enum storage_state parse_storage(const char *value)
{
	if (!strcmp(value, "writable"))
		return STORAGE_WRITABLE;
	if (!strcmp(value, "readonly"))
		return STORAGE_READONLY;
	if (!strcmp(value, "missing"))
		return STORAGE_MISSING;
	if (!strcmp(value, "other"))
		return STORAGE_OTHER;
	return STORAGE_UNKNOWN;
}

static enum libvirt_state parse_libvirt(const char *value)
{
	if (!strcmp(value, "ok"))
		return LIBVIRT_OK;
	return strcmp(value, "missing") ? LIBVIRT_REFUSED : LIBVIRT_MISSING;
}

static int64_t parse_time(const char *value)
{
	uint64_t seconds;

	return parse_number(&value, &seconds) && !*value && seconds <= INT64_MAX ?
		       (int64_t)seconds :
		       CLOCK_NONE;
}

static void parse_fact(struct server *server, const char *key, const char *value)
{
	if (!strcmp(key, "user"))
		replace(&server->user, value);
	else if (!strcmp(key, "uid"))
		server->root = !strcmp(value, "0");
	else if (!strcmp(key, "system"))
		replace(&server->system, value);
	else if (!strcmp(key, "arch"))
		replace(&server->arch, value);
	else if (!strcmp(key, "virt-v2v"))
		parse_version(server, value);
	else if (!strcmp(key, "capability"))
		list_append(&server->capabilities, text_copy(value));
	else if (!strcmp(key, "nbdkit"))
		server->nbdkit = true, server->nbdkit_nbd = !strcmp(value, "nbd");
	else if (!strcmp(key, "nbdcopy"))
		server->nbdcopy = true;
	else if (!strcmp(key, "sudo"))
		server->sudo = parse_sudo(value);
	else if (!strcmp(key, "sudo-message"))
		replace(&server->sudo_message, value);
	else if (!strcmp(key, "storage"))
		replace(&server->storage.directory, value);
	else if (!strcmp(key, "storage-state"))
		server->storage_state = parse_storage(value);
	else if (!strcmp(key, "storage-room")) {
		if (!parse_number(&value, &server->storage.bytes))
			server->storage.bytes = UINT64_MAX;
	} else if (!strcmp(key, "storage-file"))
		list_append(&server->files, text_copy(value));
	else if (!strcmp(key, "temporary"))
		parse_room(&server->temporary, value);
	else if (!strcmp(key, "work"))
		parse_room(&server->work, value);
	else if (!strcmp(key, "virsh"))
		server->libvirt = parse_libvirt(value);
	else if (!strcmp(key, "pool"))
		server->pool_missing = !strcmp(value, "no");
	else if (!strcmp(key, "domain"))
		server->domain_exists = !strcmp(value, "yes");
	else if (!strcmp(key, "time"))
		server->time = parse_time(value);
	else if (!strcmp(key, "end"))
		server->complete = true;
}

void server_parse(struct server *server, const char *answer, size_t length)
{
	const char *end = answer + length;

	*server = (struct server){
		.storage.bytes = UINT64_MAX,
		.temporary.bytes = UINT64_MAX,
		.work.bytes = UINT64_MAX,
		.time = CLOCK_NONE,
	};
	while (answer < end) {
		const char *newline = memchr(answer, '\n', (size_t)(end - answer));
		AUTO_FREE char *line = text_copy_length(answer, (size_t)((newline ? newline : end) -
									 answer));
		char *space = strchr(line, ' ');

		if (space) {
			*space = '\0';
			parse_fact(server, line, space + 1);
		}
		answer = newline ? newline + 1 : end;
	}
}

void server_clear(struct server *server)
{
	free(server->user);
	free(server->system);
	free(server->arch);
	free(server->version);
	free(server->sudo_message);
	free(server->storage.directory);
	free(server->temporary.directory);
	free(server->work.directory);
	list_free(server->capabilities);
	list_free(server->files);
	*server = (struct server){ 0 };
}

/* Names of one type of output, that virt-v2v has had over its versions. */
static const char *const synonyms[][4] = {
	{ "output:local", "output:disk" },
	{ "output:rhv", "output:ovirt", "output:rhev" },
	{ "output:rhv-upload", "output:ovirt-upload" },
};

bool server_can(const struct server *server, const char *capability)
{
	if (list_contains(server->capabilities, capability))
		return true;
	for (size_t i = 0; i < COUNT(synonyms); i++) {
		bool listed = false, offered = false;

		for (size_t j = 0; j < 4 && synonyms[i][j]; j++) {
			listed |= !strcmp(synonyms[i][j], capability);
			offered |= list_contains(server->capabilities, synonyms[i][j]);
		}
		if (listed && offered)
			return true;
	}
	return false;
}

static char *format_size(uint64_t bytes)
{
	if (bytes < 10 * GIB)
		return text_format("%" PRIu64 " MiB", bytes / MIB);
	return text_format("%.1f GiB", (double)bytes / (double)GIB);
}

static char *judge_sudo(const struct server *server)
{
	switch (server->sudo) {
	case SUDO_OK:
		return NULL;
	case SUDO_MISSING:
		return text_format("p2v.sudo is given but the server has no sudo: install it, or log in as root");
	case SUDO_PASSWORD:
		return text_format("sudo on the server wants a password from '%s': allow it without one, "
				   "'%s ALL=(ALL) NOPASSWD: ALL' in a file under /etc/sudoers.d, or log in as root",
				   server->user, server->user);
	case SUDO_NOT_ASKED:
	case SUDO_REFUSED:
		break;
	}
	return text_format("sudo on the server refuses '%s': %s; allow it to run virt-v2v without a password, "
			   "or log in as root",
			   server->user ?: "?", server->sudo_message ?: "no reason given");
}

static char *judge_version(const struct server *server)
{
	if (!server->version)
		return text_format("virt-v2v is not installed on the server (%s): install virt-v2v, nbdkit and "
				   "libnbd there, or check that it is in the PATH of user '%s'",
				   server->system ?: "unknown system", server->user ?: "?");
	if (server->version_major < 1 || (server->version_major == 1 && server->version_minor < 28))
		return text_format("virt-v2v '%s' on the server is too old: 1.28 or newer is needed",
				   server->version);
	/* Before 2.0 it reads the disks by qemu itself. */
	if (server->version_major < 2)
		return NULL;
	if (!server->nbdkit)
		return text_format("nbdkit is not installed on the server, and virt-v2v reads the disks with it: "
				   "install nbdkit there");
	if (!server->nbdkit_nbd)
		return text_format("nbdkit on the server has no nbd plugin, and virt-v2v reads the disks with it: "
				   "install nbdkit-nbd-plugin (Debian: nbdkit) there");
	if (!server->nbdcopy)
		return text_format("nbdcopy is not installed on the server, and virt-v2v copies the disks with it: "
				   "install libnbd (Debian: libnbd-bin) there");
	return NULL;
}

static char *judge_output(const struct server *server, const struct config *config)
{
	AUTO_FREE char *wanted = text_format("output:%s", config->output_type);
	AUTO_LIST char **offered = NULL;
	AUTO_FREE char *names = NULL;

	if (!strcmp(config->output_type, "vdsm"))
		return text_format("p2v.output.type 'vdsm' is for VDSM itself: choose another");
	for (char *const *can = server->capabilities; can && *can; can++)
		if (text_begins(*can, "output:") && strcmp(*can, "output:vdsm"))
			list_append(&offered, text_copy(*can + 7));
	/* Very old versions do not tell. */
	if (!offered || server_can(server, wanted))
		return NULL;
	names = list_join(offered, ", ");
	return text_format("virt-v2v '%s' on the server does not offer p2v.output.type '%s', only: %s",
			   server->version, config->output_type, names);
}

/* What p2v.key and p2v.mac ask for, if the server tells at all what it offers. */
static char *judge_options(const struct server *server, const struct config *config)
{
	for (char *const *key = config->keys; key && *key; key++)
		if (text_begins(*key, "all:") &&
		    (server->version_major < 2 ||
		     (server->version_major == 2 && server->version_minor < 4)))
			return text_format("virt-v2v '%s' on the server does not know 'all' in p2v.key, only 2.4 and "
					   "newer do: name each device",
					   server->version);
	if (config->mac && server->capabilities && !server_can(server, "mac-option"))
		return text_format("virt-v2v '%s' on the server does not offer p2v.mac: give p2v.network_map",
				   server->version);
	for (char *const *mac = config->mac; mac && *mac; mac++)
		if (strstr(*mac, ":ip:") && server->capabilities &&
		    !server_can(server, "mac-ip-option"))
			return text_format("virt-v2v '%s' on the server does not offer a fixed address in p2v.mac: "
					   "leave MAC:ip out",
					   server->version);
	return NULL;
}

static char *judge_libvirt(const struct server *server, const struct config *config)
{
	switch (server->libvirt) {
	case LIBVIRT_NOT_ASKED:
		return NULL;
	case LIBVIRT_MISSING:
		log_warning("the server has no virsh: whether libvirt there will take the guest cannot be tested");
		return NULL;
	case LIBVIRT_REFUSED:
		return text_format("libvirt on the server does not answer user '%s'%s%s: start libvirtd, or give "
				   "p2v.sudo or p2v.output.connection",
				   server->user ?: "?", config->output_connection ? " at " : "",
				   config->output_connection ?: "");
	case LIBVIRT_OK:
		break;
	}
	if (server->domain_exists)
		return text_format("libvirt on the server already has a guest of this name: "
				   "give another as p2v.name, or remove that one");
	if (server->pool_missing)
		return text_format("libvirt on the server has no storage pool '%s': give one as p2v.output.storage "
				   "('virsh pool-list --all' lists them)",
				   config->output_storage && config->output_storage[0] != '/' ?
					   config->output_storage :
					   "default");
	return NULL;
}

static char *judge_storage(const struct server *server)
{
	const char *directory = server->storage.directory;

	if (!directory)
		return NULL;
	if (directory[0] != '/')
		return text_format("p2v.output.storage '%s' must be a directory's whole path, "
				   "such as /var/lib/libvirt/images",
				   directory);
	switch (server->storage_state) {
	case STORAGE_MISSING:
		return text_format("there is no directory '%s' on the server: make it, or give another as "
				   "p2v.output.storage",
				   directory);
	case STORAGE_OTHER:
		return text_format("'%s' on the server is no directory: give one as p2v.output.storage",
				   directory);
	case STORAGE_READONLY:
		return text_format("user '%s' may not write to '%s' on the server: change its permissions, give "
				   "another as p2v.output.storage, or p2v.sudo",
				   server->sudo == SUDO_OK ? "root" :
				   server->user            ?:
							     "?",
				   directory);
	case STORAGE_UNKNOWN:
	case STORAGE_WRITABLE:
		break;
	}
	if (server->files) {
		AUTO_FREE char *files = list_join(server->files, "', '");

		return text_format("'%s' on the server already has '%s': nothing there is overwritten, so give "
				   "another p2v.name or remove them",
				   directory, files);
	}
	return NULL;
}

static char *judge_room(const struct server *server, const struct config *config, uint64_t bytes)
{
	AUTO_FREE char *needed = format_size(bytes);
	AUTO_FREE char *there = format_size(server->storage.bytes);

	if (server->work.bytes < WORK_MIN)
		return text_format("'%s' on the server is full: p2vd's own directory needs 16 MiB there",
				   server->work.directory);
	if (server->temporary.bytes < TEMPORARY_MIN) {
		AUTO_FREE char *left = format_size(server->temporary.bytes);

		return text_format("'%s' on the server has only %s left and virt-v2v needs 1024 MiB there for a while: "
				   "make room, or set TMPDIR and VIRT_V2V_TMPDIR for its user",
				   server->temporary.directory, left);
	}
	if (!server->storage.directory || server->storage.bytes >= bytes)
		return NULL;
	if (config->output_allocation == ALLOCATION_PREALLOCATED)
		return text_format("'%s' on the server has %s left and the disks will take %s: make room, or give "
				   "p2v.output.allocation=sparse",
				   server->storage.directory, there, needed);
	log_warning("'%s' on the server has %s left and the disks could take up to %s: "
		    "it is enough only if they are not full",
		    server->storage.directory, there, needed);
	return NULL;
}

char *server_judge(const struct server *server, const struct config *config, uint64_t bytes)
{
	char *reason = NULL;

	if (!server->complete)
		return text_format("the server's answer to the test was cut off: is its shell or its disk in trouble?");
	if (config->sudo)
		reason = judge_sudo(server);
	if (!reason)
		reason = judge_version(server);
	if (!reason)
		reason = judge_output(server, config);
	if (!reason)
		reason = judge_options(server, config);
	if (!reason)
		reason = judge_libvirt(server, config);
	if (!reason)
		reason = judge_storage(server);
	if (!reason)
		reason = judge_room(server, config, bytes);
	return reason;
}

/* In the order in which they are believed: causes before their consequences,
 * what may also be a mere warning last. */
static const struct {
	const char *said;
	const char *means;
} failures[] = {
	{ "another conversion to this guest's files is under way",
	  "another machine is being converted to the same name and place: give each its own p2v.name" },
	{ "Dual- or multi-boot",
	  "the machine has more than one operating system: name the one to convert with p2v.root, or leave out the "
	  "other's disks with p2v.disks" },
	{ "inspection could not detect the source guest",
	  "no operating system was found on the disks: they are blank, of a system that virt-v2v does not know, "
	  "or one was left out (p2v.disks)" },
	{ "Roots found were:",
	  "the device that p2v.root names has no operating system: the line above names those that have" },
	{ "Hibernation or Fast Restart",
	  "Windows is not shut down but hibernated: boot it, turn Fast Startup off and shut it down fully" },
	{ "could not find key to open LUKS encrypted",
	  "a disk is encrypted (LUKS or BitLocker) and virt-v2v has no key that opens it: give it as p2v.key" },
	{ "unable to convert this guest type",
	  "virt-v2v does not know how to convert this operating system" },
	{ "not an installed operating system",
	  "the disks hold installation or live media, not an installed system" },
	{ "insufficient free space in the conversion server",
	  "the server's temporary directory is full: make room, or set TMPDIR and VIRT_V2V_TMPDIR there" },
	{ "not enough free space",
	  "the machine's own file system is too full to be converted: remove something there and try again" },
	{ "available inodes",
	  "the machine's own file system has no inodes left to be converted: remove some files there" },
	{ "libvirt domain called",
	  "libvirt on the server already has a guest of this name: give another as p2v.name, or remove that one" },
	{ "cannot find libvirt pool",
	  "libvirt on the server has no such storage pool: give one of 'virsh pool-list --all' as p2v.output.storage" },
	{ "plugin is not installed",
	  "an nbdkit plugin is missing on the server: install nbdkit's packages there" },
	{ "No space left on device",
	  "the server ran out of room: make some in p2v.output.storage, or in its temporary directory" },
	{ "Connection refused",
	  "virt-v2v could not reach the disk through the tunnel: it was down. Try again" },
	{ "nbdcopy command failed",
	  "copying a disk broke off: the link was lost, the disk could not be read, or the output is full" },
	{ "nbdcopy exited with non-zero",
	  "copying a disk broke off: the link was lost, the disk could not be read, or the output is full" },
	{ "virt-v2v: not found", "virt-v2v is no longer in the PATH of the server's user" },
	{ "a password is required",
	  "sudo on the server wants a password: allow virt-v2v without one, or log in as root" },
	{ "rhsrvany.exe",
	  "the helpers for Windows guests are missing on the server: install virt-v2v's Windows support there (rhsrvany)" },
	{ "no virtio drivers available",
	  "the drivers for Windows guests are missing on the server: install virtio-win there" },
};

const char *server_explain(const char *log)
{
	for (size_t i = 0; i < COUNT(failures); i++)
		if (strstr(log, failures[i].said))
			return failures[i].means;
	return NULL;
}
