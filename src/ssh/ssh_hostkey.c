// SPDX-License-Identifier: GPL-2.0-or-later
/* An SSH session: the server's host key. */
#include "base/memory.h"
#include "ssh/ssh_session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"

#include <string.h>

char *ssh_fingerprint(struct ssh *ssh)
{
	size_t length = 0;
	int type;
	const char *key = libssh2_session_hostkey(ssh->session, &length, &type);

	return key ? known_hosts_fingerprint(key, length) : text_copy("an unknown one");
}

static void say_fingerprint(struct ssh *ssh)
{
	AUTO_FREE char *text = ssh_fingerprint(ssh);

	log_notice("server %s has the host key %s (%s)", ssh->numeric, text,
		   libssh2_session_methods(ssh->session, LIBSSH2_METHOD_HOSTKEY));
}

void ssh_prefer_host_keys(struct ssh *ssh)
{
	AUTO_FREE char *algorithms = known_hosts_algorithms(&ssh->login.known);

	libssh2_session_method_pref(ssh->session, LIBSSH2_METHOD_HOSTKEY, algorithms);
}

int ssh_check_host_key(struct ssh *ssh)
{
	size_t length = 0;
	int type;
	const char *key = libssh2_session_hostkey(ssh->session, &length, &type);
	char *reason;

	say_fingerprint(ssh);
	reason = known_hosts_judge(&ssh->login.known, key ? key : "", length);
	if (!reason)
		return 0;
	ssh_fail(ssh, SSH_REFUSED, reason);
	return LIBSSH2_ERROR_HOSTKEY_SIGN;
}

/* The key's algorithm is the first string in its blob (RFC 4253, 6.6). */
static int key_type(const char *key, size_t length)
{
	static const struct {
		const char *name;
		int type;
	} types[] = {
		{ "ssh-rsa", LIBSSH2_KNOWNHOST_KEY_SSHRSA },
		{ "ecdsa-sha2-nistp256", LIBSSH2_KNOWNHOST_KEY_ECDSA_256 },
		{ "ecdsa-sha2-nistp384", LIBSSH2_KNOWNHOST_KEY_ECDSA_384 },
		{ "ecdsa-sha2-nistp521", LIBSSH2_KNOWNHOST_KEY_ECDSA_521 },
		{ "ssh-ed25519", LIBSSH2_KNOWNHOST_KEY_ED25519 },
	};

	for (size_t i = 0; i < COUNT(types); i++) {
		size_t name = strlen(types[i].name);

		if (length > 4 + name && !memcmp(key + 4, types[i].name, name))
			return types[i].type;
	}
	return LIBSSH2_KNOWNHOST_KEY_UNKNOWN;
}

char *ssh_known_host(struct ssh *ssh, const char *alias)
{
	size_t key_length = 0, length = 0;
	int type;
	const char *key = libssh2_session_hostkey(ssh->session, &key_length, &type);
	LIBSSH2_KNOWNHOSTS *hosts = libssh2_knownhost_init(ssh->session);
	struct libssh2_knownhost *host = NULL;
	char line[16384] = "";

	if (key && hosts &&
	    !libssh2_knownhost_addc(hosts, alias, NULL, key, key_length, NULL, 0,
				    LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW |
					    key_type(key, key_length),
				    &host))
		libssh2_knownhost_writeline(hosts, host, line, sizeof(line), &length,
					    LIBSSH2_KNOWNHOST_FILE_OPENSSH);
	if (hosts)
		libssh2_knownhost_free(hosts);
	return text_copy_length(line, length);
}
