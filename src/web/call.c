// SPDX-License-Identifier: GPL-2.0-or-later
/* One HTTP request, and its answer, which is waited for; by libcurl. */
#include "web/call.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define CONNECT_SECONDS 10L

struct exchange {
	CURL *easy;
	struct curl_slist *headers; /* secret */
	const struct web_call *call;
	struct web_answer *answer;
	bool too_long;
	char error[CURL_ERROR_SIZE];
};

static size_t receive(char *data, size_t size, size_t count, void *user)
{
	struct exchange *exchange = user;
	struct web_answer *answer = exchange->answer;
	const size_t length = size * count;

	if (length > exchange->call->limit - answer->length) {
		exchange->too_long = true;
		return 0;
	}
	answer->body = memory_resize(answer->body, answer->length + length + 1, 1);
	memcpy(answer->body + answer->length, data, length);
	answer->length += length;
	answer->body[answer->length] = '\0';
	return length;
}

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
	char *line = value ? text_format("%s: %s", name, value) : NULL;

	if (line)
		exchange->headers = memory_need(curl_slist_append(exchange->headers, line));
	secret_free(line);
}

static void free_headers(struct curl_slist *headers)
{
	for (struct curl_slist *header = headers; header; header = header->next)
		explicit_bzero(header->data, strlen(header->data));
	curl_slist_free_all(headers);
}

static void set_body(struct exchange *exchange)
{
	if (!exchange->call->body)
		return;
	add_header(exchange, "Content-Type", "application/json");
	curl_easy_setopt(exchange->easy, CURLOPT_COPYPOSTFIELDS, exchange->call->body);
}

static void set_login(struct exchange *exchange)
{
	const struct web_call *call = exchange->call;

	add_header(exchange, "X-Auth-Token", call->token);
	add_header(exchange, "If-Match", call->if_match);
	if (!call->user)
		return;
	curl_easy_setopt(exchange->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(exchange->easy, CURLOPT_USERNAME, call->user);
	curl_easy_setopt(exchange->easy, CURLOPT_PASSWORD, call->password);
}

static void set_trust(struct exchange *exchange)
{
	if (exchange->call->authorities)
		curl_easy_setopt(exchange->easy, CURLOPT_CAINFO, exchange->call->authorities);
	if (!exchange->call->unchecked)
		return;
	curl_easy_setopt(exchange->easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(exchange->easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void set_options(struct exchange *exchange)
{
	const struct web_call *call = exchange->call;
	CURL *easy = exchange->easy;

	curl_easy_setopt(easy, CURLOPT_URL, call->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, call->socket ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, call->socket);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*"); /* these are in a network of our own */
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)call->seconds);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "p2v-fleet/" P2VD_VERSION);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	set_login(exchange);
	set_body(exchange);
	set_trust(exchange);
	/* After the body, which makes it POST. curl would wait for leave to send a long one. */
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
	add_header(exchange, "Expect", "");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
}

/* The first header of that name in the last answer; NULL: there is none. The caller frees. */
static char *header_of(CURL *easy, const char *name)
{
	struct curl_header *header = NULL;

	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return text_copy(header->value);
}

static void read_headers(struct exchange *exchange)
{
	struct web_answer *answer = exchange->answer;
	curl_off_t wait = 0;

	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &wait);
	answer->retry_after = wait > 0 && wait < 3600 ? (unsigned)wait : 0;
	answer->location = header_of(exchange->easy, "Location");
	answer->etag = header_of(exchange->easy, "ETag");
	answer->token = header_of(exchange->easy, "X-Auth-Token");
}

/* Why nobody can be reached at a UNIX socket, which curl does not tell. */
static int judge_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -ENOENT;
	strcpy(address.sun_path, path);
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : -EIO;
}

static int failure(const struct exchange *exchange, CURLcode code, char **reason)
{
	const char *said = *exchange->error ? exchange->error : curl_easy_strerror(code);
	int r;

	if (exchange->too_long)
		return REFUSE(reason, EFBIG, "the answer is longer than %zu bytes",
			      exchange->call->limit);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return REFUSE(reason, EKEYREJECTED, "its certificate is not trusted: %s", said);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return REFUSE(reason, ETIMEDOUT, "there was no answer within %u seconds",
			      exchange->call->seconds);
	if (code != CURLE_COULDNT_CONNECT || !exchange->call->socket)
		return REFUSE(reason, code == CURLE_COULDNT_CONNECT ? ECONNREFUSED : EIO, "%s",
			      said);
	r = judge_socket(exchange->call->socket);
	*reason = text_copy(strerror(-r));
	return r;
}

int web_call(const struct web_call *call, struct web_answer *answer, char **reason)
{
	struct exchange exchange = { .call = call, .answer = answer };
	CURLcode code;
	int r = 0;

	*answer = (struct web_answer){ 0 };
	exchange.easy = memory_need(curl_easy_init());
	set_options(&exchange);
	code = curl_easy_perform(exchange.easy);
	if (code == CURLE_OK)
		read_headers(&exchange);
	else
		r = failure(&exchange, code, reason);
	curl_easy_cleanup(exchange.easy);
	free_headers(exchange.headers);
	if (r < 0)
		web_answer_clear(answer);
	return r;
}

void web_answer_clear(struct web_answer *answer)
{
	free(answer->body);
	free(answer->location);
	free(answer->etag);
	secret_free(answer->token);
	*answer = (struct web_answer){ 0 };
}
