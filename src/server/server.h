/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversion server: what the probe script answered, read and judged.
 *
 * The probe prints one fact per line, `key value`; unknown keys are passed
 * over, so that script and reader can grow apart. src/server/probe.sh is the
 * other half of this file.
 */
#ifndef P2VD_SERVER_H
#define P2VD_SERVER_H

#include "config/config.h"
#include "machine/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A directory and what is free in it. */
struct room {
	char *directory; /* NULL where nothing is known */
	uint64_t bytes;  /* UINT64_MAX where unknown */
};

enum sudo_state {
	SUDO_NOT_ASKED,
	SUDO_OK,
	SUDO_MISSING,
	SUDO_PASSWORD, /* it wants a password */
	SUDO_REFUSED,  /* anything else, see sudo_message */
};

enum storage_state {
	STORAGE_UNKNOWN, /* this type of output has no directory, or it was not told */
	STORAGE_WRITABLE,
	STORAGE_READONLY,
	STORAGE_MISSING,
	STORAGE_OTHER, /* there, but no directory */
};

/* What libvirt on the server said, for -o libvirt. */
enum libvirt_state {
	LIBVIRT_NOT_ASKED,
	LIBVIRT_OK,
	LIBVIRT_MISSING, /* no virsh */
	LIBVIRT_REFUSED,
};

struct server {
	char *user;          /* whom we logged in as */
	char *system;        /* the server's, "Debian GNU/Linux 13 (trixie)"; NULL: unknown */
	char *arch;          /* "x86_64"; NULL: unknown */
	char *version;       /* virt-v2v's, "2.6.0"; NULL when there is no virt-v2v */
	unsigned version_major, version_minor;
	char **capabilities; /* of virt-v2v --machine-readable, NULL-terminated */
	bool root;           /* logged in as root */
	bool nbdkit, nbdkit_nbd; /* nbdkit is there; its nbd plugin too */
	bool nbdcopy;
	enum sudo_state sudo;
	char *sudo_message;  /* what sudo said when it refused, NULL otherwise */
	struct room storage; /* where the guest's disks will lie */
	enum storage_state storage_state;
	char **files;        /* files of this guest's name in there */
	struct room temporary; /* of virt-v2v's temporary directories the fullest */
	struct room work;    /* for our own work directory */
	enum libvirt_state libvirt;
	bool pool_missing;   /* libvirt knows no such pool */
	bool domain_exists;  /* libvirt has a guest of this name */
	int64_t time; /* of its clock as it answered, seconds since 1970; CLOCK_NONE: unknown */
	bool complete; /* the answer has its end */
};

/* Reads the probe's answer. Never fails: what is missing stays empty. */
void server_parse(struct server *server, const char *answer, size_t length);
void server_clear(struct server *server);

/* Whether virt-v2v offers "parallel-option", "output:local" (synonyms known)… */
bool server_can(const struct server *server, const char *capability);

/*
 * Judges the server for this conversion of @bytes (all disks together, 0 when
 * not known): NULL when it will do, else a sentence that tells what is wrong
 * and what to do. The caller frees. What is merely worth knowing is logged.
 */
char *server_judge(const struct server *server, const struct config *config, uint64_t bytes);

/* Why a conversion failed, from the log's text: a sentence that explains
 * virt-v2v's error and says what to do, or NULL where we know none. Static. */
const char *server_explain(const char *log);

#endif
