// SPDX-License-Identifier: GPL-2.0-or-later
/* What is needed to log in to the conversion server. */
#include "ssh/credentials.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "network/fetch.h"
#include "network/retry.h"
#include "ssh/identity.h"

#include <string.h>

struct credentials {
	sd_event *event;
	const struct config *config;
	struct credentials_events events;
	struct fetch *fetch; /* of the key */
	struct retry *retry;
	char *key;
	size_t key_length;
	char *known_hosts; /* the image's file; NULL: there is none */
	size_t known_hosts_length;
	char *first; /* the server's fingerprint at the first login; NULL before that */
	struct ssh_login login;
};

static void complete(struct credentials *credentials)
{
	const struct config *config = credentials->config;

	credentials->login = (struct ssh_login){
		.user = config->username,
		.password = config->password,
		.key = credentials->key,
		.key_length = credentials->key_length,
		.known = {
			.text = credentials->known_hosts,
			.length = credentials->known_hosts_length,
			.fingerprints = config->hostkeys,
			.first = credentials->first,
			.host = config->server,
			.port = config->port,
		},
	};
	credentials->events.ready(credentials->events.user);
}

static void key_failed(struct credentials *credentials, const char *reason, bool is_temporary)
{
	AUTO_FREE char *over = is_temporary ? retry_later(credentials->retry, reason) : NULL;

	if (is_temporary && !over)
		return;
	retry_rest(credentials->retry);
	credentials->events.failed(credentials->events.user, CREDENTIALS_KEY, over ? over : reason);
}

/* Takes a key that @shown names, or tells what is wrong with it. */
static void take_key(struct credentials *credentials, char *data, size_t length, const char *shown)
{
	AUTO_FREE char *wrong = NULL;
	AUTO_FREE char *sentence = NULL;

	length = identity_trim(data, length);
	if (identity_check(data, length, &wrong) < 0) {
		secret_free_length(data, length);
		sentence = text_format("'%s' %s", shown, wrong);
		key_failed(credentials, sentence, false);
		return;
	}
	credentials->key = data;
	credentials->key_length = length;
	retry_rest(credentials->retry);
	complete(credentials);
}

static void take_given(struct credentials *credentials)
{
	size_t length;
	char *data = identity_lines(credentials->config->key, &length);

	take_key(credentials, data, length, "p2v.auth.identity.key");
}

static void on_fetched(void *user, char *data, size_t length, const char *reason)
{
	struct credentials *credentials = user;
	AUTO_FREE char *shown = NULL;

	if (!data) {
		key_failed(credentials, reason, fetch_is_temporary(credentials->fetch));
		return;
	}
	shown = fetch_url_shown(credentials->config->identity);
	take_key(credentials, data, length, shown);
}

static void on_again(void *user)
{
	struct credentials *credentials = user;

	fetch_free(credentials->fetch);
	credentials->fetch = fetch_start(credentials->event, credentials->config->identity, "key",
					 IDENTITY_SIZE_MAX, on_fetched, credentials);
}

/* Without the file any server is accepted. If it cannot be read, no server is. */
static bool read_known_hosts(struct credentials *credentials)
{
	AUTO_FREE char *reason = NULL;

	free(steal(credentials->known_hosts));
	credentials->known_hosts = file_read(KNOWN_HOSTS_FILE, KNOWN_HOSTS_SIZE_MAX,
					     &credentials->known_hosts_length);
	if (credentials->known_hosts || errno == ENOENT || errno == ENOTDIR)
		return true;
	reason = text_format("cannot read '" KNOWN_HOSTS_FILE "': %s", strerror(errno));
	credentials->events.failed(credentials->events.user, CREDENTIALS_KNOWN_HOSTS, reason);
	return false;
}

struct credentials *credentials_new(sd_event *event, const struct config *config,
				    const struct credentials_events *events)
{
	struct credentials *credentials = memory_zero(1, sizeof(*credentials));
	struct retry_events retry = { on_again, credentials, events->waiting, events->user };

	*credentials = (struct credentials){
		.event = event,
		.config = config,
		.events = *events,
		.retry = retry_new(event, config, "the key", &retry),
	};
	return credentials;
}

void credentials_free(struct credentials *credentials)
{
	if (!credentials)
		return;
	retry_free(credentials->retry);
	fetch_free(credentials->fetch);
	secret_free_length(credentials->key, credentials->key_length);
	free(credentials->known_hosts);
	free(credentials->first);
	free(credentials);
}

void credentials_get(struct credentials *credentials, enum retry_limit limit)
{
	if (!read_known_hosts(credentials))
		return;
	if (credentials->config->key && !credentials->key)
		take_given(credentials);
	else if (credentials->config->identity && !credentials->key)
		retry_begin(credentials->retry, limit);
	else
		complete(credentials);
}

const struct ssh_login *credentials_login(const struct credentials *credentials)
{
	return &credentials->login;
}

void credentials_pin(struct credentials *credentials, struct ssh *ssh)
{
	if (!credentials->first)
		credentials->first = ssh_fingerprint(ssh);
	credentials->login.known.first = credentials->first;
}
