// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * p2vd: its options, the order in which its parts start and end, and the exit
 * code. No other file ends the process.
 */
#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "cmdline/cmdline.h"
#include "config/cmdline_list.h"
#include "config/config.h"
#include "config/defaults.h"
#include "config/parameters.h"
#include "conversion/configure.h"
#include "conversion/conversion.h"
#include "inventory/hardware.h"
#include "service/report_json.h"
#include "service/service.h"
#include "terminal/terminal.h"
#include "transfer/askpass.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#define TROUBLE "run/p2v-trouble" /* the image's scripts write what went wrong there */

static const char usage[] =
	"Usage: p2vd [OPTION]...\n"
	"Turns the machine it runs on into a KVM guest on a conversion server, as the\n"
	"p2v.* words of the kernel command line say.\n"
	"\n"
	"      --cmdline=STRING            use STRING instead of /proc/cmdline; with - read\n"
	"                                  it from standard input, so that 'ps' does not\n"
	"                                  show it\n"
	"      --print-config              print the configuration and exit\n"
	"      --no-fetch                  with --print-config: check the URL in p2v.config,\n"
	"                                  but do not fetch the file\n"
	"      --print-words               print the words of the command line, one per\n"
	"                                  line, secrets included, and exit\n"
	"      --inventory[=FORMAT]        print what the machine is, as text or json, and exit\n"
	"      --map                       with --inventory: also print what of each disk is used\n"
	"      --check-parameters=FILE     check FILE, a list of parameters for an image,\n"
	"                                  print what it sets, and exit\n"
	"      --check-cmdlines            check each line of standard input as if it were the\n"
	"                                  kernel command line, for programs, and exit\n"
	"      --print-parameters[=FORMAT] list the parameters: names, man, completion, or\n"
	"                                  secrets (the words to hide from others)\n"
	"      --runtime-directory=DIR     keep sockets in DIR instead of /run/p2vd\n"
	"      --appliance                 run as the daemon of the bootable image, which\n"
	"                                  p2v-console shows: power off after success,\n"
	"                                  stay on after a failure\n"
	"      --serve                     begin nothing: wait for clients, such as p2vctl(8)\n"
	"      --help                      print this and exit\n"
	"      --version                   print the version and exit\n"
	"\n"
	"Exit status: 0 done, 1 conversion failed, 2 configuration wrong, 3 server not\n"
	"reachable or refused, 4 internal error. See p2vd(8) and p2v.parameters(7).\n";

struct options {
	const char *cmdline;
	const char *runtime_directory;
	int appliance, serve, print_config, no_fetch, print_words,
		check_cmdlines; /* whether they are given */
	int map; /* the inventory says what of the disks is used */
	const char *inventory_format;  /* NULL: no inventory is to be printed */
	const char *parameters_file;   /* to be checked, or NULL */
	const char *parameters_format; /* NULL: no parameters are to be printed */
};

/* A message from before the service. */
struct early {
	int priority;
	char *line;
};

struct daemon {
	sd_event *event;
	struct config config;
	struct terminal *terminal; /* standard error; NULL in the image, where clients show all */
	const struct options *options;
	struct session *session;
	struct service *service;
	struct configure *configure; /* for --print-config */
	const char *cmdline;      /* likewise */
	char **area; /* the lines below the messages */
	struct early *early;
	size_t early_count;
};

/* ---- options ----------------------------------------------------------- */

static int wrong_usage(const char *why, const char *what)
{
	if (why)
		fprintf(stderr, "p2vd: %s '%s'\n", why, what);
	fputs("Try 'p2vd --help' for more information.\n", stderr);
	return EXIT_CONFIGURATION;
}

/* The format given with the option just read, as --option=FORMAT or --option FORMAT, or NULL. */
static const char *format_of(char **argv)
{
	if (!optarg && argv[optind] && *argv[optind] != '-')
		return argv[optind++];
	return optarg;
}

/* Returns -1 to go on, else the exit code. */
static int parse_options(int argc, char **argv, struct options *options)
{
	const struct option known[] = {
		{ "cmdline", required_argument, NULL, 'c' },
		{ "print-config", no_argument, &options->print_config, true },
		{ "no-fetch", no_argument, &options->no_fetch, true },
		{ "print-words", no_argument, &options->print_words, true },
		{ "inventory", optional_argument, NULL, 'i' },
		{ "map", no_argument, &options->map, true },
		{ "check-parameters", required_argument, NULL, 'k' },
		{ "check-cmdlines", no_argument, &options->check_cmdlines, true },
		{ "print-parameters", optional_argument, NULL, 'l' },
		{ "runtime-directory", required_argument, NULL, 'r' },
		{ "appliance", no_argument, &options->appliance, true },
		{ "serve", no_argument, &options->serve, true },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 0: /* it has set its member */
			break;
		case 'c':
			options->cmdline = optarg;
			break;
		case 'i':
			options->inventory_format = format_of(argv) ?: "text";
			break;
		case 'k':
			options->parameters_file = optarg;
			break;
		case 'l':
			options->parameters_format = format_of(argv) ?: "names";
			break;
		case 'r':
			options->runtime_directory = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		case 'V':
			puts("p2vd " P2VD_VERSION);
			return EXIT_DONE;
		default:
			return wrong_usage(NULL, NULL);
		}
	}
	/* Without what they belong to, a conversion would begin. */
	if (options->map && !options->inventory_format)
		return wrong_usage("only --inventory takes", "--map");
	if (options->no_fetch && !options->print_config)
		return wrong_usage("only --print-config takes", "--no-fetch");
	return optind < argc ? wrong_usage("unexpected argument", argv[optind]) : -1;
}

/* ---- start --------------------------------------------------------------- */

/* @option: the value of --cmdline, or NULL. Returns the command line to obey, or
 * NULL after a message. */
static char *read_cmdline(const char *option)
{
	AUTO_CLOSE int fd = -1;
	char *cmdline;

	if (option && strcmp(option, "-") != 0)
		return text_copy(option);
	if (!option)
		fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	cmdline = file_read_line(option ? STDIN_FILENO : fd, CMDLINE_MOST);
	if (!cmdline && errno == EFBIG)
		log_error("the command line is longer than %d bytes: put parameters into a file and name the file with p2v.config",
			  CMDLINE_MOST);
	else if (!cmdline)
		log_error("cannot read the command line from %s: %s",
			  option ? "standard input" : "'/proc/cmdline'", strerror(errno));
	return cmdline;
}

/*
 * Creates @path, or uses it as it is if it belongs to us and nobody else may
 * enter it. Returns its descriptor, locked against a second p2vd, or -errno and
 * the reason.
 */
static int open_runtime_directory(const char *path, char **reason)
{
	AUTO_CLOSE int fd = -1;
	struct stat status;

	/* The paths of our sockets become parts of ssh's options, where ':' is a separator. */
	if (*path != '/' || !text_is_alphanumeric(path, "/._-"))
		return REFUSE(reason, EINVAL,
			      "runtime directory '%s' must be an absolute path of letters, digits and ._-",
			      path);
	if (mkdir(path, S_IRWXU) < 0 && errno != EEXIST)
		return REFUSE(reason, errno,
			      "cannot make the runtime directory '%s': %s: run p2vd as root, or name another by --runtime-directory",
			      path, strerror(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) < 0)
		return REFUSE(reason, errno, "cannot open the runtime directory '%s': %s", path,
			      strerror(errno));
	if (status.st_uid != geteuid() || status.st_mode & (S_IRWXG | S_IRWXO))
		return REFUSE(reason, EPERM,
			      "runtime directory '%s' must belong to the user that runs p2vd and be closed to others (mode 0700)",
			      path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return REFUSE(reason, EBUSY, "another p2vd uses '%s'", path);
	int result = fd;
	fd = -1;
	return result;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	struct daemon *daemon = user;

	(void)source;
	if (session_runs(daemon->session))
		log_notice("got %s", strsignal((int)info->ssi_signo));
	session_leave(daemon->session);
	return 0;
}

static int add_signals(struct daemon *daemon)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t blocked;
	int r = 0;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	for (size_t i = 0; i < COUNT(signals) && r >= 0; i++) {
		sigaddset(&blocked, signals[i]);
		sigprocmask(SIG_BLOCK, &blocked, NULL);
		r = sd_event_add_signal(daemon->event, NULL, signals[i], on_signal, daemon);
	}
	return r;
}

static void begin(struct session *session, bool valid, bool appliance)
{
	/* If the image's scripts could not do what the user asked for, a disk may be missing. */
	AUTO_FREE char *trouble = appliance ? sysfs_line("", TROUBLE) : NULL;

	if (!valid)
		session_begin(session, EXIT_CONFIGURATION,
			      "the configuration is wrong: correct it on the kernel command line, or in the image, and start again");
	else
		session_begin(session, EXIT_INTERNAL, trouble);
}

static void on_message(void *user, int priority, const char *line)
{
	struct daemon *daemon = user;
	struct early early = { .priority = priority };

	if (daemon->terminal) {
		AUTO_FREE char *text = text_format("p2vd: %s%s",
						   priority <= LOG_ERR     ? "error: " :
						   priority == LOG_WARNING ? "warning: " :
									     "",
						   line);

		terminal_message(daemon->terminal, text);
	}
	if (daemon->service) {
		service_message(daemon->service, priority, line);
		return;
	}
	early.line = text_copy(line);
	APPEND(daemon->early, daemon->early_count, early);
}

/* Gives the service what was said before it was there. */
static void pass_on_early(struct daemon *daemon)
{
	for (size_t i = 0; i < daemon->early_count; i++) {
		if (daemon->service)
			service_message(daemon->service, daemon->early[i].priority,
					daemon->early[i].line);
		free(daemon->early[i].line);
	}
	free(steal(daemon->early));
	daemon->early_count = 0;
}

static void on_progress(void *user, char *const *lines)
{
	struct daemon *daemon = user;
	char **before = daemon->area;

	daemon->area = list_copy(lines);
	terminal_status(daemon->terminal, daemon->area);
	list_free(before);
}

/* Runs p2vd from the read configuration to the end. Returns the exit code. */
static int run(struct daemon *daemon, const char *cmdline, bool valid)
{
	struct session_setup setup = {
		.cmdline = cmdline,
		.appliance = daemon->options->appliance,
		.serve = daemon->options->serve,
		.directory = daemon->options->runtime_directory,
		.progress = daemon->terminal ? on_progress : NULL,
		.user = daemon,
		.report = report_json,
	};
	AUTO_FREE char *reason = NULL;
	AUTO_CLOSE int directory = open_runtime_directory(setup.directory, &reason);
	int r = add_signals(daemon);

	if (r < 0) {
		log_error("cannot watch signals: %s", strerror(-r));
		return EXIT_INTERNAL;
	}
	daemon->session = session_new(daemon->event, &setup, &daemon->config);
	daemon->config = (struct config){ 0 };
	if (directory >= 0)
		daemon->service = service_new(daemon->event, daemon->session, setup.directory,
					      !setup.appliance, &reason);
	pass_on_early(daemon);
	log_notice("p2vd " P2VD_VERSION " started");
	sd_notify(0, "READY=1");
	if (daemon->service)
		begin(daemon->session, valid, setup.appliance);
	else
		session_begin(daemon->session, EXIT_INTERNAL, reason);
	r = sd_event_loop(daemon->event);
	if (r < 0) {
		log_error("the event loop failed: %s", strerror(-r));
		r = EXIT_INTERNAL;
	}
	service_free(steal(daemon->service));
	session_free(daemon->session);
	children_end();
	return r;
}

static void on_printable_waiting(void *user, const char *line)
{
	(void)user, (void)line;
}

static void on_printable(void *user, const struct cmdline *words, int code, const char *reason)
{
	struct daemon *daemon = user;
	struct config config;

	if (words &&
	    defaults_config(&config, DEFAULTS_DIRECTORY, words, daemon->cmdline, NULL) < 0) {
		log_error("the configuration '%s' is wrong", daemon->config.configuration);
		config_clear(&config);
		code = EXIT_CONFIGURATION;
	} else if (words) {
		config_clear(&daemon->config);
		daemon->config = config;
	} else {
		log_error("%s", reason);
	}
	sd_event_exit(daemon->event, code);
}

/* Prints the whole configuration. Returns the exit code. */
static int print_config(struct daemon *daemon, const char *cmdline, bool valid)
{
	int code = valid ? EXIT_DONE : EXIT_CONFIGURATION;

	if (valid && daemon->config.configuration && !daemon->options->no_fetch) {
		daemon->cmdline = cmdline;
		daemon->configure = configure_start(daemon->event, &daemon->config, on_printable,
						    on_printable_waiting, daemon);
		code = sd_event_loop(daemon->event);
		configure_free(daemon->configure);
	}
	config_print(&daemon->config, NULL, stdout);
	if (valid && !daemon->config.server && daemon->config.task != TASK_INVENTORY &&
	    !(daemon->config.configuration && daemon->options->no_fetch))
		log_warning("no p2v.server: a machine that starts with this converts nothing, and waits for a person");
	return code < 0 ? EXIT_INTERNAL : code;
}

/* Scripts of the image use this, so that they split the command line as p2vd does. */
static int print_words(const char *option)
{
	char *cmdline = read_cmdline(option);
	struct cmdline words;

	if (!cmdline)
		return EXIT_CONFIGURATION;
	cmdline_split(&words, cmdline, strlen(cmdline));
	for (size_t i = 0; i < words.count; i++)
		printf("%s%s%s\n", words.word[i].name, words.word[i].value ? "=" : "",
		       words.word[i].value ? words.word[i].value : "");
	cmdline_clear(&words);
	secret_free(cmdline);
	return EXIT_DONE;
}

/* Prints what the machine is. Returns the exit code. */
static int print_inventory(const struct config *config, const char *format, bool map, bool valid)
{
	char hostname[256] = "";
	int r;

	gethostname(hostname, sizeof(hostname) - 1);
	r = hardware_print("", config, hostname, format, map, stdout);
	if (r == -ENOTSUP)
		return wrong_usage("no such format", format);
	if (!valid)
		return EXIT_CONFIGURATION;
	return r < 0 ? EXIT_CONVERSION : EXIT_DONE;
}

static void listen_to_messages(struct daemon *daemon)
{
	if (!daemon->options->appliance)
		terminal_open(daemon->event, NULL, NULL, NULL, &daemon->terminal);
	log_set_sink(on_message, daemon);
}

static int configure_and_run(const struct options *options)
{
	struct daemon daemon = { .options = options };
	char *cmdline;
	bool valid;
	int code;

	if (sd_event_new(&daemon.event) < 0)
		return EXIT_INTERNAL;
	if (!options->print_config && !options->inventory_format)
		listen_to_messages(&daemon);
	cmdline = read_cmdline(options->cmdline);
	valid = cmdline != NULL;
	if (!cmdline)
		cmdline = text_copy("p2v.shell=no"); /* perhaps it was in there: offer no shell */
	valid = defaults_config(&daemon.config, DEFAULTS_DIRECTORY, NULL, cmdline, NULL) >= 0 &&
		valid;
	log_set_debug(daemon.config.debug);
	if (options->inventory_format)
		code = print_inventory(&daemon.config, options->inventory_format, options->map,
				       valid);
	else if (options->print_config || daemon.config.dump_config_and_exit)
		code = print_config(&daemon, cmdline, valid);
	else
		code = run(&daemon, cmdline, valid);
	secret_free(cmdline);
	log_set_sink(NULL, NULL);
	terminal_free(daemon.terminal);
	list_free(daemon.area);
	pass_on_early(&daemon);
	config_clear(&daemon.config);
	secret_forget_all();
	sd_event_unref(daemon.event);
	return code;
}

int main(int argc, char **argv)
{
	struct options options = { .runtime_directory = "/run/p2vd" };
	const char *askpass = getenv(ASKPASS_VARIABLE);
	int code;

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }); /* a core would hold secrets */
	if (askpass)
		return askpass_main(askpass);
	code = parse_options(argc, argv, &options);
	if (code >= 0)
		return code;
	if (options.print_words)
		return print_words(options.cmdline);
	if (options.parameters_format)
		return parameters_print(stdout, options.parameters_format) < 0 ?
			       wrong_usage("no such format", options.parameters_format) :
			       EXIT_DONE;
	if (options.check_cmdlines)
		return cmdline_list_read(STDIN_FILENO, DEFAULTS_DIRECTORY, stdout) < 0 ?
			       EXIT_CONFIGURATION :
			       EXIT_DONE;
	if (options.parameters_file) {
		code = defaults_check(options.parameters_file, stdout) < 0 ? EXIT_CONFIGURATION :
									     EXIT_DONE;
		secret_forget_all();
		return code;
	}
	return configure_and_run(&options);
}
