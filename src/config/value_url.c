// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values that are URLs. Whether one can work is asked of libcurl's parser, which
 * reads it again when it is called: p2v.done is not before hours have gone.
 *
 * A URL may hold a password or a token: no sentence has a part of one in it.
 */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/value.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

/* The schemes that a URL may have, and what has to follow them. */
static bool is_url(const char *text)
{
	static const char *const schemes[] = { "https://", "http://", "ftp://", "tftp://" };

	if (!strncasecmp(text, "file:///", 8) && text[8])
		return true;
	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t length = strlen(schemes[i]);

		if (!strncasecmp(text, schemes[i], length) && text[length] && text[length] != '/')
			return true;
	}
	return false;
}

static char *check_form(const char *text)
{
	char *reason = value_check_text(text);

	if (reason)
		return reason;
	if (strchr(text, ' '))
		return text_format("the URL holds a blank: write it as %%20");
	if (!is_url(text))
		return text_format("give a URL: https://, http://, ftp://, tftp:// with a host, or "
				   "file:///PATH");
	return NULL;
}

/* Two colons that stand in no brackets, where there should be HOST:PORT. */
static bool has_bare_ipv6(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	size_t length = strcspn(host, "/?#");
	const char *at = memrchr(host, '@', length);
	const char *end = host + length, *colon;

	host = at ? at + 1 : host;
	colon = *host == '[' ? NULL : memchr(host, ':', (size_t)(end - host));
	return colon && memchr(colon + 1, ':', (size_t)(end - colon - 1));
}

/* What curl found, in our words where we know more than it tells. */
static char *explain(CURLUcode code, const char *url)
{
	if (code == CURLUE_BAD_PORT_NUMBER && has_bare_ipv6(url))
		return text_format("an IPv6 address stands in brackets in a URL: give it as http://[2001:db8::7]/PATH");
	if (code == CURLUE_BAD_PORT_NUMBER)
		return text_format("the port behind the host is none: give 1 to 65535, and in a password %%2f "
				   "for a slash");
	if (code == CURLUE_BAD_IPV6)
		return text_format("what stands in brackets is no IPv6 address: give it as http://[2001:db8::7]/PATH");
	if (code == CURLUE_NO_HOST)
		return text_format("the URL has no host: give it as http://HOST/PATH");
	if (code == CURLUE_BAD_HOSTNAME)
		return text_format("the URL's host is no name: give letters, digits, dots and dashes, or an "
				   "address, and in a password %%40 for an @");
	return text_format("the URL cannot be read (%s)", curl_url_strerror(code));
}

/* Braces stay: in a path they are nothing special to curl. */
static char *parse(const char *url)
{
	CURLU *parts = curl_url();
	CURLUcode code = parts ? curl_url_set(parts, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
	char *port = NULL, *reason = NULL;

	if (!code)
		curl_url_get(parts, CURLUPART_PORT, &port, 0);
	if (code || (port && !strcmp(port, "0")))
		reason = explain(code ? code : CURLUE_BAD_PORT_NUMBER, url);
	curl_free(port);
	curl_url_cleanup(parts);
	return reason;
}

char *value_check_url(const char *text)
{
	char *reason = check_form(text);

	return reason ? reason : parse(text);
}

static char *check_braces(const char *text)
{
	static const char *const known[] = { "{mac}", "{uuid}", "{serial}", "{hostname}" };
	const char *path = strstr(text, "://") + 3;

	path += strcspn(path, "/?#");
	for (const char *brace = text; (brace = strpbrk(brace, "{}")); brace++) {
		size_t length = 0;

		for (size_t i = 0; i < COUNT(known); i++)
			if (text_begins(brace, known[i]))
				length = strlen(known[i]);
		if (!length)
			return text_format("in braces only {mac}, {uuid}, {serial} and {hostname} are known");
		if (brace < path)
			return text_format("{mac} and the like belong behind the host's name");
		brace += length - 1;
	}
	return NULL;
}

char *value_check_template(const char *text)
{
	char *reason = check_form(text);

	if (!reason)
		reason = check_braces(text);
	return reason ? reason : parse(text);
}

char *value_check_web_template(const char *text)
{
	if (strncasecmp(text, "http://", 7) && strncasecmp(text, "https://", 8))
		return text_format("give an https:// or http:// URL");
	return value_check_template(text);
}
