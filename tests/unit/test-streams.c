// SPDX-License-Identifier: GPL-2.0-or-later
/* streams: tunnels by a stand-in for ssh(1), which are made again when they break. */
#include "base/memory.h"
#include "base/text.h"
#include "transfer/streams.h"

#include "loop.h"
#include "ssh-stand-in.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>

/* Notes what it is to listen at; $root/down: the server cannot be reached. */
static const char ssh[] =
	"for last; do case $last in /tmp/*) listen=${last%%:*} ;; esac; done\n"
	"if [ -e \"$root/down\" ]; then\n"
	"	echo >>\"$root/refused\"\n"
	"	echo 'ssh: connect to host 192.0.2.7 port 22: No route to host' >&2; exit 255\n"
	"fi\n"
	"echo \"$$ ${listen:-port}\" >>\"$root/started\"\n"
	"n=$((3999 + $(wc -l <\"$root/started\")))\n"
	"[ \"$listen\" ] || echo \"Allocated port $n for remote forward\" >&2\n"
	"echo \"debug1: remote forward success for: listen $listen:-2, connect x:-2\" >&2\n"
	"exec sleep 1000\n";

struct stage {
	sd_event *event;
	char *root;
	struct tunnel_login *login;
	struct streams *streams;
	struct streams_disk disks[2];
	bool up, failed;
	unsigned ports; /* that were told */
	char *reason;
};

static void on_up(void *user)
{
	struct stage *stage = user;

	assert_false(stage->up);
	stage->up = true;
}

static void on_port(void *user, size_t disk, unsigned number, uint16_t port)
{
	struct stage *stage = user;

	stage->ports++;
	assert_true(disk < 2);
	assert_int_equal(port, 4000 + number);
}

static void on_failed(void *user, const char *reason)
{
	struct stage *stage = user;

	stage->failed = true;
	stage->reason = text_copy(reason);
}

static struct stage *stage_new_as(const struct streams_plan *like)
{
	struct stage *stage = memory_zero(1, sizeof(*stage));
	struct streams_events events = { on_up, on_port, on_failed, stage };
	struct streams_plan plan = *like;

	plan.relay = true;
	plan.count = 2;
	plan.disks = stage->disks;
	stage->event = loop_new();
	stage->root = tree_new();
	stage->login = ssh_stand_in_login(stage->event);
	stage->disks[0] = (struct streams_disk){ "sda", "/run/0-sda.sock" };
	stage->disks[1] = (struct streams_disk){ "sdb", "/run/1-sdb.sock" };
	ssh_stand_in(stage->root, ssh);
	plan.login = stage->login;
	stage->streams = streams_new(stage->event, &plan, &events);
	return stage;
}

static struct stage *stage_new_of(const char *workdir, unsigned patience, unsigned each)
{
	return stage_new_as(&(struct streams_plan){
		.workdir = workdir, .patience = patience, .each = each });
}

static struct stage *stage_new(const char *workdir, unsigned patience)
{
	return stage_new_of(workdir, patience, 1);
}

static void stage_free(struct stage *stage)
{
	streams_free(stage->streams);
	tunnel_login_free(stage->login);
	sd_event_unref(stage->event);
	tree_remove(stage->root);
	free(stage->reason);
	free(stage);
}

/* Of the lines "PID SOCKET" of the tunnels that were made, number @index. */
static pid_t started(const struct stage *stage, unsigned index, char socket[static 100])
{
	AUTO_FREE char *path = tree_path(stage->root, "started");
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	int pid = 0;

	for (unsigned i = 0; file && i <= index; i++)
		if (fscanf(file, "%d %99s\n", &pid, socket) != 2)
			return 0;
	return pid;
}

static unsigned refused(const struct stage *stage)
{
	AUTO_FREE char *path = tree_path(stage->root, "refused");
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	unsigned count = 0;

	for (int c; file && (c = getc(file)) != EOF;)
		count += c == '\n';
	return count;
}

/* Until the outage is over, or @tries more tries have failed. */
static void wait_outage(struct stage *stage, unsigned tries)
{
	time_t limit = time(NULL) + LOOP_SECONDS;
	unsigned before = refused(stage);

	while (time(NULL) < limit && !stage->failed &&
	       (tries ? refused(stage) < before + tries : streams_outage(stage->streams) > 0))
		sd_event_run(stage->event, 100000);
	assert_true(time(NULL) < limit);
}

static void break_first(struct stage *stage)
{
	char socket[100];

	assert_true(loop_until(stage->event, &stage->up));
	assert_int_equal(streams_outage(stage->streams), 0);
	kill(started(stage, 0, socket), SIGKILL);
	while (!streams_outage(stage->streams) && !stage->failed)
		sd_event_run(stage->event, 100000);
}

static void test_again(void **state)
{
	struct stage *stage = stage_new("/tmp/x", 60);
	AUTO_FREE char *down = tree_path(stage->root, "down");
	char socket[100];

	(void)state;
	break_first(stage);
	tree_put(stage->root, "down", "");
	wait_outage(stage, 2);
	unlink(down);
	wait_outage(stage, 0);
	assert_false(stage->failed);
	/* Each has a socket of its own, the new one, too. */
	assert_true(started(stage, 0, socket) > 0);
	assert_string_equal(socket, "/tmp/x/tunnels/0-0");
	assert_true(started(stage, 1, socket) > 0);
	assert_string_equal(socket, "/tmp/x/tunnels/1-1");
	assert_true(started(stage, 2, socket) > 0);
	assert_true(text_begins(socket, "/tmp/x/tunnels/0-"));
	assert_int_not_equal(strcmp(socket, "/tmp/x/tunnels/0-0"), 0);
	assert_int_equal(started(stage, 3, socket), 0);
	stage_free(stage);
}

/* From ports: the relay is to be told of each. */
static void test_ports(void **state)
{
	struct stage *stage = stage_new(NULL, 60);

	(void)state;
	break_first(stage);
	wait_outage(stage, 0);
	assert_false(stage->failed);
	assert_int_equal(stage->ports, 3);
	assert_int_equal(streams_port(stage->streams, 0), 4002);
	assert_int_equal(streams_port(stage->streams, 1), 4001);
	stage_free(stage);
}

static void test_patience(void **state)
{
	struct stage *stage = stage_new("/tmp/x", 1);

	(void)state;
	break_first(stage);
	tree_put(stage->root, "down", "");
	assert_true(loop_until(stage->event, &stage->failed));
	assert_non_null(strstr(stage->reason, "No route to host"));
	assert_non_null(strstr(stage->reason, "p2v.reconnect_timeout"));
	assert_true(streams_outage(stage->streams) >= 1000000);
	stage_free(stage);
}

/* While virt-v2v can do without them, patience does not end. */
static void test_do_without(void **state)
{
	struct stage *stage = stage_new("/tmp/x", 1);

	(void)state;
	break_first(stage);
	tree_put(stage->root, "down", "");
	streams_are_spare(stage->streams, true);
	wait_outage(stage, 5);
	assert_false(stage->failed);
	streams_are_spare(stage->streams, false);
	assert_true(loop_until(stage->event, &stage->failed));
	stage_free(stage);
}

static void wait_started(struct stage *stage, unsigned count)
{
	time_t limit = time(NULL) + LOOP_SECONDS;
	char socket[100];

	while (time(NULL) < limit && !started(stage, count - 1, socket))
		sd_event_run(stage->event, 100000);
	assert_true(started(stage, count - 1, socket) > 0);
}

/* First one for each disk, then the others. */
static void test_several(void **state)
{
	static const char *const sockets[] = { "/tmp/x/tunnels/0-0", "/tmp/x/tunnels/1-1",
					       "/tmp/x/tunnels/0-2", "/tmp/x/tunnels/1-3",
					       "/tmp/x/tunnels/0-4", "/tmp/x/tunnels/1-5" };
	struct stage *stage = stage_new_of("/tmp/x", 60, 3);
	char socket[100];

	(void)state;
	assert_true(loop_until(stage->event, &stage->up));
	assert_int_equal(started(stage, 3, socket), 0);
	wait_started(stage, 6);
	for (unsigned i = 0; i < 6; i++) {
		assert_true(started(stage, i, socket) > 0);
		assert_string_equal(socket, sockets[i]);
	}
	stage_free(stage);
}

/* A disk that has others is not cut off; the lost one is made again. */
static void test_spare(void **state)
{
	struct stage *stage = stage_new_of("/tmp/x", 60, 2);
	char socket[100];

	(void)state;
	wait_started(stage, 4);
	kill(started(stage, 2, socket), SIGKILL);
	wait_started(stage, 5);
	assert_true(started(stage, 4, socket) > 0);
	assert_string_equal(socket, "/tmp/x/tunnels/0-4");
	assert_int_equal(streams_outage(stage->streams), 0);
	assert_false(stage->failed);
	stage_free(stage);
}

/* One of the disks loses both: that is an outage until it has one again. */
static void test_all_of_a_disk(void **state)
{
	struct stage *stage = stage_new_of("/tmp/x", 60, 2);
	AUTO_FREE char *down = tree_path(stage->root, "down");
	char socket[100];

	(void)state;
	wait_started(stage, 4);
	sd_event_run(stage->event, 100000);
	tree_put(stage->root, "down", "");
	kill(started(stage, 1, socket), SIGKILL);
	kill(started(stage, 3, socket), SIGKILL);
	while (!streams_outage(stage->streams) && !stage->failed)
		sd_event_run(stage->event, 100000);
	wait_outage(stage, 2);
	unlink(down);
	wait_outage(stage, 0);
	assert_true(started(stage, 4, socket) > 0);
	assert_true(text_begins(socket, "/tmp/x/tunnels/1-"));
	wait_started(stage, 6);
	assert_false(stage->failed);
	stage_free(stage);
}

/* A server that lets no second one in is not asked again and again. */
static void test_refused_spare(void **state)
{
	struct stage *stage = stage_new_of("/tmp/x", 60, 2);
	time_t limit = time(NULL) + 4;
	AUTO_FREE char *down = tree_path(stage->root, "down");

	(void)state;
	assert_true(loop_until(stage->event, &stage->up));
	tree_put(stage->root, "down", "");
	while (time(NULL) < limit)
		sd_event_run(stage->event, 100000);
	assert_int_equal(refused(stage), 1);
	assert_int_equal(streams_outage(stage->streams), 0);
	assert_false(stage->failed);
	stage_free(stage);
}

/* What does not come up at first is nothing that was cut off. */
static void test_never_up(void **state)
{
	struct stage *stage = stage_new("/tmp/x", 60);

	(void)state;
	tree_put(stage->root, "down", "");
	assert_true(loop_until(stage->event, &stage->failed));
	assert_false(stage->up);
	assert_int_equal(refused(stage), 1);
	stage_free(stage);
}

static unsigned started_in_all(const struct stage *stage)
{
	unsigned count = 0;
	char socket[100];

	while (started(stage, count, socket))
		count++;
	return count;
}

/* What is there stays, what logs in does not come, and what breaks is not made again. */
static void test_stop(void **state)
{
	struct stage *stage = stage_new_of("/tmp/x", 60, 8);
	time_t limit;
	unsigned count;
	char socket[100];

	(void)state;
	assert_true(loop_until(stage->event, &stage->up));
	/* The fourth is started when the third is there, the first one after up(). */
	for (limit = time(NULL) + 20; time(NULL) < limit && started_in_all(stage) < 4;)
		sd_event_run(stage->event, 100000);
	streams_stop(stage->streams);
	count = started_in_all(stage);
	assert_in_range(count, 4, 15);
	kill(started(stage, 0, socket), SIGKILL);
	for (limit = time(NULL) + 2; time(NULL) < limit;)
		sd_event_run(stage->event, 100000);
	assert_int_equal(started_in_all(stage), count);
	assert_false(stage->failed);
	assert_int_equal(streams_outage(stage->streams), 0);
	streams_stop(stage->streams);
	stage_free(stage);
}

/* The p2vd before this one had them: that none comes up is an outage. */
static void test_goes_on(void **state)
{
	struct stage *stage = stage_new_as(&(struct streams_plan){
		.workdir = "/tmp/x", .patience = 60, .each = 1, .first = 7, .goes_on = true });
	AUTO_FREE char *down = tree_path(stage->root, "down");
	char socket[100];

	(void)state;
	tree_put(stage->root, "down", "");
	assert_true(streams_outage(stage->streams) < 1000000);
	wait_outage(stage, 2);
	assert_true(streams_outage(stage->streams) > 0);
	unlink(down);
	wait_outage(stage, 0);
	assert_true(started(stage, 0, socket));
	assert_true(text_begins(socket, "/tmp/x/tunnels/"));
	assert_false(stage->up);
	assert_false(stage->failed);
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_again),         cmocka_unit_test(test_ports),
		cmocka_unit_test(test_patience),      cmocka_unit_test(test_do_without),
		cmocka_unit_test(test_never_up),      cmocka_unit_test(test_several),
		cmocka_unit_test(test_spare),         cmocka_unit_test(test_all_of_a_disk),
		cmocka_unit_test(test_refused_spare), cmocka_unit_test(test_stop),
		cmocka_unit_test(test_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
