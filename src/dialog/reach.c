// SPDX-License-Identifier: GPL-2.0-or-later
/* Can the conversion server be reached? Each of them, where there are several. */
#include "dialog/reach.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/question.h"
#include "base/server_list.h"
#include "base/text.h"
#include "dialog/packets.h"

#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LIMIT 90000000ULL /* microseconds for all of it: name servers may take half a minute */
#define CONNECT 5000      /* milliseconds */
#define GREETING 5000     /* milliseconds: sshd may look up our name before it speaks */

struct reach {
	struct mirror *mirror;
	struct question *question;
	char *servers, *port;
	char **lines;
};

/* ---- in the process of its own, which may wait ------------------------------------------- */

/* The address of @one as text. The caller frees. */
static char *address_of(const struct addrinfo *one)
{
	char host[NI_MAXHOST] = "?";

	getnameinfo(one->ai_addr, one->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	return text_copy(host);
}

static void add_names(char ***lines, const char *host, const struct addrinfo *all)
{
	AUTO_LIST char **texts = NULL;
	AUTO_FREE char *joined = NULL;

	for (; all; all = all->ai_next)
		list_append(&texts, address_of(all));
	joined = list_join(texts, ", ");
	list_append(lines, text_format("Name: '%s' is %s", host, joined));
}

static const char *advice_for(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "is sshd started there, and is the port right?";
	case ENETUNREACH:
	case EHOSTUNREACH:
		return "there is no way to it: look at the addresses and routes";
	default:
		return "is the server on, and does no firewall stand between?";
	}
}

/* Returns 0, or an errno. */
static int wait_for(int fd, short events, int milliseconds)
{
	struct pollfd poller = { .fd = fd, .events = events };
	socklen_t length = sizeof(int);
	int error = 0;

	if (poll(&poller, 1, milliseconds) == 0)
		return ETIMEDOUT;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

/* What the other end says first. The caller frees. */
static char *greeting_of(int fd)
{
	char text[256];
	ssize_t length = wait_for(fd, POLLIN, GREETING) ? 0 : read(fd, text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	text_make_plain(text);
	return text_copy(text);
}

/* Returns whether there is a connection. sshd may refuse who does that some fifteen times within
 * as many seconds without a login (PerSourcePenalties). */
static bool try_one(char ***lines, const struct addrinfo *one, const char *port)
{
	AUTO_CLOSE int fd = socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	AUTO_FREE char *address = address_of(one), *greeting = NULL;
	int error = 0;

	if (fd < 0 || connect(fd, one->ai_addr, one->ai_addrlen) < 0)
		error = errno;
	if (error == EINPROGRESS)
		error = wait_for(fd, POLLOUT, CONNECT);
	if (error) {
		list_append(lines,
			    text_format("WRONG: Connection: cannot connect to '%s', port %s: %s: %s",
					address, port, strerror(error), advice_for(error)));
		return false;
	}
	greeting = greeting_of(fd);
	if (text_begins(greeting, "SSH-"))
		list_append(lines, text_format("Connection: '%s', port %s answers: %s", address,
					       port, greeting));
	else
		list_append(lines,
			    text_format("WRONG: Connection: '%s', port %s takes it, but nobody there speaks SSH: is the port right?",
					address, port));
	return true;
}

static void try_server(char ***lines, const char *host, const char *port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *all = NULL, *one;
	int error = getaddrinfo(host, port, &hints, &all);

	if (error)
		list_append(lines,
			    text_format("WRONG: Name: '%s' is not found: %s: look at the name servers",
					host, gai_strerror(error)));
	else
		add_names(lines, host, all);
	for (one = all; one && !try_one(lines, one, port);)
		one = one->ai_next;
	if (one)
		list_append(lines, packets_line(one->ai_addr, one->ai_addrlen));
	if (all)
		freeaddrinfo(all);
}

static char *ask(const void *subject, size_t *length)
{
	const struct reach *reach = subject;
	AUTO_LIST char **servers = server_list(reach->servers);
	char **lines = NULL, *joined;

	for (char **server = servers; *server; server++) {
		struct server_name name;
		AUTO_FREE char *port = NULL;

		server_name_read(*server, &name);
		port = name.port ? text_format("%u", name.port) : text_copy(reach->port);
		try_server(&lines, name.host, port);
		server_name_clear(&name);
	}
	joined = list_join(lines, "\n");
	list_free(lines);
	*length = strlen(joined);
	return joined;
}

/* ---- in ours ----------------------------------------------------------------------------- */

static void answer(struct reach *reach, const char *line)
{
	list_append(&reach->lines, text_copy(line));
}

static void on_answered(void *user, const char *bytes, size_t length, int error)
{
	struct reach *reach = user;
	AUTO_FREE char *text = bytes ? text_copy_length(bytes, length) : NULL;
	char *rest = text;

	if (error)
		answer(reach,
		       error == ETIMEDOUT ?
			       "WRONG: there is no answer, neither from name servers nor from the server" :
			       "WRONG: the process that tries the server has ended early");
	for (char *line; (line = strsep(&rest, "\n"));)
		answer(reach, line);
	reach->mirror->revision++;
}

struct reach *reach_new(sd_event *event, struct mirror *mirror)
{
	struct reach *reach = memory_zero(1, sizeof(*reach));
	const struct question_options options = {
		.ask = ask,
		.subject = reach,
		.limit = LIMIT,
		.answered = on_answered,
		.user = reach,
	};
	int r;

	reach->mirror = mirror;
	reach->servers = text_copy(mirror_value(mirror, "p2v.remote.server"));
	reach->port = text_copy(mirror_value(mirror, "p2v.remote.port") ?: "22");
	if (!reach->servers) {
		answer(reach,
		       "WRONG: there is no server to try: enter its name or address (Server)");
		return reach;
	}
	r = question_start(event, &options, &reach->question);
	if (r < 0)
		answer(reach, "WRONG: a process to try the server cannot be started");
	return reach;
}

void reach_free(struct reach *reach)
{
	if (!reach)
		return;
	question_free(reach->question);
	free(reach->servers);
	free(reach->port);
	list_free(reach->lines);
	free(reach);
}

char *const *reach_lines(const struct reach *reach)
{
	return reach->lines;
}
