// SPDX-License-Identifier: GPL-2.0-or-later
/* p2v-relay: stands on the conversion server between virt-v2v and the machine. p2vd starts it. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "relay/relay.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

static const char help[] =
	"usage: p2v-relay --directory=DIR [OPTION]... NAME:SIZE:EXPORT...\n"
	"\n"
	"Serves each disk (its name for messages, its bytes, the name of its export on the\n"
	"machine) by NBD on a port of the loopback interface, which it prints, and reads it through\n"
	"the tunnels DIR/tunnels/DISK-NUMBER. p2vd starts it on the conversion server.\n"
	"\n"
	"  --directory=DIR      the work directory\n"
	"  --store=DIR          keep what has come in a nameless file in DIR, or else in /var/tmp\n"
	"  --output=DIR         where the guest goes: the store leaves room for it there\n"
	"  --bandwidth=BYTES    ask for so many bytes per second at most\n"
	"  --zero-bad           give zeros for what cannot be read\n"
	"  --bad-max=NUMBER     give errors for them again after so many places (1000)\n"
	"  --patience=SECONDS   end after so long without a tunnel (3600)\n"
	"  --connections=NUMBER connections to a disk that are served (1)\n"
	"  --foreground         do not go into the background\n"
	"  --help               this text\n"
	"  --version            p2v-relay's version\n";

enum {
	OPTION_DIRECTORY = 256,
	OPTION_STORE,
	OPTION_OUTPUT,
	OPTION_BANDWIDTH,
	OPTION_ZERO_BAD,
	OPTION_BAD_MAX,
	OPTION_PATIENCE,
	OPTION_CONNECTIONS,
	OPTION_FOREGROUND,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct option known[] = {
	{ "directory", required_argument, NULL, OPTION_DIRECTORY },
	{ "store", required_argument, NULL, OPTION_STORE },
	{ "output", required_argument, NULL, OPTION_OUTPUT },
	{ "bandwidth", required_argument, NULL, OPTION_BANDWIDTH },
	{ "zero-bad", no_argument, NULL, OPTION_ZERO_BAD },
	{ "bad-max", required_argument, NULL, OPTION_BAD_MAX },
	{ "patience", required_argument, NULL, OPTION_PATIENCE },
	{ "connections", required_argument, NULL, OPTION_CONNECTIONS },
	{ "foreground", no_argument, NULL, OPTION_FOREGROUND },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

static void wrong(const char *what, const char *value)
{
	fprintf(stderr, "p2v-relay: %s '%s': see p2v-relay --help\n", what, value);
	exit(EXIT_USAGE);
}

static uint64_t number(const char *option, const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		wrong(option, text);
	return value;
}

/* Cuts "sda:1048576:name" into its parts. */
static struct relay_disk disk(char *text)
{
	char *size = strchr(text, ':');
	char *export = size ? strchr(size + 1, ':') : NULL;
	struct relay_disk disk;

	if (!export || size == text)
		wrong("a disk is NAME:SIZE:EXPORT, not", text);
	*size++ = *export ++= '\0';
	disk = (struct relay_disk){ text, number("a disk's size is a number of bytes, not", size),
				    export };
	if (!disk.size || disk.size > INT64_MAX)
		wrong("a disk's size is a number of bytes, not", size);
	return disk;
}

static bool read_option(struct relay_options *options, int option)
{
	switch (option) {
	case OPTION_DIRECTORY:
		options->directory = optarg;
		return true;
	case OPTION_STORE:
		options->store = optarg;
		return true;
	case OPTION_OUTPUT:
		options->output = optarg;
		return true;
	case OPTION_BANDWIDTH:
		options->bandwidth = number("--bandwidth wants bytes per second, not", optarg);
		return true;
	case OPTION_ZERO_BAD:
		options->zero_bad = true;
		return true;
	case OPTION_BAD_MAX:
		options->bad_max = number("--bad-max wants a number, not", optarg);
		return true;
	case OPTION_PATIENCE:
		options->patience = (unsigned)number("--patience wants seconds, not", optarg);
		return true;
	case OPTION_CONNECTIONS:
		options->connections = (unsigned)number("--connections wants a number, not",
							optarg);
		return true;
	default:
		return false;
	}
}

/* Goes into the background: what it had to say is said. */
static void leave(void)
{
	int null;

	switch (fork()) {
	case -1:
		fprintf(stderr, "p2v-relay: cannot go into the background: %s\n", strerror(errno));
		exit(EXIT_FAILURE);
	case 0:
		break;
	default:
		_exit(EXIT_SUCCESS);
	}
	setsid();
	null = open("/dev/null", O_RDWR);
	for (int i = 0; null >= 0 && i <= STDERR_FILENO; i++)
		dup2(null, i);
	if (null > STDERR_FILENO)
		close(null);
}

int main(int argc, char **argv)
{
	struct relay_options options = { .bad_max = 1000, .patience = 3600, .connections = 1 };
	struct relay_disk *disks = NULL;
	bool foreground = false;
	char *reason = NULL;
	struct relay *relay;
	int option, code;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == OPTION_HELP)
			return fputs(help, stdout) < 0;
		if (option == OPTION_VERSION)
			return puts("p2v-relay " P2VD_VERSION) < 0;
		if (option == OPTION_FOREGROUND)
			foreground = true;
		else if (!read_option(&options, option))
			return EXIT_USAGE;
	}
	for (; optind < argc; optind++)
		APPEND(disks, options.disk_count, disk(argv[optind]));
	options.disks = disks;
	if (!options.directory || !disks) {
		fputs("p2v-relay: give --directory and a disk: see p2v-relay --help\n", stderr);
		return EXIT_USAGE;
	}
	relay = relay_new(&options, &reason);
	if (!relay) {
		fprintf(stderr, "p2v-relay: %s\n", reason);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < options.disk_count; i++)
		printf("port %u\n", relay_port(relay, i));
	fflush(stdout);
	if (!foreground)
		leave();
	code = relay_run(relay);
	relay_free(relay);
	free(disks);
	return code;
}
