/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which host keys a conversion server may have: those in a known_hosts file of ssh(1)
 * (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), or with given fingerprints. No I/O.
 *
 * Names may be hashed, be patterns with * and ?, be excluded with a !, and have a port
 * ([host]:2222). Without a line for [host]:port, those for the host count. A key marked
 * @revoked is refused for all hosts. Lines with @cert-authority are ignored, because
 * libssh2 does not verify host certificates; so are lines that cannot be read.
 *
 * libssh2's own functions for known_hosts know no markers, patterns or fingerprints,
 * and need a session.
 */
#ifndef P2VD_KNOWN_HOSTS_H
#define P2VD_KNOWN_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KNOWN_HOSTS_FILE "/etc/p2vd/known_hosts"
#define KNOWN_HOSTS_SIZE_MAX (1U << 20) /* bytes */

struct known_hosts {
	const char *text; /* of the file; NULL: there is none */
	size_t length;
	/* "SHA256:…": if there are any, the key must have one of them, and @text is ignored. */
	char *const *fingerprints;
	/* The fingerprint at the first login, or NULL. Used without @text and @fingerprints. */
	const char *first;
	const char *host;
	uint16_t port;
};

/*
 * Whether the server may have @key, a public key in SSH's binary format. Returns NULL
 * if it may, or if no key is known yet; else a sentence with the key's fingerprint, the
 * expected ones, and what to do. The caller frees.
 */
char *known_hosts_judge(const struct known_hosts *known, const void *key, size_t length);

/* The fingerprint of such a @key as ssh-keygen -l shows it, "SHA256:…". The caller frees. */
char *known_hosts_fingerprint(const void *key, size_t length);

/* The line of a known_hosts file that says that @name has this key. The caller frees. */
char *known_hosts_line(const char *name, const void *key, size_t length);

/* The host key algorithms to ask for, separated by commas: first those of known keys,
 * then the others. The caller frees. */
char *known_hosts_algorithms(const struct known_hosts *known);

#endif
