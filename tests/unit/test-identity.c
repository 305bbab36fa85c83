// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * identity.c: what is a private key and what is not.
 *
 * The keys are made up: their outer form is valid, but no server accepts them.
 */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "ssh/identity.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define PEM(kind, body) "-----BEGIN " kind "-----\n" body "-----END " kind "-----\n"
#define DER "MAMCAQA=\n" /* an ASN.1 sequence of the number 0 */

static void put_string(FILE *stream, const char *text, size_t length)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		fputc((int)(length >> shift & 0xff), stream);
	fwrite(text, 1, length, stream);
}

static char *base64(const unsigned char *data, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *text = memory_zero(length * 2 + 8, 1), *end = text;

	for (size_t i = 0; i < length; i += 3) {
		uint32_t bits = (uint32_t)data[i] << 16 | (i + 1 < length ? data[i + 1] << 8 : 0) |
				(i + 2 < length ? data[i + 2] : 0);

		for (unsigned j = 0; j < 4; j++)
			*end++ = i + j > length ? '=' : digits[bits >> (18 - 6 * j) & 63];
		if (i % 48 == 45)
			*end++ = '\n';
	}
	strcpy(end, "\n");
	return text;
}

/* A key in OpenSSH's format. */
static char *openssh_key(const char *cipher, const char *type, char keys)
{
	char *binary = NULL, *public = NULL, *body, *key;
	size_t length, public_length;
	FILE *stream = open_memstream(&public, &public_length);

	put_string(stream, type, strlen(type));
	put_string(stream, "0123456789", 10);
	fclose(stream);
	stream = open_memstream(&binary, &length);
	fwrite("openssh-key-v1", 1, 15, stream);
	put_string(stream, cipher, strlen(cipher));
	put_string(stream, "none", 4);
	put_string(stream, "", 0);
	fwrite((char[]){ 0, 0, 0, keys }, 1, 4, stream);
	put_string(stream, public, public_length);
	put_string(stream, "no private part at all", 22);
	fclose(stream);
	body = base64((unsigned char *)binary, length);
	key = text_format(PEM("OPENSSH PRIVATE KEY", "%s"), body);
	free(binary);
	free(public);
	free(body);
	return key;
}

static void assert_takes(const char *text)
{
	AUTO_FREE char *reason = NULL;

	if (identity_check(text, strlen(text), &reason) < 0)
		fail_msg("\"%s\" for:\n%s", reason, text);
}

static void assert_refuses(const char *text, const char *word)
{
	AUTO_FREE char *reason = NULL;

	assert_int_equal(identity_check(text, strlen(text), &reason), -EINVAL);
	if (!strstr(reason, word))
		fail_msg("\"%s\" lacks \"%s\"", reason, word);
}

static void takes_pem(void **state)
{
	(void)state;
	assert_takes(PEM("RSA PRIVATE KEY", DER));
	assert_takes(PEM("EC PRIVATE KEY", DER));
	assert_takes(PEM("PRIVATE KEY", DER));
	assert_takes(PEM("EC PARAMETERS", "BggqhkjOPQMBBw==\n") PEM("EC PRIVATE KEY", DER));
	assert_takes("Bag Attributes\n  friendlyName: x\n" PEM("PRIVATE KEY", DER));
	assert_takes("-----BEGIN PRIVATE KEY-----\r\nMAMC\r\nAQA=\r\n-----END PRIVATE KEY-----");
}

static void takes_openssh(void **state)
{
	static const char *const types[] = { "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *key = openssh_key("none", types[i], 1);

		assert_takes(key);
	}
}

static void refuses_passphrases(void **state)
{
	AUTO_FREE char *openssh = openssh_key("aes256-ctr", "ssh-ed25519", 1);

	(void)state;
	assert_refuses(openssh, "passphrase");
	assert_refuses(PEM("ENCRYPTED PRIVATE KEY", DER), "passphrase");
	assert_refuses(PEM("RSA PRIVATE KEY",
			   "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" DER),
		       "passphrase");
}

static void refuses_other_keys(void **state)
{
	AUTO_FREE char *dsa = openssh_key("none", "ssh-dss", 1);
	AUTO_FREE char *token = openssh_key("none", "sk-ssh-ed25519@openssh.com", 1);
	AUTO_FREE char *two = openssh_key("none", "ssh-ed25519", 2);

	(void)state;
	assert_refuses(dsa, "DSA");
	assert_refuses(PEM("DSA PRIVATE KEY", DER), "DSA");
	assert_refuses(token, "token");
	assert_refuses(two, "damaged");
	assert_refuses("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@here\n", "public key");
	assert_refuses("ecdsa-sha2-nistp256 AAAA me@here\n", "public key");
	assert_refuses(PEM("PUBLIC KEY", DER), "public key");
	assert_refuses("---- BEGIN SSH2 PUBLIC KEY ----\n", "public key");
	assert_refuses(PEM("CERTIFICATE", DER), "certificate");
	assert_refuses("PuTTY-User-Key-File-3: ssh-ed25519\n", "puttygen");
}

static void refuses_what_is_no_key(void **state)
{
	AUTO_FREE char *reason = NULL;

	(void)state;
	assert_refuses("", "empty");
	assert_refuses(" \r\n", "empty");
	assert_refuses("\n <!DOCTYPE html><html>404</html>", "web page");
	assert_refuses("<html>\n"
		       "-----BEGIN\n",
		       "web page");
	assert_refuses("not found\n", "no private key");
	assert_refuses("the line -----BEGIN PRIVATE KEY----- within a text\n", "no private key");
	assert_refuses("-----BEGIN PRIVATE KEY\n-----\n", "no private key");
	assert_refuses(PEM("SOME PRIVATE KEY", DER), "no private key");
	assert_refuses("\xef\xbb\xbfssh-rsa AAAA", "public key");
	assert_refuses("\xff\xfe-", "UTF-16");
	assert_int_equal(identity_check("-\0-\0-\0", 6, &reason), -EINVAL);
	assert_string_equal(reason, "is UTF-16: save it as plain text, ASCII or UTF-8");
}

static void refuses_damaged_keys(void **state)
{
	AUTO_FREE char *key = openssh_key("none", "ssh-ed25519", 1);

	(void)state;
	assert_refuses("-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n", "cut off");
	assert_refuses("-----BEGIN PRIVATE KEY-----", "cut off");
	assert_refuses(PEM("PRIVATE KEY", ""), "damaged");
	assert_refuses(PEM("PRIVATE KEY", "not base64!\n"), "damaged");
	assert_refuses(PEM("PRIVATE KEY", "MAM=CAQA\n"), "damaged");
	assert_refuses(PEM("OPENSSH PRIVATE KEY", DER), "damaged");
	assert_refuses("-----BEGIN RSA PRIVATE KEY-----\n" DER "-----END PRIVATE KEY-----\n",
		       "cut off");
	/* Cut at any place, it is not a key, and nothing is read beyond its end. */
	for (size_t length = 0; length < strlen(key) - 1; length++) {
		AUTO_FREE char *cut = text_copy_length(key, length);
		AUTO_FREE char *reason = NULL;

		if (identity_check(cut, length, &reason) == 0)
			fail_msg("taken when cut at %zu", length);
	}
}

static void trims(void **state)
{
	char crlf[] =
		"\xef\xbb\xbfx\r\n-----BEGIN PRIVATE KEY-----\r\nMAMCAQA=\r\n-----END PRIVATE KEY-----\r\njunk\r\n";
	char bare[64] = "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----";
	char marked[] = "\xef\xbb\xbf-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n";
	char other[] = "<html>\r\n";
	size_t length;

	(void)state;
	length = identity_trim(crlf, strlen(crlf));
	assert_memory_equal(crlf, PEM("PRIVATE KEY", DER), length);
	assert_int_equal(length, strlen(PEM("PRIVATE KEY", DER)));
	assert_int_equal(crlf[length], 0);
	length = identity_trim(bare, strlen(bare));
	assert_string_equal(bare, PEM("PRIVATE KEY", "A\n"));
	assert_int_equal(length, strlen(bare));
	length = identity_trim(marked, strlen(marked));
	assert_memory_equal(marked, bare, length);
	assert_int_equal(length, strlen(bare));
	assert_int_equal(identity_trim(other, strlen(other)), strlen(other));
	assert_string_equal(other, "<html>\r\n");
}

static void lines_are(const char *text, const char *expected)
{
	size_t length;
	char *data = identity_lines(text, &length);

	assert_int_equal(length, strlen(expected));
	assert_memory_equal(data, expected, length);
	secret_free_length(data, length);
}

/* A key on one line, and the file that it was. */
static void test_lines(void **state)
{
	(void)state;
	lines_are("-----BEGIN OPENSSH PRIVATE KEY----- b3Bl bnNz -----END OPENSSH PRIVATE KEY-----",
		  "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\nbnNz\n-----END OPENSSH PRIVATE KEY-----\n");
	lines_are("-----BEGIN RSA PRIVATE KEY----- Proc-Type: 4,ENCRYPTED  a= -----END RSA PRIVATE KEY----- ",
		  "-----BEGIN RSA PRIVATE KEY-----\nProc-Type:\n4,ENCRYPTED\n\na=\n-----END RSA PRIVATE KEY-----\n\n");
	lines_are("", "\n");
	lines_are("-----BEGIN", "-----BEGIN\n");
	lines_are("----- a", "----- a\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),           cmocka_unit_test(takes_pem),
		cmocka_unit_test(takes_openssh),        cmocka_unit_test(refuses_passphrases),
		cmocka_unit_test(refuses_other_keys),   cmocka_unit_test(refuses_what_is_no_key),
		cmocka_unit_test(refuses_damaged_keys), cmocka_unit_test(trims),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
