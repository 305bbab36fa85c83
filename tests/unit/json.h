/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2vd sends, written in a test. */
#ifndef TESTS_JSON_H
#define TESTS_JSON_H

#include <err.h>
#include <systemd/sd-json.h>

/* @text as JSON; the caller unrefs. */
static __attribute__((unused)) sd_json_variant *json(const char *text)
{
	sd_json_variant *value = NULL;

	if (sd_json_parse(text, 0, &value, NULL, NULL) < 0)
		errx(1, "no JSON: %s", text);
	return value;
}

#endif
