// SPDX-License-Identifier: GPL-2.0-or-later
/* How ssh(1) logs in for the tunnels. */
#include "transfer/tunnel_login.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memfile.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/algorithms.h"
#include "transfer/askpass.h"

#include <string.h>

#define CONNECT_SECONDS 30

/* How long a connection may be silent: twelve seconds or two minutes, until one keepalive more than
 * @lost is due (ssh_config(5), ServerAliveCountMax). */
static const struct keepalive {
	int seconds, lost;
} keepalive_again = { 4, 2 }, keepalive_once = { 15, 8 };

struct tunnel_login {
	char *address, *user, *algorithm;
	uint16_t port;
	const char *listen;
	bool aes, wants_both, compress;
	int known_hosts, key; /* files in memory; the key is -1 where there is none */
	struct askpass *askpass;
	char **environment;
};

/* Returns 0, or -errno with @reason. */
static int set_credentials(struct tunnel_login *login, sd_event *event,
			   const struct ssh_login *control, const char *directory, char **reason)
{
	int r = 0;

	if (control->key) {
		r = login->key = memfile_new("identity", control->key, control->key_length);
		if (r < 0)
			*reason = text_format("no memory for the key: %s", strerror(-r));
	}
	if (r >= 0 && control->password && (!control->key || login->wants_both)) {
		r = askpass_start(event, directory, control->password, &login->askpass, reason);
		if (r >= 0)
			login->environment = askpass_environment(login->askpass);
	}
	return r;
}

static int set_host(struct tunnel_login *login, const struct tunnel_host *host, char **reason)
{
	login->known_hosts = memfile_new("known_hosts", host->known_host, strlen(host->known_host));
	if (login->known_hosts < 0)
		*reason = text_format("no memory for the host key: %s",
				      strerror(-login->known_hosts));
	return login->known_hosts;
}

struct tunnel_login *tunnel_login_to(sd_event *event, const struct tunnel_host *host,
				     const struct ssh_login *control, bool aes,
				     const char *directory, char **reason)
{
	struct tunnel_login *login = memory_zero(1, sizeof(*login));

	*login = (struct tunnel_login){
		.address = text_copy(host->address),
		.user = text_copy(control->user),
		.algorithm = text_copy(host->algorithm ?: ALGORITHMS_KEYS),
		.port = host->port,
		.listen = "localhost",
		.aes = aes,
		.wants_both = host->wants_both,
		.known_hosts = -1,
		.key = -1,
	};
	if (set_host(login, host, reason) < 0 ||
	    set_credentials(login, event, control, directory, reason) < 0) {
		tunnel_login_free(login);
		return NULL;
	}
	return login;
}

struct tunnel_login *tunnel_login_new(sd_event *event, struct ssh *ssh,
				      const struct ssh_login *control, uint16_t port, bool aes,
				      const char *directory, char **reason)
{
	AUTO_FREE char *line = ssh_known_host(ssh, TUNNEL_HOST_ALIAS);
	AUTO_FREE char *algorithm = ssh_host_key_algorithm(ssh);
	struct tunnel_host host = {
		.address = ssh_address(ssh),
		.port = port,
		.known_host = line,
		.algorithm = algorithm,
		.wants_both = ssh_gave_both(ssh),
	};

	return tunnel_login_to(event, &host, control, aes, directory, reason);
}

void tunnel_login_free(struct tunnel_login *login)
{
	if (!login)
		return;
	askpass_free(login->askpass);
	cleanup_close(&login->known_hosts);
	cleanup_close(&login->key);
	list_free(login->environment);
	free(login->address);
	free(login->user);
	free(login->algorithm);
	free(login);
}

static void option(char ***argv, char *text)
{
	list_append(argv, text_copy("-o"));
	list_append(argv, text);
}

static void file_option(char ***argv, const char *name, int descriptor)
{
	AUTO_FREE char *path = memfile_path(descriptor);

	option(argv, text_format("%s=%s", name, path));
}

static void host_options(const struct tunnel_login *login, char ***argv)
{
	option(argv, text_format("Port=%u", login->port));
	option(argv, text_copy("HostKeyAlias=" TUNNEL_HOST_ALIAS));
	option(argv, text_copy("CheckHostIP=no"));
	option(argv, text_copy("StrictHostKeyChecking=yes"));
	file_option(argv, "UserKnownHostsFile", login->known_hosts);
	option(argv, text_copy("GlobalKnownHostsFile=none"));
	option(argv, text_copy("UpdateHostKeys=no"));
	option(argv, text_format("HostKeyAlgorithms=%s", login->algorithm));
}

static void credential_options(const struct tunnel_login *login, char ***argv)
{
	bool key = login->key >= 0, password = !key || login->wants_both;

	option(argv, text_copy("IdentityAgent=none"));
	option(argv, text_copy("IdentitiesOnly=yes"));
	option(argv, text_copy("NumberOfPasswordPrompts=1"));
	if (key)
		file_option(argv, "IdentityFile", login->key);
	else
		option(argv, text_copy("IdentityFile=none"));
	option(argv, text_format("PreferredAuthentications=%s%s%s", key ? "publickey" : "",
				 key && password ? "," : "",
				 password ? "password,keyboard-interactive" : ""));
}

bool tunnel_login_by_number(struct tunnel_login *login)
{
	static const char number[] = "127.0.0.1";
	bool changed = login->listen != number;

	login->listen = number;
	return changed;
}

void tunnel_login_compress(struct tunnel_login *login)
{
	login->compress = true;
}

const char *tunnel_login_address(const struct tunnel_login *login)
{
	return login->address;
}

static char *forward(const struct tunnel_login *login, const struct tunnel_way *way)
{
	if (way->listen)
		return text_format("%s:%s", way->listen, way->socket);
	return text_format("%s:0:%s", login->listen, way->socket);
}

char **tunnel_login_arguments(const struct tunnel_login *login, const struct tunnel_way *way)
{
	const struct keepalive *keepalive = way->again ? &keepalive_again : &keepalive_once;
	char **argv = NULL;

	list_append(&argv, text_copy("ssh"));
	list_append(&argv, text_copy("-NT"));
	list_append(&argv, text_copy("-F"));
	list_append(&argv, text_copy("none"));
	list_append(&argv, text_copy("-l"));
	list_append(&argv, text_copy(login->user));
	host_options(login, &argv);
	credential_options(login, &argv);
	option(&argv, text_format("Ciphers=%s",
				  login->aes ? ALGORITHMS_CIPHERS_AES : ALGORITHMS_CIPHERS_PLAIN));
	option(&argv, text_copy("MACs=" ALGORITHMS_MACS));
	option(&argv, text_copy("KexAlgorithms=" ALGORITHMS_KEX));
	option(&argv, text_copy("PubkeyAcceptedAlgorithms=" ALGORITHMS_KEYS));
	option(&argv, text_format("LogLevel=%s", way->listen ? "DEBUG1" : "INFO"));
	option(&argv, text_copy("ControlPath=none"));
	option(&argv, text_format("Compression=%s", login->compress ? "yes" : "no"));
	option(&argv, text_format("ConnectTimeout=%u", way->connect ?: CONNECT_SECONDS));
	option(&argv, text_copy("ExitOnForwardFailure=yes"));
	option(&argv, text_format("ServerAliveInterval=%d", keepalive->seconds));
	option(&argv, text_format("ServerAliveCountMax=%d", keepalive->lost));
	list_append(&argv, text_copy("-R"));
	list_append(&argv, forward(login, way));
	list_append(&argv, text_copy("--"));
	list_append(&argv, text_copy(login->address));
	return argv;
}

char *const *tunnel_login_environment(const struct tunnel_login *login)
{
	return login->environment;
}
