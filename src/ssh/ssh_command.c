// SPDX-License-Identifier: GPL-2.0-or-later
/* An SSH session: its commands, one after the other. */
#include "base/memory.h"
#include "ssh/ssh_session.h"

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/text.h"

#include <string.h>
#include <systemd/sd-id128.h>

/*
 * `read` and `head -c` read no byte more than they need, so the input of the script
 * is left for the script. The line means the same to sh, csh and fish. Start-up files may
 * export variables that change how sh and the programs of our scripts work: without these.
 * The script runs in a subshell, so that the mark comes whatever the script does. Where a
 * start-up file has joined the streams, the mark of standard output is the last to begin and
 * the first end is the end.
 */
#define REMOTE_COMMAND                                                                     \
	"env -u POSIXLY_CORRECT -u SHELLOPTS -u BASHOPTS -u BASH_ENV -u GREP_OPTIONS "     \
	"-u DF_BLOCK_SIZE -u BLOCK_SIZE -u BLOCKSIZE "                                     \
	"sh -c 'IFS= read -r n && IFS= read -r m && "                                      \
	"echo @p2vd-errors >&2 && echo @p2vd-begins && { (eval \"$(head -c $n)\"); s=$?; " \
	"echo " SSH_ENDING_MARK "$m-$s >&2; echo " SSH_ENDING_MARK "$m-$s; }'"
#define OPEN_MICROSECONDS 200000ULL /* between two tries to open a channel */
#define OPEN_TRIES 75
#define OPEN_TRIES_FIRST 10 /* for the first channel, before which there is no other */
#define RECEIVE_WINDOW (4U << 20) /* bytes of output that a script can write while we send */

static void operation_free(struct ssh_operation *operation)
{
	secret_free_length(operation->input, operation->length);
	free(operation);
}

/* Takes the first operation off the queue. */
static struct ssh_operation *operation_take(struct ssh *ssh)
{
	struct ssh_operation *operation = ssh->queue;

	ssh->queue = operation->next;
	ssh->stage = STAGE_IDLE;
	ssh_set_timeout(ssh, 0);
	return operation;
}

int ssh_stage_idle(struct ssh *ssh)
{
	if (!ssh->queue)
		return LIBSSH2_ERROR_EAGAIN;
	ssh_set_timeout(ssh, ssh->queue->command.timeout ? ssh->queue->command.timeout :
							   SSH_STEP_SECONDS);
	ssh->stage = STAGE_OPEN;
	return 0;
}

/*
 * With MaxSessions 1, sshd refuses a channel until the login shell of the last one has ended,
 * which can be after that channel was closed. So this one is tried again for a while.
 */
static int channel_refused(struct ssh *ssh)
{
	static const char advice[] =
		"opening a session (MaxSessions in its sshd_config must be 1 or more)";

	if (ssh->refusals++ < (ssh->opened ? OPEN_TRIES : OPEN_TRIES_FIRST)) {
		ssh->stage = STAGE_PAUSE;
		sd_event_source_set_time_relative(ssh->pause, OPEN_MICROSECONDS);
		sd_event_source_set_enabled(ssh->pause, SD_EVENT_ONESHOT);
		return LIBSSH2_ERROR_EAGAIN;
	}
	if (ssh->opened)
		return ssh_lost(ssh, advice);
	ssh_fail(ssh, SSH_REFUSED,
		 text_format("%s has let '%s' in and refuses %s: %s", ssh->numeric, ssh->login.user,
			     advice, ssh_error(ssh)));
	return LIBSSH2_ERROR_CHANNEL_FAILURE;
}

int ssh_stage_pause(struct ssh *ssh)
{
	(void)ssh;
	return LIBSSH2_ERROR_EAGAIN;
}

int ssh_stage_open(struct ssh *ssh)
{
	ssh->channel = libssh2_channel_open_ex(ssh->session, "session", sizeof("session") - 1,
					       RECEIVE_WINDOW, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL,
					       0);
	if (ssh->channel) {
		ssh->opened = true;
		ssh->refusals = 0;
		ssh->stage = STAGE_EXEC;
		return 0;
	}
	if (libssh2_session_last_errno(ssh->session) == LIBSSH2_ERROR_EAGAIN)
		return LIBSSH2_ERROR_EAGAIN;
	if (libssh2_session_last_errno(ssh->session) == LIBSSH2_ERROR_CHANNEL_FAILURE)
		return channel_refused(ssh);
	return ssh_lost(ssh, "opening a channel");
}

int ssh_stage_exec(struct ssh *ssh)
{
	int r = libssh2_channel_process_startup(ssh->channel, "exec", sizeof("exec") - 1,
						REMOTE_COMMAND, sizeof(REMOTE_COMMAND) - 1);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0)
		return ssh_lost(ssh, "starting a command (does the account have a shell?)");
	ssh->stage = STAGE_WRITE;
	return 0;
}

int ssh_stage_write(struct ssh *ssh)
{
	struct ssh_operation *operation = ssh->queue;

	while (operation->sent < operation->length) {
		ssize_t r = libssh2_channel_write(ssh->channel, operation->input + operation->sent,
						  operation->length - operation->sent);
		if (r == LIBSSH2_ERROR_EAGAIN)
			return r;
		if (r == LIBSSH2_ERROR_CHANNEL_CLOSED || r == LIBSSH2_ERROR_CHANNEL_EOF_SENT)
			break; /* the script has ended without reading all: go on to its status */
		if (r < 0)
			return ssh_lost(ssh, "sending");
		operation->sent += r;
	}
	ssh->stage = STAGE_EOF;
	return 0;
}

int ssh_stage_eof(struct ssh *ssh)
{
	int r = 0;

	if (ssh->queue->command.beat) {
		sd_event_source_set_time_relative(ssh->beat, 0);
		sd_event_source_set_enabled(ssh->beat, SD_EVENT_ON);
	} else {
		r = libssh2_channel_send_eof(ssh->channel);
	}
	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (!ssh->queue->command.timeout)
		ssh_set_timeout(ssh, 0);
	ssh->stage = STAGE_READ;
	return 0;
}

static void on_output(void *user, const char *data, size_t length)
{
	const struct ssh_operation *operation = user;

	operation->command.output(operation->command.user, false, data, length);
}

static void on_error_output(void *user, const char *data, size_t length)
{
	const struct ssh_operation *operation = user;

	operation->command.output(operation->command.user, true, data, length);
}

static void (*const outputs[])(void *user, const char *data, size_t length) = { on_output,
										on_error_output };

/* Sends the beat that is due, or the rest of it: libssh2 can send nothing else before. */
static int send_beat(struct ssh *ssh)
{
	if (!ssh->beat_due)
		return 0;
	if (!ssh->beat_rest)
		ssh->beat_rest = ssh->queue->command.beat_line ?: "\n";
	while (*ssh->beat_rest) {
		ssize_t r = libssh2_channel_write(ssh->channel, ssh->beat_rest,
						  strlen(ssh->beat_rest));

		if (r == LIBSSH2_ERROR_EAGAIN)
			return LIBSSH2_ERROR_EAGAIN;
		if (r <= 0)
			break; /* what is wrong, reading tells */
		ssh->beat_rest += r;
	}
	ssh->beat_rest = NULL;
	ssh->beat_due = false;
	return 0;
}

void ssh_change_beat(struct ssh *ssh, const char *line)
{
	if (!ssh->queue || !ssh->queue->command.beat)
		return;
	ssh->queue->command.beat_line = line;
	if (ssh->stage == STAGE_READ)
		sd_event_source_set_time_relative(ssh->beat, 0);
}

/* Reads what has come on one stream. Returns 0 or a libssh2 error. */
static int read_stream(struct ssh *ssh, bool error)
{
	struct ssh_operation *operation = ssh->queue;
	char buffer[16384];
	ssize_t r;

	while ((r = libssh2_channel_read_ex(ssh->channel, error ? SSH_EXTENDED_DATA_STDERR : 0,
					    buffer, sizeof(buffer))) > 0) {
		size_t skip = ssh_greeting_take(&operation->greetings[error], buffer, r);

		ssh_ending_take(&operation->endings[error], buffer + skip, r - skip, outputs[error],
				operation);
	}
	return r;
}

char *ssh_command_greeting(const struct ssh *ssh)
{
	const struct ssh_greeting *greetings = ssh->queue ? ssh->queue->greetings : NULL;

	if (!greetings || ssh_greeting_is_over(&greetings[0]))
		return NULL;
	return text_format("%s%s", greetings[0].start,
			   ssh_greeting_is_over(&greetings[1]) ? "" : greetings[1].start);
}

/* Used when the script did not start. The greetings are handed on as its error output:
 * they may tell why. */
static void say_greetings(const struct ssh_operation *operation)
{
	const struct ssh_command *command = &operation->command;

	for (int i = 0; i < 2; i++) {
		const struct ssh_greeting *greeting = &operation->greetings[i];

		if (!ssh_greeting_is_over(greeting) && *greeting->start)
			command->output(command->user, true, greeting->start,
					strlen(greeting->start));
	}
}

/* One with a beat would go on for ever, and others wait behind it. */
static bool gives_way(const struct ssh_operation *operation)
{
	return operation->command.beat && operation->next;
}

int ssh_stage_read(struct ssh *ssh)
{
	struct ssh_operation *operation = ssh->queue;

	if (send_beat(ssh) < 0)
		return LIBSSH2_ERROR_EAGAIN;
	for (int error = 0; error < 2; error++) {
		int r = read_stream(ssh, error);

		if (r < 0 && r != LIBSSH2_ERROR_EAGAIN)
			return ssh_lost(ssh, "reading");
	}
	if (ssh->stage != STAGE_READ)
		return 0; /* output() has stopped the command */
	if (gives_way(operation)) {
		ssh_set_timeout(ssh, SSH_STEP_SECONDS);
		ssh->stage = STAGE_CLOSE;
		return 0;
	}
	if (ssh_greeting_is_endless(&operation->greetings[0]) ||
	    ssh_greeting_is_endless(&operation->greetings[1])) {
		ssh_fail(ssh, SSH_REFUSED,
			 text_format("the login shell of '%s' prints without end and runs no command",
				     ssh->login.user));
		return LIBSSH2_ERROR_OUT_OF_BOUNDARY;
	}
	/* The login shell may still be busy, and what it started may hold the streams open. */
	if (operation->endings[0].over && operation->endings[1].over)
		ssh_set_timeout(ssh, SSH_STEP_SECONDS);
	else if (!libssh2_channel_eof(ssh->channel))
		return LIBSSH2_ERROR_EAGAIN;
	for (int error = 0; error < 2; error++)
		ssh_ending_flush(&operation->endings[error], outputs[error], operation);
	if (!ssh_greeting_is_over(&operation->greetings[0]))
		say_greetings(operation);
	ssh->stage = STAGE_CLOSE;
	return 0;
}

int ssh_stage_close(struct ssh *ssh)
{
	int r = send_beat(ssh);

	sd_event_source_set_enabled(ssh->beat, SD_EVENT_OFF);
	if (r == 0)
		r = libssh2_channel_close(ssh->channel);
	/* If we stopped the command, the server may close the channel without an EOF. */
	if (r != LIBSSH2_ERROR_EAGAIN && libssh2_channel_eof(ssh->channel) == 1)
		r = libssh2_channel_wait_closed(ssh->channel);
	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0)
		return ssh_lost(ssh, "closing a channel");
	ssh->stage = STAGE_FREE;
	return 0;
}

int ssh_stage_free(struct ssh *ssh)
{
	struct ssh_operation *operation;
	int r = libssh2_channel_free(ssh->channel);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	ssh->channel = NULL;
	operation = operation_take(ssh);
	operation->command.done(operation->command.user, operation->endings[0].status);
	operation_free(operation);
	return 0;
}

void ssh_drop_operations(struct ssh *ssh)
{
	while (ssh->queue) {
		struct ssh_operation *operation = ssh->queue;

		ssh->queue = operation->next;
		if (operation->command.dropped)
			operation->command.dropped(operation->command.user);
		operation_free(operation);
	}
}

static void enqueue(struct ssh *ssh, struct ssh_operation *operation)
{
	struct ssh_operation **end = &ssh->queue;

	while (*end)
		end = &(*end)->next;
	*end = operation;
	if (ssh->stage == STAGE_IDLE || (ssh->stage == STAGE_READ && gives_way(ssh->queue)))
		ssh_resume(ssh);
}

void ssh_run(struct ssh *ssh, const struct ssh_command *command)
{
	struct ssh_operation *operation = memory_zero(1, sizeof(*operation));
	AUTO_FREE char *head = NULL;
	size_t script = strlen(command->script);
	sd_id128_t word;
	char *end;

	if (sd_id128_randomize(&word) < 0)
		abort(); /* the kernel has no random numbers */
	operation->greetings[1].error = true;
	for (int error = 0; error < 2; error++)
		ssh_ending_begin(&operation->endings[error], SD_ID128_TO_STRING(word));
	head = text_format("%zu\n%s\n", script, SD_ID128_TO_STRING(word));
	operation->command = *command;
	operation->length = strlen(head) + script + command->input_length;
	operation->input = memory_zero(operation->length, 1);
	end = mempcpy(operation->input, head, strlen(head));
	end = mempcpy(end, command->script, script);
	if (command->input_length)
		memcpy(end, command->input, command->input_length);
	operation->command.script = NULL; /* belongs to the caller; the copy is in input */
	operation->command.input = NULL;
	enqueue(ssh, operation);
}

void ssh_stop_command(struct ssh *ssh)
{
	if (ssh->stage != STAGE_READ)
		return;
	ssh->stage = STAGE_CLOSE;
	ssh_set_timeout(ssh, SSH_STEP_SECONDS);
	ssh_resume(ssh);
}
