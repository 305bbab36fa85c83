/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which host keys a conversion server may have: a known_hosts file as ssh(1)
 * has it (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), or fingerprints. No I/O.
 *
 * Names may be hashed, patterns with * and ?, taken back by a !, and carry a
 * port ([host]:2222); without a line for [host]:port those for the host count.
 * @revoked refuses its key, whatever the host. @cert-authority is passed over,
 * as libssh2 verifies no host certificates, and so are lines that are none.
 *
 * libssh2 has functions for known_hosts, too; they know neither markers nor
 * patterns nor fingerprints, and need a session.
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
	/* "SHA256:…", one of which it must be; then the file does not count. */
	char *const *fingerprints;
	const char *first; /* with neither: what it was at the first login, if there was one */
	const char *host;
	uint16_t port;
};

/*
 * Whether the server may have @key, a public key as SSH sends it. NULL when it
 * may, or when nothing is known of any host yet; else a sentence with the key's
 * fingerprint, the expected ones, and what to do. The caller frees.
 */
char *known_hosts_judge(const struct known_hosts *known, const void *key, size_t length);

/* "SHA256:…", as ssh-keygen -l shows a public key that is such as SSH sends it. The
 * caller frees. */
char *known_hosts_fingerprint(const void *key, size_t length);

/* The host key algorithms to ask for, most wanted first, with commas between:
 * those of which there is a key, then the others. The caller frees. */
char *known_hosts_algorithms(const struct known_hosts *known);

#endif
