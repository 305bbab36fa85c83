// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values that are URLs. libcurl's parser says whether one can work, for libcurl
 * is what will read it: p2v.done only when the conversion is over, hours later.
 *
 * A URL may hold a password or a token: no sentence has a part of one in it.
 */
#include "base/memory.h"
#include "base/text.h"
#include "config/value.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

/* A scheme that p2vd knows, followed by a host or a path. */
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

/* Two colons outside brackets, where HOST:PORT should be. */
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

/* What curl found, and what to do about it as far as we know. */
static char *explain(CURLUcode code, const char *url)
{
	if (code == CURLUE_BAD_PORT_NUMBER && has_bare_ipv6(url))
		return text_format("an IPv6 address belongs in brackets in a URL: give it as http://[2001:db8::7]/PATH");
	if (code == CURLUE_BAD_PORT_NUMBER)
		return text_format("what follows the host is no port: give 1 to 65535, and in a password %%2f for a slash");
	if (code == CURLUE_BAD_IPV6)
		return text_format("the text in brackets is no IPv6 address: give it as http://[2001:db8::7]/PATH");
	if (code == CURLUE_NO_HOST)
		return text_format("the URL has no host: give it as http://HOST/PATH");
	if (code == CURLUE_BAD_HOSTNAME)
		return text_format("the URL's host is no host name: give letters, digits, dots and dashes, or an address, and in a password %%40 for an @");
	return text_format("the URL cannot be read (%s)", curl_url_strerror(code));
}

/* {mac} and the like may be in it: braces in a path mean nothing to curl. */
char *value_check_url(const char *url)
{
	CURLU *parts;
	CURLUcode code;
	char *port = NULL, *reason = NULL;

	if (strchr(url, ' '))
		return text_format("the URL holds a space: write it as %%20");
	if (!is_url(url))
		return text_format("give a URL: https://, http://, ftp://, tftp:// with a host, or file:///PATH");
	parts = curl_url();
	code = parts ? curl_url_set(parts, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
	if (!code)
		curl_url_get(parts, CURLUPART_PORT, &port, 0);
	if (code || (port && !strcmp(port, "0")))
		reason = explain(code ? code : CURLUE_BAD_PORT_NUMBER, url);
	curl_free(port);
	curl_url_cleanup(parts);
	return reason;
}
