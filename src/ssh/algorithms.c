// SPDX-License-Identifier: GPL-2.0-or-later
/* The algorithms that p2vd uses with an SSH server, and what a server offers. */
#include "ssh/algorithms.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

#define KEXINIT 20 /* the message's number */
#define COOKIE 16  /* bytes */

/* The message's lists, in its order. Ciphers and MACs have one for each direction. */
static const struct {
	const char *keyword; /* of sshd_config(5) */
	const char *ours;
	const char *best; /* to be added there */
} kinds[] = {
	{ "KexAlgorithms", ALGORITHMS_KEX, "curve25519-sha256" },
	{ "HostKeyAlgorithms", ALGORITHMS_KEYS, "ssh-ed25519,rsa-sha2-512" },
	{ "Ciphers", ALGORITHMS_CIPHERS_AES, "aes128-gcm@openssh.com" },
	{ "Ciphers", ALGORITHMS_CIPHERS_AES, "aes128-gcm@openssh.com" },
	{ "MACs", ALGORITHMS_MACS, "hmac-sha2-256-etm@openssh.com" },
	{ "MACs", ALGORITHMS_MACS, "hmac-sha2-256-etm@openssh.com" },
};

struct reader {
	const char *at;
	size_t left;
};

static bool skip(struct reader *reader, size_t length)
{
	if (length > reader->left)
		return false;
	reader->at += length;
	reader->left -= length;
	return true;
}

/* Lines may come before the greeting, which begins with "SSH-". */
static bool skip_greeting(struct reader *reader)
{
	bool over = false;

	while (!over) {
		const char *end = reader->left ? memchr(reader->at, '\n', reader->left) : NULL;

		if (!end)
			return false;
		over = reader->left >= 4 && !memcmp(reader->at, "SSH-", 4);
		skip(reader, (size_t)(end - reader->at) + 1);
	}
	return true;
}

/* A packet's length, which need not have come as a whole, and that of its padding. */
static bool skip_head(struct reader *reader)
{
	return skip(reader, 5) && reader->left && *reader->at == KEXINIT &&
	       skip(reader, 1 + COOKIE);
}

/* The next list, which the caller frees; NULL if the bytes do not have all of it. */
static char *read_list(struct reader *reader)
{
	size_t length;

	if (!skip(reader, 4))
		return NULL;
	length = bytes_big_endian(reader->at - 4, 4);
	return skip(reader, length) ? text_copy_length(reader->at - length, length) : NULL;
}

static bool has(const char *list, const char *name, size_t length)
{
	while (*list) {
		size_t here = strcspn(list, ",");

		if (here == length && !memcmp(list, name, length))
			return true;
		list += here + (list[here] == ',');
	}
	return false;
}

static bool any_in_common(const char *one, const char *other)
{
	while (*one) {
		size_t length = strcspn(one, ",");

		if (length && has(other, one, length))
			return true;
		one += length + (one[length] == ',');
	}
	return false;
}

/* What stands in the list of key exchanges, but is none. */
static void drop_extensions(char *list)
{
	static const char *const extensions[] = { ",ext-info-s", ",kex-strict-s-v00@openssh.com" };

	for (size_t i = 0; i < COUNT(extensions); i++) {
		char *found = strstr(list, extensions[i]);
		size_t length = strlen(extensions[i]);

		if (found)
			memmove(found, found + length, strlen(found + length) + 1);
	}
}

char *algorithms_missing(const void *bytes, size_t length)
{
	struct reader reader = { bytes, length };

	if (!skip_greeting(&reader) || !skip_head(&reader))
		return NULL;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		AUTO_FREE char *offered = read_list(&reader);

		if (!offered)
			return NULL;
		if (any_in_common(offered, kinds[i].ours))
			continue;
		drop_extensions(offered);
		text_make_plain(offered);
		return text_format("as %s the server offers only '%.300s', and p2vd has none of these: add %s to the "
				   "line %s in its sshd_config",
				   kinds[i].keyword, offered, kinds[i].best, kinds[i].keyword);
	}
	return NULL;
}
