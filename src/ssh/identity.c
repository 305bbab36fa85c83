// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is a file a private key, and one that can be used unattended?
 *
 * Formats: PEM (RFC 1421, RFC 7468), and OpenSSH's own, PROTOCOL.key in its
 * source: base64 of a magic, cipher, KDF, KDF options, number of keys, public
 * key, private part. Only what is needed to know the kind of key is read.
 */
#include "ssh/identity.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "ssh/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define PRIVATE "PRIVATE KEY"

#define PASSPHRASE                                                                         \
	"is protected by a passphrase, which nobody can type here: use a key without one " \
	"('ssh-keygen -p -N \"\" -f KEY' removes it)"
#define DSA "is a DSA key, which SSH servers no longer accept: make one with ssh-keygen -t ed25519"
#define CUT_OFF "is a private key that is cut off or damaged: copy it there again"

/* A part of the file; the caller owns the memory. */
struct bytes {
	const char *data;
	size_t length;
};

/* A PEM block: its label is the text between BEGIN and the dashes. */
struct block {
	struct bytes label, body;
	const char *begin, *end; /* with the BEGIN and END lines; @end is NULL if there is no END */
};

static bool begins(struct bytes bytes, const char *text)
{
	return bytes.length >= strlen(text) && !memcmp(bytes.data, text, strlen(text));
}

static bool equals(struct bytes bytes, const char *text)
{
	return bytes.length == strlen(text) && begins(bytes, text);
}

static bool holds(struct bytes bytes, const char *text)
{
	return memmem(bytes.data, bytes.length, text, strlen(text));
}

static struct bytes from(struct bytes bytes, const char *position)
{
	return (struct bytes){ position, (size_t)(bytes.data + bytes.length - position) };
}

/* The next line that starts with @text, which stands after a newline; or NULL. */
static const char *find_line(struct bytes bytes, const char *text)
{
	const char *found = memmem(bytes.data, bytes.length, text, strlen(text));

	if (begins(bytes, text + 1))
		return bytes.data;
	return found ? found + 1 : NULL;
}

/* Finds the next block in @bytes. Without an END line, its body reaches to the end of @bytes. */
static bool find_block(struct bytes bytes, struct block *block)
{
	AUTO_FREE char *last = NULL;
	const char *label, *dashes, *end;

	block->begin = find_line(bytes, "\n" BEGIN);
	if (!block->begin)
		return false;
	label = block->begin + strlen(BEGIN);
	bytes = from(bytes, label);
	dashes = memmem(bytes.data, bytes.length < 80 ? bytes.length : 80, DASHES, strlen(DASHES));
	if (!dashes || memchr(label, '\n', dashes - label))
		return false;
	block->label = (struct bytes){ label, (size_t)(dashes - label) };
	block->body = from(bytes, dashes + strlen(DASHES));
	last = text_format("\n" END "%.*s" DASHES, (int)block->label.length, label);
	end = find_line(block->body, last);
	block->end = end ? end + strlen(last + 1) : NULL;
	if (end)
		block->body.length = end - block->body.data;
	return true;
}

/* Without a byte order mark. */
static struct bytes text_of(const char *data, size_t length)
{
	size_t mark = text_mark(data, length);

	return (struct bytes){ data + mark, length - mark };
}

/* Finds the first block that is a private key, else the first block: OpenSSL writes
 * EC PARAMETERS before an EC key. */
static bool find_key(struct bytes bytes, struct block *key)
{
	struct block block;
	bool found = false;

	for (struct bytes rest = bytes; find_block(rest, &block);
	     rest = from(bytes, block.body.data)) {
		if (!found)
			*key = block;
		found = true;
		if (holds(block.label, PRIVATE)) {
			*key = block;
			break;
		}
	}
	return found;
}

/* Takes one of SSH's strings off @bytes: four bytes of length, and the characters. */
static bool take_string(struct bytes *bytes, struct bytes *string)
{
	size_t length;

	if (bytes->length < 4)
		return false;
	length = bytes_big_endian(bytes->data, 4);
	if (length > bytes->length - 4)
		return false;
	*string = (struct bytes){ bytes->data + 4, length };
	*bytes = from(*bytes, string->data + length);
	return true;
}

/* Returns NULL if the key can be used, else what is wrong with it. */
static const char *judge_openssh(struct bytes key)
{
	static const char magic[] = "openssh-key-v1"; /* and its NUL */
	struct bytes cipher, kdf, options, public, type, private;

	if (key.length < sizeof(magic) || memcmp(key.data, magic, sizeof(magic)))
		return CUT_OFF;
	key = from(key, key.data + sizeof(magic));
	if (!take_string(&key, &cipher) || !take_string(&key, &kdf) || !take_string(&key, &options))
		return CUT_OFF;
	if (!equals(cipher, "none"))
		return PASSPHRASE;
	if (key.length < 4 || memcmp(key.data, "\0\0\0\1", 4))
		return CUT_OFF;
	key = from(key, key.data + 4);
	if (!take_string(&key, &public) || !take_string(&public, &type) ||
	    !take_string(&key, &private))
		return CUT_OFF;
	if (equals(type, "ssh-dss"))
		return DSA;
	if (begins(type, "sk-"))
		return "needs its hardware token: use a key that needs no token";
	return NULL;
}

static const char *judge_key(const struct block *key)
{
	unsigned char *decoded;
	size_t length = 0;
	const char *wrong = NULL;

	if (equals(key->label, "ENCRYPTED " PRIVATE) || holds(key->body, "4,ENCRYPTED"))
		return PASSPHRASE;
	if (equals(key->label, "DSA " PRIVATE))
		return DSA;
	if (!key->end)
		return CUT_OFF;
	decoded = base64_decode(key->body.data, key->body.length, &length);
	if (decoded && equals(key->label, "OPENSSH " PRIVATE))
		wrong = judge_openssh((struct bytes){ (char *)decoded, length });
	else if (!decoded || !length || decoded[0] != 0x30) /* an ASN.1 sequence */
		wrong = CUT_OFF;
	secret_free_length(decoded, length);
	return wrong;
}

/* Tells what the file is instead of a private key. */
static const char *judge_other(struct bytes bytes)
{
	static const char *const public[] = { "ssh-", "ecdsa-", "sk-", "---- BEGIN SSH2 PUBLIC" };

	while (bytes.length && strchr(" \t\r\n", *bytes.data) && *bytes.data)
		bytes = from(bytes, bytes.data + 1);
	if (text_is_utf16(bytes.data, bytes.length))
		return "is UTF-16: save it as plain text, ASCII or UTF-8";
	if (!bytes.length)
		return "is empty";
	if (*bytes.data == '<')
		return "is a web page, not a private key: check the URL, and whether it needs a login";
	for (size_t i = 0; i < COUNT(public); i++)
		if (begins(bytes, public[i]))
			return "is a public key: use the private one, the file without .pub";
	if (begins(bytes, "PuTTY-User-Key-File"))
		return "is a key in PuTTY's format: convert it to OpenSSH's with 'puttygen'";
	return "holds no private key in OpenSSH's or PEM format";
}

static const char *judge(struct bytes bytes)
{
	struct block key;

	if (!find_key(bytes, &key))
		return judge_other(bytes);
	if (holds(key.label, "PUBLIC KEY"))
		return "is a public key: use the private one";
	if (holds(key.label, "CERTIFICATE"))
		return "is a certificate, not a private key";
	if (equals(key.label, PRIVATE) || equals(key.label, "RSA " PRIVATE) ||
	    equals(key.label, "EC " PRIVATE) || equals(key.label, "DSA " PRIVATE) ||
	    equals(key.label, "OPENSSH " PRIVATE) || equals(key.label, "ENCRYPTED " PRIVATE))
		return judge_key(&key);
	return "holds no private key in OpenSSH's or PEM format";
}

int identity_check(const char *data, size_t length, char **reason)
{
	const char *wrong = judge(text_of(data, length));

	if (!wrong)
		return 0;
	*reason = text_copy(wrong);
	return -EINVAL;
}

size_t identity_trim(char *data, size_t length)
{
	struct block key;
	size_t kept = 0;
	const char *end;

	if (!find_key(text_of(data, length), &key))
		return length;
	end = key.end ? key.end : data + length;
	for (const char *at = key.begin; at < end; at++)
		if (*at != '\r')
			data[kept++] = *at;
	if (kept && data[kept - 1] != '\n')
		data[kept++] = '\n';
	if (kept < length)
		explicit_bzero(data + kept, length - kept);
	return kept;
}

char *identity_lines(const char *text, size_t *length)
{
	char *data, *at;
	bool label = false; /* the blanks of BEGIN and END lines are theirs */

	*length = strlen(text) + 1; /* with a newline at the end */
	data = at = memory_zero(*length + 1, 1);
	for (memcpy(data, text, *length - 1); *at; at++) {
		if (text_begins(at, DASHES)) {
			label = !label;
			at += strlen(DASHES) - 1;
		} else if (*at == ' ' && !label) {
			*at = '\n';
		}
	}
	*at = '\n';
	return data;
}
