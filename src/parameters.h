/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The p2v.* parameters: one table (parameters.c) from which parsing, checking,
 * --print-config, the manual page and the completion are derived.
 */
#ifndef P2VD_PARAMETERS_H
#define P2VD_PARAMETERS_H

#include <stdbool.h>
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
	/* the conversion server */
	char *server;
	uint16_t port;
	char *username;
	char *password; /* secret */
	char *identity; /* URL of a private key */
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
	int rtc_offset;      /* seconds from UTC, the table's unit being hours */
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

	/* the course of things */
	char *pre, *post, *fail; /* run by sh */
	bool skip_test_connection;
	bool dump_config_and_exit;
	bool debug;
	bool shell; /* whether the console may offer a root shell */
};

/* The defaults. The caller hands it to config_clear() in the end. */
void config_init(struct config *config);

/* Frees what @config owns, secrets wiped. */
void config_clear(struct config *config);

/*
 * Reads the p2v.* words of @cmdline (kernel command line) into @config, which
 * holds the defaults. Words that are not p2v.* are passed over; an unknown
 * p2v.* word is a warning with the nearest known name; a wrong value is an
 * error that says what would be right, and leaves the default.
 *
 * Warnings and errors are said by log_message(). Returns 0, or -EINVAL when
 * there was at least one error.
 */
int config_parse(struct config *config, const char *cmdline);

/* `name value` per line, long names without `p2v.`, secrets as ***. */
void config_print(const struct config *config, FILE *file);

#endif
