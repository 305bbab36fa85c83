// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd does, from its start to its end. */
#include "service/session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/defaults.h"
#include "config/parameters.h"
#include "config/secret_words.h"
#include "conversion/configure.h"
#include "conversion/ending.h"
#include "service/kept_words.h"

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

	/* What runs, or has run last. Freed from the event loop before the next one. */
	bool attended; /* a client has begun it */
	bool test;
	struct configure *configure;
	struct conversion *conversion;
	bool configuring, converting;
	char *waiting;
	unsigned seconds; /* until it begins by itself */
	sd_event_source *countdown; /* NULL: nothing begins by itself */
	struct ending *ending;
	bool has_result;
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

static void stop_countdown(struct session *session)
{
	session->countdown = sd_event_source_disable_unref(session->countdown);
}

/* ---- the end ------------------------------------------------------------------ */

static void clear_result(struct session_result *result)
{
	free(result->reason);
	free(result->guest);
	*result = (struct session_result){ 0 };
}

/* A test ends without p2v.post and p2v.fail: nothing was converted. */
static void end(struct session *session, int code, const char *reason)
{
	const struct conversion *conversion = session->conversion;

	session->configuring = session->converting = false;
	free(steal(session->waiting));
	clear_result(&session->result);
	session->has_result = true;
	session->result.test = session->test;
	session->result.code = code;
	session->result.reason = reason ? log_clean(reason) : NULL;
	if (code == EXIT_DONE && !session->test)
		session->result.guest = conversion_result(conversion);
	if (session->test)
		ending_tested(session->ending);
	else if (code == EXIT_DONE)
		ending_done(session->ending);
	else
		ending_failed(session->ending, code, reason);
	if (session->events.ended)
		session->events.ended(session->events.user, &session->result);
	changed(session);
}

static void refuse(struct session *session, int code, const char *reason)
{
	log_error("%s", reason);
	end(session, code, reason);
}

/* ---- a test or conversion ------------------------------------------------------- */

static void on_state(void *user, enum conversion_state state, const char *name)
{
	struct session *session = user;

	(void)state;
	say_state(name);
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

/* Tells the console what p2vd waits for: somebody there may know which cable is
 * missing. @line is NULL when the waiting is over. */
static void on_waiting(void *user, const char *line)
{
	struct session *session = user;
	char *lines[] = { (char *)line, NULL };

	free(session->waiting);
	session->waiting = text_copy(line);
	console_status(session->setup.console, lines);
	if (line)
		ending_offer_shell(session->ending);
	changed(session);
}

static void on_progress(void *user)
{
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
		.test = session->test,
		.live = !session->setup.appliance,
		.console = session->setup.console,
		.directory = session->setup.directory,
	};

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
		ending_wait(session->ending);
	changed(session);
}

/* A person has asked for the forms: nothing begins by itself any more. */
static void on_opened(void *user)
{
	struct session *session = user;

	if (!session->countdown)
		return;
	stop_countdown(session);
	log_notice("waiting for the person who has asked for the menu");
	on_waiting(session, NULL);
}

static int on_second(sd_event_source *source, uint64_t now, void *user)
{
	struct session *session = user;
	AUTO_FREE char *line = text_format("the conversion begins in %u s; press 'm' for the menu",
					   session->seconds);

	if (session->seconds == 0) {
		stop_countdown(session);
		on_waiting(session, NULL);
		convert(session);
		return 0;
	}
	session->seconds--;
	on_waiting(session, line);
	sd_event_source_set_time(source, now + 1000000);
	return 0;
}

static void count_down(struct session *session)
{
	ending_offer_forms(session->ending, on_opened, session);
	session->seconds = session->setup.appliance ? session->config.countdown : 0;
	if (!session->seconds) {
		convert(session);
		return;
	}
	if (sd_event_add_time_relative(session->event, &session->countdown, CLOCK_BOOTTIME, 0, 0,
				       on_second, session) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(session->countdown, SD_EVENT_ON);
}

/* Called when the configuration is complete. */
static void go_on(struct session *session)
{
	if (session->config.dump_config_and_exit) {
		config_print(&session->config, NULL, stdout);
		sd_event_exit(session->event, EXIT_DONE);
	} else if (session->config.server && !session->attended) {
		count_down(session);
	} else if (session->config.server) {
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
	else if (session->setup.serve)
		wait_for_clients(session);
	else if (session->config.configuration)
		configure(session);
	else
		go_on(session);
}

/* ---- what clients want ------------------------------------------------------------ */

/* What a client has set for @parameter is taken back. */
static void forget(struct cmdline *client, const struct parameter *parameter)
{
	struct cmdline kept = { 0 };

	for (size_t i = 0; i < client->count; i++) {
		struct cmdline_word *word = &client->word[i];

		if (parameter_find(word->name) != parameter) {
			APPEND(kept.word, kept.count, *word);
			continue;
		}
		free(word->name);
		secret_free(word->value);
	}
	free(client->word);
	*client = kept;
}

/* Where the shell is forbidden, what was given stays as it is, and no command can be given:
 * who sits at the console is not trusted with this machine. */
static bool is_locked(const struct session *session, const struct parameter *parameter)
{
	static const char *const commands[] = { "p2v.pre",  "p2v.post",   "p2v.fail",
						"p2v.done", "p2v.config", "p2v.shell" };
	unsigned char origin = session->config.origin[parameter_index(parameter)];
	bool given = origin != ORIGIN_BUILTIN && origin != ORIGIN_CLIENT;

	for (size_t i = 0; i < COUNT(commands); i++)
		given = given || parameter == parameter_find(commands[i]);
	return !session->config.shell && given;
}

/* Applies @word to @client. Returns 0, or -EINVAL after a message. */
static int apply(const struct session *session, struct cmdline *client, struct cmdline_word *word)
{
	const struct parameter *parameter = parameter_find(word->name);
	struct cmdline one = { .word = word, .count = 1 };
	AUTO_FREE char *why = parameter ? NULL : parameter_unknown(word->name);

	if (!parameter) {
		log_error("'%.80s' %s", word->name, why);
		return -EINVAL;
	}
	if (is_locked(session, parameter)) {
		log_error("'%s' cannot be set here: p2v.shell=no keeps what the image, the file of p2v.config and the kernel command line say, and takes no command",
			  parameter->name);
		return -EINVAL;
	}
	forget(client, parameter);
	if (word->value)
		cmdline_append_copy(client, &one);
	return 0;
}

static size_t bytes_of(const struct cmdline *words)
{
	size_t bytes = 0;

	for (size_t i = 0; i < words->count; i++)
		bytes += strlen(words->word[i].name) + strlen(words->word[i].value) + 2;
	return bytes;
}

int session_set(struct session *session, const struct cmdline *words)
{
	struct cmdline client = { 0 };
	int r = 0;

	if (session_runs(session))
		return -EBUSY;
	cmdline_append_copy(&client, &session->client);
	secret_words_register(words);
	for (size_t i = 0; i < words->count; i++)
		if (apply(session, &client, &words->word[i]) < 0)
			r = -EINVAL;
	if (r >= 0 && bytes_of(&client) > CMDLINE_MOST) {
		log_error("what clients have set is longer than %d bytes: put parameters into a file that p2v.config names",
			  CMDLINE_MOST);
		r = -EINVAL;
	}
	for (size_t i = 0; i < client.count; i++)
		client.word[i].of_client = true;
	if (r >= 0)
		r = read_config(session, &client);
	if (r < 0) {
		cmdline_clear(&client);
		return r;
	}
	on_opened(session); /* who enters something does not want it to begin by itself */
	cmdline_clear(&session->client);
	session->client = client;
	kept_words_store(&session->client);
	changed(session);
	return 0;
}

int session_start(struct session *session, bool test)
{
	if (session_runs(session) || ending_busy(session->ending))
		return -EBUSY;
	if (!session->config.server && !session->config.configuration) {
		log_error("no p2v.server: name the conversion server");
		return -EINVAL;
	}
	stop_countdown(session);
	configure_free(steal(session->configure));
	conversion_free(steal(session->conversion));
	clear_result(&session->result);
	session->has_result = false;
	session->attended = true;
	session->test = test;
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
		on_opened(session);
	} else {
		return -ENOENT;
	}
	return 0;
}

void session_leave(struct session *session)
{
	if (session_runs(session))
		ending_leave(session->ending);
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
	if (ending_busy(session->ending))
		return ACTIVITY_ENDING;
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
	if (session->client.count && read_config(session, &session->client) >= 0)
		log_notice("what was entered before p2vd was started again is still known");
	session->ending = ending_new(event, &session->config, setup->console, setup->appliance,
				     setup->serve);
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
	ending_free(session->ending);
	cmdline_clear(&session->file);
	cmdline_clear(&session->client);
	config_clear(&session->config);
	clear_result(&session->result);
	free(session->waiting);
	free(session);
}
