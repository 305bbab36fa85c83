/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that somebody gives as arguments, made into what methods take. The arguments of a
 * process are no secret: NAME alone of a parameter that is one has its value read from the
 * terminal or standard input (secret_line.h).
 *
 * Each function returns an object, in which values are wiped when it is freed, or NULL and the
 * reason, a sentence that the caller frees.
 */
#ifndef P2VD_GIVEN_H
#define P2VD_GIVEN_H

#include <systemd/sd-json.h>

/*
 * For SetParameters. Each of the list @arguments is NAME=VALUE or NAME, which means yes where
 * yes or no is asked for. One secret at most can be read. @known is the answer of
 * GetParameters; a name that is not in it goes on, for p2vd says what may be meant.
 */
sd_json_variant *given_parameters(char *const *arguments, sd_json_variant *known, char **reason);

/* For SetParameters: takes back what was set as @names. */
sd_json_variant *given_names(char *const *names, char **reason);

/* For CheckWords: @arguments with blanks between them; if there are none, the next line of standard
 * input. */
sd_json_variant *given_line(char *const *arguments, char **reason);

#endif
