// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control connection.
 *
 * One function per stage of a session, in the table at the end; each returns
 * LIBSSH2_ERROR_EAGAIN when it has to wait for the socket. libssh2 wants a call
 * that would block repeated before any other is made that sends, hence one
 * operation at a time.
 */
#include "ssh.h"

#include "cleanup.h"
#include "log.h"
#include "secret.h"
#include "text.h"

#include <fcntl.h>
#include <libssh2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

/* `read` and `head -c` take no byte more than they need, so the script's own
 * input is left for it. Understood alike by sh, csh and fish. */
#define REMOTE_COMMAND "sh -c 'IFS= read -r n && eval \"$(head -c $n)\"'"

#define CONNECT_SECONDS 15 /* per address */
#define LOGIN_SECONDS 60   /* key exchange and authentication */
#define KEEPALIVE_SECONDS 15
#define DEAD_MILLISECONDS 60000     /* unanswered for so long: the link is gone */
#define RECEIVE_WINDOW (4U << 20)   /* bytes; output of a script while we still write */

enum stage {
	STAGE_TCP,
	STAGE_HANDSHAKE,
	STAGE_METHODS,
	STAGE_LOGIN,
	STAGE_IDLE,
	STAGE_OPEN,
	STAGE_EXEC,
	STAGE_WRITE,
	STAGE_EOF,
	STAGE_READ,
	STAGE_CLOSE,
	STAGE_FREE,
	STAGE_LISTEN,
	STAGE_UNLISTEN,
	STAGE_DEAD,
};

struct operation {
	struct operation *next;
	struct ssh_command command; /* for a command */
	char *input;                /* length line, script, data */
	size_t length, sent;
	void (*forward_done)(void *user, const char *refusal); /* for ssh_try_forward() */
	void *user;
};

struct ssh {
	sd_event *event;
	struct ssh_login login;
	struct ssh_events events;
	const struct addrinfo *address;
	char *numeric;
	char *last_error; /* of the addresses tried so far */
	int fd;
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	LIBSSH2_LISTENER *listener;
	enum stage stage;
	enum { LOGIN_NONE, LOGIN_KEY, LOGIN_PASSWORD, LOGIN_INTERACTIVE } method;
	struct operation *queue;
	int status;
	sd_event_source *io, *timeout, *keepalive, *resume;
};

static void connect_next(struct ssh *ssh);

static void operation_free(struct operation *operation)
{
	secret_free_length(operation->input, operation->length);
	free(operation);
}

static const char *session_error(struct ssh *ssh)
{
	char *message = NULL;

	libssh2_session_last_error(ssh->session, &message, NULL, 0);
	return message && *message ? message : "unknown error";
}

/* Says that the session is dead. */
static void fail(struct ssh *ssh, enum ssh_failure failure, char *reason)
{
	AUTO_FREE char *owned = reason;

	ssh->stage = STAGE_DEAD;
	sd_event_source_set_enabled(ssh->io, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_OFF);
	ssh->events.failed(ssh->events.user, failure, owned);
}

static void set_timeout(struct ssh *ssh, unsigned seconds)
{
	sd_event_source_set_enabled(ssh->timeout, seconds ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
	if (seconds)
		sd_event_source_set_time_relative(ssh->timeout, seconds * 1000000ULL);
}

static void close_socket(struct ssh *ssh)
{
	ssh->io = sd_event_source_disable_unref(ssh->io);
	if (ssh->fd >= 0) /* so that freeing the session cannot wait for the peer */
		shutdown(ssh->fd, SHUT_RDWR);
	if (ssh->session)
		libssh2_session_free(ssh->session);
	ssh->session = NULL;
	if (ssh->fd >= 0)
		close(ssh->fd);
	ssh->fd = -1;
}

/* This address did not answer: the next one, or none is left. */
static void address_failed(struct ssh *ssh, const char *why)
{
	free(ssh->last_error);
	ssh->last_error = text_format("%s: %s", ssh->numeric, why);
	log_info("no connection to %s", ssh->last_error);
	close_socket(ssh);
	ssh->address = ssh->address->ai_next;
	connect_next(ssh);
}

/* ---- stages of the login -------------------------------------------- */

static int stage_tcp(struct ssh *ssh)
{
	int error = 0;
	socklen_t length = sizeof error;

	getsockopt(ssh->fd, SOL_SOCKET, SO_ERROR, &error, &length);
	if (error) {
		address_failed(ssh, strerror(error));
		return LIBSSH2_ERROR_EAGAIN;
	}
	ssh->session = libssh2_session_init_ex(NULL, NULL, NULL, ssh);
	if (!ssh->session)
		abort(); /* no memory */
	libssh2_session_set_blocking(ssh->session, 0);
	libssh2_session_flag(ssh->session, LIBSSH2_FLAG_COMPRESS, 0);
	set_timeout(ssh, LOGIN_SECONDS);
	ssh->stage = STAGE_HANDSHAKE;
	return 0;
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 4648 base64 of a SHA-256 hash without padding, as ssh-keygen -l shows it. */
static void fingerprint_text(const unsigned char hash[static 32], char text[static 44])
{
	unsigned bits = 0, value = 0;

	for (size_t i = 0; i < 32; i++) {
		value = value << 8 | hash[i];
		for (bits += 8; bits >= 6; bits -= 6)
			*text++ = base64_digits[value >> (bits - 6) & 63];
	}
	*text++ = base64_digits[value << (6 - bits) & 63];
	*text = '\0';
}

static void say_fingerprint(struct ssh *ssh)
{
	const char *hash = libssh2_hostkey_hash(ssh->session, LIBSSH2_HOSTKEY_HASH_SHA256);
	char text[44] = "unknown";

	if (hash)
		fingerprint_text((const unsigned char *)hash, text);
	log_notice("server %s has the host key SHA256:%s (%s)", ssh->numeric, text,
		   libssh2_session_methods(ssh->session, LIBSSH2_METHOD_HOSTKEY));
}

static int stage_handshake(struct ssh *ssh)
{
	int r = libssh2_session_handshake(ssh->session, ssh->fd);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r == LIBSSH2_ERROR_SOCKET_DISCONNECT || r == LIBSSH2_ERROR_SOCKET_RECV ||
	    r == LIBSSH2_ERROR_SOCKET_SEND || r == LIBSSH2_ERROR_BANNER_RECV) {
		address_failed(ssh, "something answers there, but it is not an SSH server, or it "
				    "closed the connection at once");
		return LIBSSH2_ERROR_EAGAIN;
	}
	if (r < 0) {
		fail(ssh, SSH_REFUSED,
		     text_format("no SSH session with %s: %s", ssh->numeric, session_error(ssh)));
		return r;
	}
	say_fingerprint(ssh);
	ssh->stage = STAGE_METHODS;
	return 0;
}

/* Which way of logging in we have and the server offers. */
static char *choose_method(struct ssh *ssh, const char *offered)
{
	const struct ssh_login *login = &ssh->login;

	if (login->key && strstr(offered, "publickey"))
		ssh->method = LOGIN_KEY;
	else if (login->key)
		return text_format("the server takes no keys, only: %s; allow PubkeyAuthentication "
				   "in its sshd_config",
				   offered);
	else if (!login->password)
		return text_format("neither p2v.password nor p2v.identity is given, and the server "
				   "wants one of: %s",
				   offered);
	else if (strstr(offered, "password"))
		ssh->method = LOGIN_PASSWORD;
	else if (strstr(offered, "keyboard-interactive"))
		ssh->method = LOGIN_INTERACTIVE;
	else
		return text_format("the server takes no passwords from '%s', only: %s; give "
				   "p2v.identity, or allow PasswordAuthentication (and, for root, "
				   "PermitRootLogin) in its sshd_config",
				   login->user, offered);
	return NULL;
}

static void logged_in(struct ssh *ssh)
{
	set_timeout(ssh, 0);
	libssh2_keepalive_config(ssh->session, 1, KEEPALIVE_SECONDS);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_ON);
	ssh->stage = STAGE_IDLE;
	ssh->events.ready(ssh->events.user);
}

static int stage_methods(struct ssh *ssh)
{
	const struct ssh_login *login = &ssh->login;
	const char *offered =
		libssh2_userauth_list(ssh->session, login->user, strlen(login->user));
	char *reason;

	if (!offered && libssh2_session_last_errno(ssh->session) == LIBSSH2_ERROR_EAGAIN)
		return LIBSSH2_ERROR_EAGAIN;
	if (!offered && libssh2_userauth_authenticated(ssh->session)) {
		logged_in(ssh);
		return 0;
	}
	if (!offered)
		reason = text_format("the server ended the login: %s", session_error(ssh));
	else
		reason = choose_method(ssh, offered);
	if (reason) {
		fail(ssh, SSH_REFUSED, reason);
		return LIBSSH2_ERROR_AUTHENTICATION_FAILED;
	}
	ssh->stage = STAGE_LOGIN;
	return 0;
}

/* Every hidden prompt gets the password; libssh2 frees the answers. */
static void answer_prompts(const char *name, int name_length, const char *instruction,
			   int instruction_length, int count,
			   const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
			   LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	const struct ssh *ssh = *abstract;

	(void)name, (void)name_length, (void)instruction, (void)instruction_length;
	for (int i = 0; i < count; i++) {
		answers[i].text = text_copy(prompts[i].echo ? "" : ssh->login.password);
		answers[i].length = strlen(answers[i].text);
	}
}

static int try_method(struct ssh *ssh)
{
	const struct ssh_login *login = &ssh->login;
	size_t length = strlen(login->user);

	switch (ssh->method) {
	case LOGIN_KEY:
		return libssh2_userauth_publickey_frommemory(ssh->session, login->user, length, NULL,
							     0, login->key, login->key_length, NULL);
	case LOGIN_PASSWORD:
		return libssh2_userauth_password_ex(ssh->session, login->user, length,
						    login->password, strlen(login->password), NULL);
	case LOGIN_INTERACTIVE:
		return libssh2_userauth_keyboard_interactive_ex(ssh->session, login->user, length,
								answer_prompts);
	case LOGIN_NONE:
		break;
	}
	return LIBSSH2_ERROR_METHOD_NOT_SUPPORTED;
}

static char *login_reason(struct ssh *ssh, int error)
{
	const char *user = ssh->login.user;

	if (error == LIBSSH2_ERROR_SOCKET_DISCONNECT || error == LIBSSH2_ERROR_SOCKET_RECV)
		return text_format("the server closed the connection during the login of '%s'",
				   user);
	if (error == LIBSSH2_ERROR_FILE || error == LIBSSH2_ERROR_METHOD_NONE)
		return text_format("the private key from p2v.identity cannot be read: %s",
				   session_error(ssh));
	if (ssh->method == LOGIN_KEY)
		return text_format("the server does not accept the key from p2v.identity for '%s': "
				   "%s; put the public key into its authorized_keys there",
				   user, session_error(ssh));
	return text_format("the server does not accept p2v.password for '%s': %s; for root also see "
			   "PermitRootLogin in its sshd_config",
			   user, session_error(ssh));
}

static int stage_login(struct ssh *ssh)
{
	int r = try_method(ssh);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0) {
		fail(ssh, SSH_REFUSED, login_reason(ssh, r));
		return r;
	}
	logged_in(ssh);
	return 0;
}

/* ---- stages of an operation ----------------------------------------- */

static int lost(struct ssh *ssh, const char *doing)
{
	fail(ssh, SSH_LOST,
	     text_format("control connection to %s lost while %s: %s", ssh->numeric, doing,
			 session_error(ssh)));
	return LIBSSH2_ERROR_SOCKET_DISCONNECT;
}

/* The operation at the queue's head, taken off. */
static struct operation *operation_take(struct ssh *ssh)
{
	struct operation *operation = ssh->queue;

	ssh->queue = operation->next;
	ssh->stage = STAGE_IDLE;
	set_timeout(ssh, 0);
	return operation;
}

static int stage_idle(struct ssh *ssh)
{
	if (!ssh->queue)
		return LIBSSH2_ERROR_EAGAIN;
	set_timeout(ssh, ssh->queue->command.timeout);
	ssh->stage = ssh->queue->forward_done ? STAGE_LISTEN : STAGE_OPEN;
	return 0;
}

static int stage_open(struct ssh *ssh)
{
	ssh->channel = libssh2_channel_open_ex(ssh->session, "session", sizeof "session" - 1,
					       RECEIVE_WINDOW, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL,
					       0);
	if (ssh->channel) {
		ssh->stage = STAGE_EXEC;
		return 0;
	}
	if (libssh2_session_last_errno(ssh->session) == LIBSSH2_ERROR_EAGAIN)
		return LIBSSH2_ERROR_EAGAIN;
	return lost(ssh, "opening a channel");
}

static int stage_exec(struct ssh *ssh)
{
	int r = libssh2_channel_process_startup(ssh->channel, "exec", sizeof "exec" - 1,
						REMOTE_COMMAND, sizeof REMOTE_COMMAND - 1);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0)
		return lost(ssh, "starting a command (does the account have a shell?)");
	ssh->stage = STAGE_WRITE;
	return 0;
}

static int stage_write(struct ssh *ssh)
{
	struct operation *operation = ssh->queue;

	while (operation->sent < operation->length) {
		ssize_t r = libssh2_channel_write(ssh->channel, operation->input + operation->sent,
						  operation->length - operation->sent);
		if (r == LIBSSH2_ERROR_EAGAIN)
			return r;
		if (r == LIBSSH2_ERROR_CHANNEL_CLOSED || r == LIBSSH2_ERROR_CHANNEL_EOF_SENT)
			break; /* it ended without reading: its status tells */
		if (r < 0)
			return lost(ssh, "sending");
		operation->sent += r;
	}
	ssh->stage = STAGE_EOF;
	return 0;
}

static int stage_eof(struct ssh *ssh)
{
	int r = libssh2_channel_send_eof(ssh->channel);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	ssh->stage = STAGE_READ;
	return 0;
}

/* Hands on what stands in one stream. Returns 0 or a libssh2 error. */
static int read_stream(struct ssh *ssh, int stream,
		       void (*sink)(void *user, const char *data, size_t length))
{
	char buffer[16384];
	ssize_t r;

	while ((r = libssh2_channel_read_ex(ssh->channel, stream, buffer, sizeof buffer)) > 0)
		if (sink)
			sink(ssh->queue->command.user, buffer, r);
	return r;
}

static int stage_read(struct ssh *ssh)
{
	const struct ssh_command *command = &ssh->queue->command;
	int output = read_stream(ssh, 0, command->output);
	int error = read_stream(ssh, SSH_EXTENDED_DATA_STDERR, command->error);

	if ((output < 0 && output != LIBSSH2_ERROR_EAGAIN) ||
	    (error < 0 && error != LIBSSH2_ERROR_EAGAIN))
		return lost(ssh, "reading");
	if (!libssh2_channel_eof(ssh->channel))
		return LIBSSH2_ERROR_EAGAIN;
	ssh->stage = STAGE_CLOSE;
	return 0;
}

static int stage_close(struct ssh *ssh)
{
	char *signal = NULL;
	int r = libssh2_channel_close(ssh->channel);

	if (r != LIBSSH2_ERROR_EAGAIN)
		r = libssh2_channel_wait_closed(ssh->channel);
	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0)
		return lost(ssh, "closing a channel");
	ssh->status = libssh2_channel_get_exit_status(ssh->channel);
	libssh2_channel_get_exit_signal(ssh->channel, &signal, NULL, NULL, NULL, NULL, NULL);
	if (signal)
		ssh->status = -1;
	libssh2_free(ssh->session, signal);
	ssh->stage = STAGE_FREE;
	return 0;
}

static int stage_free(struct ssh *ssh)
{
	struct operation *operation;
	int r = libssh2_channel_free(ssh->channel);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	ssh->channel = NULL;
	operation = operation_take(ssh);
	operation->command.done(operation->command.user, ssh->status);
	operation_free(operation);
	return 0;
}

static void forward_done(struct ssh *ssh, const char *refusal)
{
	struct operation *operation = operation_take(ssh);

	operation->forward_done(operation->user, refusal);
	operation_free(operation);
}

static int stage_listen(struct ssh *ssh)
{
	int port = 0;

	ssh->listener = libssh2_channel_forward_listen_ex(ssh->session, "127.0.0.1", 0, &port, 1);
	if (ssh->listener) {
		ssh->stage = STAGE_UNLISTEN;
		return 0;
	}
	if (libssh2_session_last_errno(ssh->session) == LIBSSH2_ERROR_EAGAIN)
		return LIBSSH2_ERROR_EAGAIN;
	if (libssh2_session_last_errno(ssh->session) != LIBSSH2_ERROR_REQUEST_DENIED)
		return lost(ssh, "asking for a forwarded port");
	forward_done(ssh, session_error(ssh));
	return 0;
}

static int stage_unlisten(struct ssh *ssh)
{
	int r = libssh2_channel_forward_cancel(ssh->listener);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	ssh->listener = NULL;
	forward_done(ssh, NULL);
	return 0;
}

/* ---- the loop's side ------------------------------------------------- */

static int (*const stages[])(struct ssh *ssh) = {
	[STAGE_TCP] = stage_tcp,
	[STAGE_HANDSHAKE] = stage_handshake,
	[STAGE_METHODS] = stage_methods,
	[STAGE_LOGIN] = stage_login,
	[STAGE_IDLE] = stage_idle,
	[STAGE_OPEN] = stage_open,
	[STAGE_EXEC] = stage_exec,
	[STAGE_WRITE] = stage_write,
	[STAGE_EOF] = stage_eof,
	[STAGE_READ] = stage_read,
	[STAGE_CLOSE] = stage_close,
	[STAGE_FREE] = stage_free,
	[STAGE_LISTEN] = stage_listen,
	[STAGE_UNLISTEN] = stage_unlisten,
};

/* What to wake up for. libssh2 reads only on behalf of a channel, so an idle
 * session listens for the connection's end alone. */
static void wait_for_socket(struct ssh *ssh)
{
	int directions = ssh->session ? libssh2_session_block_directions(ssh->session) : 0;
	uint32_t events = EPOLLIN;

	if (ssh->stage == STAGE_TCP)
		events = EPOLLOUT;
	else if (ssh->stage == STAGE_IDLE)
		events = EPOLLRDHUP;
	else if (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		events |= EPOLLOUT;
	sd_event_source_set_io_events(ssh->io, events);
}

/* One stage after the other until one has to wait. */
static void pump(struct ssh *ssh)
{
	while (ssh->stage != STAGE_DEAD && stages[ssh->stage](ssh) == 0)
		;
	if (ssh->stage != STAGE_DEAD)
		wait_for_socket(ssh);
}

static int on_socket(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct ssh *ssh = user;

	(void)source, (void)fd;
	if (ssh->stage == STAGE_IDLE && events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		fail(ssh, SSH_LOST, text_format("%s closed the control connection", ssh->numeric));
	else
		pump(ssh);
	return 0;
}

static int on_resume(sd_event_source *source, void *user)
{
	(void)source;
	pump(user);
	return 0;
}

static int on_timeout(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;

	(void)source, (void)now;
	if (ssh->stage == STAGE_TCP)
		address_failed(ssh, "no answer (a firewall, or no such machine)");
	else if (ssh->stage < STAGE_METHODS)
		address_failed(ssh, "no SSH greeting in time");
	else if (ssh->stage < STAGE_IDLE)
		fail(ssh, SSH_UNREACHABLE, text_format("%s did not answer the login in %d s",
						       ssh->numeric, LOGIN_SECONDS));
	else
		fail(ssh, SSH_LOST, text_format("%s did not finish a command in %u s", ssh->numeric,
						ssh->queue->command.timeout));
	return 0;
}

/* In the middle of another message libssh2 must not be asked to send one. */
static int on_keepalive(sd_event_source *source, uint64_t now, void *user)
{
	struct ssh *ssh = user;
	int next, r = 0;

	(void)now;
	if (ssh->stage == STAGE_IDLE || ssh->stage == STAGE_READ)
		r = libssh2_keepalive_send(ssh->session, &next);
	if (r < 0 && r != LIBSSH2_ERROR_EAGAIN)
		lost(ssh, "keeping it alive");
	else
		sd_event_source_set_time_relative(source, KEEPALIVE_SECONDS * 1000000ULL);
	return 0;
}

/* ---- connecting ------------------------------------------------------ */

static void set_socket_options(int fd)
{
	unsigned dead = DEAD_MILLISECONDS;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead, sizeof dead);
}

static int start_connecting(struct ssh *ssh)
{
	const struct addrinfo *address = ssh->address;

	ssh->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (ssh->fd < 0)
		return -errno;
	set_socket_options(ssh->fd);
	if (connect(ssh->fd, address->ai_addr, address->ai_addrlen) < 0 && errno != EINPROGRESS)
		return -errno;
	return sd_event_add_io(ssh->event, &ssh->io, ssh->fd, EPOLLOUT, on_socket, ssh);
}

static void connect_next(struct ssh *ssh)
{
	char numeric[NI_MAXHOST] = "?";
	int r;

	if (!ssh->address) {
		fail(ssh, SSH_UNREACHABLE, text_copy(ssh->last_error));
		return;
	}
	getnameinfo(ssh->address->ai_addr, ssh->address->ai_addrlen, numeric, sizeof numeric, NULL,
		    0, NI_NUMERICHOST);
	free(ssh->numeric);
	ssh->numeric = text_copy(numeric);
	ssh->stage = STAGE_TCP;
	set_timeout(ssh, CONNECT_SECONDS);
	r = start_connecting(ssh);
	if (r < 0)
		address_failed(ssh, strerror(-r));
}

void ssh_connect(struct ssh *ssh, const struct addrinfo *addresses)
{
	ssh->address = addresses;
	connect_next(ssh);
}

struct ssh *ssh_new(sd_event *event, const struct ssh_login *login, const struct ssh_events *events)
{
	struct ssh *ssh = text_zero(1, sizeof *ssh);

	*ssh = (struct ssh){ .event = event, .login = *login, .events = *events, .fd = -1 };
	libssh2_init(0);
	if (sd_event_add_time_relative(event, &ssh->timeout, CLOCK_BOOTTIME, UINT64_MAX / 2, 0,
				       on_timeout, ssh) < 0 ||
	    sd_event_add_time_relative(event, &ssh->keepalive, CLOCK_BOOTTIME,
				       KEEPALIVE_SECONDS * 1000000ULL, 0, on_keepalive, ssh) < 0 ||
	    sd_event_add_defer(event, &ssh->resume, on_resume, ssh) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(ssh->timeout, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_OFF);
	sd_event_source_set_enabled(ssh->resume, SD_EVENT_OFF);
	return ssh;
}

void ssh_free(struct ssh *ssh)
{
	if (!ssh)
		return;
	close_socket(ssh);
	sd_event_source_disable_unref(ssh->timeout);
	sd_event_source_disable_unref(ssh->keepalive);
	sd_event_source_disable_unref(ssh->resume);
	while (ssh->queue) {
		struct operation *operation = ssh->queue;

		ssh->queue = operation->next;
		if (operation->command.dropped)
			operation->command.dropped(operation->command.user);
		operation_free(operation);
	}
	free(ssh->numeric);
	free(ssh->last_error);
	free(ssh);
	libssh2_exit();
}

/* ---- operations ------------------------------------------------------ */

static void enqueue(struct ssh *ssh, struct operation *operation)
{
	struct operation **end = &ssh->queue;

	while (*end)
		end = &(*end)->next;
	*end = operation;
	if (ssh->stage == STAGE_IDLE)
		sd_event_source_set_enabled(ssh->resume, SD_EVENT_ONESHOT);
}

void ssh_run(struct ssh *ssh, const struct ssh_command *command)
{
	struct operation *operation = text_zero(1, sizeof *operation);
	AUTO_FREE char *head = text_format("%zu\n", strlen(command->script));
	size_t script = strlen(command->script);
	char *end;

	operation->command = *command;
	operation->length = strlen(head) + script + command->input_length;
	operation->input = text_zero(operation->length, 1);
	end = mempcpy(operation->input, head, strlen(head));
	end = mempcpy(end, command->script, script);
	if (command->input_length)
		memcpy(end, command->input, command->input_length);
	operation->command.script = NULL; /* the caller's; ours is in input */
	operation->command.input = NULL;
	enqueue(ssh, operation);
}

void ssh_try_forward(struct ssh *ssh, void (*done)(void *user, const char *refusal), void *user)
{
	struct operation *operation = text_zero(1, sizeof *operation);

	operation->forward_done = done;
	operation->user = user;
	enqueue(ssh, operation);
}

void ssh_stop_command(struct ssh *ssh)
{
	if (ssh->stage != STAGE_READ)
		return;
	ssh->stage = STAGE_CLOSE;
	sd_event_source_set_enabled(ssh->resume, SD_EVENT_ONESHOT);
}

const char *ssh_address(const struct ssh *ssh)
{
	return ssh->numeric;
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

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
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
		libssh2_knownhost_writeline(hosts, host, line, sizeof line, &length,
					    LIBSSH2_KNOWNHOST_FILE_OPENSSH);
	if (hosts)
		libssh2_knownhost_free(hosts);
	return text_copy_length(line, length);
}
