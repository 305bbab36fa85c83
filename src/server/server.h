/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion server: what it answered when the probe script asked it.
 *
 * The probe prints one fact per line, `key value`. Unknown keys are ignored, so
 * that a new key needs no change here. src/server/probe.sh is the other half of
 * this file; requirements.h says whether the server is good enough.
 */
#ifndef P2VD_SERVER_H
#define P2VD_SERVER_H

#include "machine/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A directory and the free space in it. */
struct space {
	char *directory; /* NULL where nothing is known */
	uint64_t bytes;  /* UINT64_MAX where unknown */
};

enum sudo_state {
	SUDO_NOT_ASKED,
	SUDO_OK,
	SUDO_MISSING,
	SUDO_PASSWORD, /* it wants a password */
	SUDO_TTY,      /* it wants a terminal */
	SUDO_REFUSED,  /* anything else, see sudo_message */
};

enum storage_state {
	STORAGE_UNKNOWN, /* this type of output has no directory, or we cannot look into it */
	STORAGE_WRITABLE,
	STORAGE_READONLY,
	STORAGE_MISSING,
	STORAGE_OTHER, /* it exists, but is not a directory */
};

/* What libvirt on the server said, for -o libvirt. */
enum libvirt_state {
	LIBVIRT_NOT_ASKED,
	LIBVIRT_OK,
	LIBVIRT_MISSING, /* no virsh */
	LIBVIRT_REFUSED,
};

struct server {
	char *user;          /* the user we logged in as */
	char *system;        /* the server's, "Debian GNU/Linux 13 (trixie)"; NULL: unknown */
	char *boot;          /* the id of the time since its start; NULL: unknown */
	char *queue_of;      /* the same by all names of a server; NULL: unknown */
	char *arch;          /* "x86_64"; NULL: unknown */
	char *version;       /* virt-v2v's, "2.6.0"; NULL when there is no virt-v2v */
	char *v2v_path, *v2v_said; /* without version: where it is, what it said; NULL: not there */
	unsigned version_major, version_minor; /* 0.0: not of this form */
	char **capabilities; /* of virt-v2v --machine-readable, NULL-terminated */
	uint64_t processors; /* UINT64_MAX: unknown */
	bool root; /* logged in as root */
	bool nbdkit, nbdkit_nbd; /* nbdkit is installed; its nbd plugin too */
	bool nbdcopy;
	enum sudo_state sudo;
	char *sudo_message; /* what sudo said when it refused, else NULL */
	struct space storage; /* for the guest's disks */
	enum storage_state storage_state;
	char *storage_refused; /* why no file could be made in it; NULL: it could, or not known */
	char **files; /* files of this guest's name in there */
	struct space temporary; /* of virt-v2v's temporary directories the one with least space */
	char *temporary_refused; /* "'DIRECTORY' (WHY)", where one of them cannot be used */
	struct space work; /* for our own work directory */
	uint64_t work_inodes; /* that are free there; UINT64_MAX where unknown */
	char *work_refused; /* as storage_refused */
	char *store_refused; /* likewise, of the directory that p2v.store names */
	char *kernel_unreadable; /* one of the kernels, if libguestfs can read none; else NULL */
	char **missing; /* programs that our scripts use and that are not there */
	char **ended,
		**unended; /* "WORKDIR SINCE", this machine's, ended; "WORKDIR WHY" they were not */
	char *rival; /* "WORKDIR SINCE" of an unfinished conversion to the same guest; or NULL */
	enum libvirt_state libvirt;
	bool pool_missing; /* libvirt knows no such pool */
	bool domain_exists; /* libvirt has a guest of this name */
	char **listeners; /* on which addresses the forwarded port listens (listener.h) */
	int64_t time; /* of its clock when it answered, seconds since 1970; CLOCK_NONE: unknown */
	char **queue; /* how this machine stands there, for queue_read(); NULL: not asked */
	bool complete; /* the answer was not cut off */
};

/* Reads the probe's answer. Never fails: what is missing stays empty. */
void server_parse(struct server *server, const char *answer, size_t length);
void server_clear(struct server *server);

/* Whether virt-v2v there offers @capability, "parallel-option" or "output:local". The
 * names that one type of output had in different versions are the same capability. */
bool server_can(const struct server *server, const char *capability);

#endif
