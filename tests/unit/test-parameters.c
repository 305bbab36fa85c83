// SPDX-License-Identifier: GPL-2.0-or-later
/* The p2v.* parameters: defaults, valid and wrong values, messages, printing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/config.h"
#include "config/parameters.h"
#include "config/value.h"

/* The messages, one per line. */
static char said[8192];

static void hear(void *user, int priority, const char *line)
{
	(void)user;
	(void)priority;
	strncat(said, line, sizeof(said) - strlen(said) - 1);
	strncat(said, "\n", sizeof(said) - strlen(said) - 1);
}

static int read_config(struct config *config, const char *cmdline)
{
	struct cmdline words;
	int r;

	said[0] = '\0';
	secret_forget_all();
	config_init(config);
	cmdline_split(&words, cmdline, strlen(cmdline));
	r = config_read(config, &words);
	cmdline_clear(&words);
	return r;
}

static void expect_said(const char *part)
{
	if (!strstr(said, part))
		fail_msg("'%s' was not said, but:\n%s", part, said);
}

static void expect_wrong(const char *cmdline, const char *part)
{
	struct config config;

	if (read_config(&config, cmdline) != -EINVAL)
		fail_msg("'%s' was taken", cmdline);
	expect_said(part);
	/* The secret that the tests below use. */
	if (strstr(said, "hidden"))
		fail_msg("'%s' is told:\n%s", cmdline, said);
	config_clear(&config);
}

static void expect_right(const char *cmdline)
{
	struct config config;

	if (read_config(&config, cmdline) || *said)
		fail_msg("'%s' was refused:\n%s", cmdline, said);
	config_clear(&config);
}

static void expect_warning(const char *cmdline, const char *part)
{
	struct config config;

	assert_int_equal(read_config(&config, cmdline), 0);
	expect_said(part);
	config_clear(&config);
}

/* --print-config prints that line. */
static void expect_printed(const char *cmdline, const char *line)
{
	AUTO_FREE char *printed = NULL;
	AUTO_FREE char *whole = text_format("\n%s\n", line);
	size_t size = 0;
	FILE *stream = open_memstream(&printed, &size);
	struct config config;

	read_config(&config, cmdline);
	fputc('\n', stream);
	config_print(&config, NULL, stream);
	fclose(stream);
	if (!strstr(printed, whole))
		fail_msg("'%s' is not in:%s", line, printed);
	config_clear(&config);
}

static void test_defaults(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config, "BOOT_IMAGE=/vmlinuz quiet p2vx=1"), 0);
	assert_string_equal(said, "");
	assert_null(config.server);
	assert_int_equal(config.port, 22);
	assert_string_equal(config.username, "root");
	assert_false(config.sudo);
	assert_int_equal(config.network_timeout, 300);
	assert_int_equal(config.connect_timeout, 300);
	assert_int_equal(config.reconnect_timeout, 3600);
	assert_int_equal(config.retries, 1);
	expect_right("p2v.retries=0");
	expect_right("p2v.retries=10");
	expect_wrong("p2v.retries=11", "give a number from 0 to 10");
	expect_wrong("p2v.retries=-1", "give a number from 0 to 10");
	expect_wrong("p2v.retries=once", "give a number from 0 to 10");
	/* Less could end a healthy conversion before the server first hears of the machine. */
	expect_wrong("p2v.reconnect_timeout=59", "give seconds from 60 to 604800");
	expect_wrong("p2v.reconnect_timeout=0", "give seconds from 60");
	expect_right("p2v.reconnect_timeout=1m");
	expect_right("p2v.network_timeout=1");
	assert_null(config.name);
	assert_int_equal(config.acpi, CHOICE_MACHINE);
	assert_null(config.disks);
	assert_string_equal(config.network_map[0], "default");
	assert_null(config.network_map[1]);
	assert_string_equal(config.output_type, "local");
	assert_string_equal(config.output_storage, "/var/tmp");
	assert_int_equal(config.output_allocation, ALLOCATION_NONE);
	assert_true(config.shell);
	config_clear(&config);
}

/* "None" is not "by default": what is empty is set. */
static void test_empty(void **state)
{
	static const char cmdline[] =
		"p2v.pre= p2v.post=\"\" p2v.fail= p2v.done= p2v.removable= p2v.interfaces=";
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config, cmdline), 0);
	assert_string_equal(said, "");
	assert_string_equal(config.pre, "");
	assert_string_equal(config.post, "");
	assert_string_equal(config.fail, "");
	assert_string_equal(config.announcement, "");
	assert_non_null(config.removable);
	assert_null(config.removable[0]);
	assert_non_null(config.interfaces);
	assert_null(config.interfaces[0]);
	config_clear(&config);
	expect_printed(cmdline, "post");
	expect_printed(cmdline, "interfaces");
	expect_printed("p2v.post=true p2v.post=", "post");
	expect_printed("p2v.post= p2v.post=true", "post true");
}

static void test_values(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config,
				     "p2v.remote.server=[2001:db8::1] p2v.port=2222 p2v.username=DOM\\user p2v.sudo "
				     "p2v.connect_timeout=5m p2v.name=\"web 1\" p2v.vcpus=4 p2v.memory=24G "
				     "p2v.cpu.acpi=off p2v.cpu.pae p2v.rtc.basis=localtime p2v.rtc.offset=-3.5 "
				     "p2v.disks=sda,/dev/cciss/c0d0 p2v.network=em1:front,back p2v.oa=sparse "
				     "p2v.oo=a=b,c p2v.shell=no \"p2v.post=systemctl reboot\""),
			 0);
	assert_string_equal(said, "");
	assert_string_equal(config.server, "2001:db8::1");
	assert_int_equal(config.port, 2222);
	assert_string_equal(config.username, "DOM\\user");
	assert_true(config.sudo);
	assert_int_equal(config.connect_timeout, 300);
	assert_string_equal(config.name, "web 1");
	assert_int_equal(config.vcpus, 4);
	assert_true(config.memory == 24ULL << 30);
	assert_int_equal(config.acpi, CHOICE_NO);
	assert_int_equal(config.apic, CHOICE_MACHINE);
	assert_int_equal(config.pae, CHOICE_YES);
	assert_int_equal(config.rtc_basis, RTC_LOCALTIME);
	assert_true(config.rtc_offset_given);
	assert_int_equal(config.rtc_offset, -12600);
	assert_string_equal(config.disks[1], "/dev/cciss/c0d0");
	assert_int_equal(list_length(config.network_map), 2);
	assert_int_equal(config.output_allocation, ALLOCATION_SPARSE);
	assert_string_equal(config.output_misc[0], "a=b");
	assert_false(config.shell);
	assert_string_equal(config.post, "systemctl reboot");
	config_clear(&config);
}

static void keymap_is(const char *words, const char *keymap, enum origin origin,
		      const char *warning)
{
	struct config config;

	assert_int_equal(read_config(&config, words), 0);
	if (keymap)
		assert_string_equal(config.keymap, keymap);
	else
		assert_null(config.keymap);
	assert_int_equal(config.origin[parameter_index(parameter_find("p2v.keymap"))], origin);
	assert_true(strstr(said, warning));
	config_clear(&config);
}

/* Any system's words for it count where p2v.keymap is not given. */
static void test_keymap(void **state)
{
	struct config config;

	(void)state;
	keymap_is("", NULL, ORIGIN_BUILTIN, "");
	keymap_is("rd.vconsole.keymap=de", "de", ORIGIN_CMDLINE, "");
	keymap_is("vconsole.keymap=fr rd.vconsole.keymap=de-latin1", "de-latin1", ORIGIN_CMDLINE,
		  "");
	keymap_is("p2v.keymap=uk rd.vconsole.keymap=de", "uk", ORIGIN_CMDLINE, "");
	keymap_is("rd.vconsole.keymap=../etc/shadow", NULL, ORIGIN_BUILTIN,
		  "'rd.vconsole.keymap' is ignored: '../etc/shadow' is no keyboard layout");
	keymap_is("vconsole.keymap=", NULL, ORIGIN_BUILTIN, "");
	keymap_is("vconsole.keymap rd.vconsole.font=de", NULL, ORIGIN_BUILTIN, "");
	assert_int_equal(read_config(&config, "p2v.keymap=--default"), -EINVAL);
	assert_non_null(strstr(said, "'--default' is no keyboard layout"));
	config_clear(&config);
	assert_int_equal(read_config(&config, "p2v.keymap=us/../de"), -EINVAL);
	config_clear(&config);
}

static void test_last_wins(void **state)
{
	struct config config;

	(void)state;
	/* A wrong value that is overridden later by a valid one is not an error. */
	assert_int_equal(read_config(&config,
				     "p2v.port=x p2v.remote.port=23 p2v.server=a p2v.server=b"),
			 0);
	assert_int_equal(config.port, 23);
	assert_string_equal(config.server, "b");
	config_clear(&config);
	expect_wrong("p2v.port=23 p2v.remote.port=x", "p2v.remote.port");
	/* Two words to the kernel, and the first alone would mean yes. */
	expect_wrong("p2v.sudo =no", "'p2v.sudo' has a blank before its =");
	expect_wrong("p2v.sudo = no", "'p2v.sudo' has a blank before its =");
	expect_wrong("p2v.pasword =hidden", "'p2v.pasword' has a blank before its =");
	expect_wrong("ip =eno1:dhcp", "'ip' has a blank before its =");
	expect_right("quiet =x =y p2v.sudo");
}

static void test_numbers(void **state)
{
	(void)state;
	expect_right("p2v.port=1");
	expect_right("p2v.port=65535");
	expect_wrong("p2v.port=0", "from 1 to 65535");
	expect_wrong("p2v.port=65536", "from 1 to 65535");
	expect_wrong("p2v.port=22x", "'22x'");
	expect_wrong("p2v.port=-1", "from 1 to 65535");
	expect_wrong("p2v.port=99999999999999999999999", "from 1 to 65535");
	expect_wrong("p2v.vcpus=0", "from 1");
	expect_right("p2v.memory=512m");
	expect_wrong("p2v.memory=0G", "from 1M");
	expect_wrong("p2v.memory=4096", "M or G");
	expect_wrong("p2v.memory=4T", "M or G");
	expect_wrong("p2v.memory=4GB", "M or G");
	expect_wrong("p2v.memory=1.5G", "M or G");
	expect_wrong("p2v.memory=99999999999999999G", "from 1M");
	expect_right("p2v.network_timeout=1h");
	expect_wrong("p2v.network_timeout=0", "seconds");
	expect_wrong("p2v.network_timeout=5d", "seconds");
	expect_wrong("p2v.network_timeout=5mm", "seconds");
	expect_right("p2v.rtc.offset=+5:30");
	expect_right("p2v.rtc.offset=0");
	expect_right("p2v.rtc.offset=-14");
	expect_wrong("p2v.rtc.offset=15", "hours");
	expect_wrong("p2v.rtc.offset=14:30", "hours");
	expect_wrong("p2v.rtc.offset=5:3", "hours");
	expect_wrong("p2v.rtc.offset=5:60", "hours");
	expect_wrong("p2v.rtc.offset=+-1", "hours");
	expect_wrong("p2v.rtc.offset=1.", "hours");
	expect_printed("p2v.rtc.offset=5.75", "rtc.offset 5.75");
	expect_printed("p2v.rtc.offset=-0:30", "rtc.offset -0.5");
}

static void test_booleans(void **state)
{
	static const char *const words[] = { "0",   "1",   "false", "true", "no",
					     "yes", "off", "on",    "YES" };

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		AUTO_FREE char *cmdline = text_format("p2v.debug=%s", words[i]);

		expect_printed(cmdline, i % 2 || i == 8 ? "debug true" : "debug false");
	}
	expect_printed("p2v.debug", "debug true");
	expect_printed("p2v.skip-test-connection", "skip_test_connection true");
	expect_wrong("p2v.debug=maybe", "yes or no");
	expect_wrong("p2v.cpu.acpi=2", "yes or no");
	expect_wrong("p2v.oa=thin", "none, sparse, preallocated");
}

static void test_servers(void **state)
{
	(void)state;
	expect_right("p2v.server=conversion.example.com");
	expect_right("p2v.server=192.0.2.1");
	expect_right("p2v.server=::1");
	expect_right("p2v.server=fe80::1%eno1");
	expect_wrong("p2v.server", "p2v.server=HOST");
	expect_wrong("p2v.server=", "empty");
	expect_wrong("p2v.server=\"a b\"", "'a b'");
	expect_wrong("p2v.server=-oProxyCommand=x", "begins with '-'");
	expect_right("p2v.server=root@a");
	expect_right("p2v.server=a:22,mover@b,[2001:db8::7]:2222,jo@[::1],192.0.2.7");
	expect_wrong("p2v.server=@a", "no user before its @");
	expect_wrong("p2v.server=root@", "no host's name");
	expect_wrong("p2v.server=-x@a", "begins with a dash");
	expect_wrong("p2v.server=a,,b", "no name between two commas");
	expect_wrong("p2v.server=a,", "no name between two commas");
	expect_wrong("p2v.server=a,b,a", "'a' is there twice");
	expect_wrong("p2v.server=a,0.0.0.0:22", "'0.0.0.0' is no machine's address");
	expect_wrong("p2v.server=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", "more than 16 servers");
	expect_right("p2v.identity=https://a/keys/{server}.pem");
	expect_wrong("p2v.identity=https://a/{mac}", "only {server} may be in braces");
	expect_wrong("p2v.identity=https://{server}/key", "only behind the host's name");
	expect_wrong("p2v.server=ssh://a", "without ssh://");
	expect_wrong("p2v.server=$(reboot)", "no host name");
	expect_wrong("p2v.server=a;b", "no host name");
	expect_wrong("p2v.server=[a]", "no host name");
	expect_wrong("p2v.server=fe80::1%", "IPv6");
	expect_wrong("p2v.server=a\xff", "UTF-8");
	expect_wrong("p2v.server=a..b", "no host name");
	expect_wrong("p2v.username=-lroot", "dash");
	expect_wrong("p2v.username=a;b", "ssh does not accept");
}

/* What the resolver would take for another address than the one that stands there, or for
 * a name, and what no machine has. */
static void test_no_addresses(void **state)
{
	static const char *const numbers[] = {
		"127.0.0.010", "192.168.1",   "0x7f.1",     "2130706433",   "192.0.2.300",
		"192.0.2",     "1.2.3.4.5",   "192.0.2.7.", "017700000001", "0X7F000001",
		"10.0.0.08",   "192.0.2.007", "1",
	};
	static const char *const nobody[] = {
		"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "255.255.255.255",
		"::",      "ff02::1", "[ff02::1]", "ff02::1%eno1",    "::ffff:224.0.0.1",
		"[::]",
	};
	static const char *const no_ipv6[] = { "[2001:db8::g]", "2001:db8::g", "1::2::3",
					       "[192.0.2.7]", "[]" };

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		AUTO_FREE char *server = text_format("p2v.server=%s", numbers[i]);
		AUTO_FREE char *url = text_format("p2v.config=https://u:p@%s:8/f", numbers[i]);

		expect_wrong(server, "is no IPv4 address: give four numbers");
		expect_wrong(url, "the URL's host is no machine's address");
	}
	for (size_t i = 0; i < COUNT(nobody); i++) {
		AUTO_FREE char *server = text_format("p2v.server=%s", nobody[i]);

		expect_wrong(server, "is no machine's address");
	}
	for (size_t i = 0; i < COUNT(no_ipv6); i++) {
		AUTO_FREE char *server = text_format("p2v.server=%s", no_ipv6[i]);

		expect_wrong(server, "is no IPv6 address and no host name");
	}
	expect_right("p2v.server=[2001:db8::7]:22");
	expect_wrong("p2v.server=[fe80::1]", "give it as fe80::1%eno1");
	expect_wrong("p2v.config=http://[ff02::1]/f", "the URL's host is no machine's address");
	expect_wrong("p2v.done=http://0.0.0.0/", "the URL's host is no machine's address");
	expect_wrong("p2v.identity=tftp://192.0.2.300/k", "the URL's host is no machine's address");
	expect_right("p2v.server=127.0.0.1");
	expect_right("p2v.server=240.0.0.1");
	expect_right("p2v.server=[2001:db8::7]");
	expect_right("p2v.server=::ffff:192.0.2.7");
	expect_right("p2v.server=rack12.300");
	expect_right("p2v.server=192.0.2.7.nip.example");
	expect_right("p2v.server=0xg.1");
	expect_right("p2v.server=1e3");
	expect_right("p2v.config=https://192.0.2.7:8443/f");
	expect_right("p2v.config=https://1.2.3.400:x@[2001:db8::7]:8443/f");
	expect_right("p2v.config=file:///0.0.0.0");
}

/* What no look-up can find, and what is something else than a host. */
static void test_no_names(void **state)
{
#define LABEL "a23456789-123456789-123456789-123456789-123456789-123456789-123"
	static const struct {
		const char *server, *said;
	} all[] = {
		{ LABEL "4", "has more than 63 characters without a dot" },
		{ "a." LABEL "4.example.com", "has more than 63" },
		{ LABEL "." LABEL "." LABEL "." LABEL, "is longer than 253 characters" },
		{ "host-", "has a part that begins or ends with a dash" },
		{ "host-.example.com", "ends with a dash" },
		{ "1.2.3.-4", "begins or ends with a dash" },
		{ "host..", "has no letter or digit before a dot" },
		{ "1..2.3", "has no letter or digit before a dot" },
		{ "s\u00ebrver", "(a name with others has a form that begins with xn--)" },
		{ "\uff11\uff19\uff12.0.2.7", "begins with xn--" },
		{ "192,0,2,7", "is no" },
	};
	static const char *const ports[] = { "host:ssh", "host:", "[2001:db8::7]:", "host:0",
					     "192.0.2.7:65536" };
	static const char *const no_ipv6[] = { "[2001:db8::7",      "2001:db8::7]",  "[[::1]]",
					       "2001:db8:::7",      "1:2:3:4:5:6:7", "[]",
					       "52:54:00:12:34:56", "fe80::1%" };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		AUTO_FREE char *server = text_format("p2v.server=%s", all[i].server);
		AUTO_FREE char *url = text_format("p2v.config=https://u:p@%s:8/f", all[i].server);

		expect_wrong(server, all[i].said);
		/* curl looks up other letters in their form that begins with xn--. */
		if (text_is_alphanumeric(all[i].server, "._-"))
			expect_wrong(url, "the URL's host is no");
	}
	for (size_t i = 0; i < COUNT(ports); i++) {
		AUTO_FREE char *server = text_format("p2v.server=%s", ports[i]);

		expect_wrong(server, "has no port from 1 to 65535 behind its colon");
	}
	for (size_t i = 0; i < COUNT(no_ipv6); i++) {
		AUTO_FREE char *server = text_format("p2v.server=%s", no_ipv6[i]);

		expect_wrong(server, "is no IPv6 address and no host name");
	}
	expect_wrong("p2v.server=2001:db8::7%eno1", "give it as 2001:db8::7");
	expect_wrong("p2v.server=[::1%lo]", "only such an address has an interface");
	expect_wrong("p2v.done=http://[fe80::1]/", "give it as [fe80::7%25eno1]");
	expect_wrong("p2v.done=http://127%2e1/", "the URL's host is no host name");
	expect_wrong("p2v.done=http://.host/", "the URL's host is no host name");
	expect_wrong("p2v.done=http://host:0/", "is no port");
	expect_right("p2v.server=" LABEL "." LABEL ".example.com");
	expect_right("p2v.server=host.example.com.");
	expect_right("p2v.server=_my_host_");
	expect_right("p2v.server=foo.1");
	expect_right("p2v.server=xn--srver-jva.example");
	expect_right("p2v.done=http://[fe80::1%25eno1]/");
	expect_right("p2v.done=http://s\u00ebrver/x");
	expect_right("p2v.done=http://host.:8080/");
	expect_right("p2v.done=http://my_host/");
#undef LABEL
}

/* Quotes and blanks of word processors: each is named, and nothing of the value is told. */
static void test_look_alikes(void **state)
{
	static const struct {
		const char *character, *said;
	} all[] = {
		{ "\u2018", "'\u2018' (U+2018), a typographic quote" },
		{ "\u2019", "(U+2019)" },
		{ "\u201a", "(U+201A)" },
		{ "\u201c", "(U+201C)" },
		{ "\u201d", "(U+201D)" },
		{ "\u201e", "(U+201E)" },
		{ "\u00ab", "(U+00AB)" },
		{ "\u203a", "(U+203A)" },
		{ "\uff02", "(U+FF02)" },
		{ "\u00a0", "holds U+00A0, a blank that separates no words" },
		{ "\u2003", "holds U+2003, a blank" },
		{ "\u2028", "holds U+2028, a blank" },
		{ "\u202f", "holds U+202F, a blank" },
		{ "\u3000", "holds U+3000, a blank" },
		{ "\u200b", "holds U+200B, a character that nobody sees" },
		{ "\u200d", "holds U+200D, a character that nobody sees" },
		{ "\u2060", "holds U+2060, a character that nobody sees" },
		{ "\u00ad", "holds U+00AD, a character that nobody sees" },
		{ "\ufeff", "holds U+FEFF, a character that nobody sees" },
		{ "\xa0", "holds U+00A0, a blank" }, /* Windows-1252 */
		{ "\x93", "holds (U+201C), a typographic quote" },
	};
	static const char *const words[] = {
		"p2v.name=%shidden",
		"p2v.name=\"hidden%s\"",
		"p2v.password=hid%sden hidden",
		"p2v.port=22%s",
		"p2v.disks=sda,%ssdb",
		"p2v.sudo=%syes",
		"p2v.se%srver=a",
		"%sp2v.server=a",
		"quiet%sp2v.server=hidden",
		"quiet=%sp2v.x=hidden",
		"ip=dhcp%sp2v.password=hidden",
		"ip=dhcp%s",
		"nameserver=%s192.0.2.53",
		"%sip=dhcp",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t j = 0; j < COUNT(words); j++) {
			const char *place = strstr(words[j], "%s");
			AUTO_FREE char *cmdline = text_format("%.*s%s%s", (int)(place - words[j]),
							      words[j], all[i].character,
							      place + 2);

			expect_wrong(cmdline, all[i].said);
		}
	expect_wrong("p2v.post=\u201csystemctl reboot\u201d",
		     "'p2v.post' is wrong: it holds '\u201c'");
	/* What follows may be the rest of a password. */
	expect_wrong("quiet p2v.password=\u201chidden hidden\u201d",
		     "word 3 of the command line is wrong");
	expect_right("p2v.name=Z\u00fcrich p2v.network=\u6771\u4eac p2v.password=\u20ac\u00b4`");
	expect_right("quiet root=LABEL=\u201cx\u201d");
}

/* In a name, and only there, every other letter, dash and = is a slip of what it was copied
 * from. */
static void test_look_alike_names(void **state)
{
	static const struct {
		const char *word, *said;
	} all[] = {
		{ "\u2013p2v.server=hidden", "holds '\u2013' (U+2013) in its name" },
		{ "\u2212\u2212p2v.shell=no", "(U+2212) in its name" },
		{ "p2v\u2013server=hidden", "(U+2013)" },
		{ "p2v\u2011server=hidden", "(U+2011)" },
		{ "P2V\u2014SERVER=hidden", "(U+2014)" },
		{ "p2v\uff0eserver=hidden", "(U+FF0E)" },
		{ "p2v\u00b7server=hidden", "(U+00B7)" },
		{ "p2v\u3002server=hidden", "(U+3002)" },
		{ "\uff50\uff12\uff56\uff0eserver=hidden", "(U+FF50)" },
		{ "p2v.s\u0435rver=hidden", "(U+0435)" },
		{ "p2v.skip\u2010test\u2010connection", "(U+2010)" },
		{ "p2v.skip\u2015test\u2015connection=yes", "(U+2015)" },
		{ "p2v.skip\ufe63test_connection", "(U+FE63)" },
		{ "p2v.server\uff1dx",
		  "word 1 of the command line is wrong: it holds '\uff1d' (U+FF1D)" },
		{ "quiet p2v.password\uff1dhidden", "word 2 of the command line" },
		{ "\"p2v.server\uff1da b\"", "(U+FF1D)" },
		{ "p2v.shell\uff1dno", "(U+FF1D)" },
		{ "p2v.n\u00e4me=hidden", "(U+00E4)" },
		{ "p2v.skip\x96test", "holds the byte 0x96 in its name" },
		{ "ip\uff1ddhcp", "(U+FF1D)" },
		{ "nameserver\uff1d192.0.2.53", "(U+FF1D)" },
		{ "rd.net.timeout.dhcp\uff1d5", "(U+FF1D)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		expect_wrong(all[i].word, all[i].said);
	expect_right("quiet console\uff1dttyS0 fo\u00f6\u2013bar=b\u2013z");
	expect_right("\u0444\u0443=1 \u00f6\u00e4=2 \u65e5\u672c\u8a9e.x=3 p\u00e4\u00f6.y=4 \u0440\u0430\u0437=5");
	expect_right("p2v.name=web\u20131 p2v.network=br\u20120 p2v.password=\u2014\uff1d\u2212");
	expect_right("p2v.post=\"echo 5 \u2013 6; echo \uff1d a\u2013b\"");
	expect_wrong("p2v.post=\"systemctl \u2013force hidden\"",
		     "holds '\u2013' (U+2013) where an option begins");
	expect_wrong("p2v.pre=\"a \u2013\u2013b\"", "where an option begins");
	expect_wrong("p2v.fail=\"\u2212f\"", "(U+2212) where an option begins");
	expect_wrong("p2v.fail=\"rm \uff0df\"", "(U+FF0D) where an option begins");
	expect_wrong("p2v.post=\"a \u2014-b\"", "(U+2014) where an option begins");
}

/* Nor are these: all letters may be of another script, also the first ones. */
static void test_other_scripts(void **state)
{
	static const char *const all[] = {
		"\u04402v.server=hidden", /* Cyrillic */
		"\u04202V.SERVER=hidden",
		"\u04402\u0475.\u0455\u0435rver=hidden",
		"p2\u0475.server=hidden",
		"\u03c12v.server=hidden", /* Greek */
		"p2\u03bd.server=hidden",
		"\u03c12\u03bd_server=hidden",
		"\u03c12\u03c5.server=hidden",
		"\u03a12\u039d.server=hidden",
		"p\uff12v.server=hidden", /* wide */
		"\uff502\uff56.server=hidden",
		"\U0001d4292v.server=hidden", /* mathematical */
		"\U0001d429\U0001d7d0\U0001d42f.\U0001d42c\U0001d41e\U0001d42b\U0001d42f\U0001d41e\U0001d42b=hidden",
		"\U0001d4ff2v.server=hidden",
		"\U0001d699\U0001d7f8\U0001d69f.server=hidden",
		"\u24df\u2461\u24e5.server=hidden", /* in circles */
		"\u1d56\u00b2\u1d5b.server=hidden", /* raised */
		"p\u2461v.server=hidden",
		"p2\u2174.server=hidden",
		"\u1d182v.server=hidden", /* small capitals */
		"p2\u0301v.server=hidden", /* an accent of its own */
		"p2\ufe0f\u20e3v.server=hidden", /* as chat programs show a 2 */
		"\u1e572v.server=hidden", /* an accent, and letters that are not listed */
		"\ua4d12v.server=hidden",
		"\u13e22v.server=hidden",
		"p2v\u2024server=hidden", /* dots */
		"p2v\u2022server=hidden",
		"p2v\ua4f8server=hidden",
		"\u04402v\u2024server=hidden",
		"\u04402vserver=hidden",
		"\u04402v.server\uff1dhidden", /* another = */
		"\u04402v.password\ua78ahidden",
		"p2v.server\u207chidden",
		"p2v.skip\uff3ftest=hidden", /* another _ */
		"\u2013\u2013\u04402v.server=hidden",
		"\u0456p=dhcp", /* the network's */
		"i\u0440=dhcp",
		"\u0456\u0440=dhcp",
		"\u03b9\u03c1=dhcp",
		"ip\ufe66dhcp",
		"\u0456\u0440\uff1ddhcp",
		"vl\u0430n=vlan5:eth0",
		"b\u043end=bond0:eth0,eth1",
		"\u0412OOTIF=01-52-54-00-12-34-56",
		"n\u0430meserver=192.0.2.53",
		"name\u2013server=192.0.2.53",
		"name\u2011server\uff1d192.0.2.53",
		"n\u00e4meserver=192.0.2.53",
		"rd\u2024route=192.0.2.0/24:192.0.2.1:eth0",
		"rd.net.dns\u2013backend=dnsconfd",
		"rd\uff0enet\uff0edhcp.retry=3",
		"rd.pe\u0435rdns=0",
		"netr\u043e\u043et=iscsi:u:hidden@192.0.2.9::::iqn.x", /* of other scripts of the image */
		"rd.iscsi\u2024password=hidden",
		"rd.iscsi.passw\u043erd=hidden",
		"rd.iscsi.password\uff1dhidden",
		"rd\u2024multipath",
		"rd.v\u0441onsole.keymap=de",
	};
	static const char *const shells[] = {
		"\u04402v.shell=no",       "p\uff12v.shell=no",
		"p2v\uff0eshell=no",       "p2v\u2013shell=no",
		"p2v.sh\u00e9ll=no",       "\u04402v.sh\u0435ll\uff1dno",
		"\u2013p2v\u2024shell=no", "\U0001d429\U0001d7d0\U0001d42f.shell=no",
	};
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		expect_wrong(all[i], ") in its name, which looks like another character");
	for (size_t i = 0; i < COUNT(shells); i++) {
		assert_int_not_equal(read_config(&config, shells[i]), 0);
		if (config.shell)
			fail_msg("'%s' does not forbid the shell", shells[i]);
		config_clear(&config);
	}
}

/* Another character in place of the =: what follows it is not told. */
static void test_secret_slips(void **state)
{
	static const char *const words[] = { "p2v.password:hidden", "P2V.PASSWORD;hidden",
					     "p2v.auth.password:=hidden", "p2v.passwd:hid=den",
					     "p2v.key:/dev/sda2:hidden" };

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		expect_warning(words[i], "is no parameter");
		if (strstr(said, "hid"))
			fail_msg("'%s' is told:\n%s", words[i], said);
	}
}

/* Quotes that are the keyboard's, but none here. */
static void test_other_quotes(void **state)
{
	static const char *const quotes[] = { "'", "`", "\u00b4" };

	(void)state;
	for (size_t i = 0; i < COUNT(quotes); i++) {
		const char *q = quotes[i];
		AUTO_FREE char *post = text_format("p2v.post=%ssystemctl reboot%s", q, q);
		AUTO_FREE char *password = text_format("p2v.password=%shid den%s quiet", q, q);
		AUTO_FREE char *three = text_format("p2v.name=%sa b=c d%s", q, q);
		AUTO_FREE char *whole = text_format("p2v.network=%sweb%s", q, q);
		AUTO_FREE char *inside = text_format("p2v.password=it%ss x%s", q, q);
		AUTO_FREE char *alone = text_format("p2v.password=%sx quiet", q);

		expect_wrong(post,
			     "which holds no words together, and is cut off at the next space");
		expect_wrong(password, "is cut off at the next space");
		expect_wrong(three, "is cut off at the next space");
		expect_warning(whole, "are taken for a part of the value");
		expect_right(inside);
		expect_right(alone);
	}
	expect_right("p2v.post=\"'a b'; echo 'c'\" quiet'");
}

static void test_names(void **state)
{
	(void)state;
	expect_right("p2v.name=web-1.example_com");
	expect_right("p2v.name=\"Zo\xc3\xab (old), 2\"");
	expect_wrong("p2v.name=", "empty");
	expect_wrong("p2v.name=a/b", "slash");
	expect_wrong("p2v.name=a'b", "quote");
	expect_wrong("p2v.name=a\\\"b", "quote");
	expect_wrong("p2v.name=\"a\nb\"", "line break");
	expect_wrong("p2v.name=\"a\xc2\x85"
		     "b\"",
		     "line break");
	expect_wrong("p2v.name=..", "a dot");
	expect_wrong("p2v.name=-a", "a dash");
	expect_wrong("p2v.name=\"a \"", "a space");
	expect_wrong("p2v.name=\xed\xa0\x80", "UTF-8");
	expect_wrong("p2v.name=\xc0\xaf", "UTF-8");
	expect_wrong("p2v.name=0123456789012345678901234567890123456789012345678901234567890123456789"
		     "0123456789012345678901234567890123456789012345678901234567890123456789"
		     "012345678901234567890123456789012345678901234567890123456789x",
		     "longer");
}

static void test_lists(void **state)
{
	(void)state;
	expect_printed("p2v.disks=sda,sdb", "disks sda sdb");
	expect_right("p2v.disks=/a/file\\'s.img,cciss!c0d0");
	expect_printed("p2v.disks=/a,,b/,,,,c,/d,,,sda", "disks /a,b/,,c /d, sda");
	expect_wrong("p2v.disks=", "empty");
	expect_wrong("p2v.network=", "empty");
	expect_wrong("p2v.post", "has no value");
	expect_wrong("p2v.disks=,", "nothing left empty");
	expect_wrong("p2v.disks=sda,", "nothing left empty");
	expect_wrong("p2v.disks=sda,sda", "only once");
	expect_wrong("p2v.disks=../etc/passwd", "no disk");
	expect_wrong("p2v.disks=$(x)", "no disk");
	expect_wrong("p2v.interfaces=averyveryverylongname", "no network interface");
	expect_right("p2v.network=em1:a,em2:b,c");
	expect_right("p2v.network=em1:ovirt:a");
	expect_wrong("p2v.network=a,b", "both for all other");
	expect_wrong("p2v.network=em1:a,em1:b", "for one interface");
	expect_wrong("p2v.network=em1:", "one side of the colon");
	expect_wrong("p2v.network=:a", "one side of the colon");
}

static void test_output(void **state)
{
	(void)state;
	expect_right("p2v.o=rhv-upload");
	expect_wrong("p2v.o=vdsm", "VDSM");
	expect_wrong("p2v.o=local;reboot", "no output mode");
	expect_wrong("p2v.o=-x", "no output mode");
	expect_wrong("p2v.of=\"a b\"", "no disk format");
	expect_wrong("p2v.os=--root", "dash");
	expect_wrong("p2v.oo=a,-b", "dash");
}

/* Two commas mean one comma in an item, if the table says so. */
static void test_commas(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config, "p2v.key=all:,,a,,,/dev/sda2:b:c,,"), 0);
	assert_string_equal(config.keys[0], "all:,a,");
	assert_string_equal(config.keys[1], "/dev/sda2:b:c,");
	assert_null(config.keys[2]);
	config_clear(&config);
	expect_printed("p2v.oo=a=b,,c,d=e", "output.misc a=b,c d=e");
	expect_wrong("p2v.disks=sda,,sdb", "'sda,sdb' is no disk");
	expect_wrong("p2v.removable=sr0,,sr1", "nothing left empty");
	expect_wrong("p2v.key=all:a,", "nothing left empty");
}

static void test_v2v(void **state)
{
	(void)state;
	expect_printed("", "root first");
	expect_right("p2v.root=single");
	expect_right("p2v.root=/dev/vg-a/root_1");
	expect_wrong("p2v.root=ask", "nobody is there");
	expect_wrong("p2v.root=sda2", "/dev/sda2");
	expect_wrong("p2v.root=/dev/nvme0n1p2", "/dev/sda, /dev/sdb");
	expect_wrong("p2v.root=/dev/../x", "no device");
	expect_wrong("p2v.root=--key", "none of first");
	expect_wrong("p2v.root=btrfsvol:/dev/sda2/@", "make it the default subvolume");
	expect_right("p2v.mac=52:54:00:aB:00:01:network:a,52:54:00:ab:00:02:ip:192.0.2.1,,192.0.2.254,,24");
	expect_right("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.1,,,,24,,2001:db8::53");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.300", "'192.0.2.300' is no address");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.7,,192.0.2.01",
		     "'192.0.2.01' is no address");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.7,,,,x", "'x' is no prefix");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.7,,,,33", "'33' is no prefix");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:2001:db8::7,,,,129", "'129' is no prefix");
	expect_right("p2v.mac=52:54:00:ab:00:02:ip:2001:db8::7,,,,128");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:0.0.0.0", "'0.0.0.0' is no address that");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.7,,224.0.0.1",
		     "'224.0.0.1' is no address");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.7,,,,24,,dns", "'dns' is no address");
	expect_wrong("p2v.mac=52:54:00:ab:00:01", "MAC:network:NAME");
	expect_wrong("p2v.mac=52-54-00-ab-00-01:network:a", "MAC:network:NAME");
	expect_wrong("p2v.mac=52:54:00:ab:00:01:network:", "MAC:network:NAME");
	expect_wrong("p2v.mac=52:54:00:ab:00:02:ip:192.0.2.1,192.0.2.254", "written twice");
}

static void test_keys(void **state)
{
	struct config config;

	(void)state;
	expect_printed("p2v.key=all:hidden,/dev/sda1:other", "key *** ***");
	expect_right("p2v.key=a0b1c2d3-0000-4000-8000-000000000001:hidden");
	expect_wrong("p2v.key=hidden", "DEVICE:PASSPHRASE");
	assert_null(strstr(said, "hidden"));
	expect_wrong("p2v.key=sda:hidden", "/dev/sda2");
	expect_wrong("p2v.key=:hidden", "DEVICE:PASSPHRASE");
	expect_wrong("p2v.key=all:", "passphrase is empty");
	expect_wrong("p2v.key=/dev/nvme0n1p3:hidden", "virt-v2v calls the disks");
	assert_null(strstr(said, "hidden"));
	expect_wrong("p2v.key=\"all:hid\tden\"", "control character");
	assert_null(strstr(said, "den"));
	/* Each passphrase is hidden, both as it is used and as it is written. */
	assert_int_equal(read_config(&config, "p2v.key=all:first,,x,/dev/sda2:second"), 0);
	log_error("first,x first,,x,/dev/sda2 second");
	assert_null(strstr(said, "first,x"));
	assert_null(strstr(said, "second"));
	config_clear(&config);
}

static void test_config_url(void **state)
{
	(void)state;
	expect_right("p2v.config=https://u:hidden@h/{mac}/{uuid}?{serial}={hostname}");
	expect_printed("p2v.config=https://u:hidden@h/{mac}", "config https://***@h/{mac}");
	expect_wrong("p2v.config=https://h/{disk}", "only {mac}");
	expect_wrong("p2v.config=https://h/{mac", "only {mac}");
	expect_wrong("p2v.config=https://h/mac}", "only {mac}");
	expect_wrong("p2v.config=https://{hostname}/x", "behind the host's name");
	expect_wrong("p2v.config=words", "https://");
	expect_right("p2v.config=file:///run/p2v/{serial}");
	expect_wrong("p2v.config=http://2001:db8::7/{mac}", "in brackets");
	expect_right("p2v.done=http://[2001:db8::7]:8080/done/{mac}?{uuid}");
	expect_wrong("p2v.done=http://2001:db8::7/done", "in brackets");
	expect_wrong("p2v.done=http://h:99999/done/{mac}", "is no port");
	expect_wrong("p2v.done=ftp://h/done", "https:// or http://");
	expect_wrong("p2v.config=http://h:99999/{mac}", "is no port");
}

/* Each URL of a list has secrets of its own. */
static void test_reports(void **state)
{
	(void)state;
	expect_printed("p2v.report=https://h/{mac}?hidden1,http://u:hidden2@g/x?hidden3",
		       "report https://h/{mac}?*** http://***@g/x?***");
	expect_printed("p2v.report=", "report");
	expect_printed("p2v.report_token=hidden.-_~+/=", "report_token ***");
	expect_printed("p2v.report_interval=2m", "report_interval 120");
	expect_wrong("p2v.report=http://h/,ftp://h/x", "https:// or http://");
	expect_wrong("p2v.report=http://h/{disk}", "only {mac}");
	expect_wrong("\"p2v.report_token=two words\"", "only letters, digits");
	expect_wrong("p2v.report_interval=0", "from 1");
}

/* The words of a configuration file come before those of the command line, and messages
 * name their line. */
static void test_lines(void **state)
{
	struct cmdline file, own;
	struct config config;

	(void)state;
	cmdline_split(&file, "p2v.port=0 p2v.o.type=x p2v.name=a", 34);
	for (unsigned i = 0; i < file.count; i++)
		file.word[i].line = i + 3;
	cmdline_split(&own, "p2v.name=b", 10);
	cmdline_append(&file, &own);
	said[0] = '\0';
	config_init(&config);
	assert_int_equal(config_read(&config, &file), -EINVAL);
	expect_said("'p2v.port' (line 3 of the configuration file) cannot be '0'");
	expect_said("'p2v.o.type' (line 4 of the configuration file) is no parameter");
	assert_string_equal(config.name, "b");
	config_clear(&config);
	cmdline_clear(&file);
}

static void test_identity(void **state)
{
	(void)state;
	expect_right("p2v.identity=https://u:hidden@example.com/key?token=1");
	expect_right("p2v.identity=file:///run/key");
	expect_right("p2v.auth.identity.key=\"-----BEGIN PRIVATE KEY----- hidden -----END PRIVATE KEY-----\"");
	expect_wrong("p2v.auth.identity.key=\"-----BEGIN PRIVATE KEY----- hidden\"", "as a whole");
	expect_wrong("p2v.auth.identity.key=\"-----BEGIN PUBLIC KEY----- hidden -----END PUBLIC KEY-----\"",
		     "as a whole");
	expect_wrong("p2v.auth.identity.key=hidden", "as a whole");
	expect_wrong("p2v.identity=file://run/key", "file:///PATH");
	expect_wrong("p2v.identity=scp://u:hidden@example.com/key", "https://");
	assert_null(strstr(said, "hidden"));
	expect_wrong("p2v.identity=https://", "https://");
	expect_wrong("p2v.identity=\"https://a/b c\"", "%20");
	expect_right("p2v.identity=https://u:2001:db8::7@h:8443/key");
	expect_right("p2v.identity=https://[2001:db8::7]:8080/key");
	expect_right("p2v.identity=file:///etc/a:b:c");
	expect_right("p2v.identity=https://h/a:b:c");
	expect_wrong("p2v.identity=http://u:hidden@2001:db8::7/key", "in brackets");
	expect_wrong("p2v.identity=http://u:hidden@h:99999/key", "1 to 65535");
	expect_wrong("p2v.identity=http://u:hid/den@h/key", "%2f");
	expect_wrong("p2v.identity=http://h:0/key", "1 to 65535");
	expect_wrong("p2v.identity=http://h:80a/key", "1 to 65535");
	expect_wrong("p2v.identity=http://[2001:hidden::7]/key", "is no IPv6 address");
	expect_wrong("p2v.identity=http://[2001:db8::7/key", "is no IPv6 address");
	expect_wrong("p2v.identity=http://:80/key", "no host");
	expect_wrong("p2v.identity=http://u:hid@den@h<h/key", "is no host name");
}

static void test_secrets(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config, "p2v.password=\"h\xc3\xb6hle \\\"auf\\\"'s\""), 0);
	assert_string_equal(config.password, "h\xc3\xb6hle \"auf\"'s");
	config_clear(&config);

	expect_wrong("p2v.password=\"hid\tden\"", "p2v.password");
	assert_null(strstr(said, "den"));
	expect_right("p2v.password=hidden");
	expect_printed("p2v.password=hidden p2v.post=\"echo hidden\"", "auth.password ***");
	expect_printed("p2v.password=hidden p2v.post=\"echo hidden\"", "post echo ***");
	expect_printed("p2v.oo=a=b,os-password=hidden", "output.misc a=b os-password=***");
	expect_printed("p2v.identity=https://u:hidden@h/k", "auth.identity.url https://***@h/k");

	/* Misspelt parameters, and those that have no effect, are hidden, too. */
	assert_int_equal(read_config(&config,
				     "p2v.pasword=hidden p2v.password=first p2v.password=last"),
			 0);
	log_error("hidden first last");
	expect_said("\n*** *** ***\n");
	config_clear(&config);
}

static void test_unknown(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config,
				     "p2v.sevrer=a p2v.o.type=x p2v.nothing.like.it p2v.\x1b[2J"),
			 0);
	expect_said("'p2v.sevrer' is no parameter: did you mean 'p2v.server'?");
	expect_said("'p2v.nothing.like.it' is no parameter: p2v.parameters(7)");
	assert_null(strchr(said, '\x1b'));
	config_clear(&config);

	assert_int_equal(read_config(&config, "p2v.server=\"a p2v.port=23"), -EINVAL);
	expect_said("a double quote is never closed");
	config_clear(&config);
}

static void expect_meant(const char *name, const char *meant)
{
	AUTO_FREE char *cmdline = text_format("%s=1", name);
	AUTO_FREE char *sentence = text_format("'%s' is no parameter: did you mean '%s'?", name,
					       meant ? meant : "?");
	AUTO_FREE char *none = text_format("'%s' is no parameter: p2v.parameters(7)", name);
	struct config config;

	assert_int_equal(read_config(&config, cmdline), 0);
	expect_said(meant ? sentence : none);
	config_clear(&config);
}

/* What is nearest by its letters may help nobody. */
static void test_meant(void **state)
{
	static const char *const others[] = { "p2vx=1",        "p2v=1",    "p2vd=1",
					      "xp2v.server=a", "server=a", "P2=1" };
	struct config config;

	(void)state;
	expect_meant("P2V.SERVER", "p2v.server");
	expect_meant("p2v-server", "p2v.server");
	expect_meant("p2v_server", "p2v.server");
	expect_meant("p2v:server", "p2v.server");
	expect_meant("p2vserver", "p2v.server");
	expect_meant("P2v_Remote_Server", "p2v.remote.server");
	expect_meant("p2v-sevrer", "p2v.server");
	expect_meant("p2v.skip.test.connection", "p2v.skip_test_connection");
	expect_meant("p2v.host", "p2v.server");
	expect_meant("p2v.remote.host", "p2v.server");
	expect_meant("P2V_HOST", "p2v.server");
	expect_meant("p2v.user", "p2v.username");
	expect_meant("p2v.pass", "p2v.password");
	expect_meant("p2v.ram", "p2v.memory");
	expect_meant("p2v.cpus", "p2v.vcpus");
	expect_meant("p2v.nic", "p2v.interfaces");
	expect_meant("p2v.disk", "p2v.disks");
	expect_meant("p2v.ident", "p2v.identity");
	expect_meant("p2v.pasword", "p2v.password");
	expect_meant("p2v.copy-mode", "p2v.copy");
	expect_meant("p2v.used", "p2v.copy");
	expect_meant("p2v.compression", "p2v.compress");
	expect_meant("p2v.copy-rate", "p2v.bandwidth");
	expect_meant("p2v.foo", NULL);
	expect_meant("p2v.xyz", NULL);
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_int_equal(read_config(&config, others[i]), 0);
		assert_string_equal(said, "");
		config_clear(&config);
	}
	/* What was meant to forbid the shell forbids it. */
	assert_int_equal(read_config(&config, "P2V.SHELL=no"), 0);
	assert_false(config.shell);
	config_clear(&config);
}

/* What cannot be right on any machine. */
static void test_impossible(void **state)
{
	(void)state;
	expect_wrong("p2v.removable=vda", "'vda' is a disk and no CD or DVD drive");
	expect_wrong("p2v.removable=sr0,/dev/nvme0n1", "'/dev/nvme0n1' is a disk");
	expect_wrong("p2v.interfaces=eno1,lo", "'lo' is the loopback interface");
	expect_wrong("p2v.network=lo:lan", "'lo' is the loopback interface");
	expect_wrong("p2v.of=vmdk",
		     "'vmdk' is no disk format that virt-v2v writes: give raw or qcow2");
	expect_wrong("p2v.of=QCOW2", "give raw or qcow2");
	expect_right("p2v.server=a p2v.of=raw p2v.removable=sr0,hdc,fd0 p2v.interfaces=lo0");
	/* The message shows what was given, and its own example. */
	expect_wrong("p2v.key=/dev/sda2", "DEVICE is /dev/sda2, a UUID or all");
	expect_wrong("p2v.key=sda2:hidden", "DEVICE is /dev/sda2, a UUID or all");
	expect_wrong("p2v.key=hidden", "each is DEVICE:PASSPHRASE; DEVICE is /dev/sda2");
	expect_wrong("p2v.password=x p2v.port=exit", "'p2v.port' cannot be 'exit'");
}

static void test_contradictions(void **state)
{
	struct config config;

	(void)state;
	read_config(&config,
		    "p2v.password=hidden p2v.identity=http://h/k p2v.vcpus=3 p2v.vcpu.phys_topo");
	expect_said("'p2v.auth.password' is ignored");
	expect_said("'p2v.vcpu.cores' is ignored");
	expect_said("unencrypted");
	config_clear(&config);
}

static void test_distance(void **state)
{
	(void)state;
	assert_int_equal(text_distance("", ""), 0);
	assert_int_equal(text_distance("abc", ""), 3);
	assert_int_equal(text_distance("", "abc"), 3);
	assert_int_equal(text_distance("server", "sevrer"), 1);
	assert_int_equal(text_distance("port", "post"), 1);
	assert_int_equal(text_distance("kitten", "sitting"), 3);
}

/* The table itself: every row has all that is needed, and no name occurs twice. */
static void test_table(void **state)
{
	(void)state;
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		assert_ptr_equal(parameter_find(parameter->name), parameter);
		if (parameter->alias)
			assert_ptr_equal(parameter_find(parameter->alias), parameter);
		assert_non_null(parameter->form);
		assert_non_null(parameter->description);
		assert_true(parameter->default_value || parameter->default_text ||
			    parameter->secret);
		assert_true(parameter->type == PARAMETER_LIST || !parameter->commas);
		assert_true(!!parameter->words == (parameter->type == PARAMETER_WORD));
		assert_true(parameter->type >= PARAMETER_SERVER || !parameter->check);
		assert_true(parameter->type == PARAMETER_LIST || !parameter->check_list);
	}
	assert_null(parameter_find("p2v."));
	assert_null(parameter_find("p2v.serve"));
	assert_null(parameter_find("p2v.servers"));
}

static void test_print(void **state)
{
	static const char *const formats[] = { "man", "completion", "names" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *printed = NULL;
		size_t size = 0;
		FILE *stream = open_memstream(&printed, &size);

		assert_int_equal(parameters_print(stream, formats[i]), 0);
		assert_int_equal(parameters_print(stream, "xml"), -EINVAL);
		fclose(stream);
		for (const struct parameter *row = parameters(); row->name; row++)
			assert_non_null(strstr(printed, row->name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meant),         cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_empty),         cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),        cmocka_unit_test(test_keymap),
		cmocka_unit_test(test_last_wins),     cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_booleans),      cmocka_unit_test(test_servers),
		cmocka_unit_test(test_no_addresses),  cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_look_alikes),   cmocka_unit_test(test_look_alike_names),
		cmocka_unit_test(test_other_scripts), cmocka_unit_test(test_other_quotes),
		cmocka_unit_test(test_secret_slips),  cmocka_unit_test(test_names),
		cmocka_unit_test(test_lists),         cmocka_unit_test(test_output),
		cmocka_unit_test(test_commas),        cmocka_unit_test(test_v2v),
		cmocka_unit_test(test_keys),          cmocka_unit_test(test_config_url),
		cmocka_unit_test(test_reports),       cmocka_unit_test(test_lines),
		cmocka_unit_test(test_identity),      cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_unknown),       cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_distance),      cmocka_unit_test(test_table),
		cmocka_unit_test(test_print),
	};
	int failed;

	log_set_sink(hear, NULL);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	secret_forget_all();
	return failed;
}
