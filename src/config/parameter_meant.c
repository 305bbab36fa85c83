// SPDX-License-Identifier: GPL-2.0-or-later
/* Which parameter was meant by a name that is none: slips, and the words that people use. */
#include "config/parameters.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/look_alike.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BARE "p2v" /* PARAMETER_PREFIX without its dot */
#define NAME "abcdefghijklmnopqrstuvwxyz0123456789_" /* what read_rest() makes of a name */

/* What people call it, in lower case with underscores: no slip, so no distance finds it. */
static const struct {
	const char *words; /* separated by spaces */
	const char *name;
} usual[] = {
	{ "host hostname address ip target destination dest conversion_server", "p2v.server" },
	{ "ssh_port", "p2v.port" },
	{ "user login account ssh_user", "p2v.username" },
	{ "pass passwd pw pwd secret ssh_password", "p2v.password" },
	{ "ssh_key sshkey private_key privkey identity_file keyfile key_file auth_key identity_url",
	  "p2v.identity" },
	{ "fingerprint host_key known_hosts", "p2v.hostkey" },
	{ "passphrase luks luks_key bitlocker unlock", "p2v.key" },
	{ "ram mem maxmem", "p2v.memory" },
	{ "cpu cpus core cores vcpu ncpus processors smp", "p2v.vcpus" },
	{ "topology", "p2v.vcpu.phys_topo" },
	{ "guest vm vmname vm_name domain guest_name", "p2v.name" },
	{ "disk drive drives hdd hdds harddisk device devices blockdev", "p2v.disks" },
	{ "cd cdrom cdroms dvd optical", "p2v.removable" },
	{ "nic nics card cards interface iface ifaces if ethernet", "p2v.interfaces" },
	{ "net networks bridge bridges vlan map", "p2v.network" },
	{ "mac_address macs", "p2v.mac" },
	{ "output mode type", "p2v.o" },
	{ "format disk_format", "p2v.of" },
	{ "storage pool dir directory path", "p2v.os" },
	{ "allocation sparse thin", "p2v.oa" },
	{ "connection connect uri", "p2v.oc" },
	{ "option options misc", "p2v.oo" },
	{ "timeout ssh_timeout", "p2v.connect_timeout" },
	{ "clock rtc timezone", "p2v.rtc.basis" },
	{ "conf cfg configuration file include parameters", "p2v.config" },
	{ "before", "p2v.pre" },
	{ "after reboot poweroff shutdown", "p2v.post" },
	{ "error onfail on_fail failure", "p2v.fail" },
	{ "notify callback", "p2v.done" },
	{ "verbose trace", "p2v.debug" },
	{ "copy_mode used used_only only_used skip_free skip_unused", "p2v.copy" },
	{ "compression zip gzip zlib", "p2v.compress" },
	{ "rate speed throttle bwlimit bandwidth_limit", "p2v.bandwidth" },
};

/* What is behind "p2v" and a separator, in lower case with underscores; NULL if @name does
 * not begin so. The caller frees. */
static char *read_rest(const char *name)
{
	char *rest;

	if (strncasecmp(name, BARE, strlen(BARE)) || !ispunct((unsigned char)name[strlen(BARE)]))
		return NULL;
	rest = text_copy(name + strlen(BARE) + 1);
	for (char *at = rest; *at; at++)
		*at = strchr(".-", *at) ? '_' : (char)tolower((unsigned char)*at);
	return rest;
}

/* Two names for each row: the long one, and the short one if there is one. */
static const char *known_name(size_t index)
{
	const struct parameter *parameter = &parameters()[index / 2];

	return index % 2 && parameter->alias ? parameter->alias : parameter->name;
}

/* The parameter whose name is that but for capitals and separators; NULL for none. */
static const char *find_loosely(const char *rest)
{
	for (size_t i = 0; known_name(i); i++) {
		AUTO_FREE char *known = read_rest(known_name(i));

		if (!strcmp(rest, known))
			return known_name(i);
	}
	return NULL;
}

/* Whether @text, up to its end, is one of @words. */
static bool is_among(const char *text, const char *words)
{
	size_t length = strlen(text);

	for (; length && *words; words += strcspn(words, " "), words += *words == ' ')
		if (strcspn(words, " ") == length && !strncmp(words, text, length))
			return true;
	return false;
}

/* As the whole name, or as its last part: p2v.host, p2v.remote.host. */
static const char *find_usual(const char *rest)
{
	const char *last = strrchr(rest, '_');

	for (size_t i = 0; i < COUNT(usual); i++)
		if (is_among(rest, usual[i].words))
			return usual[i].name;
	for (size_t i = 0; last && i < COUNT(usual); i++)
		if (is_among(last + 1, usual[i].words))
			return usual[i].name;
	return NULL;
}

/* The only parameter whose name begins so: p2v.ident, p2v.user. */
static const char *find_beginning(const char *rest)
{
	const char *found = NULL;

	for (size_t i = 0; strlen(rest) > 2 && known_name(i); i++) {
		AUTO_FREE char *known = read_rest(known_name(i));

		if (!text_begins(known, rest) || found == known_name(i))
			continue;
		if (found && parameter_find(found) != parameter_find(known_name(i)))
			return NULL;
		found = known_name(i);
	}
	return found;
}

/* @name as a reader sees it: "p2v" and what follows, whatever script their letters are of. The
 * caller frees. */
static char *see(const char *name)
{
	size_t length = look_alike_length(name, BARE);
	AUTO_FREE char *rest = look_alike_plain(name + length);

	if (!strncasecmp(name, BARE, strlen(BARE)) || !length)
		return look_alike_plain(name);
	return text_format(BARE "%s", rest);
}

static bool resembles(const char *name)
{
	AUTO_FREE char *rest = read_rest(name);
	AUTO_FREE char *bare = NULL;

	if (text_begins(name, PARAMETER_PREFIX))
		return true;
	if (rest)
		return *rest;
	/* p2vserver: other programs may have words that begin so, but not with our names. */
	bare = strncasecmp(name, BARE, strlen(BARE)) ?
		       NULL :
		       text_format(PARAMETER_PREFIX "%s", name + strlen(BARE));
	rest = bare ? read_rest(bare) : NULL;
	return rest && find_loosely(rest);
}

bool parameter_resembles(const char *name)
{
	AUTO_FREE char *seen = see(name);

	return resembles(seen);
}

/* @name as it would be with the right beginning. The caller frees. */
static char *begin_rightly(const char *name)
{
	AUTO_FREE char *rest = read_rest(name);

	if (text_begins(name, PARAMETER_PREFIX))
		return text_copy(name);
	return text_format(PARAMETER_PREFIX "%s", rest ?: name + strlen(BARE));
}

const char *parameter_nearest(const char *name)
{
	AUTO_FREE char *seen = see(name);
	AUTO_FREE char *whole = resembles(seen) ? begin_rightly(seen) : text_copy(seen);
	AUTO_FREE char *rest = read_rest(whole);
	/* "config" of "p2v.config:https://…" */
	AUTO_FREE char *head = text_copy_length(rest ?: "", strspn(rest ?: "", NAME));
	const char *found = rest ? find_loosely(rest)    ?:
				    find_usual(rest)     ?:
				    find_beginning(rest) ?:
							   find_loosely(head) :
				   NULL;
	const char *nearest = found ? NULL : text_nearest(whole, known_name);
	size_t length = rest ? strlen(rest) : strlen(whole);

	/* Behind the prefix, which is always right, short names that differ in a letter have
	 * little in common: p2v.foo and p2v.oo. */
	if (nearest && text_distance(whole, nearest) <= (length < 4 ? 0 : (length + 1) / 3))
		found = nearest;
	return found;
}

const struct parameter *parameter_meant(const char *name)
{
	AUTO_FREE char *seen = see(name);
	const struct parameter *parameter = parameter_find(seen);
	AUTO_FREE char *whole = NULL;
	const char *nearest;

	if (parameter || !resembles(seen))
		return parameter;
	whole = begin_rightly(seen);
	nearest = parameter_nearest(seen) ?: text_nearest(whole, known_name);
	return nearest ? parameter_find(nearest) : NULL;
}

char *parameter_unknown(const char *name)
{
	const char *nearest = parameter_nearest(name);

	return nearest ? text_format("is no parameter: did you mean '%s'?", nearest) :
			 text_copy("is no parameter: p2v.parameters(7) has them all");
}
