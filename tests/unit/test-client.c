// SPDX-License-Identifier: GPL-2.0-or-later
/* client and watch: a connection to p2vd. The other end is a server of its interface, here. */
#include "base/memory.h"
#include "base/text.h"
#include "client/client.h"
#include "client/field.h"
#include "client/given.h"
#include "client/watch.h"
#include "heap.h"
#include "json.h"
#include "loop.h"
#include "service/interface.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

struct ends {
	char *directory, *path;
	sd_event *event;
	sd_varlink_server *server;
	sd_varlink *held; /* a call that the server has not answered */
	struct client *client;

	/* The last reply. */
	bool done;
	enum client_result result;
	bool more;
	char *text; /* what it told, or the sentence for an error */
	unsigned count;

	size_t replies; /* of Watch */
	struct watch *watch;
};

static int on_status(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		     void *user)
{
	(void)parameters, (void)flags, (void)user;
	return sd_varlink_replybo(link,
				  SD_JSON_BUILD_PAIR_OBJECT("status",
							    SD_JSON_BUILD_PAIR_STRING("version",
										      "1"),
							    SD_JSON_BUILD_PAIR_STRING("activity",
										      "waiting")));
}

static int on_start(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		    void *user)
{
	(void)parameters, (void)flags, (void)user;
	return sd_varlink_errorbo(link, ERROR_BUSY,
				  SD_JSON_BUILD_PAIR_STRING("activity", "converting"));
}

static int on_cancel(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		     void *user)
{
	(void)parameters, (void)flags, (void)user;
	return sd_varlink_error(link, ERROR_NOTHING_RUNS, NULL);
}

/* Watch replies some times and holds its call then, as Test does at once. */
static int on_watch(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		    void *user)
{
	static const char *const replies[] = {
		"{\"messages\":[{\"severity\":\"notice\",\"text\":\"earlier\"}],"
		"\"status\":{\"version\":\"1\",\"activity\":\"waiting\"}}",
		"{\"messages\":[{\"severity\":\"error\",\"text\":\"later\"}]}",
		"{\"messages\":[],\"status\":{\"version\":\"1\",\"activity\":\"ended\"}}",
	};
	struct ends *ends = user;

	(void)parameters, (void)flags;
	for (size_t i = 0; i < ends->replies; i++) {
		sd_json_variant *reply = json(replies[i]);

		assert_return_code(sd_varlink_notify(link, reply), 0);
		sd_json_variant_unref(reply);
	}
	ends->held = sd_varlink_ref(link);
	return 0;
}

static int on_test(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		   void *user)
{
	struct ends *ends = user;

	(void)parameters, (void)flags;
	ends->held = sd_varlink_ref(link);
	return 0;
}

static int begin(void **state)
{
	struct ends *ends = memory_zero(1, sizeof(*ends));
	char directory[] = "/tmp/test-client-XXXXXX";
	AUTO_FREE char *reason = NULL;

	assert_non_null(mkdtemp(directory));
	ends->directory = text_copy(directory);
	ends->replies = 3;
	ends->path = text_format("%s/" CLIENT_SOCKET, directory);
	ends->event = loop_new();
	assert_return_code(sd_varlink_server_new(&ends->server, SD_VARLINK_SERVER_INHERIT_USERDATA),
			   0);
	sd_varlink_server_set_userdata(ends->server, ends);
	assert_return_code(sd_varlink_server_add_interface(ends->server, &service_interface), 0);
	assert_return_code(sd_varlink_server_bind_method_many(ends->server, INTERFACE ".GetStatus",
							      on_status, INTERFACE ".Start",
							      on_start, INTERFACE ".Cancel",
							      on_cancel, INTERFACE ".Watch",
							      on_watch, INTERFACE ".Test", on_test),
			   0);
	assert_return_code(sd_varlink_server_listen_address(ends->server, ends->path, 0600), 0);
	assert_return_code(sd_varlink_server_attach_event(ends->server, ends->event, 0), 0);
	assert_return_code(client_open(ends->event, ends->path, &ends->client, &reason), 0);
	*state = ends;
	return 0;
}

static int end(void **state)
{
	struct ends *ends = *state;

	client_free(ends->client);
	sd_varlink_close_unref(ends->held);
	loop_idle(ends->event); /* the server sees that the connection is closed */
	sd_varlink_server_unref(ends->server);
	sd_event_unref(ends->event);
	unlink(ends->path);
	rmdir(ends->directory);
	free(ends->directory);
	free(ends->path);
	free(ends->text);
	free(ends);
	return 0;
}

static void on_reply(void *user, const struct client_reply *reply)
{
	struct ends *ends = user;
	sd_json_variant *status = field_value(reply->parameters, "status");

	free(ends->text);
	ends->text = reply->result == CLIENT_ANSWER ? text_copy(field_text(status, "activity")) :
						      client_sentence(ends->client, reply);
	ends->result = reply->result;
	ends->more = reply->more;
	ends->count++;
	ends->done = !reply->more;
}

static enum client_result call(struct ends *ends, const char *method, uint64_t seconds)
{
	ends->done = false;
	client_call(ends->client, method, NULL, seconds, on_reply, ends);
	assert_true(loop_until(ends->event, &ends->done));
	return ends->result;
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(CLIENT_INTERFACE, INTERFACE);
}

static void test_answers(void **state)
{
	struct ends *ends = *state;

	assert_int_equal(call(ends, "GetStatus", CLIENT_SOON), CLIENT_ANSWER);
	assert_string_equal(ends->text, "waiting");
	assert_int_equal(call(ends, "Start", CLIENT_SOON), CLIENT_BUSY);
	assert_non_null(strstr(ends->text, "(converting)"));
	assert_int_equal(call(ends, "Cancel", CLIENT_EVER), CLIENT_NOTHING_RUNS);
	assert_non_null(strstr(ends->text, "nothing to cancel"));
	/* Nobody has bound this one; and one that the interface does not have. */
	assert_int_equal(call(ends, "GetInventory", CLIENT_SOON), CLIENT_FAILED);
	assert_int_equal(call(ends, "Nonsense", CLIENT_SOON), CLIENT_FAILED);
	assert_non_null(strstr(ends->text, "does not know 'io.p2vd.Daemon.Nonsense'"));
	assert_int_equal(call(ends, "GetStatus", CLIENT_SOON), CLIENT_ANSWER);
}

/* The last reply may make the next call. */
static void on_first(void *user, const struct client_reply *reply)
{
	struct ends *ends = user;

	assert_int_equal(reply->result, CLIENT_BUSY);
	client_call(ends->client, "GetStatus", NULL, CLIENT_SOON, on_reply, ends);
}

static void test_next_call(void **state)
{
	struct ends *ends = *state;

	client_call(ends->client, "Start", NULL, CLIENT_SOON, on_first, ends);
	assert_true(loop_until(ends->event, &ends->done));
	assert_int_equal(ends->result, CLIENT_ANSWER);
	assert_string_equal(ends->text, "waiting");
}

static void on_last(void *user, const struct client_reply *reply)
{
	struct ends *ends = user;

	(void)reply;
	client_free(steal(ends->client));
	ends->done = true;
}

/* A callback may free the client, on an answer and when the connection ends. */
static void test_freed(void **state)
{
	struct ends *ends = *state;
	AUTO_FREE char *reason = NULL;

	client_call(ends->client, "GetStatus", NULL, CLIENT_SOON, on_last, ends);
	assert_true(loop_until(ends->event, &ends->done));
	ends->done = false;
	assert_return_code(client_open(ends->event, ends->path, &ends->client, &reason), 0);
	client_call(ends->client, "Test", NULL, CLIENT_EVER, on_last, ends);
	while (!ends->held)
		sd_event_run(ends->event, 100000);
	ends->held = sd_varlink_close_unref(ends->held);
	assert_true(loop_until(ends->event, &ends->done));
	loop_idle(ends->event);
}

static void test_lost(void **state)
{
	struct ends *ends = *state;

	client_call(ends->client, "Test", NULL, CLIENT_EVER, on_reply, ends);
	while (!ends->held)
		sd_event_run(ends->event, 100000);
	assert_false(ends->done);
	ends->held = sd_varlink_close_unref(ends->held);
	assert_true(loop_until(ends->event, &ends->done));
	assert_int_equal(ends->result, CLIENT_LOST);
	assert_non_null(strstr(ends->text, "has closed the connection and not replied to 'Test'"));
	/* And so is the next call, which nobody can answer any more. */
	assert_int_equal(call(ends, "GetStatus", CLIENT_SOON), CLIENT_LOST);
	assert_int_equal(ends->count, 2);
}

static void test_late(void **state)
{
	struct ends *ends = *state;

	assert_int_equal(call(ends, "Test", 1), CLIENT_LOST);
	assert_non_null(strstr(ends->text, "has not replied to 'Test' in time"));
}

static void test_watch(void **state)
{
	struct ends *ends = *state;

	client_watch(ends->client, on_reply, ends);
	while (ends->count < 3)
		sd_event_run(ends->event, 100000);
	loop_idle(ends->event);
	assert_int_equal(ends->count, 3);
	assert_int_equal(ends->result, CLIENT_ANSWER);
	assert_true(ends->more);
	ends->held = sd_varlink_close_unref(ends->held);
	assert_true(loop_until(ends->event, &ends->done));
	assert_int_equal(ends->result, CLIENT_LOST);
	assert_non_null(strstr(ends->text, "'Watch'"));
}

static void on_told(void *user, const struct status *status)
{
	struct ends *ends = user;

	ends->count++;
	if (status_is_over(status)) {
		watch_free(steal(ends->watch));
		ends->done = true;
	}
}

static void on_lost(void *user, const struct client *client, const struct client_reply *reply)
{
	struct ends *ends = user;

	ends->text = client_sentence(client, reply);
	watch_free(steal(ends->watch));
	ends->done = true;
}

/* Begins to watch, on a screen that is a file. */
static struct screen *begin_watch(struct ends *ends, FILE *file, bool earlier)
{
	struct watch_events events = { .told = on_told, .lost = on_lost, .user = ends };
	struct screen *screen = screen_new(file, false);
	AUTO_FREE char *reason = NULL;

	assert_return_code(watch_start(ends->event, ends->path, screen, earlier, &events,
				       &ends->watch, &reason),
			   0);
	return screen;
}

static void check_shown(FILE *file, const char *expected)
{
	char shown[128];

	rewind(file);
	shown[fread(shown, 1, sizeof(shown) - 1, file)] = '\0';
	assert_string_equal(shown, expected);
}

/* Up to the end of what runs. The callback frees the watch. */
static void test_watched(void **state)
{
	struct ends *ends = *state;
	AUTO_FCLOSE FILE *file = tmpfile();
	struct screen *screen = begin_watch(ends, file, true);

	assert_true(loop_until(ends->event, &ends->done));
	loop_idle(ends->event);
	assert_int_equal(ends->count, 2);
	check_shown(file, "earlier\nerror: later\n");
	screen_free(screen);
}

/* The connection ends before. What was shown is not shown again. */
static void test_watch_lost(void **state)
{
	struct ends *ends = *state;
	AUTO_FCLOSE FILE *file = tmpfile();
	struct screen *screen = begin_watch(ends, file, false);
	sd_json_variant *rest = json("{\"messages\":[{\"severity\":\"error\",\"text\":\"later\"},"
				     "{\"severity\":\"error\",\"text\":\"last\"}]}");

	ends->replies = 2;
	while (!ends->held)
		sd_event_run(ends->event, 100000);
	loop_idle(ends->event);
	assert_false(ends->done);
	watch_show_rest(ends->watch, rest);
	ends->held = sd_varlink_close_unref(ends->held);
	assert_true(loop_until(ends->event, &ends->done));
	assert_non_null(strstr(ends->text, "has closed the connection"));
	check_shown(file, "error: later\nerror: last\n");
	screen_free(screen);
	sd_json_variant_unref(rest);
}

/* A secret that was sent is wiped. Who listens takes what comes, and is no server of ours: that
 * would keep it in this process. */
static void test_wiped(void **state)
{
	struct ends *ends = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_CLOSE int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	AUTO_FREE char *reason = NULL;
	struct client *client = NULL;
	sd_json_variant *words = NULL;
	char taken[256] = "";

	if (!HEAP_READABLE)
		skip();
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/plain", ends->directory);
	assert_return_code(bind(listening, (struct sockaddr *)&address, sizeof(address)), errno);
	assert_return_code(listen(listening, 1), errno);
	assert_return_code(client_open(ends->event, address.sun_path, &client, &reason), 0);
	words = given_parameters((char *[]){ "p2v.x=hidden-word", NULL }, NULL, &reason);
	assert_non_null(words);
	client_call(client, "SetParameters", words, CLIENT_SOON, on_reply, ends);
	sd_json_variant_unref(words);
	loop_idle(ends->event);
	{
		AUTO_CLOSE int accepted = accept(listening, NULL, NULL);

		assert_true(read(accepted, taken, sizeof(taken) - 1) > 0);
	}
	assert_non_null(strstr(taken, "hidden-word"));
	client_free(client);
	unlink(address.sun_path);
	assert_false(heap_holds("hidden-word"));
}

static void test_nobody(void **state)
{
	struct ends *ends = *state;
	struct client *client = NULL;
	AUTO_FREE char *reason = NULL, *other = NULL;
	AUTO_FREE char *path = text_format("%s/nobody", ends->directory);

	assert_int_equal(client_open(ends->event, path, &client, &reason), -ENOENT);
	assert_non_null(strstr(reason, "/nobody': No such file or directory: is it running?"));
	assert_int_equal(client_open(ends->event, "not/absolute", &client, &other), -EINVAL);
	assert_non_null(strstr(other, "'not/absolute'"));
	assert_null(client);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		TEST(test_answers),
		TEST(test_next_call),
		TEST(test_freed),
		TEST(test_lost),
		TEST(test_late),
		TEST(test_watch),
		TEST(test_watched),
		TEST(test_watch_lost),
		TEST(test_wiped),
		TEST(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
