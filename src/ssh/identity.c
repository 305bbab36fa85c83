// SPDX-License-Identifier: GPL-2.0-or-later
/* The private key that p2v.identity names: fetched and checked. */
#include "ssh/identity.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "network/fetch.h"
#include "ssh/identity_check.h"

struct identity {
	struct fetch *fetch;
	char *shown;
	identity_done_t done;
	void *user;
};

/* The callback may free @identity. */
static void on_fetched(void *user, char *data, size_t length, const char *reason)
{
	struct identity *identity = user;
	AUTO_FREE char *wrong = NULL;
	AUTO_FREE char *sentence = NULL;

	if (!data) {
		identity->done(identity->user, NULL, 0, reason);
		return;
	}
	length = identity_trim(data, length);
	if (!identity_check(data, length, &wrong)) {
		data[length] = '\0';
		identity->done(identity->user, data, length, NULL);
		return;
	}
	secret_free_length(data, length);
	sentence = text_format("'%s' %s", identity->shown, wrong);
	identity->done(identity->user, NULL, 0, sentence);
}

struct identity *identity_fetch(sd_event *event, const char *url, identity_done_t done, void *user)
{
	struct identity *identity = memory_zero(1, sizeof(*identity));

	*identity = (struct identity){
		.fetch = fetch_start(event, url, "key", IDENTITY_SIZE_MAX, on_fetched, identity),
		.shown = fetch_url_shown(url),
		.done = done,
		.user = user,
	};
	return identity;
}

bool identity_is_temporary(const struct identity *identity)
{
	return fetch_is_temporary(identity->fetch);
}

void identity_free(struct identity *identity)
{
	if (!identity)
		return;
	fetch_free(identity->fetch);
	free(identity->shown);
	free(identity);
}
