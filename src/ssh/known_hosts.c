// SPDX-License-Identifier: GPL-2.0-or-later
/* Which host keys a conversion server may have. */
#include "ssh/known_hosts.h"

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

/* A part of a text; the caller owns the memory. */
struct span {
	const char *data;
	size_t length;
};

/* A line of the file, split. */
struct entry {
	unsigned number;
	bool revoked;
	struct span names, type, key; /* the key is base64 */
};

/* ---- text ------------------------------------------------------------------ */

static bool equals(struct span span, const char *text)
{
	return span.length == strlen(text) && !memcmp(span.data, text, span.length);
}

/* Takes the next word off @line. It is empty at the end of the line. */
static struct span take_word(struct span *line)
{
	struct span word;
	size_t i = 0;

	while (i < line->length && strchr(" \t\r", line->data[i]) && line->data[i])
		i++;
	word = (struct span){ line->data + i, 0 };
	while (i < line->length && !(strchr(" \t\r", line->data[i]) && line->data[i]))
		i++;
	word.length = (size_t)(line->data + i - word.data);
	*line = (struct span){ line->data + i, line->length - i };
	return word;
}

/* Takes the text before the next @separator off @rest, and the separator. */
static struct span take_until(struct span *rest, char separator)
{
	const char *end = rest->length ? memchr(rest->data, separator, rest->length) : NULL;
	size_t length = end ? (size_t)(end - rest->data) : rest->length;
	struct span taken = { rest->data, length };

	length += end != NULL;
	*rest = (struct span){ rest->data + length, rest->length - length };
	return taken;
}

/* Returns NULL if @text is not base64. The caller frees. */
static unsigned char *decode(struct span text, size_t *length)
{
	return text.length ? base64_decode(text.data, text.length, length) : NULL;
}

char *known_hosts_fingerprint(const void *key, size_t length)
{
	unsigned char hash[SHA256_LENGTH];
	AUTO_FREE char *text = NULL;

	if (!EVP_Digest(key, length, hash, NULL, EVP_sha256(), NULL))
		abort(); /* no memory */
	text = base64_encode(hash, sizeof(hash));
	return text_format("SHA256:%s", text);
}

/* ---- names ----------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether @name matches a pattern with * and ?; upper and lower case are the same. */
static bool matches(struct span pattern, const char *name)
{
	size_t at = 0, star = SIZE_MAX;
	const char *back = NULL;

	while (*name) {
		if (at < pattern.length && pattern.data[at] == '*') {
			star = at++;
			back = name;
		} else if (at < pattern.length &&
			   (pattern.data[at] == '?' || lower(pattern.data[at]) == lower(*name))) {
			at++;
			name++;
		} else if (star != SIZE_MAX) {
			at = star + 1;
			name = ++back;
		} else {
			return false;
		}
	}
	while (at < pattern.length && pattern.data[at] == '*')
		at++;
	return at == pattern.length;
}

/* @names is |1|SALT|HASH, where HASH is the HMAC-SHA1 of a name with SALT as its key. */
static bool matches_hashed(struct span names, const char *name)
{
	AUTO_FREE char *small = text_copy(name);
	AUTO_FREE unsigned char *salt = NULL;
	AUTO_FREE unsigned char *hash = NULL;
	unsigned char own[EVP_MAX_MD_SIZE];
	size_t salt_length, hash_length;
	unsigned own_length = 0;

	names = (struct span){ names.data + 3, names.length - 3 };
	salt = decode(take_until(&names, '|'), &salt_length);
	hash = decode(names, &hash_length);
	for (char *at = small; *at; at++)
		*at = lower(*at);
	return salt && hash && hash_length == SHA1_LENGTH &&
	       HMAC(EVP_sha1(), salt, (int)salt_length, (const unsigned char *)small, strlen(small),
		    own, &own_length) &&
	       own_length == SHA1_LENGTH && !memcmp(own, hash, SHA1_LENGTH);
}

static bool names_match(struct span names, const char *name)
{
	bool found = false;

	if (names.length > 3 && !memcmp(names.data, "|1|", 3))
		return matches_hashed(names, name);
	while (names.length) {
		struct span pattern = take_until(&names, ',');

		if (pattern.length && *pattern.data == '!') {
			pattern = (struct span){ pattern.data + 1, pattern.length - 1 };
			if (matches(pattern, name))
				return false;
		} else if (pattern.length) {
			found = matches(pattern, name) || found;
		}
	}
	return found;
}

/* ---- lines ----------------------------------------------------------------- */

/* Takes the next line with a key off @rest. @number counts all lines. */
static bool next_entry(struct span *rest, unsigned *number, struct entry *entry)
{
	while (rest->length) {
		struct span line = take_until(rest, '\n');
		struct span word = take_word(&line);

		*entry = (struct entry){ .number = ++*number };
		if (equals(word, "@revoked")) {
			entry->revoked = true;
			word = take_word(&line);
		}
		if (!word.length || *word.data == '#' || *word.data == '@')
			continue;
		entry->names = word;
		entry->type = take_word(&line);
		entry->key = take_word(&line);
		if (entry->key.length)
			return true;
	}
	return false;
}

/* A name of the server in the file: "[HOST]:PORT" or "HOST". */
static char *name_of(const struct known_hosts *known, bool with_port)
{
	return with_port ? text_format("[%s]:%u", known->host, known->port) :
			   text_copy(known->host);
}

/* Whether any line has a key for @name. */
static bool has_name(const struct known_hosts *known, const char *name)
{
	struct span rest = { known->text, known->length };
	struct entry entry;
	unsigned number = 0;

	while (next_entry(&rest, &number, &entry))
		if (!entry.revoked && names_match(entry.names, name))
			return true;
	return false;
}

/* The name to look for: without a line for [HOST]:PORT, those for HOST count. */
static char *find_name(const struct known_hosts *known)
{
	AUTO_FREE char *name = name_of(known, known->port != 22);

	return known->port != 22 && !has_name(known, name) ? name_of(known, false) : steal(name);
}

/* ---- judging --------------------------------------------------------------- */

/* The algorithm is the first string in a key (RFC 4253, 6.6). */
static struct span type_of(const void *key, size_t length)
{
	const unsigned char *bytes = key;
	size_t size = length < 4 ? 0 :
				   (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 |
					   (size_t)bytes[2] << 8 | bytes[3];

	if (!size || size > length - 4 || size > 80)
		return (struct span){ "unknown", strlen("unknown") };
	return (struct span){ (const char *)key + 4, size };
}

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

/* Appends the entry's fingerprint, type and line number to @list, for a message. */
static void show(char ***list, const struct entry *entry)
{
	size_t length = 0;
	AUTO_FREE unsigned char *key = decode(entry->key, &length);
	AUTO_FREE char *text = key ? known_hosts_fingerprint(key, length) :
				     text_copy("a damaged key");

	if (list_length(*list) < SHOWN_MOST)
		list_append(list,
			    text_format("%s (%.*s, line %u)", text,
					(int)(entry->type.length < 40 ? entry->type.length : 40),
					entry->type.data, entry->number));
}

static char *judge_file(const struct known_hosts *known, const char *key, const char *seen,
			const char *type)
{
	AUTO_FREE char *name = find_name(known);
	AUTO_FREE char *wanted = NULL;
	AUTO_LIST char **others = NULL;
	struct span rest = { known->text, known->length };
	struct entry entry;
	unsigned number = 0;
	bool right = false;

	while (next_entry(&rest, &number, &entry)) {
		if (entry.revoked && equals(entry.key, key))
			return text_format("the server's host key %s (%s) is revoked, by line %u of "
					   "known_hosts; nothing secret has been sent",
					   seen, type, entry.number);
		if (entry.revoked || !names_match(entry.names, name))
			continue;
		if (equals(entry.key, key))
			right = true;
		else
			show(&others, &entry);
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

/* The type that a key says it has, with ? for characters that do not belong into a message. */
static char *type_text(struct span type)
{
	char *text = text_copy_length(type.data, type.length);

	for (char *at = text; *at; at++)
		if (*at <= ' ' || *at > '~')
			*at = '?';
	return text;
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
	type = type_text(type_of(key, length));
	encoded = memory_zero(length / 3 * 4 + 8, 1);
	EVP_EncodeBlock((unsigned char *)encoded, key, (int)length);
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
	struct span rest = { known->text, known->text ? known->length : 0 };
	struct entry entry;
	unsigned number = 0;

	if (rest.length && !known->fingerprints)
		name = find_name(known);
	while (name && next_entry(&rest, &number, &entry))
		for (size_t i = 0; i < KINDS; i++)
			if (!entry.revoked && equals(entry.type, kinds[i].type) &&
			    names_match(entry.names, name))
				have[i] = true;
	for (size_t i = 0; i < KINDS; i++)
		if (have[i])
			list_append(&wanted, text_copy(kinds[i].algorithms));
	for (size_t i = 0; i < KINDS; i++)
		if (!have[i])
			list_append(&wanted, text_copy(kinds[i].algorithms));
	return list_join(wanted, ",");
}
