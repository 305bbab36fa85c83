/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of machines, as p2vd sends them. */
#ifndef TESTS_REPORTS_H
#define TESTS_REPORTS_H

#include "base/text.h"
#include "fleet/document.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_UNUSED __attribute__((unused))

/* @status: members of the object, @changes: elements of the array, @more: members of "data" with
 * a comma before each. The caller frees. */
static REPORT_UNUSED char *report_text(const char *run, unsigned sequence, const char *status,
				       const char *changes, const char *more)
{
	return text_format("{\"specversion\":\"1.0\",\"id\":\"%s-%u\",\"source\":\"/p2vd/x\","
			   "\"type\":\"io.p2vd.conversion.state\",\"time\":\"2026-11-28T09:00:10.500Z\","
			   "\"datacontenttype\":\"application/json\",\"data\":{\"machine\":{"
			   "\"mac\":\"52:54:00:12:34:01\",\"uuid\":\"u-1\",\"vendor\":\"Dell\","
			   "\"model\":\"R640\",\"serial\":\"S1\",\"memory\":1024},\"status\":{%s},"
			   "\"run\":\"%s\",\"sequence\":%u,\"changes\":[%s]%s}}",
			   run, sequence, status, run, sequence, changes, more);
}

/* That report, read. Ends the test if it cannot be. */
static REPORT_UNUSED struct document report(const char *run, unsigned sequence, const char *status,
					    const char *changes, const char *more)
{
	char *text = report_text(run, sequence, status, changes, more), *reason = NULL;
	struct document document;

	if (document_read(text, strlen(text), &document, &reason) < 0)
		errx(1, "%s: %s", reason, text);
	free(text);
	return document;
}

#endif
