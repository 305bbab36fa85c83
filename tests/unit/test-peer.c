// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose process is at the other end of a connection: rows of /proc/net/tcp and tcp6. */
#include "relay/peer.h"

#include "base/memory.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
/* As Linux prints it, with spaces up to 150 columns. */
#define ROW(number, local, remote, state, uid, inode)                     \
	"   " number ": " local " " remote " " state                      \
	" 00000000:00000000 00:00000000 00000000 " uid "        0 " inode \
	" 1 0000000000000000 20 4 30 10 -1                     \n"
#define SERVER "0100007F:C351"
#define CLIENT "0100007F:D2F0"
#define HEAD6                                                \
	"  sl  local_address                         "       \
	"remote_address                        st tx_queue " \
	"rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define LO6 "00000000000000000000000001000000"
#define MAPPED "0000000000000000FFFF00000100007F"

static const struct peer_ends ends = { "0100007F", "0100007F", 0xd2f0, 0xc351 };

static void test_tables(void **state)
{
	static const struct {
		const char *table;
		long user; /* -1: it is not found */
	} all[] = {
		{ HEAD ROW("0", SERVER, CLIENT, "01", "    0", "811") /* our own end of it */
		  ROW("1", CLIENT, SERVER, "01", " 1000", "812"),
		  1000 },
		{ HEAD ROW("0", CLIENT, SERVER, "01", "    0", "812"), 0 },
		{ HEAD ROW("0", CLIENT, SERVER, "01", "4294967294", "18446744073709551615"),
		  4294967294 },
		/* Timers, queues and counts of another connection do not matter. */
		{ HEAD "10000: " CLIENT " " SERVER
		       " 01 0000A1B2:00C0FFEE 02:000AF3B1 00000003  1000       13 812 2 "
		       "0000000000000000\n",
		  1000 },
		/* Other states: SYN_SENT, FIN_WAIT1, FIN_WAIT2, TIME_WAIT, CLOSE, CLOSE_WAIT,
		 * LAST_ACK, LISTEN, CLOSING. */
		{ HEAD ROW("0", CLIENT, SERVER, "02", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "04", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "05", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "06", "    0", "0"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "07", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "08", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "09", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "0A", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, SERVER, "0B", " 1000", "812"), -1 },
		/* No process has it any more: it is shown as root's. */
		{ HEAD ROW("0", CLIENT, SERVER, "01", "    0", "0"), -1 },
		/* Other ports and addresses. */
		{ HEAD ROW("0", "0100007F:D2F1", SERVER, "01", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, "0100007F:C352", "01", " 1000", "812"), -1 },
		{ HEAD ROW("0", "0200007F:D2F0", SERVER, "01", " 1000", "812"), -1 },
		{ HEAD ROW("0", CLIENT, "0200007F:C351", "01", " 1000", "812"), -1 },
		{ HEAD ROW("0", "070200C0:D2F0", SERVER, "01", " 1000", "812"), -1 },
		{ HEAD6 ROW("0", LO6 ":D2F0", LO6 ":C351", "01", " 1000", "812"), -1 },
		/* Others before it, and one of the same port that is gone. */
		{ HEAD ROW("0", CLIENT, "0200007F:C351", "01", "    0", "810")
			  ROW("1", CLIENT, SERVER, "06", "    0", "0")
				  ROW("2", CLIENT, SERVER, "01", "   65534", "812"),
		  65534 },
		/* No table, or none that is known. */
		{ "", -1 },
		{ HEAD, -1 },
		{ "no such thing", -1 },
		{ "\n\n\n", -1 },
		{ HEAD "   0: " CLIENT " " SERVER " 01 00000000:00000000 00:00000000", -1 },
		{ HEAD "   0: " CLIENT " " SERVER
		       " 01 00000000:00000000 00:00000000 00000000 x 0 1\n",
		  -1 },
		{ HEAD "   0: 0123456789ABCDEF0123456789ABCDEF0123456789:D2F0 " SERVER
		       " 01 00000000:00000000 00:00000000 00000000 0 0 1\n",
		  -1 },
		/* The first row is not the head's. */
		{ ROW("0", CLIENT, SERVER, "01", " 1000", "812"), -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		uint32_t user = 4711;
		bool found = peer_find(all[i].table, &ends, &user);

		if (found != (all[i].user >= 0) || (found && user != all[i].user))
			fail_msg("table %zu: found %d, user %u", i, found, user);
	}
}

static void test_tables6(void **state)
{
	static const struct peer_ends in6 = { LO6, LO6, 0xd2f0, 0xc351 };
	static const struct peer_ends mapped = { MAPPED, MAPPED, 0xd2f0, 0xc351 };
	static const char table[] = HEAD6 ROW("0", LO6 ":D2F0", LO6 ":C351", "01", " 1000", "812")
		ROW("1", MAPPED ":D2F0", MAPPED ":C351", "01", " 1001", "813");
	static const char orphan[] = HEAD6 ROW("0", LO6 ":D2F0", LO6 ":C351", "01", "    0", "0");
	uint32_t user;

	(void)state;
	assert_true(peer_find(table, &in6, &user));
	assert_int_equal(user, 1000);
	assert_true(peer_find(table, &mapped, &user));
	assert_int_equal(user, 1001);
	assert_false(peer_find(table, &ends, &user));
	assert_false(peer_find(orphan, &in6, &user));
}

/* A connection of this process to itself, at @family's loopback address, by a client socket of
 * family @client. */
static void try_family(int family, int client_family)
{
	struct sockaddr_in6 address = { .sin6_family = (sa_family_t)family };
	socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(address);
	int server = socket(family, SOCK_STREAM, 0), client = socket(client_family, SOCK_STREAM, 0);
	int peer;

	if (family == AF_INET)
		((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		address.sin6_addr = (struct in6_addr)IN6ADDR_LOOPBACK_INIT;
	if (server < 0 || client < 0 || bind(server, (struct sockaddr *)&address, length) < 0) {
		close(server);
		close(client);
		print_message("no such family here\n");
		return;
	}
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&address, &length), 0);
	if (family != client_family) { /* ::ffff:127.0.0.1 */
		address.sin6_family = AF_INET6;
		address.sin6_flowinfo = 0;
		assert_int_equal(inet_pton(AF_INET6, "::ffff:127.0.0.1", &address.sin6_addr), 1);
		length = sizeof(address);
	}
	assert_int_equal(connect(client, (struct sockaddr *)&address, length), 0);
	peer = accept(server, NULL, NULL);
	assert_true(peer >= 0);
	assert_true(peer_is_ours(peer));
	close(client);
	/* It has gone: nobody has that end. */
	assert_false(peer_is_ours(peer));
	close(peer);
	close(server);
}

static void test_own(void **state)
{
	(void)state;
	try_family(AF_INET, AF_INET);
	try_family(AF_INET6, AF_INET6);
	try_family(AF_INET, AF_INET6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_tables6),
		cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
