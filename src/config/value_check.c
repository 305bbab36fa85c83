// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values as users write them: is a text what it should be? Each is passed on, to ssh(1),
 * virt-v2v, libvirt or a file system: what these would take for something else is
 * refused here, with a reason.
 */
#include "base/cleanup.h"
#include "base/hardware_address.h"
#include "base/host.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/server_list.h"
#include "base/text.h"
#include "config/value.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <curl/curl.h>
#include <net/if.h>
#include <string.h>
#include <strings.h>

#define GUEST_NAME_MAX 200 /* bytes; leaves room in NAME_MAX for -sda and .xml */
#define DECIMAL "0123456789"
#define HEXADECIMAL DECIMAL "abcdefABCDEF"

char *value_check_text(const char *text)
{
	if (!*text)
		return text_format("it is empty: leave the word out for the default");
	for (const char *at = text; *at;) {
		size_t length = text_utf8_length(at);

		if (!length)
			return text_format("it is not UTF-8");
		if (text_is_control(at))
			return text_format("it holds a line break or another control character");
		at += length;
	}
	return NULL;
}

/* An IPv6 address, with or without the scope of a link-local one (%eno1). */
static bool is_ipv6(const char *text)
{
	struct in6_addr address;
	size_t length = strcspn(text, "%");
	AUTO_FREE char *plain = text_copy_length(text, length);
	const char *scope = text[length] ? text + length + 1 : NULL;

	return inet_pton(AF_INET6, plain, &address) == 1 &&
	       (!scope ||
		(*scope && strlen(scope) < IF_NAMESIZE && text_is_alphanumeric(scope, "._-")));
}

/* Numbers with dots between them: the resolver takes such a text for an IPv4 address, in
 * the old forms, too, in which 010 is 8 and 0x7f.1 is 127.0.0.1. */
static bool is_numeric(const char *text)
{
	bool numbers = *text;

	while (numbers && *text) {
		size_t length = strcspn(text, "."), prefix;
		AUTO_FREE char *part = text_copy_length(text, length);

		prefix = strncasecmp(part, "0x", 2) ? 0 : 2;
		numbers = !part[prefix + strspn(part + prefix, prefix ? HEXADECIMAL : DECIMAL)];
		text += length + (text[length] == '.');
	}
	return numbers;
}

/* What is wrong with an address, or a text that would be taken for one; NULL for nothing. */
static char *judge_no_host(const char *text)
{
	size_t length = strcspn(text, "%");
	AUTO_FREE char *plain = text_copy_length(text, length);

	switch (host_address(plain)) {
	case HOST_LINK_LOCAL:
		return text[length] ?
			       NULL :
			       text_format("'%s' is link-local and needs the interface that leads to it: give it as %s%%eno1",
					   text, text);
	case HOST_UNSPECIFIED:
	case HOST_NOBODY:
		return text_format("'%s' is no machine's address", text);
	case HOST_MACHINE:
	case HOST_LOOPBACK:
		return text[length] ?
			       text_format("'%s' is not link-local, and only such an address has an interface: give it as %s",
					   text, plain) :
			       NULL;
	case HOST_NO_ADDRESS:
		break;
	}
	if (!is_numeric(text))
		return NULL;
	return text_format("'%s' is no IPv4 address: give four numbers from 0 to 255 without zeros before them, as 192.0.2.7",
			   text);
}

char *value_server_plain(const char *text)
{
	size_t length = strlen(text);

	if (length > 2 && text[0] == '[' && strchr(text, ']') == text + length - 1)
		return text_copy_length(text + 1, length - 2);
	return text_copy(text);
}

/* A host's name or address, in brackets or not. */
static char *check_host(const char *text)
{
	AUTO_FREE char *plain = value_server_plain(text);
	AUTO_FREE char *wrong = NULL;

	if (is_ipv6(plain))
		return judge_no_host(plain);
	if (*text == '[' || strchr(text, ':'))
		return text_format("'%s' is no IPv6 address and no host name: give an address as 2001:db8::7",
				   text);
	if (*text == '-' || *text == '.')
		return text_format("'%s' is no host name: it begins with '%c'", text, *text);
	wrong = host_name_judge(text);
	return wrong ? text_format("'%s' is no host name: it %s", text, wrong) :
		       judge_no_host(text);
}

static char *check_server(const char *text)
{
	struct server_name name;
	bool right = server_name_read(text, &name);
	AUTO_FREE char *host = name.brackets ? text_format("[%s]", name.host) :
					       text_copy(name.host);
	char *wrong = NULL;

	if (!*text)
		wrong = text_format("there is no name between two commas, or at an end");
	else if (strchr(text, '/'))
		wrong = text_format("'%s' is no host name: give it without ssh:// or a path", text);
	else if (!right)
		wrong = text_format("'%s' has no port from 1 to 65535 behind its colon", text);
	else if (name.user && !*name.user)
		wrong = text_format("'%s' has no user before its @", text);
	else if (!*host)
		wrong = text_format("'%s' has no host's name", text);
	else
		wrong = (name.user ? value_check_user(name.user) : NULL) ?: check_host(host);
	server_name_clear(&name);
	return wrong;
}

char *value_check_server(const char *text)
{
	AUTO_LIST char **list = server_list(text);
	char *wrong = NULL;

	if (list_length(list) > SERVERS_MOST)
		return text_format("there are more than %d servers", SERVERS_MOST);
	for (char **item = list; !wrong && *item; item++) {
		wrong = check_server(*item);
		for (char **other = list; !wrong && other < item; other++)
			if (!strcmp(*other, *item))
				wrong = text_format("'%s' is there twice", *item);
	}
	return wrong;
}

char *value_check_user(const char *text)
{
	assert(*text);
	if (*text == '-')
		return text_format("'%s' begins with a dash", text);
	/* What ssh(1) refuses in a user name that it is given as an argument. */
	if (text[strcspn(text, "'`\";&<>|(){}")] || text[strlen(text) - 1] == '\\' ||
	    strstr(text, " -"))
		return text_format("'%s' holds a character that ssh does not accept in a user's name",
				   text);
	return NULL;
}

char *value_check_fingerprint(const char *text)
{
	if (text_begins(text, "SHA256:") && strlen(text) == 7 + 43 &&
	    text_is_alphanumeric(text + 7, "+/"))
		return NULL;
	return text_format("'%s' is no fingerprint: give SHA256: and the 43 characters that ssh-keygen -l shows",
			   text);
}

char *value_check_guest_name(const char *text)
{
	assert(*text);
	if (text[strcspn(text, "/\\'\"`$")])
		return text_format("'%s' holds a slash, a backslash, a quote or a dollar sign, which cannot be part of a guest's file names",
				   text);
	if (strchr("-. ", *text) || text[strlen(text) - 1] == ' ')
		return text_format("'%s' begins with a dash, a dot or a space, or ends with a space",
				   text);
	if (strlen(text) > GUEST_NAME_MAX)
		return text_format("it is longer than %d bytes", GUEST_NAME_MAX);
	return NULL;
}

char *value_check_disk(const char *text)
{
	if (*text == '/' && text[1])
		return NULL;
	if (text_is_alphanumeric(text, "._-!/:") && !strstr(text, "..") &&
	    isalnum((unsigned char)*text))
		return NULL;
	return text_format("'%s' is no disk: give a kernel name like sda or an absolute path",
			   text);
}

char *value_check_drive(const char *text)
{
	static const char *const disks[] = { "vd",   "nvme", "xvd", "mmcblk", "dasd", "pmem",
					     "loop", "dm-",  "md",  "nbd",    "rbd" };
	const char *name = text_begins(text, "/dev/") ? text + 5 : text;

	for (size_t i = 0; i < COUNT(disks); i++)
		if (text_begins(name, disks[i]))
			return text_format("'%s' is a disk and no CD or DVD drive: give a drive like sr0, and disks in p2v.disks",
					   text);
	return value_check_disk(text);
}

char *value_check_interface(const char *text)
{
	if (!strcmp(text, "lo"))
		return text_format("'lo' is the loopback interface and no network card: give one like eno1");
	if (strlen(text) < IF_NAMESIZE && !strpbrk(text, "/: ") && *text != '.' && *text != '-')
		return NULL;
	return text_format("'%s' is no network interface: give a kernel name like eno1", text);
}

char *value_check_mapping(const char *text)
{
	const char *colon = strchr(text, ':');
	AUTO_FREE char *interface = text_copy_length(text, colon ? (size_t)(colon - text) : 0);

	if (colon && (!colon[1] || colon == text))
		return text_format("'%s' has nothing on one side of the colon: give INTERFACE:NETWORK",
				   text);
	return colon ? value_check_interface(interface) : NULL;
}

char *value_check_network_map(char *const *list)
{
	for (size_t i = 0; list && list[i]; i++)
		for (size_t j = i + 1; list[j]; j++) {
			size_t one = strcspn(list[i], ":"), two = strcspn(list[j], ":");

			if (!list[i][one] && !list[j][two])
				return text_format("'%s' and '%s' are both for all other interfaces: give one network without an interface",
						   list[i], list[j]);
			if (list[i][one] && list[j][two] && one == two &&
			    !strncmp(list[i], list[j], one))
				return text_format("'%s' and '%s' are for one interface", list[i],
						   list[j]);
		}
	return NULL;
}

static bool is_lower_word(const char *text)
{
	return islower((unsigned char)*text) &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

char *value_check_mode(const char *text)
{
	if (!is_lower_word(text))
		return text_format("'%s' is no output mode: give one of virt-v2v's, like local or libvirt",
				   text);
	if (!strcmp(text, "vdsm"))
		return text_format("'vdsm' is for VDSM's own use only: for oVirt give rhv-upload or rhv");
	return NULL;
}

char *value_check_format(const char *text)
{
	/* Others virt-v2v refuses, but only when it runs. */
	return !strcmp(text, "raw") || !strcmp(text, "qcow2") ?
		       NULL :
		       text_format("'%s' is no disk format that virt-v2v writes: give raw or qcow2",
				   text);
}

char *value_check_streams(const char *text)
{
	if (!strcmp(text, "auto") || (*text >= '1' && *text <= '8' && !text[1]))
		return NULL;
	return text_format("'%s' is no number of tunnels: give auto, or how many a disk shall have, 1 to 8",
			   text);
}

char *value_check_store(const char *text)
{
	return !strcmp(text, "auto") || !strcmp(text, "no") || *text == '/' ?
		       NULL :
		       text_format("'%s' is no absolute path: give auto, no, or a directory of the conversion server as an absolute path",
				   text);
}

char *value_check_argument(const char *text)
{
	return *text != '-' ?
		       NULL :
		       text_format("it begins with a dash: virt-v2v would take it for an option");
}

/* A device named as by virt-v2v, to which all disks are sd. */
static char *check_guest_device(const char *text)
{
	static const char *const others[] = { "nvme", "vd", "xvd", "hd", "mmcblk", "dasd", "cciss" };

	if (!text_begins(text, "/dev/") || !text[5] || !text_is_alphanumeric(text, "/._-+") ||
	    strstr(text, ".."))
		return text_format("'%s' is no device: give one as /dev/sda2", text);
	for (size_t i = 0; i < COUNT(others); i++)
		if (text_begins(text + 5, others[i]) && !strchr(text + 5, '/') &&
		    strpbrk(text + 5, "0123456789"))
			return text_format("'%s' is the device's name here: virt-v2v calls the disks /dev/sda, /dev/sdb and so on, in the order of p2v.disks",
					   text);
	return NULL;
}

char *value_check_root(const char *text)
{
	if (!strcmp(text, "first") || !strcmp(text, "single"))
		return NULL;
	if (!strcmp(text, "ask"))
		return text_format("'ask' would wait for an answer, and nobody is there: give first, single or a device");
	if (text_begins(text, "btrfsvol:"))
		return text_format("'%s' is a subvolume, and virt-v2v takes only devices: make it the default subvolume of its Btrfs and give the device, as /dev/sda2",
				   text);
	return *text == '/' ?
		       check_guest_device(text) :
		       text_format("'%s' is none of first, single and a device such as /dev/sda2",
				   text);
}

static bool is_uuid(const char *text)
{
	return strlen(text) == 36 && !text[strspn(text, "0123456789abcdefABCDEF-")];
}

char *value_check_key(const char *text)
{
	size_t length = strcspn(text, ":");
	AUTO_FREE char *device = text_copy_length(text, length);

	if (text[length] && !text[length + 1])
		return text_format("a passphrase is empty");
	if (!text[length] || !length || (*text != '/' && strcmp(device, "all") && !is_uuid(device)))
		return text_format("each is DEVICE:PASSPHRASE; DEVICE is /dev/sda2, a UUID or all, and a comma in a passphrase is written twice");
	return *text == '/' ? check_guest_device(device) : NULL;
}

/* @index: which part of ADDRESS,GATEWAY,PREFIX,SERVER,... it is. */
static bool is_part_of_fixed(const char *part, size_t index, bool is_ipv6)
{
	enum host_address kind = host_address(part);
	uint64_t prefix;
	char *wrong;

	if (index != 2)
		return kind == HOST_MACHINE || kind == HOST_LINK_LOCAL;
	wrong = value_number(part, 1, is_ipv6 ? 128 : 32, &prefix);
	free(wrong);
	return !wrong;
}

/* What follows the address may be empty. */
static char *check_fixed_address(const char *text)
{
	bool is_ipv6 = memchr(text, ':', strcspn(text, ","));

	for (size_t i = 0; *text || i == 0; i++) {
		size_t length = strcspn(text, ",");
		AUTO_FREE char *part = text_copy_length(text, length);

		if ((i == 0 || *part) && !is_part_of_fixed(part, i, is_ipv6))
			return text_format("'%s' is no %s: give MAC:ip:ADDRESS,,GATEWAY,,PREFIX, as 192.0.2.7,,192.0.2.1,,24",
					   part,
					   i == 2 ? "prefix" : "address that a machine can have");
		text += length + (text[length] == ',');
	}
	return NULL;
}

char *value_check_mac(const char *text)
{
	static const char *const kinds[] = { ":network:", ":bridge:" };
	size_t length = hardware_address_prefix(text, ':');

	if (length == HARDWARE_ADDRESS_LENGTH && text_begins(text + length, ":ip:") &&
	    text[length + strlen(":ip:")])
		return check_fixed_address(text + length + strlen(":ip:"));
	for (size_t i = 0; length == HARDWARE_ADDRESS_LENGTH && i < COUNT(kinds); i++)
		if (text_begins(text + length, kinds[i]) && text[length + strlen(kinds[i])])
			return NULL;
	return text_format("'%s' is not MAC:network:NAME, MAC:bridge:NAME or MAC:ip:ADDRESS (a comma within one is written twice)",
			   text);
}

/* ---- URLs ------------------------------------------------------------------
 *
 * libcurl's parser says whether one can work, for libcurl is what will read it: p2v.done
 * only when the conversion is over, hours later. A URL may hold a password or a token:
 * no sentence has a part of one in it.
 */

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

/* HOST:PORT of a URL, as it is written. The caller frees. */
static char *read_authority(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	size_t length = strcspn(host, "/?#");
	const char *at = memrchr(host, '@', length);

	return at ? text_copy_length(at + 1, length - (size_t)(at + 1 - host)) :
		    text_copy_length(host, length);
}

/* Two colons outside brackets, where HOST:PORT should be. */
static bool has_bare_ipv6(const char *url)
{
	AUTO_FREE char *authority = read_authority(url);
	const char *colon = *authority == '[' ? NULL : strchr(authority, ':');

	return colon && strchr(colon + 1, ':');
}

/* As with p2v.server; curl would make 127.0.0.8 of 127.0.0.010, and take %31 for a 1. It
 * looks up other letters in their form that begins with xn--. */
static char *judge_url_host(const char *url)
{
	AUTO_FREE char *authority = read_authority(url);
	bool is_ipv6 = *authority == '[';
	size_t length = is_ipv6 ? strcspn(authority, "]") + 1 : strcspn(authority, ":");
	AUTO_FREE char *host = text_copy_length(authority, length);
	AUTO_FREE char *plain = value_server_plain(host);
	AUTO_FREE char *wrong_address = judge_no_host(plain);
	AUTO_FREE char *wrong_name = NULL;

	if (host_address(plain) == HOST_LINK_LOCAL)
		return text_format("the URL's host is link-local and needs the interface that leads to it: give it as [fe80::7%%25eno1]");
	if (wrong_address)
		return text_format("the URL's host is no machine's address: give a name, or four numbers from 0 to 255 without zeros before them, as 192.0.2.7");
	/* file:///PATH has none. */
	if (*host && !is_ipv6 && text_is_alphanumeric(host, "%._-"))
		wrong_name = host_name_judge(host);
	return wrong_name ? text_format("the URL's host is no host name: it %s", wrong_name) : NULL;
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

/* Whether it is a key that can be used is known when it is used (identity.h). */
char *value_check_private_key(const char *text)
{
	static const char begin[] = "-----BEGIN ", label[] = "PRIVATE KEY-----",
			  end[] = "-----END ";
	const char *last = strstr(text, end);

	if (text_begins(text, begin) && strstr(text, label) && last && strstr(last, label))
		return NULL;
	return text_format("give a private key as a whole, from -----BEGIN to the dashes behind -----END");
}

char *value_check_token(const char *text)
{
	return text_is_alphanumeric(text, "-._~+/=") ?
		       NULL :
		       text_format("a token has only letters, digits and the characters - . _ ~ + / =");
}

char *value_check_keymap(const char *text)
{
	/* Not a path, and not an option of loadkeys. */
	if (text_is_alphanumeric(text, "._+-") && isalnum((unsigned char)*text))
		return NULL;
	return text_format("'%s' is no keyboard layout: give a name such as de, fr or us", text);
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
	else
		reason = judge_url_host(url);
	curl_free(port);
	curl_url_cleanup(parts);
	return reason;
}
