// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to p2vd, by its Varlink interface. */
#include "client/client.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"

#include <assert.h>
#include <string.h>

#define MICROSECONDS 1000000ULL

struct client {
	char *path;
	sd_varlink *link;
	sd_event_source *sending; /* makes the call from the event loop */

	/* The call that is to be made, or under way. */
	const char *method; /* after the interface's name in @name; NULL: there is none */
	char *name;
	sd_json_variant *parameters;
	uint64_t seconds;
	bool watches;
	client_replied_t replied;
	void *user;
};

static enum client_result result_of(const char *error)
{
	static const struct {
		const char *error;
		enum client_result result;
	} known[] = {
		{ CLIENT_INTERFACE ".WrongWords", CLIENT_WRONG_WORDS },
		{ CLIENT_INTERFACE ".Busy", CLIENT_BUSY },
		{ CLIENT_INTERFACE ".NothingRuns", CLIENT_NOTHING_RUNS },
		{ CLIENT_DISCONNECTED, CLIENT_LOST },
		{ SD_VARLINK_ERROR_TIMEOUT, CLIENT_LOST },
	};

	if (!error)
		return CLIENT_ANSWER;
	for (size_t i = 0; i < COUNT(known); i++)
		if (!strcmp(error, known[i].error))
			return known[i].result;
	return CLIENT_FAILED;
}

/* Hands a reply on. The callback may free the client. */
static void reply(struct client *client, sd_json_variant *parameters, const char *error, bool more)
{
	struct client_reply told = {
		.result = result_of(error),
		.error = error,
		.parameters = parameters,
		.more = more,
	};
	client_replied_t replied = client->replied;

	if (!more)
		client->replied = NULL;
	replied(client->user, &told);
}

static int on_reply(sd_varlink *link, sd_json_variant *parameters, const char *error,
		    sd_varlink_reply_flags_t flags, void *user)
{
	struct client *client = user;

	(void)link;
	if (client->replied)
		reply(client, parameters, error, flags & SD_VARLINK_REPLY_CONTINUES);
	return 0;
}

/* sd-varlink takes no call within the callback of the one before. So each is made from here. */
static int on_sending(sd_event_source *source, void *user)
{
	struct client *client = user;
	sd_json_variant *parameters = steal(client->parameters);
	int r = sd_varlink_set_relative_timeout(client->link,
						client->seconds ? client->seconds * MICROSECONDS :
								  UINT64_MAX);

	(void)source;
	if (r >= 0)
		r = client->watches ? sd_varlink_observe(client->link, client->name, parameters) :
				      sd_varlink_invoke(client->link, client->name, parameters);
	sd_json_variant_unref(parameters);
	if (r < 0)
		reply(client, NULL, CLIENT_DISCONNECTED, false);
	return 0;
}

static int refuse(char **reason, const char *path, int error)
{
	switch (-error) {
	case ENOENT:
	case ECONNREFUSED:
		return REFUSE(reason, -error,
			      "cannot reach p2vd at '%s': %s: is it running? in its image 'systemctl status p2v' tells; elsewhere start it with --serve",
			      path, strerror(-error));
	case EACCES:
	case EPERM:
		return REFUSE(reason, EACCES,
			      "cannot reach p2vd at '%s': %s: only root and the user that runs it may ask it",
			      path, strerror(-error));
	default:
		return REFUSE(reason, -error, "cannot reach p2vd at '%s': %s", path,
			      strerror(-error));
	}
}

int client_open(sd_event *event, const char *path, struct client **result, char **reason)
{
	struct client *client = memory_zero(1, sizeof(*client));
	int r;

	client->path = text_copy(path);
	r = sd_varlink_connect_address(&client->link, path);
	if (r >= 0)
		r = sd_varlink_bind_reply(client->link, on_reply);
	if (r >= 0)
		r = sd_varlink_attach_event(client->link, event, SD_EVENT_PRIORITY_NORMAL);
	if (r >= 0)
		r = sd_event_add_defer(event, &client->sending, on_sending, client);
	if (r >= 0)
		r = sd_event_source_set_enabled(client->sending, SD_EVENT_OFF);
	if (r < 0) {
		client_free(client);
		return refuse(reason, path, r);
	}
	sd_varlink_set_userdata(client->link, client);
	*result = client;
	return 0;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	sd_event_source_disable_unref(client->sending);
	if (client->link)
		sd_varlink_bind_reply(client->link, NULL);
	sd_varlink_close_unref(client->link);
	sd_json_variant_unref(client->parameters);
	free(client->name);
	free(client->path);
	free(client);
}

static void call(struct client *client, const char *method, client_replied_t replied, void *user)
{
	assert(!client->replied);
	free(client->name);
	client->name = text_format(CLIENT_INTERFACE ".%s", method);
	client->method = client->name + strlen(CLIENT_INTERFACE ".");
	client->replied = replied;
	client->user = user;
	sd_event_source_set_enabled(client->sending, SD_EVENT_ONESHOT);
}

void client_call(struct client *client, const char *method, sd_json_variant *parameters,
		 uint64_t seconds, client_replied_t replied, void *user)
{
	call(client, method, replied, user);
	client->parameters = sd_json_variant_ref(parameters);
	client->seconds = seconds;
	client->watches = false;
}

void client_watch(struct client *client, client_replied_t replied, void *user)
{
	call(client, "Watch", replied, user);
	client->seconds = CLIENT_EVER;
	client->watches = true;
}

static char *failure(const struct client *client, const struct client_reply *reply)
{
	if (!strcmp(reply->error, SD_VARLINK_ERROR_INVALID_PARAMETER))
		return text_format("p2vd at '%s' does not take '%s' in '%s': is it of another version?",
				   client->path,
				   field_text(reply->parameters, "parameter") ?: "a parameter",
				   client->method);
	if (!strcmp(reply->error, SD_VARLINK_ERROR_PERMISSION_DENIED))
		return text_format("p2vd at '%s' refuses '%s': only root and the user that runs it may ask it",
				   client->path, client->method);
	if (!strcmp(reply->error, SD_VARLINK_ERROR_INTERFACE_NOT_FOUND) ||
	    !strcmp(reply->error, SD_VARLINK_ERROR_METHOD_NOT_FOUND) ||
	    !strcmp(reply->error, SD_VARLINK_ERROR_METHOD_NOT_IMPLEMENTED))
		return text_format("what listens at '%s' does not know '%s': is it p2vd, of this version?",
				   client->path, client->name);
	return text_format("p2vd at '%s' could not do '%s': %s; its messages may say more (journalctl -u p2v)",
			   client->path, client->method, reply->error);
}

char *client_sentence(const struct client *client, const struct client_reply *reply)
{
	switch (reply->result) {
	case CLIENT_ANSWER:
		break;
	case CLIENT_WRONG_WORDS:
		return text_copy("p2vd refuses that: nothing was changed or begun");
	case CLIENT_BUSY:
		return text_format("p2vd is busy (%s): wait until that has ended, or cancel it",
				   field_text(reply->parameters, "activity") ?:
					   "it does not say with what");
	case CLIENT_NOTHING_RUNS:
		return text_copy("there is nothing to cancel: neither a conversion nor a test runs");
	case CLIENT_LOST:
		if (!strcmp(reply->error, SD_VARLINK_ERROR_TIMEOUT))
			return text_format("p2vd at '%s' has not replied to '%s' in time: is it stopped, or the machine overloaded?",
					   client->path, client->method);
		return text_format("p2vd at '%s' has closed the connection and not replied to '%s': has it ended?",
				   client->path, client->method);
	case CLIENT_FAILED:
		return failure(client, reply);
	}
	return NULL;
}
