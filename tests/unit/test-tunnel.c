// SPDX-License-Identifier: GPL-2.0-or-later
/* tunnel: ssh(1)'s arguments, and what its messages and its end mean. */
#include "base/memory.h"
#include "base/text.h"
#include "transfer/tunnel.h"

#include "base/list.h"
#include "loop.h"
#include "ssh-stand-in.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_allocated_port(void **state)
{
	(void)state;
	assert_int_equal(tunnel_allocated_port("Allocated port 41234 for remote forward to /run/p2vd/0-sda.sock"),
			 41234);
	assert_int_equal(tunnel_allocated_port("Allocated port 70000 for remote forward"), 0);
	assert_int_equal(tunnel_allocated_port("Warning: remote port forwarding failed"), 0);
	assert_int_equal(tunnel_allocated_port(""), 0);
}

struct seen {
	struct tunnel_way way;
	struct tunnel *tunnel;
	uint16_t port;
	bool up, failed, free_it, lost;
	unsigned calls;
	char *reason;
};

static void on_up(void *user, uint16_t port)
{
	struct seen *seen = user;

	seen->port = port;
	seen->up = true;
	seen->calls++;
	if (seen->free_it)
		tunnel_free(seen->tunnel);
}

static void on_failed(void *user, const char *reason)
{
	struct seen *seen = user;

	seen->failed = true;
	seen->lost = tunnel_was_lost(seen->tunnel);
	seen->calls++;
	seen->reason = text_copy(reason);
}

/* A tunnel by an ssh that is @script, until the flag @until of @seen. */
static void run(const char *script, struct seen *seen, const bool *until)
{
	sd_event *event = loop_new();
	char *root = tree_new();
	struct tunnel_login *login = ssh_stand_in_login(event);
	struct tunnel_events events = { on_up, on_failed, seen };
	AUTO_FREE char *reason = NULL;

	ssh_stand_in(root, script);
	seen->way.socket = "/run/0-sda.sock";
	assert_int_equal(tunnel_start(event, login, &seen->way, "sda", &events, &seen->tunnel,
				      &reason),
			 0);
	assert_true(loop_until(event, until));
	loop_idle(event);
	tunnel_free(seen->tunnel);
	tunnel_login_free(login);
	sd_event_unref(event);
	tree_remove(root);
}

static void test_up(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	run("echo 'Warning: Permanently added x' >&2\n"
	    "echo 'Allocated port 4242 for remote forward to /run/0-sda.sock' >&2\n"
	    "echo 'Allocated port 4243 for remote forward to /run/0-sda.sock' >&2\n"
	    "exec sleep 1000\n",
	    &seen, &seen.up);
	assert_int_equal(seen.port, 4242);
	assert_int_equal(seen.calls, 1);
}

/* From a socket: ssh says so at its log level DEBUG1, of which no line is a reason. */
static void test_socket(void **state)
{
	struct seen seen = { .way.listen = "/tmp/x/tunnels/0-0" };

	(void)state;
	run("echo 'debug1: remote forward success for: listen /tmp/x/tunnels/0-0:-2, connect /run/0-sda.sock:-2' >&2\n"
	    "echo 'debug1: something' >&2; echo 'Timeout, server not responding.' >&2\n"
	    "echo 'debug1: Exit status -1' >&2; echo 'Bytes per second: sent 1.0, received 1.0' >&2; exit 255\n",
	    &seen, &seen.failed);
	assert_true(seen.up);
	assert_int_equal(seen.port, 0);
	assert_string_equal(seen.reason,
			    "tunnel of 'sda' broke: ssh, exit status 255: Timeout, server not responding.; "
			    "was the network interrupted?");
	free(seen.reason);
}

static void check_failure(const char *script, const char *expected)
{
	struct seen seen = { 0 };

	run(script, &seen, &seen.failed);
	assert_string_equal(seen.reason, expected);
	assert_int_equal(seen.calls, seen.up ? 2 : 1);
	free(seen.reason);
}

static void test_failures(void **state)
{
	(void)state;
	check_failure("exit 3\n", "tunnel of 'sda' did not come up: ssh, exit status 3");
	/* The last message counts, whole or not. */
	check_failure("echo first >&2; printf 'jo@x: Permission denied.' >&2; exit 255\n",
		      "tunnel of 'sda' did not come up: ssh, exit status 255: jo@x: Permission denied.");
	check_failure("echo 'Error: remote port forwarding failed for listen port 0' >&2; exit 255\n",
		      "tunnel of 'sda' did not come up: ssh, exit status 255: "
		      "Error: remote port forwarding failed for listen port 0; "
		      "set AllowTcpForwarding yes and PermitListen any or localhost:* in the server's sshd_config, "
		      "without DisableForwarding, and neither restrict, no-port-forwarding nor another permitlisten "
		      "for the key in authorized_keys");
	check_failure("echo 'Allocated port 4242 for remote forward to x' >&2\n"
		      "echo 'Timeout, server 192.0.2.7 not responding.' >&2; exit 255\n",
		      "tunnel of 'sda' broke: ssh, exit status 255: "
		      "Timeout, server 192.0.2.7 not responding.; was the network interrupted?");
}

/* One that is made again: a socket's directory may be gone, a port needs none. */
static void test_refused_again(void **state)
{
	struct seen socket = { .way = { .listen = "/tmp/x/tunnels/0-9", .connect = 4 } };
	struct seen port = { .way.connect = 4 };

	(void)state;
	run("echo 'Error: remote port forwarding failed for listen path /x/0-9' >&2; exit 255\n",
	    &socket, &socket.failed);
	assert_non_null(strstr(socket.reason, "forwarding failed; either virt-v2v has ended, "));
	assert_non_null(strstr(socket.reason, "AllowStreamLocalForwarding"));
	free(socket.reason);
	run("echo 'Error: remote port forwarding failed for listen port 0' >&2; exit 255\n", &port,
	    &port.failed);
	assert_non_null(strstr(port.reason, "; set AllowTcpForwarding yes"));
	free(port.reason);
}

static void check_lost(const char *script, bool lost)
{
	struct seen seen = { 0 };

	run(script, &seen, &seen.failed);
	assert_int_equal(seen.lost, lost);
	free(seen.reason);
}

#define LOGGED_IN "echo 'Authenticated to 192.0.2.7 ([192.0.2.7]:22) using \"publickey\".' >&2\n"

/* What a server answers is no accident. */
static void test_lost(void **state)
{
	(void)state;
	check_lost(LOGGED_IN "echo 'Timeout, server 192.0.2.7 not responding.' >&2; exit 255\n",
		   true);
	check_lost("kill -s KILL $$\n", true);
	check_lost("echo 'jo@x: Permission denied.' >&2; exit 255\n", false);
	check_lost(LOGGED_IN
		   "echo 'Error: remote port forwarding failed for listen port 0' >&2; exit 255\n",
		   false);
	check_lost(LOGGED_IN "echo 'Allocated port 4242 for remote forward to x' >&2; exit 255\n",
		   false);
}

/* At its MaxStartups, sshd closes the connection: that may be over a moment later. */
static void test_turned_away(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	run("if [ ! -e \"$root/second\" ]; then\n"
	    "	touch \"$root/second\"\n"
	    "	echo 'kex_exchange_identification: Connection closed by remote host' >&2\n"
	    "	echo 'Connection closed by 192.0.2.7 port 22' >&2\n"
	    "	exit 255\n"
	    "fi\n"
	    "echo 'Allocated port 4242 for remote forward to x' >&2\n"
	    "exec sleep 1000\n",
	    &seen, &seen.up);
	assert_int_equal(seen.port, 4242);
	assert_int_equal(seen.calls, 1);
}

static void free_in_up(void)
{
	struct seen seen = { .free_it = true };

	run("echo 'Allocated port 4242 for remote forward to x' >&2; exec sleep 1000\n", &seen,
	    &seen.up);
}

static void test_not_in_up(void **state)
{
	(void)state;
	assert_true(loop_asserts(free_in_up));
}

/* The real ssh(1) understands every option and takes each as it is meant. */
static void check_arguments(const struct tunnel_way *way, const char *const *expected)
{
	sd_event *event = loop_new();
	struct tunnel_login *login = ssh_stand_in_login(event);
	AUTO_LIST char **argv = tunnel_login_arguments(login, way);
	AUTO_FREE char *words = list_join(argv + 1, "' '");
	AUTO_FREE char *command = text_format("/usr/bin/ssh -G '%s' 2>&1", words);
	char output[16384];
	FILE *pipe;

	assert_string_equal(argv[0], "ssh");
	if (access("/usr/bin/ssh", X_OK) < 0)
		skip();
	pipe = popen(command, "re");
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	for (; *expected; expected++)
		if (!strstr(output, *expected))
			fail_msg("ssh does not say '%s'", *expected);
	tunnel_login_free(login);
	sd_event_unref(event);
}

static void test_arguments(void **state)
{
	static const char *const of_port[] = {
		"user jo\n",
		"hostname 192.0.2.7\n",
		"hostkeyalias conversion-server\n",
		"stricthostkeychecking true\n",
		"exitonforwardfailure yes\n",
		"connecttimeout 30\n",
		"serveraliveinterval 15\n",
		"serveralivecountmax 8\n",
		"loglevel INFO\n",
		"compression no\n",
		"remoteforward [localhost]:0 /run/0-sda.sock\n",
		NULL,
	};
	static const char *const of_socket[] = {
		"connecttimeout 4\n",
		"serveraliveinterval 4\n",
		"serveralivecountmax 2\n",
		"loglevel DEBUG\n",
		"remoteforward /tmp/x/tunnels/0-0 /run/0-sda.sock\n",
		NULL,
	};

	(void)state;
	check_arguments(&(struct tunnel_way){ .socket = "/run/0-sda.sock" }, of_port);
	check_arguments(&(struct tunnel_way){ "/tmp/x/tunnels/0-0", "/run/0-sda.sock", 4, true },
			of_socket);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocated_port),
		cmocka_unit_test(test_socket),
		cmocka_unit_test(test_up),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_refused_again),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_turned_away),
		cmocka_unit_test(test_not_in_up),
		cmocka_unit_test(test_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
