// SPDX-License-Identifier: GPL-2.0-or-later
/* What a conversion requires of its server. */
#include "server/requirements.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "server/listener.h"

#include <inttypes.h>
#include <string.h>

#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

/* virt-v2v checks the first itself, but only after it has looked at the disks;
 * the second is for its log and the files that describe the machine. */
#define TEMPORARY_MIN GIB
#define WORK_MIN (16 * MIB)
#define WORK_INODES_MIN 64 /* about thirty files */

static char *format_size(uint64_t bytes)
{
	if (bytes < 10 * GIB)
		return text_format("%" PRIu64 " MiB", bytes / MIB);
	return text_format("%.1f GiB", (double)bytes / (double)GIB);
}

/* What a program there has said; one that hangs, or is killed, says nothing. */
static const char *words_or(const char *said, const char *otherwise)
{
	return said && *said ? said : otherwise;
}

static bool is_older(const struct server *server, unsigned major, unsigned minor)
{
	return server->version_major < major ||
	       (server->version_major == major && server->version_minor < minor);
}

static char *unmet_sudo(const struct server *server, const struct config *config)
{
	const char *user = server->user ?: "?";

	if (!config->sudo)
		return NULL;
	switch (server->sudo) {
	case SUDO_OK:
		return NULL;
	case SUDO_MISSING:
		return text_format("p2v.sudo is given, but the server has no sudo: install it, or log in as root");
	case SUDO_PASSWORD:
		return text_format("sudo on the server asks '%s' for a password: allow sudo without one, "
				   "by '%s ALL=(ALL) NOPASSWD: ALL' in a file under /etc/sudoers.d, or log in as root; "
				   "if it allows virt-v2v alone, is its directory in the secure_path there?",
				   user, user);
	case SUDO_TTY:
		return text_format("sudo on the server wants a terminal (requiretty), and p2vd has none: put the line "
				   "'Defaults:%s !requiretty' in a file under /etc/sudoers.d, or log in as root",
				   user);
	case SUDO_NOT_ASKED:
	case SUDO_REFUSED:
		break;
	}
	return text_format("sudo on the server refuses '%s': %s; allow it to run virt-v2v without a password, "
			   "or log in as root",
			   user, words_or(server->sudo_message, "no reason given"));
}

static char *unmet_version(const struct server *server)
{
	if (!server->version && server->v2v_path && server->sudo == SUDO_OK)
		return text_format("virt-v2v is '%s' on the server, but sudo does not run it (%s): is its directory in the "
				   "secure_path of /etc/sudoers?",
				   server->v2v_path, words_or(server->v2v_said, "no answer"));
	if (!server->version && server->v2v_path)
		return text_format("virt-v2v is '%s' on the server, but it does not run: %s",
				   server->v2v_path, words_or(server->v2v_said, "no answer"));
	if (!server->version && server->sudo == SUDO_OK)
		return text_format("virt-v2v is not installed on the server (%s): install virt-v2v, nbdkit and libnbd "
				   "there, or check that it is in the secure_path of /etc/sudoers, where sudo looks for it",
				   server->system ?: "unknown system");
	if (!server->version)
		return text_format("virt-v2v is not installed on the server (%s): install virt-v2v, nbdkit and "
				   "libnbd there, or check that it is in the PATH of user '%s'",
				   server->system ?: "unknown system", server->user ?: "?");
	if (is_older(server, 1, 28))
		return text_format("virt-v2v '%s' on the server is too old: 1.28 or newer is needed",
				   server->version);
	if (server->kernel_unreadable)
		log_warning("user '%s' of the server cannot read '%s', and libguestfs needs a kernel that it can read: "
			    "'chmod 0644 /boot/vmlinuz-*' as root there, or give p2v.sudo",
			    server->user ?: "?", server->kernel_unreadable);
	/* Before 2.0 virt-v2v used qemu to read the disks. */
	if (is_older(server, 2, 0))
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

static char *unmet_output(const struct server *server, const struct config *config)
{
	AUTO_FREE char *wanted = text_format("output:%s", config->output_type);
	AUTO_LIST char **offered = NULL;
	AUTO_FREE char *names = NULL;

	if (!strcmp(config->output_type, "vdsm"))
		return text_format("p2v.output.type 'vdsm' is for VDSM itself: choose another");
	for (char *const *can = server->capabilities; can && *can; can++)
		if (text_begins(*can, "output:") && strcmp(*can, "output:vdsm"))
			list_append(&offered, text_copy(*can + 7));
	/* Very old versions do not say what they offer. */
	if (!offered || server_can(server, wanted))
		return NULL;
	names = list_join(offered, ", ");
	return text_format("virt-v2v '%s' on the server does not offer p2v.output.type '%s', only: %s",
			   server->version, config->output_type, names);
}

/* What p2v.key and p2v.mac need. A server that does not say what it offers passes. */
static char *unmet_options(const struct server *server, const struct config *config)
{
	for (char *const *key = config->keys; key && *key; key++)
		if (text_begins(*key, "all:") && is_older(server, 2, 4))
			return text_format("virt-v2v '%s' on the server does not know 'all' in p2v.key (2.4 and "
					   "newer do): name each device",
					   server->version);
	if (config->mac && server->capabilities && !server_can(server, "mac-option"))
		return text_format("virt-v2v '%s' on the server does not offer p2v.mac: give p2v.network_map",
				   server->version);
	for (char *const *mac = config->mac; mac && *mac; mac++)
		if (strstr(*mac, ":ip:") && server->capabilities &&
		    !server_can(server, "mac-ip-option"))
			return text_format("virt-v2v '%s' on the server does not offer a fixed address in p2v.mac: "
					   "leave ':ip:' out",
					   server->version);
	return NULL;
}

static char *unmet_rival(const struct server *server)
{
	const char *rival = server->rival;
	int length;

	if (!rival)
		return NULL;
	length = (int)strcspn(rival, " ");
	return text_format("a conversion to the same guest has not ended on the server: its work directory is '%.*s', it was "
			   "begun on%s; to end it and remove what it left, run 'sh %.*s/end.sh' there as user '%s'",
			   length, rival, rival + length, length, rival, server->user ?: "?");
}

static char *unmet_libvirt(const struct server *server, const struct config *config)
{
	switch (server->libvirt) {
	case LIBVIRT_NOT_ASKED:
		return NULL;
	case LIBVIRT_MISSING:
		log_warning("the server has no virsh: whether libvirt there will accept the guest cannot be tested");
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
		return text_format("libvirt on the server already has a guest with this name: "
				   "give another p2v.name, or remove that guest");
	if (server->pool_missing)
		return text_format("libvirt on the server has no storage pool '%s': give one as p2v.output.storage "
				   "('virsh pool-list --all' lists them)",
				   config->output_storage && config->output_storage[0] != '/' ?
					   config->output_storage :
					   "default");
	return NULL;
}

static char *unmet_storage(const struct server *server)
{
	const char *directory = server->storage.directory;

	if (!directory)
		return NULL;
	if (directory[0] != '/')
		return text_format("p2v.output.storage '%s' must be the absolute path of a directory, "
				   "such as /var/lib/libvirt/images",
				   directory);
	switch (server->storage_state) {
	case STORAGE_MISSING:
		return text_format("there is no directory '%s' on the server: create it, or give another as "
				   "p2v.output.storage",
				   directory);
	case STORAGE_OTHER:
		return text_format("'%s' on the server is not a directory: give one as p2v.output.storage",
				   directory);
	case STORAGE_READONLY:
		return text_format("user '%s' cannot write to '%s' on the server (%s): change that, give another "
				   "p2v.output.storage, or p2v.sudo",
				   server->sudo == SUDO_OK ? "root" :
				   server->user            ?:
							     "?",
				   directory, server->storage_refused ?: "its permissions");
	case STORAGE_UNKNOWN:
	case STORAGE_WRITABLE:
		break;
	}
	if (server->storage_refused)
		return text_format("no file can be written in '%s' on the server (%s): repair that, or give "
				   "another p2v.output.storage",
				   directory, server->storage_refused);
	if (server->files) {
		AUTO_FREE char *files = list_join(server->files, "', '");

		return text_format("'%s' on the server already has '%s': they are not overwritten, so give "
				   "another p2v.name or remove them",
				   directory, files);
	}
	return NULL;
}

static char *unmet_directories(const struct server *server, const struct config *config)
{
	if (server->work_refused)
		return text_format("p2vd cannot write to '/tmp' on the server (%s), and its work directory is made there: "
				   "make it writable for user '%s', with free space and inodes",
				   server->work_refused, server->user ?: "?");
	if (server->store_refused)
		return text_format("the relay cannot keep anything in '%s' on the server (%s), which p2v.store names: repair that, "
				   "or give another directory, auto or no",
				   config->store, server->store_refused);
	if (server->temporary_refused)
		return text_format("virt-v2v cannot write to its temporary directory %s on the server: repair that, or set "
				   "TMPDIR, VIRT_V2V_TMPDIR, LIBGUESTFS_TMPDIR and LIBGUESTFS_CACHEDIR of its user to other directories",
				   server->temporary_refused);
	return NULL;
}

static char *unmet_space(const struct server *server, const struct config *config, uint64_t bytes)
{
	AUTO_FREE char *needed = format_size(bytes);
	AUTO_FREE char *free_there = format_size(server->storage.bytes);

	if (server->work.bytes < WORK_MIN)
		return text_format("'%s' on the server is full: p2vd's work directory needs 16 MiB there",
				   server->work.directory);
	if (server->work_inodes < WORK_INODES_MIN)
		return text_format("'/tmp' on the server has only %u inodes free, and p2vd's work directory needs %d there: remove some files",
				   (unsigned)server->work_inodes, WORK_INODES_MIN);
	if (server->temporary.bytes < TEMPORARY_MIN) {
		AUTO_FREE char *only = format_size(server->temporary.bytes);

		return text_format("'%s' on the server has only %s free, and virt-v2v needs 1024 MiB there while it runs: "
				   "free some space, or set TMPDIR and VIRT_V2V_TMPDIR for its user",
				   server->temporary.directory, only);
	}
	if (!server->storage.directory || server->storage.bytes >= bytes)
		return NULL;
	if (config->output_allocation == ALLOCATION_PREALLOCATED)
		return text_format("'%s' on the server has %s free and the disks will take %s: free some space, or give "
				   "p2v.output.allocation=sparse",
				   server->storage.directory, free_there, needed);
	log_warning("'%s' on the server has %s free and the disks could take up to %s: "
		    "that is enough only if the disks are not full",
		    server->storage.directory, free_there, needed);
	return NULL;
}

/* @text without its line ends, for a message. The caller frees. */
static char *in_one_line(const char *text)
{
	AUTO_LIST char **lines = NULL;
	AUTO_FREE char *copy = text_copy(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\r\n")))
		if (*line)
			list_append(&lines, text_copy(line));
	return list_join(lines, " ");
}

static char *unmet_programs(const struct server *server, const char *user)
{
	AUTO_FREE char *names = list_join(server->missing, "', '");

	return text_format("the server has no '%s' in the PATH of user '%s', and p2vd's scripts need that there: install "
			   "coreutils, util-linux, grep, sed and awk there, or mend PATH in the account's start-up files",
			   names, user);
}

char *requirements_no_shell(const struct server *server, const char *user, const char *said)
{
	AUTO_FREE char *line = in_one_line(said);
	bool expired = strcasestr(line, "password") &&
		       (strcasestr(line, "expired") || strcasestr(line, "change"));

	if (server->missing)
		return unmet_programs(server, user);
	if (server->user || server->complete)
		return NULL;
	if (!*line)
		return text_format("the server lets '%s' in, but runs none of our commands, and says nothing: see "
				   "ForceCommand in its sshd_config, command= in authorized_keys, and the account's "
				   "login shell",
				   user);
	return text_format("the server lets '%s' in, but runs none of our commands; it says '%.300s': %s",
			   user, line,
			   expired ?
				   "log in there by hand and change the password" :
			   strstr(line, "not found") ?
				   "install what is missing there, or mend PATH in the account's start-up files" :
				   "see ForceCommand in its sshd_config, command= in authorized_keys, and the "
				   "account's login shell and start-up files");
}

char *requirements_unmet(const struct server *server, const struct config *config, uint64_t bytes)
{
	if (!server->complete)
		return text_format("the server's answer to the test was cut off: is there a problem with its shell or its disk?");
	return unmet_sudo(server, config)                ?:
		       unmet_version(server)             ?:
		       unmet_output(server, config)      ?:
		       unmet_options(server, config)     ?:
		       unmet_rival(server)               ?:
		       unmet_libvirt(server, config)     ?:
		       unmet_storage(server)             ?:
		       unmet_directories(server, config) ?:
							   unmet_space(server, config, bytes);
}

char *requirements_exposed(const struct server *server)
{
	AUTO_LIST char **open = NULL;
	AUTO_FREE char *names = NULL;

	for (char *const *address = server->listeners; address && *address; address++)
		if (!listener_is_local(*address))
			list_append(&open, listener_text(*address));
	if (!open)
		return NULL;
	names = list_join(open, ", ");
	return text_format("a port that the server forwards listens on %s: anybody in its network could read the disks; "
			   "set GatewayPorts no in its sshd_config",
			   names);
}
