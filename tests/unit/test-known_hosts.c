// SPDX-License-Identifier: GPL-2.0-or-later
/* Which host keys a server may have: lines and names of known_hosts, fingerprints, algorithms. */
#include "base/list.h"
#include "ssh/known_hosts.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Public keys made for this test; A_HASHED and B_HASHED were made by ssh-keygen -H. */
#define A "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMof7Ba1OyEsJo6hJvJtBx1eC41krLXJH7984kl5t0Ge"
#define A_PRINT "SHA256:wzL+gHioeipPtGqbaxmmgvuctRp0ClgEahrJjQE+NNI"
#define A_HASHED "|1|wY/pZ7RSDw7YRUT+pIbzmCAP0SI=|iNfAn7IBvPE9/wJW8OCPiNkosmU= " A "\n"
#define B "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOV+TrTPx5rL7z9L33F8nwxt3waMYxKaiWt8sl6KbCpW"
#define B_PRINT "SHA256:gZp8nIuMOeEvQvG9m5nbQZtQPJq7DOQLUA1eAQvD3Ok"
#define B_HASHED "|1|KNSpPD3IcTi6Xka4QmBeJzi3JNc=|2I1KlpAL6AVstwb7Jwk7fw3W+/s= " B "\n"
#define C                                                                                          \
	"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFD5PnC0/4Iuhwfg" \
	"FdKzFJ/lDlHqg5yYAONyjEqN3o2jt1QBXIhQynrK1KunC3DISkNGaEVe/6VQnx6Bkg18tyM="

static const unsigned char a_key[] =
	"\0\0\0\013ssh-ed25519\0\0\0\040\312\037\354\026\265\073\041\054\046\216\241\046\362\155\007\035"
	"\136\013\215\144\254\265\311\037\277\174\342\111\171\267\101\236";

static char *judge(const char *text, const char *host, uint16_t port)
{
	struct known_hosts known = {
		.text = text, .length = strlen(text), .host = host, .port = port
	};

	return known_hosts_judge(&known, a_key, sizeof(a_key) - 1);
}

static void expect_right(const char *text, const char *host, uint16_t port)
{
	AUTO_FREE char *reason = judge(text, host, port);

	if (reason)
		fail_msg("refused: %s", reason);
}

static void expect_refused(const char *text, const char *host, uint16_t port, const char *one,
			   const char *other)
{
	AUTO_FREE char *reason = judge(text, host, port);

	if (!reason)
		fail_msg("'%s' is taken for '%s'", text, host);
	if (!strstr(reason, A_PRINT) || !strstr(reason, one) || !strstr(reason, other))
		fail_msg("'%s' lacks '%s' or '%s'", reason, one, other);
}

static void test_names(void **state)
{
	(void)state;
	expect_right("web " A, "web", 22);
	expect_right("\xef\xbb\xbf"
		     "web " A,
		     "web", 22);
	expect_right("# of the site\n\n  web,10.0.0.1\t" A " comment\r\n", "10.0.0.1", 22);
	expect_right("WEB.example.com " A, "web.EXAMPLE.com", 22);
	expect_right("*.example.com " A, "web.example.com", 22);
	expect_right("w?b " A, "web", 22);
	expect_right("a*b*c* " A, "aXbbXcc", 22);
	expect_right("[web]:2222 " A, "web", 2222);
	expect_right("web " A, "web", 2222);
	expect_right("fe80::1%eno1 " A, "fe80::1%eno1", 22);
	expect_refused("[web]:2222 " A, "web", 22, "not known", "no line for 'web'");
	expect_refused("*.example.com,!web.example.com " A, "web.example.com", 22, "not known",
		       "p2v.hostkey=" A_PRINT);
	expect_refused("!web " A, "other", 22, "not known", "");
	expect_refused("we " A "\nwebb " A "\n*b? " A, "web", 22, "not known", "");
	expect_refused("", "web", 22, "not known", "");
	expect_refused("web", "web", 22, "not known", "");
	expect_refused("web ssh-ed25519", "web", 22, "not known", "");
}

/* What is written is what is read. */
static void test_line(void **state)
{
	AUTO_FREE char *line = known_hosts_line("web", a_key, sizeof(a_key) - 1);

	(void)state;
	assert_string_equal(line, "web " A "\n");
	expect_right(line, "web", 22);
}

static void test_hashed(void **state)
{
	(void)state;
	expect_right(B_HASHED A_HASHED, "web.example.com", 22);
	expect_right(A_HASHED, "Web.example.com", 22);
	expect_refused(A_HASHED, "web2.example.com", 22, "not known", "");
	expect_refused(A_HASHED B_HASHED, "web.example.com", 2222, "has changed",
		       B_PRINT " (ssh-ed25519, line 2)");
	expect_refused("|1|wY/pZ7RSDw7YRUT+pIbzmCAP0SI=| " A, "web", 22, "not known", "");
	expect_refused("|1|=|iNfAn7IBvPE9/wJW8OCPiNkosmU= " A, "web", 22, "not known", "");
	expect_refused("|1|", "web", 22, "not known", "");
}

static void test_changed(void **state)
{
	(void)state;
	expect_refused("web " B, "web", 22, "has changed", B_PRINT " (ssh-ed25519, line 1)");
	expect_refused("\nweb " C, "web", 22, "has changed", "(ecdsa-sha2-nistp256, line 2)");
	expect_refused("web ssh-ed25519 ???? x", "web", 22, "has changed", "a damaged key");
	expect_right("web " B "\nweb " C "\nweb " A, "web", 22);
}

/* If nothing is known, only the key of the first login is accepted later. */
static void test_first(void **state)
{
	struct known_hosts known = { .host = "web", .port = 22, .first = A_PRINT };
	AUTO_FREE char *reason = NULL;

	(void)state;
	assert_null(known_hosts_judge(&known, a_key, sizeof(a_key) - 1));
	known.first = B_PRINT;
	reason = known_hosts_judge(&known, a_key, sizeof(a_key) - 1);
	assert_non_null(reason);
	assert_non_null(strstr(reason, "was " B_PRINT " at the first login and is " A_PRINT));
	known.text = "web " A "\n";
	known.length = strlen(known.text);
	assert_null(known_hosts_judge(&known, a_key, sizeof(a_key) - 1));
}

static void test_markers(void **state)
{
	(void)state;
	expect_refused("web " A "\n@revoked other " A, "web", 22, "is revoked, by line 2", "");
	expect_refused("@cert-authority * " A, "web", 22, "not known", "");
	expect_refused("@revoked web " B, "web", 22, "not known", "");
	expect_refused("@revoked", "web", 22, "not known", "");
}

static void test_fingerprints(void **state)
{
	AUTO_LIST char **prints = NULL;
	struct known_hosts known = { .text = "", .host = "web", .port = 22 };
	AUTO_FREE char *right = NULL;
	AUTO_FREE char *wrong = NULL;
	AUTO_FREE char *open = NULL;

	(void)state;
	known.text = NULL;
	open = known_hosts_judge(&known, a_key, sizeof(a_key) - 1);
	assert_null(open);
	list_append(&prints, text_copy(B_PRINT));
	known.fingerprints = prints;
	wrong = known_hosts_judge(&known, a_key, sizeof(a_key) - 1);
	assert_non_null(strstr(wrong, A_PRINT));
	assert_non_null(strstr(wrong, B_PRINT));
	list_append(&prints, text_copy(A_PRINT));
	known.fingerprints = prints;
	right = known_hosts_judge(&known, a_key, sizeof(a_key) - 1);
	assert_null(right);
}

static void expect_algorithms(const char *text, const char *begin)
{
	struct known_hosts known = {
		.text = text, .length = text ? strlen(text) : 0, .host = "web", .port = 2222
	};
	AUTO_FREE char *algorithms = known_hosts_algorithms(&known);

	if (strncmp(algorithms, begin, strlen(begin)) != 0)
		fail_msg("'%s' does not begin with '%s'", algorithms, begin);
	assert_int_equal(strlen(algorithms),
			 strlen("ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
				"rsa-sha2-512,rsa-sha2-256,ssh-rsa"));
}

static void test_algorithms(void **state)
{
	(void)state;
	expect_algorithms(NULL, "ssh-ed25519,ecdsa-sha2-nistp256,");
	expect_algorithms("other " C, "ssh-ed25519,");
	expect_algorithms("web " C "\n@revoked web " A, "ecdsa-sha2-nistp256,ssh-ed25519,");
	expect_algorithms("web " A "\n[web]:2222 ssh-rsa AAAA",
			  "rsa-sha2-512,rsa-sha2-256,ssh-rsa,ssh-ed25519");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),        cmocka_unit_test(test_hashed),
		cmocka_unit_test(test_changed),      cmocka_unit_test(test_markers),
		cmocka_unit_test(test_fingerprints), cmocka_unit_test(test_first),
		cmocka_unit_test(test_algorithms),   cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
