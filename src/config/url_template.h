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
 * NULL when @text is such a URL, else a sentence that says what would be right (the
 * caller frees) and does not quote it. The second accepts only https and http.
 */
char *url_template_check(const char *text);
char *url_template_check_web(const char *text);

/* Likewise for the URL of a key, in which only {server} may be. */
char *url_template_check_key(const char *text);

/* Such a URL with the server's name or address in it, percent-encoded. The caller calls
 * secret_free(). */
char *url_template_fill_key(const char *template, const char *server);

/*
 * @template, the value of the parameter @name, with @values in it, percent-encoded.
 * The caller frees. NULL if the machine has no such value, with a sentence in @reason
 * (the caller frees).
 */
char *url_template_fill(const char *template, const char *name,
			const struct url_template_values *values, char **reason);

#endif
