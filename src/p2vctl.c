// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * p2vctl: asks p2vd at this machine and tells it what to do, for a person at the shell and for
 * scripts. Its options and commands; what they show comes from room client.
 */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/client.h"
#include "client/field.h"
#include "client/given.h"
#include "client/inventory_sheet.h"
#include "client/message.h"
#include "client/parameter_sheet.h"
#include "client/screen.h"
#include "client/server_sheet.h"
#include "client/status.h"
#include "client/watch.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static const char usage[] =
	"Usage: p2vctl [OPTION]... COMMAND [ARGUMENT]...\n"
	"Asks p2vd at this machine what it does, and tells it what to do.\n"
	"\n"
	"Commands:\n"
	"  status                 what p2vd does, and how far it is\n"
	"  watch                  the same and its messages, as they come, up to the end\n"
	"  inventory              what the machine is\n"
	"  parameters [NAME]...   the parameters with their values, or all about some of them\n"
	"  set NAME[=VALUE]...    set parameters; a secret without =, p2vctl then reads it\n"
	"  unset NAME...          take back what was set\n"
	"  check [WORDS]...       judge a kernel command line; without WORDS, standard input\n"
	"  test                   test the conversion server\n"
	"  start                  begin the conversion\n"
	"  cancel                 end the conversion or test that runs\n"
	"\n"
	"Options:\n"
	"      --words            with parameters: those that are given, as words for a\n"
	"                         kernel command line, without secrets\n"
	"      --watch            with start: watch it, up to its end\n"
	"      --wait             with cancel: wait until all is ended\n"
	"      --json             print what p2vd answers, as JSON\n"
	"      --runtime-directory=DIR  that of p2vd, in place of /run/p2vd\n"
	"      --address=PATH     the socket of p2vd, in place of DIR/io.p2vd.Daemon\n"
	"      --help             print this and exit\n"
	"      --version          print the version and exit\n"
	"\n"
	"Exit status: 0 done, 1 conversion or test failed, 2 wrong parameter or usage, 3 p2vd\n"
	"not reachable, 4 p2vd busy or nothing to cancel, 5 internal error. See p2vctl(8).\n";

enum {
	EXIT_DONE,
	EXIT_NO_SUCCESS,
	EXIT_WRONG,
	EXIT_UNREACHABLE,
	EXIT_BUSY,
	EXIT_INTERNAL,
};
#define EXIT_BY_SIGNAL 128 /* and the signal's number, as shells tell it */

struct control {
	const char *directory;
	char *path;          /* p2vd's socket */
	int json;            /* whether the option is given */
	const char *special; /* the option --words, --watch or --wait, if one is given, or NULL */
	const struct command *command;
	char **arguments;

	sd_event *event;
	struct client *client;
	struct screen *screen;
	struct watch *shown;
	bool calls; /* the call of the command is made, */
	bool busy;  /* and since then p2vd is at it */
};

/* A command calls a method, by call(), and shows the answer. */
struct command {
	const char *name;
	const char *method; /* NULL: it only watches */
	uint64_t seconds;   /* p2vd may take for it */
	/* What comes before the call, which it makes; NULL: nothing. */
	void (*begin)(struct control *control);
	/* For begin_given(): makes what the method takes of the arguments (given.h), or NULL. */
	sd_json_variant *(*given)(char *const *arguments, char **reason);
	/* Shows the answer for people. Returns the exit code, or GOES_ON: it is not the end, or
	 * all is done. */
	int (*show)(struct control *control, sd_json_variant *answer);
	enum { NO_ARGUMENTS, ARGUMENTS, ONE_AT_LEAST } arguments;
	const char *special; /* the option that it takes, or NULL */
};

#define GOES_ON (-1)

/* ---- the end ------------------------------------------------------------- */

static void finish(struct control *control, int code)
{
	watch_free(steal(control->shown));
	sd_event_exit(control->event, code);
}

static void complain(const char *sentence)
{
	AUTO_FREE char *plain = text_copy(sentence);

	text_make_plain(plain);
	fprintf(stderr, "p2vctl: %s\n", plain);
}

static void fail(struct control *control, int code, const char *sentence)
{
	watch_free(steal(control->shown));
	complain(sentence);
	finish(control, code);
}

static const int codes[] = {
	[CLIENT_WRONG_WORDS] = EXIT_WRONG, [CLIENT_BUSY] = EXIT_BUSY,
	[CLIENT_NOTHING_RUNS] = EXIT_BUSY, [CLIENT_LOST] = EXIT_UNREACHABLE,
	[CLIENT_FAILED] = EXIT_INTERNAL,
};

/* Ends p2vctl, because @client got an error in place of an answer. */
static void end_badly(struct control *control, const struct client *client,
		      const struct client_reply *reply)
{
	AUTO_FREE char *sentence = client_sentence(client, reply);
	AUTO_LIST char **lines = message_lines(reply->parameters);
	sd_json_variant *error = NULL;

	watch_free(steal(control->shown));
	sd_json_buildo(&error, SD_JSON_BUILD_PAIR_STRING("error", reply->error),
		       SD_JSON_BUILD_PAIR_VARIANT("parameters", reply->parameters));
	screen_json(control->screen, error, false);
	for (char **line = lines; line && *line; line++)
		complain(*line);
	fail(control, codes[reply->result], sentence);
	sd_json_variant_unref(error);
}

/* ---- answers ---------------------------------------------------------------- */

static int show_status(struct control *control, sd_json_variant *answer)
{
	struct status status;
	AUTO_LIST char **lines = NULL;
	int code;

	status_read(&status, field_value(answer, "status"));
	lines = status_lines(&status);
	screen_lines(control->screen, lines);
	code = status_is_busy(&status)    ? EXIT_BUSY :
	       status_has_failed(&status) ? EXIT_NO_SUCCESS :
					    EXIT_DONE;
	status_clear(&status);
	return code;
}

static int show_inventory(struct control *control, sd_json_variant *answer)
{
	AUTO_LIST char **sheet = inventory_sheet(field_value(answer, "inventory"));

	screen_lines(control->screen, sheet);
	return EXIT_DONE;
}

/* Prints all about the parameter @name. Returns the exit code. */
static int show_parameter(struct control *control, sd_json_variant *answer, const char *name)
{
	sd_json_variant *parameter = parameter_sheet_find(answer, name);
	AUTO_LIST char **sheet = parameter_sheet(parameter);
	AUTO_FREE char *unknown = text_format("p2vd knows no parameter '%s'", name);

	if (!parameter) {
		complain(unknown);
		return EXIT_WRONG;
	}
	screen_json(control->screen, parameter, false);
	screen_lines(control->screen, sheet);
	return EXIT_DONE;
}

static int show_parameters(struct control *control, sd_json_variant *answer)
{
	AUTO_LIST char **list = parameter_sheet_list(answer);
	char *words[] = { (char *)field_text(answer, "words"), NULL };
	int code = EXIT_DONE;

	if (!*control->arguments) /* the words are one line, however long */
		screen_lines(control->screen, control->special ? words : list);
	for (char **name = control->arguments; *name; name++)
		code = show_parameter(control, answer, *name) ?: code;
	return code;
}

static int show_messages(struct control *control, sd_json_variant *answer)
{
	AUTO_LIST char **lines = message_lines(answer);

	for (char **line = lines; line && *line; line++)
		screen_line(control->screen, *line);
	return EXIT_DONE;
}

/* ---- calls ------------------------------------------------------------------ */

static void on_answer(void *user, const struct client_reply *reply)
{
	struct control *control = user;
	int code;

	if (reply->result != CLIENT_ANSWER) {
		end_badly(control, control->client, reply);
		return;
	}
	code = control->command->show(control, reply->parameters);
	if (code == GOES_ON)
		return;
	/* Of some parameters, not the answer with all of them. */
	if (control->command->show != show_parameters || !*control->arguments)
		screen_json(control->screen, reply->parameters, false);
	finish(control, code);
}

static void call(struct control *control, sd_json_variant *parameters)
{
	client_call(control->client, control->command->method, parameters,
		    control->command->seconds, on_answer, control);
}

/* Makes the call with what was @given, and frees that; NULL: it is wrong, for that @reason. */
static void call_with(struct control *control, sd_json_variant *given, const char *reason)
{
	if (given)
		call(control, given);
	else
		fail(control, EXIT_WRONG, reason);
	sd_json_variant_unref(given);
}

static void begin_given(struct control *control)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *given = control->command->given(control->arguments, &reason);

	call_with(control, given, reason);
}

static int show_check(struct control *control, sd_json_variant *answer)
{
	bool accepted = field_truth(answer, "accepted");

	show_messages(control, answer);
	screen_line(control->screen, accepted ? "a machine would accept these words" :
						"a machine would refuse these words");
	return accepted ? EXIT_DONE : EXIT_WRONG;
}

static void on_known(void *user, const struct client_reply *reply)
{
	struct control *control = user;
	AUTO_FREE char *reason = NULL;
	sd_json_variant *given;

	if (reply->result != CLIENT_ANSWER) {
		end_badly(control, control->client, reply);
		return;
	}
	given = given_parameters(control->arguments, reply->parameters, &reason);
	call_with(control, given, reason);
}

/* Which parameters are secret, p2vd tells. */
static void begin_set(struct control *control)
{
	client_call(control->client, "GetParameters", NULL, CLIENT_SOON, on_known, control);
}

/* ---- watching --------------------------------------------------------------------- */

/* The conversion does not end with who watches it. */
static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	(void)source;
	fail(user, EXIT_BY_SIGNAL + (int)info->ssi_signo,
	     "p2vd goes on: 'p2vctl watch' shows how, and 'p2vctl cancel' ends it");
	return 0;
}

static void on_lost(void *user, const struct client *client, const struct client_reply *reply)
{
	end_badly(user, client, reply);
}

/* Watches; @told decides when it is over. */
static void begin_watching(struct control *control, bool earlier,
			   void (*told)(void *user, const struct status *status))
{
	struct watch_events events = { .told = told, .lost = on_lost, .user = control };
	AUTO_FREE char *reason = NULL;

	sd_event_add_signal(control->event, NULL, SIGINT | SD_EVENT_SIGNAL_PROCMASK, on_signal,
			    control);
	if (watch_start(control->event, control->path, control->screen, earlier, &events,
			&control->shown, &reason) < 0)
		fail(control, EXIT_UNREACHABLE, reason);
}

/* Ends with the test or conversion that @status tells the end of. */
static void end_with(struct control *control, const struct status *status)
{
	AUTO_FREE char *result = status_result(status, true);
	int code = status_has_failed(status) ? EXIT_NO_SUCCESS : EXIT_DONE;

	watch_free(steal(control->shown)); /* perhaps the status is its own */
	if (result)
		screen_line(control->screen, result);
	finish(control, code);
}

static void on_watched(void *user, const struct status *status)
{
	if (status_is_over(status))
		end_with(user, status);
}

static void begin_watch(struct control *control)
{
	begin_watching(control, true, on_watched);
}

/* A conversion that was to be cancelled and has failed is a success here. */
static void on_ending(void *user, const struct status *status)
{
	if (!status_is_busy(status))
		finish(user, EXIT_DONE);
}

static int show_cancel(struct control *control, sd_json_variant *answer)
{
	(void)answer;
	if (!control->special)
		return EXIT_DONE;
	begin_watching(control, false, on_ending);
	return GOES_ON;
}

/* Calls when p2vd listens, so that nothing it then says is missed. A test ends by its answer. */
static void on_listening(void *user, const struct status *status)
{
	struct control *control = user;

	if (!control->calls)
		call(control, NULL);
	else if (status_is_over(status) && control->busy && control->special)
		end_with(control, status);
	else
		control->busy = control->busy || status_is_busy(status);
	control->calls = true;
}

/* Watches before it calls, if the progress is to be seen. */
static void begin_watched(struct control *control)
{
	if (control->command->special ? !control->special : control->json)
		call(control, NULL);
	else
		begin_watching(control, false, on_listening);
}

/* If it has ended already, p2vd may have told only the end. */
static void on_begun(void *user, const struct client_reply *reply)
{
	struct status status;

	status_read(&status, field_value(reply->parameters, "status"));
	if (status_is_over(&status))
		end_with(user, &status);
	status_clear(&status);
}

static int show_start(struct control *control, sd_json_variant *answer)
{
	(void)answer;
	if (!control->special)
		return EXIT_DONE;
	client_call(control->client, "GetStatus", NULL, CLIENT_SOON, on_begun, control);
	return GOES_ON;
}

static int show_test(struct control *control, sd_json_variant *answer)
{
	AUTO_LIST char **sheet = server_sheet(field_value(answer, "server"));
	struct status status;

	screen_lines(control->screen, sheet);
	watch_show_rest(control->shown, answer);
	status_read(&status, answer); /* a result is in both */
	screen_json(control->screen, answer, false);
	end_with(control, &status);
	status_clear(&status);
	return GOES_ON;
}

/* ---- options -------------------------------------------------------------------- */

// clang-format off: a table
static const struct command commands[] = {
	{ "status", "GetStatus", CLIENT_SOON, NULL, NULL, show_status, NO_ARGUMENTS, NULL },
	{ "watch", NULL, CLIENT_EVER, begin_watch, NULL, NULL, NO_ARGUMENTS, NULL },
	{ "inventory", "GetInventory", CLIENT_EVER, NULL, NULL, show_inventory, NO_ARGUMENTS, NULL },
	{ "parameters", "GetParameters", CLIENT_SOON, NULL, NULL, show_parameters, ARGUMENTS, "words" },
	{ "set", "SetParameters", CLIENT_SOON, begin_set, NULL, show_messages, ONE_AT_LEAST, NULL },
	{ "unset", "SetParameters", CLIENT_SOON, begin_given, given_names, show_messages, ONE_AT_LEAST, NULL },
	{ "check", "CheckWords", CLIENT_SOON, begin_given, given_line, show_check, ARGUMENTS, NULL },
	{ "test", "Test", CLIENT_EVER, begin_watched, NULL, show_test, NO_ARGUMENTS, NULL },
	{ "start", "Start", CLIENT_SOON, begin_watched, NULL, show_start, NO_ARGUMENTS, "watch" },
	{ "cancel", "Cancel", CLIENT_SOON, NULL, NULL, show_cancel, NO_ARGUMENTS, "wait" },
};
// clang-format on

static int wrong_usage(const char *why, const char *what)
{
	if (why)
		fprintf(stderr, "p2vctl: %s '%s'\n", why, what);
	fputs("Try 'p2vctl --help' for more information.\n", stderr);
	return EXIT_WRONG;
}

/* Returns GOES_ON, else the exit code. */
static int check_command(struct control *control, const char *name)
{
	const struct command *command = NULL;

	if (!name)
		return wrong_usage("give a", "COMMAND");
	for (size_t i = 0; i < COUNT(commands); i++)
		if (!strcmp(name, commands[i].name))
			command = &commands[i];
	if (!command)
		return wrong_usage("there is no command", name);
	if (*control->arguments && command->arguments == NO_ARGUMENTS)
		return wrong_usage("unexpected argument", *control->arguments);
	if (!*control->arguments && command->arguments == ONE_AT_LEAST)
		return wrong_usage("there is no parameter behind", name);
	if (control->special && strcmp(control->special, command->special ?: "") != 0)
		return wrong_usage("an option that is not for this command:", control->special);
	control->command = command;
	return GOES_ON;
}

/* Returns GOES_ON, else the exit code. */
static int parse_options(int argc, char **argv, struct control *control)
{
	const struct option known[] = {
		{ "json", no_argument, &control->json, true },
		{ "words", no_argument, NULL, 's' },
		{ "watch", no_argument, NULL, 's' },
		{ "wait", no_argument, NULL, 's' },
		{ "address", required_argument, NULL, 'a' },
		{ "runtime-directory", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option, index;

	while ((option = getopt_long(argc, argv, "", known, &index)) != -1) {
		switch (option) {
		case 0: /* it has set its member */
			break;
		case 's':
			control->special = known[index].name;
			break;
		case 'a':
			free(control->path);
			control->path = text_copy(optarg);
			break;
		case 'r':
			control->directory = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		case 'V':
			puts("p2vctl " P2VD_VERSION);
			return EXIT_DONE;
		default:
			return wrong_usage(NULL, NULL);
		}
	}
	control->arguments = argv + optind + (optind < argc);
	return check_command(control, argv[optind]);
}

/* Returns the exit code, or -errno of the event loop. */
static int run(struct control *control, int argc, char **argv)
{
	AUTO_FREE char *reason = NULL;
	int r = parse_options(argc, argv, control);

	if (r != GOES_ON)
		return r;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }); /* a core would hold secrets */
	r = sd_event_new(&control->event);
	if (r < 0)
		return r;
	if (!control->path)
		control->path = text_format("%s/" CLIENT_SOCKET, control->directory);
	control->screen = screen_new(stdout, control->json);
	if (client_open(control->event, control->path, &control->client, &reason) < 0)
		fail(control, EXIT_UNREACHABLE, reason);
	else if (control->command->begin)
		control->command->begin(control);
	else
		call(control, NULL);
	return sd_event_loop(control->event);
}

int main(int argc, char **argv)
{
	struct control control = { .directory = CLIENT_DIRECTORY };
	int code = run(&control, argc, argv);

	if (code < 0) {
		fprintf(stderr, "p2vctl: the event loop failed: %s\n", strerror(-code));
		code = EXIT_INTERNAL;
	}
	watch_free(control.shown);
	client_free(control.client);
	screen_free(control.screen);
	sd_event_unref(control.event);
	free(control.path);
	if (fflush(stdout) < 0 || ferror(stdout)) {
		fputs("p2vctl: cannot write to standard output\n", stderr);
		code = code ?: EXIT_INTERNAL;
	}
	return code;
}
