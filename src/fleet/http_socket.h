/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One socket on which HTTP is spoken: libmicrohttpd within our event loop. */
#ifndef P2VD_HTTP_SOCKET_H
#define P2VD_HTTP_SOCKET_H

#include <microhttpd.h>
#include <stdbool.h>
#include <systemd/sd-event.h>

struct http_socket;

struct http_socket_options {
	sd_event *event;
	void *owner;
	int fd; /* listens; belongs to the socket from then on */
	bool control;
	const char *certificate, *key; /* NULL: no TLS */
	MHD_AccessHandlerCallback request; /* gets the socket as its first argument */
	MHD_RequestCompletedCallback completed;
};

int http_socket_new(const struct http_socket_options *options, struct http_socket **listening,
		    char **reason);
void http_socket_free(struct http_socket *listening);

void *http_socket_owner(const struct http_socket *listening);
bool http_socket_is_control(const struct http_socket *listening);

/* The connection waits for us, and not we for it; or no longer. */
void http_socket_wait(struct MHD_Connection *connection, bool waits);

/* A connection has been resumed: the library is to look again. */
void http_socket_again(struct http_socket *listening);

#endif
