/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The p2v.* parameters: one table (parameters.c) from which parsing, checking,
 * --print-config, the manual page and the completion are derived.
 */
#ifndef P2VD_PARAMETERS_H
#define P2VD_PARAMETERS_H

#include "cmdline/cmdline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A boolean that the machine answers when the user does not. */
enum choice { CHOICE_MACHINE, CHOICE_NO, CHOICE_YES };

enum allocation { ALLOCATION_NONE, ALLOCATION_SPARSE, ALLOCATION_PREALLOCATED };

enum rtc_basis { RTC_UNKNOWN, RTC_UTC, RTC_LOCALTIME };

/*
 * What the user asked for. Strings are UTF-8 and NULL where nothing was given
 * and there is no default; lists are NULL-terminated (text.h), NULL for "all".
 */
struct config {
	char *configuration; /* URL of a file with more parameters */

	/* the conversion server */
	char *server;
	uint16_t port;
	char *username;
	char *password; /* secret */
	char *identity; /* URL of a private key */
	char **hostkeys; /* "SHA256:…", one of which the server has */
	bool sudo;
	unsigned network_timeout; /* seconds to wait for a route to the server */
	unsigned connect_timeout; /* seconds to wait for an SSH connection */

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
	char *output_format;     /* -of */
	char *output_storage;    /* -os */
	char **output_misc;      /* each an -oo */
	char *root;              /* --root */
	char **keys;             /* secret; "DEVICE:PASSPHRASE", each a --key */
	char **mac;              /* each a --mac */

	/* the course of things */
	char *pre, *post, *fail; /* run by sh */
	char *announcement;      /* URL that is called after a success */
	bool skip_test_connection;
	bool dump_config_and_exit;
	bool debug;
	bool shell; /* whether the console may offer a root shell */
};

/* How a parameter's value reads, and the type of its member of struct config. */
enum parameter_type {
	PARAMETER_BOOLEAN, /* bool */
	PARAMETER_CHOICE,  /* enum choice */
	PARAMETER_WORD,    /* an enum, by the names in `words` */
	PARAMETER_PORT,    /* uint16_t */
	PARAMETER_NUMBER,  /* unsigned */
	PARAMETER_SECONDS, /* unsigned */
	PARAMETER_BYTES,   /* uint64_t */
	PARAMETER_HOURS,   /* int, in seconds, and rtc_offset_given */
	PARAMETER_SERVER,  /* char *, brackets of an IPv6 address dropped */
	PARAMETER_TEXT,    /* char * */
	PARAMETER_LIST,    /* char ** */
};

struct parameter {
	const char *section;     /* a heading that begins here in the manual, or NULL */
	const char *name;        /* "p2v.remote.server" */
	const char *alias;       /* "p2v.server", or NULL */
	enum parameter_type type;
	size_t offset;           /* of the member of struct config */
	uint64_t minimum, maximum;
	const char *const *words;
	char *(*check)(const char *value);           /* of a text or each item: value.h */
	char *(*check_list)(char *const *list);      /* of a whole list, or NULL */
	const char *standard;    /* the default as the user would write it, NULL for none */
	const char *otherwise;   /* what happens by default, where that says more */
	const char *form; /* "HOST", for the manual */
	const char *help;        /* one line */
	const char *description; /* all of it: sentences */
	bool secret;             /* never shown, wiped */
	bool commas;             /* a list in which two commas are one within an item */
};

size_t parameter_count(void);
const struct parameter *parameter_at(size_t index);

/* The parameter of that long or short name (a dash counts as an underscore, as
 * in the kernel), NULL for none. */
const struct parameter *parameter_find(const char *name);

/* The known name, long or short, most like @name; NULL when none is like it. */
const char *parameter_nearest(const char *name);

/*
 * The table for other readers: "man" is p2v.parameters(7), "completion" is
 * p2vd's for bash, "names" is all names, one a line, long ones before their
 * short ones. Returns 0, or -EINVAL for another @format.
 */
int parameters_print(FILE *file, const char *format);

/* config.c: what the user asked for, by the table. */

/* The defaults. The caller hands it to config_clear() in the end. */
void config_init(struct config *config);

/* Frees what @config owns, secrets wiped. */
void config_clear(struct config *config);

/*
 * Reads the p2v.* words among @words into @config, which holds the defaults.
 * Words that are not p2v.* are passed over; an unknown p2v.* word is a warning
 * with the nearest known name; a wrong value is an error that says what would
 * be right, and leaves the default. Of two words for one parameter the last
 * counts, and only that is judged: so the words of files stand before those of
 * the command line, and carry their line for the messages.
 *
 * Secrets are registered with secret_register() before the first message.
 * Warnings and errors are said by log_message(). Returns 0, or -EINVAL when
 * there was at least one error.
 */
int config_read(struct config *config, const struct cmdline *words);

/* The same for a kernel command line alone. */
int config_parse(struct config *config, const char *cmdline);

/* `name value` per line, long names without `p2v.`, lists separated by blanks,
 * memory in bytes, secrets as ***; the name alone where there is no value. */
void config_print(const struct config *config, FILE *file);

/* The same for those alone that @words give. */
void config_print_given(const struct config *config, const struct cmdline *words, FILE *file);

#endif
