// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * p2v-fleet: how a fleet of machines stands, and their power, for a person at the boot server and
 * for scripts. Its options and commands; what they do is in room roster.
 */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "roster/desk.h"
#include "roster/detail.h"
#include "roster/overview.h"
#include "roster/pxe.h"
#include "roster/starting.h"
#include "roster/summary.h"
#include "roster/switching.h"
#include "roster/watching.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static const char usage[] =
	"Usage: p2v-fleet [OPTION]... COMMAND [MACHINE]...\n"
	"Shows how far the conversions of many machines are, and switches machines on and off.\n"
	"A MACHINE is a MAC address or a name.\n"
	"\n"
	"Commands:\n"
	"  list               all machines, what goes wrong first\n"
	"  show MACHINE       all that is known of one\n"
	"  watch              what happens, until all machines have ended\n"
	"  report             the results of all machines\n"
	"  again MACHINE...   convert them again; failed: all that have failed\n"
	"  skip MACHINE...    do not convert them: they start their own disks\n"
	"  adopt MACHINE...   take machines that have reported into the list of machines\n"
	"  start MACHINE...   switch them on, to boot from the network once; all: all that\n"
	"                     are to be converted\n"
	"  off MACHINE...     shut them down, then cut their power\n"
	"  power [MACHINE]... ask their BMCs, or those of all, whether they are on\n"
	"\n"
	"Options:\n"
	"      --inventory        with list: what inventory runs have found\n"
	"      --csv              with report: one line for each run\n"
	"      --max=N            with start: at most N machines on at the same time\n"
	"      --at=TIME          with start: later, at '22:00', 'Fri 22:00' or\n"
	"                         '2026-12-04 22:00'\n"
	"      --patience=SECONDS with start --max: how long a machine may be silent before\n"
	"                         the next one takes its place (900)\n"
	"      --force            with off: also a machine that is at work\n"
	"      --grace=SECONDS    with off: time to shut down; 0: cut the power at once (120)\n"
	"      --name=NAME        with adopt: the guest's name\n"
	"      --json             print JSON\n"
	"      --control=PATH     p2v-fleetd's socket (/run/p2v-fleetd/control)\n"
	"      --machines=FILE    the list of machines (/etc/p2vd/machines.csv)\n"
	"      --bmcs=FILE        a list only of BMCs (bmc.csv beside the list of machines)\n"
	"      --passwords=FILE   the BMCs' passwords (/etc/p2vd/bmc-passwords)\n"
	"      --bmc-ca=FILE      the BMCs' certificate authorities (the system's)\n"
	"      --tree=DIR         what TFTP and HTTP serve (/srv/tftp), for p2v-pxe\n"
	"      --p2v-pxe=FILE     the p2v-pxe that is called\n"
	"      --help             print this and exit\n"
	"      --version          print the version and exit\n"
	"\n"
	"Exit status: 0 done, 1 a machine has failed or a BMC did not do it, 2 usage, list or\n"
	"machine wrong (nothing was done), 3 p2v-fleetd not reachable or the system refused\n"
	"something. See p2v-fleet(8).\n";

#define GOES_ON (-1)
#define NUMBER_MOST 1000000UL

struct command {
	const char *name;
	int (*run)(const struct desk *desk);
	const char *options; /* those of its own, with a blank around each */
	enum { NO_WORDS, ONE_WORD, WORDS, ONE_WORD_AT_LEAST } words;
};

// clang-format off: a table
static const struct command commands[] = {
	{ "list", overview_list, " inventory ", NO_WORDS },
	{ "show", detail_show, "", ONE_WORD },
	{ "watch", watching_run, "", NO_WORDS },
	{ "report", summary_report, " csv ", NO_WORDS },
	{ "again", pxe_again, "", ONE_WORD_AT_LEAST },
	{ "skip", pxe_skip, "", ONE_WORD_AT_LEAST },
	{ "adopt", pxe_adopt, " name ", ONE_WORD_AT_LEAST },
	{ "start", starting_run, " max at patience ", ONE_WORD_AT_LEAST },
	{ "off", switching_off, " force grace ", ONE_WORD_AT_LEAST },
	{ "power", switching_ask, "", WORDS },
};
// clang-format on

static int wrong_usage(const char *why, const char *what)
{
	if (why)
		desk_say("%s '%s'", why, what);
	fputs("Try 'p2v-fleet --help' for more information.\n", stderr);
	return DESK_WRONG;
}

/* Returns GOES_ON, else the exit code. @special: the options given that not all commands take. */
static int check_command(const struct command **found, const char *name, char *const *words,
			 char *const *special)
{
	const struct command *command = NULL;

	if (!name)
		return wrong_usage("give a", "COMMAND");
	for (size_t i = 0; i < COUNT(commands); i++)
		if (!strcmp(name, commands[i].name))
			command = &commands[i];
	if (!command)
		return wrong_usage("there is no command", name);
	if (*words && (command->words == NO_WORDS || (command->words == ONE_WORD && words[1])))
		return wrong_usage("unexpected argument", words[command->words == ONE_WORD]);
	if (!*words && (command->words == ONE_WORD || command->words == ONE_WORD_AT_LEAST))
		return wrong_usage("there is no machine behind", name);
	for (; special && *special; special++) {
		AUTO_FREE char *word = text_format(" %s ", *special);

		if (!strstr(command->options, word))
			return wrong_usage("an option that is not for this command:", *special);
	}
	*found = command;
	return GOES_ON;
}

/* Returns GOES_ON, else the exit code. */
static int read_number(const char *name, const char *text, unsigned least, unsigned *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (text_is_alphanumeric(text, "") && *text && !*end && value >= least &&
	    value <= NUMBER_MOST) {
		*number = (unsigned)value;
		return GOES_ON;
	}
	desk_say("'--%s' cannot be '%s': give a number from %u to %lu", name, text, least,
		 NUMBER_MOST);
	return wrong_usage(NULL, NULL);
}

/* An option of some commands. Returns GOES_ON, else the exit code. */
static int read_special(struct desk *desk, const char *name, const char *value)
{
	switch (*name) {
	case 'm':
		return read_number(name, value, 1, &desk->most);
	case 'p':
		return read_number(name, value, 1, &desk->patience);
	case 'g':
		return read_number(name, value, 0, &desk->grace);
	case 'i':
		desk->inventory = true;
		break;
	case 'c':
		desk->csv = true;
		break;
	case 'f':
		desk->force = true;
		break;
	case 'a':
		desk->at = value;
		break;
	default:
		desk->name = value;
	}
	return GOES_ON;
}

/* Returns GOES_ON, else the exit code. */
static int read_option(struct desk *desk, int option, const char *value)
{
	const char **const paths[] = {
		['C'] = &desk->control,   ['M'] = &desk->machines,    ['B'] = &desk->bmcs,
		['P'] = &desk->passwords, ['A'] = &desk->authorities, ['T'] = &desk->tree,
		['X'] = &desk->p2v_pxe,
	};

	switch (option) {
	case 'j':
		desk->json = true;
		return GOES_ON;
	case 'h':
		fputs(usage, stdout);
		return DESK_DONE;
	case 'V':
		puts("p2v-fleet " P2VD_VERSION);
		return DESK_DONE;
	case '?':
		return wrong_usage(NULL, NULL);
	default:
		if (!*value)
			return wrong_usage("this option lacks its value:", "");
		*paths[option] = value;
		return GOES_ON;
	}
}

/* Returns GOES_ON, else the exit code. */
static int parse(int argc, char **argv, struct desk *desk, const struct command **command)
{
	static const struct option known[] = {
		{ "inventory", no_argument, NULL, 's' },
		{ "csv", no_argument, NULL, 's' },
		{ "max", required_argument, NULL, 's' },
		{ "at", required_argument, NULL, 's' },
		{ "patience", required_argument, NULL, 's' },
		{ "force", no_argument, NULL, 's' },
		{ "grace", required_argument, NULL, 's' },
		{ "name", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "control", required_argument, NULL, 'C' },
		{ "machines", required_argument, NULL, 'M' },
		{ "bmcs", required_argument, NULL, 'B' },
		{ "passwords", required_argument, NULL, 'P' },
		{ "bmc-ca", required_argument, NULL, 'A' },
		{ "tree", required_argument, NULL, 'T' },
		{ "p2v-pxe", required_argument, NULL, 'X' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	AUTO_FREE char **special = memory_zero((size_t)argc + 1, sizeof(*special));
	size_t specials = 0;
	int option, index, r = GOES_ON;

	while (r == GOES_ON && (option = getopt_long(argc, argv, "", known, &index)) != -1) {
		if (option == 's') {
			special[specials++] = (char *)known[index].name;
			r = read_special(desk, known[index].name, optarg);
		} else {
			r = read_option(desk, option, optarg);
		}
	}
	if (r != GOES_ON)
		return r;
	desk->words = argv + optind + (optind < argc);
	return check_command(command, argv[optind], desk->words, special);
}

int main(int argc, char **argv)
{
	AUTO_FREE char *p2v_pxe = pxe_program();
	const struct command *command = NULL;
	struct desk desk = {
		.control = "/run/p2v-fleetd/control",
		.tree = "/srv/tftp",
		.machines = "/etc/p2vd/machines.csv",
		.p2v_pxe = p2v_pxe,
		.passwords = "/etc/p2vd/bmc-passwords",
		.grace = 120,
		.patience = 900,
	};
	int code = parse(argc, argv, &desk, &command);

	if (code != GOES_ON)
		return code;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 }); /* a core would hold secrets */
	signal(SIGPIPE, SIG_DFL);
	desk.screen = screen_new(stdout, desk.json);
	code = command->run(&desk);
	screen_free(desk.screen);
	secret_forget_all();
	if (fflush(stdout) < 0 || ferror(stdout)) {
		desk_say("cannot write to standard output");
		code = code ?: DESK_UNREACHABLE;
	}
	return code;
}
