// SPDX-License-Identifier: GPL-2.0-or-later
/* p2v-fleetd: on the boot server, hears the reports of all machines and shows how they stand. */
#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "fleet/address.h"
#include "fleet/fleet.h"
#include "fleet/http.h"
#include "fleet/routes.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#define EXIT_USAGE 2
#define EXIT_REFUSED 3
#define RUNTIME "/run/p2v-fleetd"
#define PEM_MOST (1 << 20) /* bytes */

static const char help[] =
	"Usage: p2v-fleetd [OPTION]...\n"
	"Receives the reports of machines that p2vd converts, and shows the state of all.\n"
	"\n"
	"Options:\n"
	"      --listen=ADDRESS:PORT  for reports, the page, the API; may be repeated\n"
	"                             (127.0.0.1:8067 and [::1]:8067, or systemd's socket)\n"
	"      --control=PATH         the socket for p2v-fleet (/run/p2v-fleetd/control)\n"
	"      --database=FILE        the database (/var/lib/p2v-fleetd/fleet.sqlite)\n"
	"      --tree=DIR             what TFTP and HTTP serve (/srv/tftp)\n"
	"      --p2v-pxe=FILE         writes into it (the p2v-pxe in PATH)\n"
	"      --no-done              a machine is done only by its report, not by /done/MAC\n"
	"      --password-file=FILE   the password of the page on other addresses than\n"
	"                             loopback; of mode 0600\n"
	"      --certificate=FILE     TLS on other addresses than loopback, with\n"
	"      --key=FILE             its key; both PEM\n"
	"      --debug                more messages\n"
	"      --help                 print this and exit\n"
	"      --version              print the version and exit\n"
	"\n"
	"Exit status: 0 ended by a signal, 2 usage, 3 the system refused something, or there is\n"
	"another p2v-fleetd already. See p2v-fleetd(8).\n";

struct arguments {
	char **listen;
	const char *control, *database, *tree, *program, *password_file, *certificate, *key;
	bool no_done, debug;
};

struct daemon {
	sd_event *event;
	struct fleet *fleet;
	struct routes *routes;
	struct http *http;
	char *socket; /* to be removed at the end */
};

/* ---- messages and files ------------------------------------------------------------------ */

static void on_message(void *user, int priority, const char *line)
{
	(void)user, (void)priority;
	/* The journal has it already. */
	if (!getenv("JOURNAL_STREAM"))
		fprintf(stderr, "p2v-fleetd: %s\n", line);
}

/* The first line of a file that only its owner may read. */
static char *read_password(const char *path, char **reason)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	char *password;

	if (fd < 0 || fstat(fd, &status) < 0) {
		*reason = text_format("cannot read '%s': %s", path, strerror(errno));
		return NULL;
	}
	if (!S_ISREG(status.st_mode) || (status.st_mode & 077)) {
		*reason = text_format("'%s' must be a file that only its owner can read: chmod 600",
				      path);
		return NULL;
	}
	password = file_read_line(fd, 1000);
	if (!password || !*password) {
		secret_free(password);
		*reason = text_format("'%s' has no password in its first line", path);
		return NULL;
	}
	secret_register(password);
	return password;
}

static int use_tls(struct http *http, const struct arguments *arguments, char **reason)
{
	size_t certificate_length, key_length;
	AUTO_FREE char *certificate = file_read(arguments->certificate, PEM_MOST,
						&certificate_length);
	char *key = certificate ? file_read(arguments->key, PEM_MOST, &key_length) : NULL;

	if (!certificate || !key)
		return REFUSE(reason, errno, "cannot read '%s': %s",
			      certificate ? arguments->key : arguments->certificate,
			      strerror(errno));
	http_use_tls(http, certificate, key);
	secret_free_length(key, key_length + 1);
	return 0;
}

/* ---- sockets ----------------------------------------------------------------------------- */

static int take_socket(struct daemon *daemon, int fd, bool control, bool tls, char **reason)
{
	if (fd < 0)
		return fd;
	return http_listen(daemon->http, fd, control, tls && !control && !address_is_local(fd),
			   reason);
}

/* What systemd has opened for us. */
static int take_given(struct daemon *daemon, int count, bool tls, bool *control, bool *http,
		      char **reason)
{
	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; fd++) {
		bool unix_socket = sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) > 0;
		int flags = fcntl(fd, F_GETFL), r;

		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
		*(unix_socket ? control : http) = true;
		r = take_socket(daemon, fd, unix_socket, tls, reason);
		if (r < 0)
			return r;
	}
	return 0;
}

static int open_control(struct daemon *daemon, const struct arguments *arguments, char **reason)
{
	const char *path = arguments->control ?: RUNTIME "/control";
	int r;

	if (!arguments->control)
		mkdir(RUNTIME, 0755);
	r = take_socket(daemon, address_listen_control(path, reason), true, false, reason);
	if (r == 0)
		daemon->socket = text_copy(path);
	return r;
}

static int open_sockets(struct daemon *daemon, const struct arguments *arguments, char **reason)
{
	static const char *const loopback[] = { "127.0.0.1:8067", "[::1]:8067" };
	bool tls = arguments->certificate, control = false, http = false;
	int count = sd_listen_fds(1), r = 0;

	if (count > 0)
		r = take_given(daemon, count, tls, &control, &http, reason);
	if (r == 0 && (!control || arguments->control))
		r = open_control(daemon, arguments, reason);
	for (char *const *one = arguments->listen; r == 0 && one && *one; one++)
		r = take_socket(daemon, address_listen(*one, reason), false, tls, reason);
	if (arguments->listen || http)
		return r;
	for (size_t i = 0; r == 0 && i < COUNT(loopback); i++) {
		r = take_socket(daemon, address_listen(loopback[i], reason), false, tls, reason);
		/* Not every host has IPv6. */
		if (i && (r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT)) {
			free(steal(*reason));
			r = 0;
		}
	}
	return r;
}

/* ---- start and end ----------------------------------------------------------------------- */

static int start(struct daemon *daemon, const struct arguments *arguments, char **reason)
{
	char *password = NULL;
	int r;

	if (arguments->password_file) {
		password = read_password(arguments->password_file, reason);
		if (!password)
			return -EINVAL;
	}
	r = fleet_new(daemon->event, arguments->tree, arguments->program, arguments->database,
		      &daemon->fleet, reason);
	if (r == 0) {
		daemon->routes = routes_new(daemon->fleet, password, arguments->no_done);
		daemon->http = http_new(daemon->event, routes_judge, routes_ask, daemon->routes);
	}
	secret_free(password);
	if (r == 0 && arguments->certificate)
		r = use_tls(daemon->http, arguments, reason);
	return r == 0 ? open_sockets(daemon, arguments, reason) : r;
}

static void end(struct daemon *daemon)
{
	fleet_free(daemon->fleet);
	http_free(daemon->http);
	routes_free(daemon->routes);
	if (daemon->socket)
		unlink(daemon->socket);
	free(daemon->socket);
	children_end();
	sd_event_unref(daemon->event);
	secret_forget_all();
}

static int run(const struct arguments *arguments)
{
	struct daemon daemon = { 0 };
	AUTO_FREE char *reason = NULL;
	struct rlimit files;
	sigset_t signals;
	int r;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (sd_event_new(&daemon.event) < 0 ||
	    sd_event_add_signal(daemon.event, NULL, SIGTERM, NULL, NULL) < 0 ||
	    sd_event_add_signal(daemon.event, NULL, SIGINT, NULL, NULL) < 0)
		abort(); /* no memory */
	r = start(&daemon, arguments, &reason);
	if (r < 0) {
		log_error("%s", reason);
	} else {
		log_info("p2v-fleetd " P2VD_VERSION " is ready");
		sd_notify(0, "READY=1");
		r = sd_event_loop(daemon.event);
		sd_notify(0, "STOPPING=1");
	}
	end(&daemon);
	return r < 0 ? EXIT_REFUSED : 0;
}

/* ---- options ----------------------------------------------------------------------------- */

static int usage(const char *what)
{
	fprintf(stderr, "p2v-fleetd: %s: see p2v-fleetd --help\n", what);
	return EXIT_USAGE;
}

static const char option_names[] = "lcdtpPCk";
static const struct option options[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "control", required_argument, NULL, 'c' },
	{ "database", required_argument, NULL, 'd' },
	{ "tree", required_argument, NULL, 't' },
	{ "p2v-pxe", required_argument, NULL, 'p' },
	{ "password-file", required_argument, NULL, 'P' },
	{ "certificate", required_argument, NULL, 'C' },
	{ "key", required_argument, NULL, 'k' },
	{ "no-done", no_argument, NULL, 'n' },
	{ "debug", no_argument, NULL, 'D' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ 0 },
};

static void set(struct arguments *arguments, int option, const char *value)
{
	const char **const values[] = { NULL,
					&arguments->control,
					&arguments->database,
					&arguments->tree,
					&arguments->program,
					&arguments->password_file,
					&arguments->certificate,
					&arguments->key };

	if (option == 'l')
		list_append(&arguments->listen, text_copy(value));
	else if (option == 'n')
		arguments->no_done = true;
	else if (option == 'D')
		arguments->debug = true;
	else
		*values[strchr(option_names, option) - option_names] = value;
}

int main(int argc, char *argv[])
{
	struct arguments arguments = {
		.database = "/var/lib/p2v-fleetd/fleet.sqlite",
		.tree = "/srv/tftp",
		.program = "p2v-pxe",
	};
	int option, code;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return usage("an option is not known, or lacks a value");
		if (option == 'h' || option == 'v') {
			fputs(option == 'h' ? help : "p2v-fleetd " P2VD_VERSION "\n", stdout);
			return 0;
		}
		if (optarg && !*optarg)
			return usage("an option has an empty value");
		set(&arguments, option, optarg);
	}
	if (optind < argc)
		return usage("there are no arguments, only options");
	if (!arguments.certificate != !arguments.key)
		return usage("--certificate and --key belong together");
	log_set_sink(on_message, NULL);
	log_set_debug(arguments.debug);
	code = run(&arguments);
	list_free(arguments.listen);
	return code;
}
