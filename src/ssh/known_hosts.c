// SPDX-License-Identifier: GPL-2.0-or-later
/* Which host keys a conversion server may have. */
#include "ssh/known_hosts.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/base64.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define SHA1_LENGTH 20
#define SHA256_LENGTH 32
#define SHOWN_MOST 4 /* known keys in one message */

/* The file, read line by line. */
struct reader {
	const char *rest, *end;
	char *line; /* the current one, which the words point into */
	unsigned number;
	bool revoked;
	const char *names, *type, *key; /* the key is base64 */
};

char *known_hosts_fingerprint(const void *key, size_t length)
{
	unsigned char hash[SHA256_LENGTH];
	AUTO_FREE char *text = NULL;

	if (!EVP_Digest(key, length, hash, NULL, EVP_sha256(), NULL))
		abort(); /* no memory */
	text = base64_encode(hash, sizeof(hash));
	return text_format("SHA256:%.*s", (int)strcspn(text, "="), text);
}

/* The algorithm is the first string in a key (RFC 4253, 6.6). ? stands for characters that
 * do not belong into a message. */
static char *type_of(const void *key, size_t length)
{
	size_t size = length < 4 ? 0 : bytes_big_endian(key, 4);
	char *text = !size || size > length - 4 || size > 80 ?
			     text_copy("unknown") :
			     text_copy_length((const char *)key + 4, size);

	for (char *at = text; *at; at++)
		if (*at <= ' ' || *at > '~')
			*at = '?';
	return text;
}

char *known_hosts_line(const char *name, const void *key, size_t length)
{
	AUTO_FREE char *type = type_of(key, length);
	AUTO_FREE char *encoded = base64_encode(key, length);

	return text_format("%s %s %s\n", name, type, encoded);
}

/* ---- names ----------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether @name matches the @length bytes of a pattern with * and ?; upper and lower case
 * are the same. */
static bool matches(const char *pattern, size_t length, const char *name)
{
	const char *end = pattern + length, *star = NULL, *back = NULL;

	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = pattern++;
			back = name;
		} else if (pattern < end && (*pattern == '?' || lower(*pattern) == lower(*name))) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++back;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

/* Returns NULL if @text is not base64. The caller frees. */
static unsigned char *decode(const char *text, size_t length, size_t *decoded)
{
	return length ? base64_decode(text, length, decoded) : NULL;
}

/* @names is SALT|HASH, where HASH is the HMAC-SHA1 of a name with SALT as its key. */
static bool matches_hashed(const char *names, const char *name)
{
	size_t bar = strcspn(names, "|"), salt_length, hash_length;
	const char *end = names[bar] ? names + bar + 1 : "";
	AUTO_FREE unsigned char *salt = decode(names, bar, &salt_length);
	AUTO_FREE unsigned char *hash = decode(end, strlen(end), &hash_length);
	AUTO_FREE char *small = text_copy(name);
	unsigned char own[EVP_MAX_MD_SIZE];
	unsigned own_length = 0;

	for (char *at = small; *at; at++)
		*at = lower(*at);
	return salt && hash && hash_length == SHA1_LENGTH &&
	       HMAC(EVP_sha1(), salt, (int)salt_length, (const unsigned char *)small, strlen(small),
		    own, &own_length) &&
	       own_length == SHA1_LENGTH && !memcmp(own, hash, SHA1_LENGTH);
}

static bool names_match(const char *names, const char *name)
{
	bool found = false;

	if (text_begins(names, "|1|"))
		return matches_hashed(names + 3, name);
	while (*names) {
		size_t length = strcspn(names, ",");
		bool excludes = *names == '!';

		if (matches(names + excludes, length - excludes, name)) {
			if (excludes)
				return false;
			found = true;
		}
		names += length + (names[length] == ',');
	}
	return found;
}

/* ---- lines ----------------------------------------------------------------- */

static struct reader reader_of(const struct known_hosts *known)
{
	size_t length = known->text ? known->length : 0;

	size_t mark = text_mark(known->text, length);

	return (struct reader){
		.rest = length ? known->text + mark : known->text,
		.end = length ? known->text + length : NULL,
	};
}

static void cleanup_reader(struct reader *reader)
{
	free(reader->line);
}

/* Goes to the next line with a key. */
static bool read_next(struct reader *reader)
{
	static const char blanks[] = " \t\r";

	while (reader->rest < reader->end) {
		size_t left = (size_t)(reader->end - reader->rest);
		const char *newline = memchr(reader->rest, '\n', left);
		size_t length = newline ? (size_t)(newline - reader->rest) : left;
		char *words;

		free(reader->line);
		reader->line = text_copy_length(reader->rest, length);
		reader->rest += length + (newline != NULL);
		reader->number++;
		reader->names = strtok_r(reader->line, blanks, &words);
		reader->revoked = reader->names && !strcmp(reader->names, "@revoked");
		if (reader->revoked)
			reader->names = strtok_r(NULL, blanks, &words);
		if (!reader->names || strchr("#@", *reader->names))
			continue;
		reader->type = strtok_r(NULL, blanks, &words);
		reader->key = strtok_r(NULL, blanks, &words);
		if (reader->key)
			return true;
	}
	return false;
}

/* Whether any line has a key for @name. */
static bool has_name(const struct known_hosts *known, const char *name)
{
	CLEANUP(cleanup_reader) struct reader line = reader_of(known);

	while (read_next(&line))
		if (!line.revoked && names_match(line.names, name))
			return true;
	return false;
}

/* The name to look for: without a line for [HOST]:PORT, those for HOST count. */
static char *find_name(const struct known_hosts *known)
{
	AUTO_FREE char *with_port = text_format("[%s]:%u", known->host, known->port);

	return known->port != 22 && has_name(known, with_port) ? steal(with_port) :
								 text_copy(known->host);
}

/* ---- judging --------------------------------------------------------------- */

static char *judge_fingerprint(const struct known_hosts *known, const char *seen)
{
	AUTO_FREE char *wanted = NULL;

	if (list_contains(known->fingerprints, seen))
		return NULL;
	wanted = list_join(known->fingerprints, ", ");
	return text_format("the server's host key is %s, and p2v.hostkey wants %s: either the server has "
			   "several keys (\"ssh-keyscan '%s' | ssh-keygen -lf -\" shows their fingerprints), "
			   "or this is another server; nothing secret has been sent",
			   seen, wanted, known->host);
}

/* Appends the line's fingerprint, type and number to @list, for a message. */
static void show(char ***list, const struct reader *line)
{
	size_t length = 0;
	AUTO_FREE unsigned char *key = decode(line->key, strlen(line->key), &length);
	AUTO_FREE char *text = key ? known_hosts_fingerprint(key, length) :
				     text_copy("a damaged key");

	if (list_length(*list) < SHOWN_MOST)
		list_append(list,
			    text_format("%s (%.40s, line %u)", text, line->type, line->number));
}

static char *judge_file(const struct known_hosts *known, const char *key, const char *seen,
			const char *type)
{
	AUTO_FREE char *name = find_name(known);
	AUTO_FREE char *wanted = NULL;
	AUTO_LIST char **others = NULL;
	CLEANUP(cleanup_reader) struct reader line = reader_of(known);
	bool right = false;

	while (read_next(&line)) {
		if (line.revoked && !strcmp(line.key, key))
			return text_format("the server's host key %s (%s) is revoked, by line %u of "
					   "known_hosts; nothing secret has been sent",
					   seen, type, line.number);
		if (line.revoked || !names_match(line.names, name))
			continue;
		if (!strcmp(line.key, key))
			right = true;
		else
			show(&others, &line);
	}
	if (right)
		return NULL;
	if (!others)
		return text_format("the server's host key %s (%s) is not known: known_hosts has no line for '%s'. "
				   "Compare it with 'ssh-keygen -lf' of /etc/ssh/ssh_host_*_key.pub on the "
				   "server. If it is the same, add it to the image with p2v-customize "
				   "--known-hosts, or set p2v.hostkey=%s; nothing secret has been sent",
				   seen, type, name, seen);
	wanted = list_join(others, ", ");
	return text_format("the server's host key has changed: it is %s (%s), and known_hosts has %s for '%s'. "
			   "Either the server was reinstalled (then put its new key into the image with "
			   "p2v-customize --known-hosts), or another machine answers; nothing secret has "
			   "been sent",
			   seen, type, wanted, name);
}

/* Only the server of the first login is trusted: it was given secrets. */
static char *judge_first(const struct known_hosts *known, const char *seen)
{
	if (!strcmp(known->first, seen))
		return NULL;
	return text_format("the server's host key was %s at the first login and is %s now: another machine "
			   "answers, or the server was reinstalled; nothing secret has been sent to it",
			   known->first, seen);
}

char *known_hosts_judge(const struct known_hosts *known, const void *key, size_t length)
{
	AUTO_FREE char *seen = NULL;
	AUTO_FREE char *type = NULL;
	AUTO_FREE char *encoded = NULL;

	if (!known->fingerprints && !known->text && !known->first)
		return NULL;
	seen = known_hosts_fingerprint(key, length);
	if (known->fingerprints)
		return judge_fingerprint(known, seen);
	if (!known->text)
		return judge_first(known, seen);
	type = type_of(key, length);
	encoded = base64_encode(key, length);
	return judge_file(known, encoded, seen, type);
}

/* ---- what to ask for ------------------------------------------------------- */

/* Types of keys and the algorithms that sign with them, in the order of ssh(1): so ssh
 * shows the same fingerprint as we do. */
static const struct {
	const char *type, *algorithms;
} kinds[] = {
	{ "ssh-ed25519", "ssh-ed25519" },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
	{ "ssh-rsa", "rsa-sha2-512,rsa-sha2-256,ssh-rsa" },
};
#define KINDS COUNT(kinds)

char *known_hosts_algorithms(const struct known_hosts *known)
{
	AUTO_FREE char *name = NULL;
	AUTO_LIST char **wanted = NULL;
	bool have[KINDS] = { false };
	CLEANUP(cleanup_reader) struct reader line = reader_of(known);

	if (known->text && !known->fingerprints)
		name = find_name(known);
	while (name && read_next(&line))
		for (size_t i = 0; i < KINDS; i++)
			if (!line.revoked && !strcmp(line.type, kinds[i].type) &&
			    names_match(line.names, name))
				have[i] = true;
	for (size_t i = 0; i < 2 * KINDS; i++)
		if (have[i % KINDS] == (i < KINDS))
			list_append(&wanted, text_copy(kinds[i % KINDS].algorithms));
	return list_join(wanted, ",");
}
