// SPDX-License-Identifier: GPL-2.0-or-later
/* Running one of our scripts on the conversion server. */
#include "server/remote.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <string.h>

struct pending {
	struct ssh *ssh;
	struct remote_call call; /* its callbacks; what it points to was copied */
	struct remote_answer output, error;
};

char *remote_reason(const char *what, const char *error)
{
	return text_format("cannot %s on the conversion server: %s", what,
			   *error ? error : "no answer");
}

bool remote_answer_add(struct remote_answer *answer, const char *data, size_t length)
{
	size_t free_bytes = REMOTE_ANSWER_MAX - answer->length;
	size_t added = length < free_bytes ? length : free_bytes;

	answer->text = memory_resize(answer->text, answer->length + added + 1, 1);
	memcpy(answer->text + answer->length, data, added);
	answer->length += added;
	answer->text[answer->length] = '\0';
	return added == length;
}

const char *remote_answer_text(struct remote_answer *answer)
{
	while (answer->length && strchr(" \t\r\n", answer->text[answer->length - 1]))
		answer->text[--answer->length] = '\0';
	return answer->text ? answer->text : "";
}

/* A script that prints more than it may has gone wrong: it is stopped. */
static void on_output(void *user, bool error, const char *data, size_t length)
{
	struct pending *pending = user;

	if (!remote_answer_add(error ? &pending->error : &pending->output, data, length))
		ssh_stop_command(pending->ssh);
}

static void pending_free(struct pending *pending)
{
	free(pending->output.text);
	free(pending->error.text);
	free(pending);
}

static void on_done(void *user, int status)
{
	struct pending *pending = user;

	pending->call.done(pending->call.user, status, remote_answer_text(&pending->output),
			   remote_answer_text(&pending->error));
	pending_free(pending);
}

static void on_dropped(void *user)
{
	struct pending *pending = user;

	if (pending->call.dropped)
		pending->call.dropped(pending->call.user);
	pending_free(pending);
}

void remote_run(struct ssh *ssh, const struct remote_call *call)
{
	struct pending *pending = memory_zero(1, sizeof(*pending));
	char *script = script_render(call->script, call->values, call->count, call->arguments);

	pending->ssh = ssh;
	pending->call = *call;
	ssh_run(ssh, &(struct ssh_command){
			     .script = script,
			     .input = call->input,
			     .input_length = call->input_length,
			     .timeout = call->timeout,
			     .output = on_output,
			     .done = on_done,
			     .dropped = on_dropped,
			     .user = pending,
		     });
	secret_free(script);
}
