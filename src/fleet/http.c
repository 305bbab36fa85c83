// SPDX-License-Identifier: GPL-2.0-or-later
/* HTTP on the event loop: requests and their answers. */
#include "fleet/http.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "fleet/document.h"
#include "fleet/entries.h"
#include "fleet/http_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct http {
	sd_event *event;
	http_judge_t judge;
	http_ask_t ask;
	void *user;
	char *certificate, *key;
	struct http_socket **socket;
	size_t sockets;
	struct http_request *first; /* all that there are */
	bool ends;
};

struct http_request {
	struct http *http;
	struct http_request *next, **link;
	struct http_socket *socket;
	struct MHD_Connection *connection;
	const char *method;
	char *path;
	char *body;
	size_t length;
	bool control;
	bool judged, asked, suspended;
	unsigned verdict;
	const char *why;
	bool answered;
	struct http_answer answer;
	char *policy;
};

/* ---- what a request says ----------------------------------------------------------------- */

const char *http_method(const struct http_request *request)
{
	return request->method;
}

const char *http_path(const struct http_request *request)
{
	return request->path;
}

const char *http_header(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *http_parameter(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *http_body(const struct http_request *request, size_t *length)
{
	*length = request->length;
	return request->body ?: "";
}

bool http_is_control(const struct http_request *request)
{
	return request->control;
}

static bool is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;

	if (address->sa_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == 127;
	if (address->sa_family != AF_INET6)
		return false;
	return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) && six->sin6_addr.s6_addr[12] == 127);
}

bool http_is_local(const struct http_request *request)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (request->control)
		return true;
	return info && info->client_addr && is_loopback(info->client_addr) &&
	       !http_header(request, "X-Forwarded-For") && !http_header(request, "Forwarded");
}

bool http_has_password(const struct http_request *request, const char *password)
{
	struct MHD_BasicAuthInfo *info = MHD_basic_auth_get_username_password3(request->connection);
	bool right = info && info->password && entry_token_is(password, info->password);

	MHD_free(info);
	return right;
}

/* ---- answers ----------------------------------------------------------------------------- */

static void add_headers(struct MHD_Response *response, const struct http_request *request)
{
	const struct http_answer *answer = &request->answer;

	MHD_add_response_header(response, "Content-Type",
				answer->type ?: "text/plain; charset=utf-8");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Content-Security-Policy",
				request->policy ?: "default-src 'none'; frame-ancestors 'none'");
	if (answer->name) {
		AUTO_FREE char *value = text_format("attachment; filename=\"%s\"", answer->name);

		MHD_add_response_header(response, "Content-Disposition", value);
	}
	if (answer->status == MHD_HTTP_UNAUTHORIZED)
		MHD_add_response_header(response, "WWW-Authenticate",
					text_begins(request->path, "/report/") ?
						"Bearer" :
						"Basic realm=\"p2v-fleetd\", charset=\"UTF-8\"");
	if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, "Retry-After", "10");
	if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, "Allow", "GET, HEAD, POST");
}

static enum MHD_Result queue(struct http_request *request)
{
	char *text = steal(request->answer.text);
	struct MHD_Response *response =
		text ? MHD_create_response_from_buffer_with_free_callback(strlen(text), text,
									  free) :
		       MHD_create_response_empty(MHD_RF_NONE);
	enum MHD_Result result;

	if (!response) {
		free(text);
		return MHD_NO;
	}
	add_headers(response, request);
	result = MHD_queue_response(request->connection, request->answer.status, response);
	MHD_destroy_response(response);
	return result;
}

void http_answer(struct http_request *request, const struct http_answer *answer)
{
	if (request->answered) {
		free(answer->text);
		return;
	}
	request->answered = true;
	request->answer = *answer;
	request->policy = text_copy(answer->policy);
	if (!request->suspended)
		return;
	request->suspended = false;
	http_socket_wait(request->connection, false);
	MHD_resume_connection(request->connection);
	http_socket_again(request->socket);
}

void http_say(struct http_request *request, unsigned status, bool json, const char *sentence)
{
	struct http_answer answer = { .status = status };
	sd_json_variant *object = NULL;

	if (json) {
		json_put_text(&object, "error", sentence);
		sd_json_variant_format(object, 0, &answer.text);
		sd_json_variant_unref(object);
		answer.type = "application/json";
	} else {
		answer.text = text_format("%s\n", sentence);
	}
	http_answer(request, &answer);
}

/* ---- requests ---------------------------------------------------------------------------- */

static struct http_request *new_request(struct http *http, struct http_socket *socket,
					struct MHD_Connection *connection, const char *method,
					const char *path)
{
	struct http_request *request = memory_zero(1, sizeof(*request));

	request->http = http;
	request->socket = socket;
	request->connection = connection;
	request->control = http_socket_is_control(socket);
	/* HEAD is as GET: the library leaves the body out. */
	request->method = !strcmp(method, "HEAD") ? "GET" :
			  !strcmp(method, "GET")  ? "GET" :
			  !strcmp(method, "POST") ? "POST" :
						    "";
	request->path = text_copy(path);
	request->next = http->first;
	request->link = &http->first;
	if (request->next)
		request->next->link = &request->next;
	http->first = request;
	return request;
}

static void free_request(struct http_request *request)
{
	*request->link = request->next;
	if (request->next)
		request->next->link = request->link;
	free(request->path);
	free(request->body);
	free(request->answer.text);
	free(request->policy);
	free(request);
}

/* Whether its own head says that it is too long. */
static bool says_too_long(const struct http_request *request)
{
	const char *text = http_header(request, "Content-Length");

	return text && strtoull(text, NULL, 10) > DOCUMENT_MOST;
}

/* Its head has come. A body that is not too long is let in, even if it is of no use: who has
 * not sent all of it may not see an answer. */
static enum MHD_Result judge(struct http_request *request)
{
	request->judged = true;
	if (says_too_long(request)) {
		http_say(request, MHD_HTTP_CONTENT_TOO_LARGE, false, "that is too long");
		return queue(request);
	}
	request->verdict = request->http->judge(request->http->user, request, &request->why);
	return MHD_YES;
}

static void take_body(struct http_request *request, const char *data, size_t length)
{
	if (request->verdict)
		return;
	if (request->length + length > DOCUMENT_MOST) {
		request->verdict = MHD_HTTP_CONTENT_TOO_LARGE;
		request->why = "that is too long";
		return;
	}
	request->body = memory_resize(request->body, request->length + length + 1, 1);
	memcpy(request->body + request->length, data, length);
	request->length += length;
	request->body[request->length] = '\0';
}

static void ask(struct http_request *request)
{
	struct http *http = request->http;

	request->asked = true;
	if (request->verdict)
		http_say(request, request->verdict, text_begins(request->path, "/api/"),
			 request->why ?: "no");
	else if (http->ends)
		http_say(request, MHD_HTTP_SERVICE_UNAVAILABLE, false, "p2v-fleetd ends");
	else
		http->ask(http->user, request);
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *length, void **context)
{
	struct http_socket *socket = user;
	struct http_request *request = *context;

	(void)version;
	if (!request) {
		request = new_request(http_socket_owner(socket), socket, connection, method, url);
		*context = request;
		return judge(request);
	}
	if (*length) {
		bool before = request->verdict != 0;

		take_body(request, data, *length);
		*length = 0;
		/* What goes on for ever is not waited for. */
		if (request->verdict == MHD_HTTP_CONTENT_TOO_LARGE)
			return before ? MHD_YES : MHD_NO;
		return MHD_YES;
	}
	if (!request->asked)
		ask(request);
	if (request->answered)
		return queue(request);
	request->suspended = true;
	http_socket_wait(connection, true);
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode code)
{
	(void)user, (void)connection, (void)code;
	if (*context)
		free_request(*context);
	*context = NULL;
}

/* ---- life time --------------------------------------------------------------------------- */

void http_use_tls(struct http *http, const char *certificate, const char *key)
{
	http->certificate = text_copy(certificate);
	http->key = text_copy(key);
}

int http_listen(struct http *http, int fd, bool control, bool tls, char **reason)
{
	struct http_socket_options options = {
		.event = http->event,
		.owner = http,
		.fd = fd,
		.control = control,
		.certificate = tls ? http->certificate : NULL,
		.key = tls ? http->key : NULL,
		.request = on_request,
		.completed = on_completed,
	};
	struct http_socket *socket;
	int r = http_socket_new(&options, &socket, reason);

	if (r == 0)
		APPEND(http->socket, http->sockets, socket);
	return r;
}

struct http *http_new(sd_event *event, http_judge_t judge_head, http_ask_t ask_for, void *user)
{
	struct http *http = memory_zero(1, sizeof(*http));

	*http = (struct http){ .event = event, .judge = judge_head, .ask = ask_for, .user = user };
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	http->ends = true;
	for (struct http_request *request = http->first; request; request = request->next)
		if (request->suspended)
			http_say(request, MHD_HTTP_SERVICE_UNAVAILABLE, false, "p2v-fleetd ends");
	for (size_t i = 0; i < http->sockets; i++)
		http_socket_free(http->socket[i]);
	free(http->socket);
	free(http->certificate);
	if (http->key)
		explicit_bzero(http->key, strlen(http->key));
	free(http->key);
	free(http);
}
