// SPDX-License-Identifier: GPL-2.0-or-later
/* How ssh(1) gets the password: from the daemon, over a UNIX socket. */
#include "transfer/askpass.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

struct askpass {
	const char *password;
	char *path;
	int fd;
	sd_event_source *source;
};

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *user)
{
	const struct askpass *askpass = user;
	AUTO_CLOSE int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred credentials;
	socklen_t length = sizeof(credentials);

	(void)source, (void)events;
	if (peer < 0 || getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0 ||
	    credentials.uid != geteuid())
		return 0;
	/* It fits into the socket's buffer: no password is longer than a command line. */
	send(peer, askpass->password, strlen(askpass->password), MSG_NOSIGNAL);
	return 0;
}

static int address_of(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

static int listen_on(struct askpass *askpass, sd_event *event)
{
	struct sockaddr_un address;
	int r = address_of(askpass->path, &address);

	if (r < 0)
		return r;
	unlink(askpass->path);
	askpass->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (askpass->fd < 0 ||
	    bind(askpass->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(askpass->fd, SOMAXCONN) < 0)
		return -errno;
	return sd_event_add_io(event, &askpass->source, askpass->fd, EPOLLIN, on_connection,
			       askpass);
}

int askpass_start(sd_event *event, const char *directory, const char *password,
		  struct askpass **result, char **reason)
{
	struct askpass *askpass = memory_zero(1, sizeof(*askpass));
	int r;

	*askpass = (struct askpass){ .password = password, .fd = -1 };
	askpass->path = text_format("%s/askpass.sock", directory);
	r = listen_on(askpass, event);
	if (r < 0) {
		*reason = text_format("cannot listen on '%s': %s", askpass->path, strerror(-r));
		askpass_free(askpass);
		return r;
	}
	*result = askpass;
	return 0;
}

void askpass_free(struct askpass *askpass)
{
	if (!askpass)
		return;
	sd_event_source_disable_unref(askpass->source);
	if (askpass->fd >= 0) {
		unlink(askpass->path);
		close(askpass->fd);
	}
	free(askpass->path);
	free(askpass);
}

char **askpass_environment(const struct askpass *askpass)
{
	char **environment = NULL;

	/* The program that is running, even if its file has been replaced since. */
	list_append(&environment, text_format("SSH_ASKPASS=/proc/%d/exe", getpid()));
	list_append(&environment, text_copy("SSH_ASKPASS_REQUIRE=force"));
	list_append(&environment, text_format(ASKPASS_VARIABLE "=%s", askpass->path));
	return environment;
}

int askpass_main(const char *path)
{
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	char buffer[4096];
	bool printed = false;
	ssize_t length;

	if (fd < 0 || address_of(path, &address) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return 1;
	while ((length = read(fd, buffer, sizeof(buffer))) > 0 &&
	       write(STDOUT_FILENO, buffer, length) == length)
		printed = true;
	explicit_bzero(buffer, sizeof(buffer));
	return length == 0 && printed && write(STDOUT_FILENO, "\n", 1) == 1 ? 0 : 1;
}
