// SPDX-License-Identifier: GPL-2.0-or-later
/* URLs with values of this machine in them. */
#include "network/machine_url.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "config/url_template.h"
#include "machine/machine.h"
#include "network/network.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The host name, NULL if it is a placeholder such as the image's own (guest_name.c).
 * The caller frees. */
static char *host_name(void)
{
	const struct machine nobody = { 0 };
	char name[256] = "";
	AUTO_FREE char *without = machine_guest_name(&nobody, NULL);
	AUTO_FREE char *with = NULL;

	gethostname(name, sizeof(name) - 1);
	with = machine_guest_name(&nobody, name);
	return strcmp(with, without) != 0 ? text_copy(name) : NULL;
}

/* Makes 52-54-00-12-34-56, which can be part of a file name, of 52:54:00:12:34:56. */
static void dashes(char *mac)
{
	for (; mac && *mac; mac++)
		if (*mac == ':')
			*mac = '-';
}

char *machine_url(const char *template, const char *name, const char *route_mac, char **reason)
{
	AUTO_FREE char *mac = route_mac ? text_copy(route_mac) : network_mac("", NULL);
	AUTO_FREE char *hostname = host_name();
	struct url_template_values values;
	struct machine machine;
	char *url;

	machine_read("", &machine);
	for (char *at = machine.uuid; at && *at; at++)
		*at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
	dashes(mac);
	values = (struct url_template_values){ mac, machine.uuid, machine.serial, hostname };
	url = url_template_fill(template, name, &values, reason);
	machine_clear(&machine);
	return url;
}

/* The path is cut at the first "{", which curl does not accept. */
char *machine_url_host(const char *template, uint16_t *port)
{
	AUTO_FREE char *plain = text_copy_length(template, strcspn(template, "{"));
	char *host = NULL, *number = NULL, *result = NULL;
	CURLU *parts = curl_url();

	if (strncasecmp(plain, "file:", 5) && parts &&
	    !curl_url_set(parts, CURLUPART_URL, plain, 0) &&
	    !curl_url_get(parts, CURLUPART_HOST, &host, 0)) {
		result = host[0] == '[' ? text_copy_length(host + 1, strlen(host) - 2) :
					  text_copy(host);
		curl_url_get(parts, CURLUPART_PORT, &number, CURLU_DEFAULT_PORT);
		*port = number ? (uint16_t)strtoul(number, NULL, 10) : 80;
	}
	curl_free(host);
	curl_free(number);
	curl_url_cleanup(parts);
	return result;
}
