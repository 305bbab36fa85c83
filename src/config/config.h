/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asked for. config_read.c fills it, config_print.c prints it. */
#ifndef P2VD_CONFIG_H
#define P2VD_CONFIG_H

#include "cmdline/cmdline.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* yes or no, and otherwise what the machine has. */
enum choice { CHOICE_MACHINE, CHOICE_NO, CHOICE_YES };

enum allocation { ALLOCATION_NONE, ALLOCATION_SPARSE, ALLOCATION_PREALLOCATED };

/* Where the value of a parameter comes from; the later ones override the earlier. */
enum origin {
	ORIGIN_BUILTIN, /* nobody has given it */
	ORIGIN_IMAGE,   /* defaults.h */
	ORIGIN_FILE,    /* that p2v.config names */
	ORIGIN_CMDLINE,
	ORIGIN_CLIENT,  /* of the daemon */
};

enum copy { COPY_USED, COPY_ALL };
enum bad_sectors { BAD_SECTORS_FAIL, BAD_SECTORS_ZERO };
enum task { TASK_CONVERT, TASK_INVENTORY };

enum console_view { CONSOLE_AUTO, CONSOLE_LINES, CONSOLE_SCREEN };

#define PARAMETERS_MOST 96

enum rtc_basis { RTC_UNKNOWN, RTC_UTC, RTC_LOCALTIME };

/* Strings are UTF-8, and NULL if nothing was given and there is no default. Lists are
 * NULL-terminated (list.h), and NULL for "all". Where the table says that an empty value
 * means none, that is "", or a list without items. */
struct config {
	char *configuration; /* URL of a file with more parameters */

	/* the conversion server */
	char *server;
	unsigned port;
	char *username;
	char *password; /* secret */
	char *key; /* secret; the private key itself, with blanks in place of line breaks */
	char *identity; /* URL of a private key */
	char **hostkeys; /* "SHA256:…", one of which the server has */
	bool sudo;
	unsigned network_timeout; /* seconds to wait for a route to the server */
	unsigned connect_timeout; /* seconds to wait for an SSH connection */
	unsigned reconnect_timeout; /* seconds that virt-v2v goes on without the machine */

	/* the guest */
	char *name;
	bool phys_topo;
	unsigned vcpus;      /* 0: as many as the machine has */
	uint64_t memory;     /* bytes; 0: as much as the machine has */
	char *cpu_vendor;
	char *cpu_model;
	enum choice acpi, apic, pae;
	enum rtc_basis rtc_basis;
	bool rtc_offset_given;
	int rtc_offset;      /* seconds from UTC, the user's unit being hours; if given */
	char **disks;
	char **removable;
	char **interfaces;
	char **network_map;  /* "interface:network", or "network" for the rest */

	/* virt-v2v's output */
	char *output_type;       /* -o, as the user spelt it */
	enum allocation output_allocation; /* -oa */
	char *output_connection; /* -oc */
	char *output_credentials; /* -op, a file on the server */
	char *output_format;     /* -of */
	char *output_storage;    /* -os */
	char **output_misc;      /* each an -oo */
	char *root;              /* --root */
	char **keys;             /* secret; "DEVICE:PASSPHRASE", each a --key */
	char **mac;              /* each a --mac */

	/* the way of the data */
	char *streams;           /* "auto", or the number of tunnels for each disk */
	char *store;             /* "auto", "no", or a directory of the server */
	uint64_t bandwidth;      /* bytes per second, of all disks; 0: no limit */
	bool compress;           /* by ssh, on the line */
	enum copy copy;
	unsigned map_timeout; /* seconds */
	enum bad_sectors bad_sectors;
	unsigned bad_sectors_max;
	unsigned slots; /* conversions on the server at the same time; 0: as many as it can bear */
	unsigned retries; /* how often virt-v2v is started again */

	enum task task; /* what is done with the machine */

	/* before and after the conversion */
	char *pre, *post, *fail; /* run by sh */
	char *announcement; /* URL that is requested after a success */
	char **reports; /* URLs that are told how far the conversion is */
	char *report_token; /* secret; for all of them */
	unsigned report_interval; /* seconds */
	bool skip_test_connection;
	bool dump_config_and_exit;
	bool debug;
	bool shell; /* whether the console may offer a root shell */
	bool interactive; /* whether the console offers forms */
	unsigned countdown; /* seconds that a person has before a conversion begins */
	enum console_view console; /* what consoles show while it runs */
	char *keymap; /* the keyboard layout of the kernel's own screens */

	unsigned char origin[PARAMETERS_MOST]; /* enum origin, by the index in the table */
};

/* Sets the defaults. The caller frees by config_clear(). */
void config_init(struct config *config);

/* Wipes the secrets and frees all. */
void config_clear(struct config *config);

/*
 * Reads the p2v.* words of @words into @config, which holds the defaults, and judges
 * those that set up the network. An unknown p2v.* word is a warning with the nearest
 * known name; a wrong value is an error that says what would be right, and the default
 * stays. Of two words for one parameter only the last is read: so the words of files
 * come before those of the command line.
 *
 * Secrets are registered with secret_register() before the first message. Messages go
 * to log_message(). Returns 0, or -EINVAL after at least one error.
 */
int config_read(struct config *config, const struct cmdline *words);

/*
 * A `name value` per line: long names without `p2v.`, list items separated by spaces,
 * memory in bytes, secrets as ***; the name alone if there is no value. With @only
 * (NULL: all), the parameters that these words give.
 */
void config_print(const struct config *config, const struct cmdline *only, FILE *file);

struct parameter;

/* The value of @parameter as a user would write it, but without quotes; what is secret in it
 * reads ***. NULL for none. The caller frees. (config_words.c, as the next one) */
char *config_value(const struct config *config, const struct parameter *parameter);

/* What was given by anybody, as words of a kernel command line, with spaces between. A
 * parameter with a secret in it is left out. The caller frees. */
char *config_words(const struct config *config);

#endif
