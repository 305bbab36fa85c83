// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon's Varlink service: its methods. */
#include "service/service.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/defaults.h"
#include "service/interface.h"
#include "service/inventory_call.h"
#include "service/status_json.h"
#include "service/watchers.h"

#include <string.h>
#include <unistd.h>

struct service {
	sd_event *event;
	sd_varlink_server *server;
	char *path; /* of its socket */
	struct session *session;
	struct watchers *watchers;
	struct inventory_call *inventory, *everything;

	sd_varlink *tester; /* who waits for the end of the test; NULL: nobody */
	sd_json_variant *test_messages, *test_server;
};

/* ---- messages of a judgement ------------------------------------------------------ */

static void on_judgement(void *user, int priority, const char *line)
{
	json_append(user, message_json(priority, line));
}

/* Between these two calls messages go into the array that begin_judgement() returns. */
static void begin_judgement(sd_json_variant **messages)
{
	*messages = json_array();
	log_capture(on_judgement, messages);
}

static void end_judgement(void)
{
	log_capture(NULL, NULL);
}

static int reply_object(sd_varlink *link, const char *key, sd_json_variant *value)
{
	sd_json_variant *object = NULL;
	int r;

	json_put(&object, key, value);
	r = sd_varlink_reply(link, object);
	sd_json_variant_unref(object);
	return r;
}

static int reply_error(sd_varlink *link, const char *error, const char *key, sd_json_variant *value)
{
	sd_json_variant *object = NULL;
	int r;

	json_put(&object, key, value);
	r = sd_varlink_error(link, error, object);
	sd_json_variant_unref(object);
	return r;
}

static int reply_busy(const struct service *service, sd_varlink *link)
{
	return reply_error(link, ERROR_BUSY, "activity",
			   json_text(activity_name(session_activity(service->session))));
}

/* ---- parameters ----------------------------------------------------------------------- */

static const sd_json_dispatch_field nothing[] = { { 0 } };

static int get_parameters(sd_varlink *link, sd_json_variant *parameters,
			  sd_varlink_method_flags_t flags, void *user)
{
	struct service *service = user;
	const struct config *config = session_config(service->session);
	AUTO_FREE char *words = config_words(config);
	sd_json_variant *reply = NULL;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	if (r != 0)
		return r;
	json_put(&reply, "parameters", parameters_json(config));
	json_put_text(&reply, "words", words);
	r = sd_varlink_reply(link, reply);
	sd_json_variant_unref(reply);
	return r;
}

static int check_words(sd_varlink *link, sd_json_variant *parameters,
		       sd_varlink_method_flags_t flags, void *user)
{
	static const sd_json_dispatch_field table[] = {
		{ "words", SD_JSON_VARIANT_STRING, sd_json_dispatch_const_string, 0,
		  SD_JSON_MANDATORY },
		{ 0 },
	};
	sd_json_variant *reply = NULL, *messages = NULL;
	const char *words = NULL;
	struct config config;
	int r = sd_varlink_dispatch(link, parameters, table, &words);

	(void)flags, (void)user;
	if (r != 0)
		return r;
	if (strlen(words) > CMDLINE_MOST)
		return sd_varlink_error_invalid_parameter_name(link, "words");
	begin_judgement(&messages);
	r = defaults_config(&config, DEFAULTS_DIRECTORY, NULL, words, NULL);
	end_judgement();
	config_clear(&config);
	json_put_truth(&reply, "accepted", r >= 0);
	json_put(&reply, "messages", messages);
	r = sd_varlink_reply(link, reply);
	sd_json_variant_unref(reply);
	return r;
}

/* Reads an array of Word. The caller frees by cmdline_clear(). */
static void read_words(struct cmdline *words, sd_json_variant *array)
{
	for (size_t i = 0; i < sd_json_variant_elements(array); i++) {
		sd_json_variant *item = sd_json_variant_by_index(array, i);
		sd_json_variant *name = sd_json_variant_by_key(item, "name");
		sd_json_variant *value = sd_json_variant_by_key(item, "value");
		struct cmdline_word word = { .name = text_copy(sd_json_variant_string(name)) };

		if (value && sd_json_variant_is_string(value))
			word.value = text_copy(sd_json_variant_string(value));
		APPEND(words->word, words->count, word);
	}
}

static int set_parameters(sd_varlink *link, sd_json_variant *parameters,
			  sd_varlink_method_flags_t flags, void *user)
{
	static const sd_json_dispatch_field table[] = {
		{ "parameters", SD_JSON_VARIANT_ARRAY, sd_json_dispatch_variant_noref, 0,
		  SD_JSON_MANDATORY },
		{ 0 },
	};
	struct service *service = user;
	sd_json_variant *array = NULL, *messages = NULL;
	struct cmdline words = { 0 };
	int r = sd_varlink_dispatch(link, parameters, table, &array);

	(void)flags;
	if (r != 0)
		return r;
	read_words(&words, array);
	begin_judgement(&messages);
	r = session_set(service->session, &words);
	end_judgement();
	cmdline_clear(&words);
	if (r == 0) {
		inventory_call_again(service->inventory);
		return reply_object(link, "messages", messages);
	}
	if (r != -EBUSY)
		return reply_error(link, ERROR_WRONG_WORDS, "messages", messages);
	sd_json_variant_unref(messages);
	return reply_busy(service, link);
}

/* ---- what there is to see ------------------------------------------------------------- */

static int get_inventory(sd_varlink *link, sd_json_variant *parameters,
			 sd_varlink_method_flags_t flags, void *user)
{
	static const sd_json_dispatch_field table[] = {
		{ "all", SD_JSON_VARIANT_BOOLEAN, sd_json_dispatch_stdbool, 0, SD_JSON_NULLABLE },
		{ 0 },
	};
	struct service *service = user;
	bool all = false;
	int r = sd_varlink_dispatch(link, parameters, table, &all);

	(void)flags;
	if (r == 0)
		inventory_call_add(all ? service->everything : service->inventory, link);
	return r;
}

static int get_status(sd_varlink *link, sd_json_variant *parameters,
		      sd_varlink_method_flags_t flags, void *user)
{
	struct service *service = user;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	return r != 0 ? r : reply_object(link, "status", status_json(service->session));
}

static int watch(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		 void *user)
{
	struct service *service = user;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	return r != 0 ? r : watchers_add(service->watchers, link);
}

/* ---- tests and conversions ---------------------------------------------------------------- */

/* Begins one. Returns 0, or what the method is to return after it has replied an error. */
static int start(struct service *service, sd_varlink *link, bool test, bool *started)
{
	sd_json_variant *messages = NULL;
	int r;

	begin_judgement(&messages);
	r = session_start(service->session, test);
	end_judgement();
	*started = r >= 0;
	if (r == -EINVAL)
		return reply_error(link, ERROR_WRONG_WORDS, "messages", messages);
	sd_json_variant_unref(messages);
	return r == -EBUSY ? reply_busy(service, link) : r;
}

static void forget_tester(struct service *service)
{
	service->tester = sd_varlink_unref(service->tester);
	service->test_messages = sd_json_variant_unref(service->test_messages);
	service->test_server = sd_json_variant_unref(service->test_server);
}

static int test(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		void *user)
{
	struct service *service = user;
	bool started = false;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	if (r != 0)
		return r;
	r = start(service, link, true, &started);
	if (!started)
		return r;
	forget_tester(service);
	service->tester = sd_varlink_ref(link);
	service->test_messages = json_array();
	return 0; /* on_ended() replies */
}

static int start_conversion(sd_varlink *link, sd_json_variant *parameters,
			    sd_varlink_method_flags_t flags, void *user)
{
	bool started = false;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	if (r != 0)
		return r;
	r = start(user, link, false, &started);
	return started ? sd_varlink_reply(link, NULL) : r;
}

static int cancel(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		  void *user)
{
	struct service *service = user;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	if (r != 0)
		return r;
	if (session_cancel(service->session) < 0)
		return sd_varlink_error(link, ERROR_NOTHING_RUNS, NULL);
	return sd_varlink_reply(link, NULL);
}

static int hold(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		void *user)
{
	struct service *service = user;
	int r = sd_varlink_dispatch(link, parameters, nothing, NULL);

	(void)flags;
	if (r != 0)
		return r;
	session_hold(service->session);
	return sd_varlink_reply(link, NULL);
}

/* ---- what the session tells ------------------------------------------------------------------ */

void service_message(void *user, int priority, const char *line)
{
	struct service *service = user;

	watchers_message(service->watchers, message_json(priority, line));
	if (service->tester && priority <= LOG_WARNING)
		json_append(&service->test_messages, message_json(priority, line));
}

static void on_changed(void *user)
{
	struct service *service = user;

	watchers_status(service->watchers);
}

static void on_tested(void *user, const struct server *server, const char *address,
		      const char *hostkey)
{
	struct service *service = user;

	sd_json_variant_unref(service->test_server);
	service->test_server = server_json(server, address, hostkey);
}

static void on_ended(void *user, const struct session_result *result)
{
	struct service *service = user;
	sd_json_variant *reply = NULL;

	if (!result->test || !service->tester)
		return;
	json_put(&reply, "result", result_json(service->session, result));
	json_put(&reply, "server", sd_json_variant_ref(service->test_server));
	json_put(&reply, "messages", sd_json_variant_ref(service->test_messages));
	sd_varlink_reply(service->tester, reply);
	sd_json_variant_unref(reply);
	forget_tester(service);
}

/* ---- life time ------------------------------------------------------------------- */

static void on_disconnect(sd_varlink_server *server, sd_varlink *link, void *user)
{
	struct service *service = user;

	(void)server;
	watchers_remove(service->watchers, link);
	inventory_call_remove(service->inventory, link);
	inventory_call_remove(service->everything, link);
	if (service->tester == link)
		forget_tester(service);
}

static int listen_on(struct service *service, const char *path)
{
	static const struct {
		const char *name;
		sd_varlink_method_t method;
	} methods[] = {
		{ INTERFACE ".GetParameters", get_parameters },
		{ INTERFACE ".CheckWords", check_words },
		{ INTERFACE ".SetParameters", set_parameters },
		{ INTERFACE ".GetInventory", get_inventory },
		{ INTERFACE ".GetStatus", get_status },
		{ INTERFACE ".Watch", watch },
		{ INTERFACE ".Test", test },
		{ INTERFACE ".Start", start_conversion },
		{ INTERFACE ".Cancel", cancel },
		{ INTERFACE ".Hold", hold },
	};
	int r = sd_varlink_server_new(&service->server, SD_VARLINK_SERVER_ROOT_ONLY |
								SD_VARLINK_SERVER_MYSELF_ONLY |
								SD_VARLINK_SERVER_INHERIT_USERDATA |
								SD_VARLINK_SERVER_INPUT_SENSITIVE);

	if (r < 0)
		return r;
	sd_varlink_server_set_userdata(service->server, service);
	r = sd_varlink_server_set_info(service->server, "p2vd", "p2vd", P2VD_VERSION, NULL);
	if (r >= 0)
		r = sd_varlink_server_add_interface(service->server, &service_interface);
	for (size_t i = 0; i < COUNT(methods) && r >= 0; i++)
		r = sd_varlink_server_bind_method(service->server, methods[i].name,
						  methods[i].method);
	if (r >= 0)
		r = sd_varlink_server_bind_disconnect(service->server, on_disconnect);
	if (r >= 0)
		r = sd_varlink_server_attach_event(service->server, service->event, 0);
	return r < 0 ? r : sd_varlink_server_listen_address(service->server, path, 0600);
}

struct service *service_new(sd_event *event, struct session *session, const char *directory,
			    bool live, char **reason)
{
	struct service *service = memory_zero(1, sizeof(*service));
	char *path = text_format("%s/" SERVICE_SOCKET, directory);
	struct session_events events = {
		.changed = on_changed,
		.tested = on_tested,
		.ended = on_ended,
		.user = service,
	};
	int r;

	service->event = event;
	r = listen_on(service, path);
	if (r < 0) {
		*reason = text_format("cannot offer the Varlink service at '%s': %s", path,
				      strerror(-r));
		sd_varlink_server_unref(service->server);
		free(path);
		free(service);
		return NULL;
	}
	service->path = path;
	service->session = session;
	service->watchers = watchers_new(event, session);
	service->inventory = inventory_call_new(event, session, live, false);
	service->everything = inventory_call_new(event, session, live, true);
	session_listen(session, &events);
	return service;
}

void service_free(struct service *service)
{
	if (!service)
		return;
	unlink(service->path);
	free(service->path);
	sd_varlink_server_unref(service->server);
	forget_tester(service);
	inventory_call_free(service->inventory);
	inventory_call_free(service->everything);
	watchers_free(service->watchers);
	free(service);
}
