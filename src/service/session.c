// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd does, from its start to its end. */
#include "service/session.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/defaults.h"
#include "config/parameters.h"
#include "config/secret_words.h"
#include "conversion/configure.h"
#include "conversion/ending.h"
#include "conversion/run_record.h"
#include "service/client_words.h"
#include "service/countdown.h"
#include "service/kept_words.h"
#include "service/telling.h"
#include "service/unconfigured.h"

#include <string.h>
#include <systemd/sd-daemon.h>

struct session {
	sd_event *event;
	struct session_setup setup;
	struct session_events events;

	struct cmdline file;   /* the words of the file that p2v.config names, if it was read */
	struct cmdline client; /* those that clients have set */
	bool file_read;
	struct config config; /* what all of them make */
	char **set_since; /* names: see session_set_since() */

	/* What runs, or has run last. Freed from the event loop before the next one. */
	bool attended; /* a client has begun it */
	bool test, looks;
	struct configure *configure;
	struct conversion *conversion;
	bool configuring, converting;
	char *waiting;
	struct countdown *countdown; /* NULL: nothing begins by itself */
	struct telling *telling; /* of the end: before what is to be done then */
	struct ending *ending;
	bool has_result;
	bool resumes; /* a p2vd that was killed has left a conversion that goes on */
	struct session_result result;
};

static void changed(struct session *session)
{
	if (session->events.changed)
		session->events.changed(session->events.user);
}

static void say_state(const char *name)
{
	log_notice("[%s]", name);
	sd_notifyf(0, "STATUS=%s", name);
}

/* On p2vd's own terminal, if it has one. */
static void show(struct session *session, char *const *lines)
{
	if (session->setup.progress)
		session->setup.progress(session->setup.user, lines);
}

static void stop_countdown(struct session *session)
{
	countdown_free(steal(session->countdown));
}

/* ---- the end ------------------------------------------------------------------ */

static void clear_result(struct session_result *result)
{
	free(result->reason);
	free(result->guest);
	*result = (struct session_result){ 0 };
}

/* A test ends without p2v.post and p2v.fail: nothing was converted. */
static void settle(struct session *session)
{
	if (session->test)
		ending_tested(session->ending);
	else if (session->result.code == EXIT_DONE && session->looks)
		ending_looked(session->ending);
	else if (session->result.code == EXIT_DONE)
		ending_done(session->ending);
	else
		ending_failed(session->ending, session->result.code, session->result.reason);
}

static void on_told(void *user)
{
	settle(user);
	changed(user);
}

static void end(struct session *session, int code, const char *reason)
{
	const struct conversion *conversion = session->conversion;

	session->configuring = session->converting = false;
	free(steal(session->waiting));
	clear_result(&session->result);
	session->has_result = true;
	session->result.test = session->test;
	session->result.inventory = session->looks;
	session->result.code = code;
	session->result.reason = reason ? log_clean(reason) : NULL;
	if (code == EXIT_DONE && !session->test && !session->looks)
		session->result.guest = conversion_result(conversion);
	if (session->test ||
	    !telling_end(session->telling, &session->config, session->result.reason))
		settle(session);
	if (session->events.ended)
		session->events.ended(session->events.user, &session->result);
	changed(session);
}

static void refuse(struct session *session, int code, const char *reason)
{
	log_error("%s", reason);
	end(session, code, reason);
}

static void on_settled(void *user)
{
	changed(user);
}

/* ---- a test or conversion ------------------------------------------------------- */

static void on_state(void *user, enum conversion_state state, const char *name)
{
	struct session *session = user;

	say_state(name);
	telling_state(session->telling, state, name);
	changed(session);
}

static void on_ended(void *user, int code, const char *reason)
{
	end(user, code, reason);
}

static void on_tested(void *user, const struct server *server, const char *address,
		      const char *hostkey)
{
	struct session *session = user;

	if (session->events.tested)
		session->events.tested(session->events.user, server, address, hostkey);
}

/* Tells people what p2vd waits for: somebody at the machine may know which cable is missing.
 * @line is NULL when the waiting is over. */
static void on_waiting(void *user, const char *line)
{
	struct session *session = user;

	free(session->waiting);
	session->waiting = line ? log_clean(line) : NULL;
	show(session, session->waiting ? (char *[]){ session->waiting, NULL } : NULL);
	changed(session);
}

static void on_progress(void *user, char *const *lines)
{
	show(user, lines);
	changed(user);
}

static void convert(struct session *session)
{
	struct conversion_events events = {
		.state = on_state,
		.ended = on_ended,
		.tested = on_tested,
		.progress = on_progress,
		.waiting = on_waiting,
		.user = session,
	};
	struct conversion_setup setup = {
		.config = &session->config,
		.test = session->test || session->looks,
		.look = session->looks,
		.live = !session->setup.appliance,
		.directory = session->setup.directory,
	};

	if (!session->test)
		telling_begin(session->telling, &session->config);
	session->converting = true;
	session->conversion = conversion_start(session->event, &setup, &events);
}

/* ---- the configuration ------------------------------------------------------------ */

static int make_config(const struct session *session, const struct cmdline *client,
		       struct config *config)
{
	return defaults_config(config, DEFAULTS_DIRECTORY,
			       session->file_read ? &session->file : NULL, session->setup.cmdline,
			       client);
}

/* Makes the configuration anew from all words. Returns 0, or -EINVAL after messages; then it
 * is as it was. */
static int read_config(struct session *session, const struct cmdline *client)
{
	struct config config;

	if (make_config(session, client, &config) < 0) {
		config_clear(&config);
		return -EINVAL;
	}
	config_clear(&session->config);
	session->config = config;
	log_set_debug(config.debug);
	return 0;
}

static void wait_for_clients(struct session *session)
{
	sd_notify(0, "STATUS=waiting");
	if (session->setup.appliance)
		unconfigured_say(&session->config);
	changed(session);
}

void session_hold(struct session *session)
{
	if (!session->countdown)
		return;
	stop_countdown(session);
	log_notice("waiting for the person at the machine, who has ended the countdown");
	on_waiting(session, NULL);
}

static void on_second(void *user, unsigned left)
{
	AUTO_FREE char *line = text_format("the conversion begins in %u s; press 'm' for the menu",
					   left);

	on_waiting(user, line);
}

static void on_countdown_over(void *user)
{
	struct session *session = user;

	stop_countdown(session);
	on_waiting(session, NULL);
	convert(session);
}

static void count_down(struct session *session)
{
	if (session->setup.appliance && session->config.countdown && !session->resumes)
		session->countdown = countdown_start(session->event, session->config.countdown,
						     on_second, on_countdown_over, session);
	else
		convert(session);
}

/* Called when the configuration is complete. */
static void go_on(struct session *session)
{
	bool ready;

	session->looks = !session->test && session->config.task == TASK_INVENTORY;
	ready = session->config.server || session->looks;
	if (session->config.dump_config_and_exit) {
		config_print(&session->config, NULL, stdout);
		sd_event_exit(session->event, EXIT_DONE);
	} else if (ready && !session->attended) {
		count_down(session);
	} else if (ready) {
		convert(session);
	} else if (session->setup.appliance && !session->attended) {
		wait_for_clients(session);
	} else {
		refuse(session, EXIT_CONFIGURATION, "no p2v.server: name the conversion server");
	}
}

static void on_configured(void *user, const struct cmdline *words, int code, const char *reason)
{
	struct session *session = user;
	AUTO_FREE char *wrong = NULL;

	session->configuring = false;
	if (!words) {
		refuse(session, code, reason);
		return;
	}
	cmdline_clear(&session->file);
	cmdline_append_copy(&session->file, words);
	session->file_read = true;
	if (read_config(session, &session->client) < 0) {
		wrong = text_format("the configuration '%s' is wrong",
				    session->config.configuration);
		refuse(session, EXIT_CONFIGURATION, wrong);
		return;
	}
	go_on(session);
}

static void configure(struct session *session)
{
	say_state("configuration");
	session->configuring = true;
	session->configure = configure_start(session->event, &session->config, on_configured,
					     on_waiting, session);
	changed(session);
}

void session_begin(struct session *session, int code, const char *trouble)
{
	if (trouble)
		refuse(session, code, trouble);
	else if (session->setup.serve && !(session->resumes && session->config.server))
		wait_for_clients(session);
	else if (session->config.configuration)
		configure(session);
	else
		go_on(session);
}

/* ---- what clients want ------------------------------------------------------------ */

/* Whether a conversion that runs can take @words: all of them are for how fast it is. */
static bool can_take(const struct session *session, const struct cmdline *words)
{
	return session->converting && !session->test && !session->looks &&
	       client_words_only(words, "p2v.bandwidth");
}

/* The rest of the configuration stays as it is: the conversion refers to it. */
static int read_bandwidth(struct session *session, const struct cmdline *client)
{
	size_t index = parameter_index(parameter_find("p2v.bandwidth"));
	struct config config;
	int r = make_config(session, client, &config);

	if (r >= 0) {
		session->config.bandwidth = config.bandwidth;
		session->config.origin[index] = config.origin[index];
		conversion_set_bandwidth(session->conversion);
	}
	config_clear(&config);
	return r < 0 ? -EINVAL : 0;
}

int session_set(struct session *session, const struct cmdline *words)
{
	struct cmdline client = { 0 };
	bool runs = session_runs(session);
	int r;

	if (runs && !can_take(session, words))
		return -EBUSY;
	cmdline_append_copy(&client, &session->client);
	secret_words_register(words);
	r = client_words_apply(&client, words, &session->config);
	if (r >= 0)
		r = runs ? read_bandwidth(session, &client) : read_config(session, &client);
	if (r < 0) {
		cmdline_clear(&client);
		return r;
	}
	session_hold(session); /* who enters something does not want it to begin by itself */
	cmdline_clear(&session->client);
	session->client = client;
	client_words_note(words, &session->set_since);
	kept_words_store(&session->client);
	changed(session);
	return 0;
}

int session_start(struct session *session, bool test)
{
	if (session_runs(session) || telling_busy(session->telling) || ending_busy(session->ending))
		return -EBUSY;
	if (!session->config.server && !session->config.configuration &&
	    (test || session->config.task != TASK_INVENTORY)) {
		log_error("no p2v.server: name the conversion server");
		return -EINVAL;
	}
	stop_countdown(session);
	configure_free(steal(session->configure));
	conversion_free(steal(session->conversion));
	telling_stop(session->telling);
	clear_result(&session->result);
	session->has_result = false;
	list_free(steal(session->set_since));
	session->attended = true;
	session->test = test;
	session->looks = false;
	ending_again(session->ending);
	if (session->config.configuration)
		configure(session);
	else
		go_on(session);
	return 0;
}

int session_cancel(struct session *session)
{
	if (session->configuring) {
		configure_free(steal(session->configure));
		refuse(session, EXIT_CONVERSION, "cancelled");
	} else if (session->converting) {
		conversion_cancel(session->conversion, "cancelled");
	} else if (session->countdown) {
		session_hold(session);
	} else {
		return -ENOENT;
	}
	return 0;
}

void session_leave(struct session *session)
{
	if (session_runs(session) || telling_busy(session->telling))
		ending_leave(session->ending);
	if (telling_busy(session->telling)) {
		telling_stop(session->telling);
		on_told(session);
		return;
	}
	if (session_cancel(session) >= 0)
		return;
	sd_event_exit(session->event, session->setup.serve && !ending_busy(session->ending) ?
					      session->result.code :
					      ending_code(session->ending));
}

/* ---- what there is to see ------------------------------------------------------------ */

bool session_runs(const struct session *session)
{
	return session->configuring || session->converting;
}

enum activity session_activity(const struct session *session)
{
	if (session->configuring)
		return ACTIVITY_CONFIGURING;
	if (session->converting)
		return session->test ? ACTIVITY_TESTING : ACTIVITY_CONVERTING;
	if (telling_busy(session->telling) || ending_busy(session->ending))
		return ACTIVITY_ENDING;
	if (ending_powers_off(session->ending))
		return ACTIVITY_LEAVING;
	return session->has_result ? ACTIVITY_ENDED : ACTIVITY_WAITING;
}

const struct config *session_config(const struct session *session)
{
	return &session->config;
}

static void on_copy_message(void *user, int priority, const char *line)
{
	(void)user, (void)priority, (void)line; /* it was told before */
}

void session_copy_config(const struct session *session, struct config *config)
{
	log_capture(on_copy_message, NULL);
	make_config(session, &session->client, config);
	log_capture(NULL, NULL);
}

struct conversion *session_conversion(const struct session *session)
{
	return session->conversion;
}

const char *session_waiting(const struct session *session)
{
	return session->waiting;
}

char *const *session_set_since(const struct session *session)
{
	return session->set_since;
}

const struct session_result *session_result(const struct session *session)
{
	return session->has_result ? &session->result : NULL;
}

/* ---- life time ------------------------------------------------------------------- */

struct session *session_new(sd_event *event, const struct session_setup *setup,
			    const struct config *config)
{
	struct session *session = memory_zero(1, sizeof(*session));

	*session = (struct session){
		.event = event,
		.setup = *setup,
		.config = *config,
	};
	kept_words_take(&session->client);
	session->resumes = run_record_exists(setup->directory);
	if (session->client.count && read_config(session, &session->client) >= 0)
		log_notice("what was entered before p2vd was started again is still known");
	session->telling = telling_new(event, setup->report, on_told, session);
	session->ending = ending_new(event, &session->config, setup->appliance, setup->serve,
				     on_settled, session);
	return session;
}

void session_listen(struct session *session, const struct session_events *events)
{
	session->events = *events;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	stop_countdown(session);
	configure_free(session->configure);
	conversion_free(session->conversion);
	telling_free(session->telling);
	ending_free(session->ending);
	cmdline_clear(&session->file);
	cmdline_clear(&session->client);
	config_clear(&session->config);
	clear_result(&session->result);
	list_free(session->set_since);
	free(session->waiting);
	free(session);
}
