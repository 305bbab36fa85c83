/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The p2v.* parameters: one table (parameters.c) from which parsing, checking,
 * --print-config, the manual page and the completion are derived.
 */
#ifndef P2VD_PARAMETERS_H
#define P2VD_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PARAMETER_PREFIX "p2v."

/* How a value is written, and the type of its member of struct config. */
enum parameter_type {
	PARAMETER_BOOLEAN, /* bool */
	PARAMETER_CHOICE,  /* enum choice */
	PARAMETER_WORD,    /* an enum, written as one of `words` */
	PARAMETER_NUMBER,  /* unsigned */
	PARAMETER_SECONDS, /* unsigned */
	PARAMETER_BYTES,   /* uint64_t */
	PARAMETER_HOURS,   /* int, in seconds, and rtc_offset_given */
	PARAMETER_SERVER,  /* char *, an IPv6 address without its brackets */
	PARAMETER_TEXT,    /* char * */
	PARAMETER_LIST,    /* char ** */
};

struct config;

/* What of a value is secret: it is never shown. */
enum parameter_secret {
	SECRET_NOTHING,
	SECRET_TEXT,    /* all of a text */
	SECRET_KEYS,    /* all of a list of DEVICE:PASSPHRASE */
	SECRET_OPTIONS, /* in a list of NAME=VALUE, the values of passwords */
	SECRET_URL,     /* what is before a URL's host, and behind its ? */
	SECRET_URI,     /* likewise, but for a user alone and most options: qemu+ssh://root@h/ */
};

struct parameter {
	const char *section; /* the heading above it in the manual, in capitals, or NULL */
	const char *name; /* "p2v.remote.server" */
	const char *alias; /* its short name, "p2v.server", or NULL */
	const char *label; /* "Server", before a field of a form: 18 characters at most */
	enum parameter_type type;
	size_t offset; /* of the member of struct config */
	uint64_t minimum, maximum;
	const char *const *words;
	/* Whether a text or an item of a list, which is UTF-8 without control characters,
	 * is right, and whether a whole list is (value.h). NULL: always. */
	char *(*check)(const char *text);
	char *(*check_list)(char *const *list);
	bool commas; /* a list in which two commas are one within an item */
	bool empty; /* an empty value is right: it means none */
	const char *default_value; /* as the user would write it, NULL for none */
	const char *default_text; /* what happens by default, for the manual; or NULL */
	enum parameter_secret secret;
	const char *form; /* "HOST", for the manual */
	const char *description; /* sentences, for the manual */
};

/* All of them; a row without a name follows the last one. */
const struct parameter *parameters(void);

/* The parameter with that long or short name; a dash counts as an underscore, as in the
 * kernel. NULL for none. */
const struct parameter *parameter_find(const char *name);

/* Its index in the table. */
size_t parameter_index(const struct parameter *parameter);

/* Its member of @config. */
void *parameter_member(const struct parameter *parameter, const struct config *config);

/* Whether a word with this name looks like one for p2vd: p2v.*, P2V.*, p2v-server, or any of
 * these in letters that look like ours (look_alike.h). */
bool parameter_resembles(const char *name);

/* The long or short name that was meant by @name, for advice; NULL if none is near. */
const char *parameter_nearest(const char *name);

/* What to say of @name, which is no parameter: the rest of a sentence, "is no parameter: …".
 * The caller frees. */
char *parameter_unknown(const char *name);

/* The parameter with that name, else the p2v.* one with the nearest name; NULL for none. */
const struct parameter *parameter_meant(const char *name);

/*
 * Prints the table as @format: "names", a parameter per line with its short name behind
 * it; "man", the page p2v.parameters(7); "completion", for bash; "secrets", by
 * secret_words_print(). Returns 0, or -EINVAL for another format.
 */
int parameters_print(FILE *file, const char *format);

#endif
