/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A URL with placeholders, {mac}, {uuid}, {serial} and {hostname}, for which each
 * machine has values of its own. No I/O.
 */
#ifndef P2VD_URL_TEMPLATE_H
#define P2VD_URL_TEMPLATE_H

/* A machine's values; NULL or "" where it has none. */
struct url_template_values {
	const char *mac, *uuid, *serial, *hostname;
};

/*
 * NULL when @text is such a URL, else a sentence that says what would be right, with
 * nothing of @text in it (the caller frees). The second takes https and http alone.
 */
char *url_template_check(const char *text);
char *url_template_check_web(const char *text);

/*
 * @template, the value of the parameter @name, with @values put in,
 * percent-encoded. The caller frees. NULL with a sentence in @reason (the
 * caller frees) where one is wanted that the machine does not have.
 */
char *url_template_fill(const char *template, const char *name,
			const struct url_template_values *values, char **reason);

#endif
