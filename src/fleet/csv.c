// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of each machine, as a table for a spreadsheet (RFC 4180). */
#include "fleet/csv.h"

#include "base/cleanup.h"
#include "base/moment.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* A spreadsheet would calculate what begins with one of these characters. It may come from a
 * machine: so an apostrophe makes it text. */
static void put_text(FILE *out, const char *text)
{
	if (!text || !*text)
		return;
	fputc('"', out);
	if (strchr("=+-@\t\r", *text))
		fputc('\'', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_moment(FILE *out, int64_t moment)
{
	AUTO_FREE char *text = moment_text(moment);

	fputs(text ?: "", out);
}

static void put_mac(FILE *out, const char *mac)
{
	for (; *mac; mac++)
		fputc(*mac == '-' ? ':' : *mac, out);
}

static const char *outcome(const struct database_run *run)
{
	if (run->result == DOCUMENT_NO_RESULT)
		return "under way";
	if (run->result != 0)
		return "failed";
	return run->inventory ? "inventory" : "converted";
}

void fleet_csv_head(FILE *out)
{
	fputs("mac,name,outcome,started,ended,seconds,bytes,server,guest,exit_code,reason,tries,failures,run\r\n",
	      out);
}

void fleet_csv_run(FILE *out, const struct database_run *run, const char *name, unsigned failures)
{
	put_mac(out, run->mac);
	fputc(',', out);
	put_text(out, name);
	fprintf(out, ",%s,", outcome(run));
	put_moment(out, run->started);
	fputc(',', out);
	put_moment(out, run->ended);
	fprintf(out, ",%" PRIu64 ",%" PRIu64 ",", run->seconds, run->bytes);
	put_text(out, run->server);
	fputc(',', out);
	put_text(out, run->guest);
	fputc(',', out);
	if (run->result != DOCUMENT_NO_RESULT)
		fprintf(out, "%d", run->result);
	fputc(',', out);
	put_text(out, run->reason);
	fprintf(out, ",%" PRIu64 ",%u,", run->tries, failures);
	put_text(out, run->run);
	fputs("\r\n", out);
}

void fleet_csv_machine(FILE *out, const char *mac, const char *name, const char *state)
{
	put_mac(out, mac);
	fputc(',', out);
	put_text(out, name);
	fprintf(out, ",%s,,,,,,,,,,,\r\n", state);
}
