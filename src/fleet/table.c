// SPDX-License-Identifier: GPL-2.0-or-later
/* The page with a table of all machines. */
#include "fleet/table.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char fleet_page[]; /* page.S */

/* ---- text -------------------------------------------------------------------------------- */

static void put(FILE *out, const char *text)
{
	for (; text && *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
		}
}

static void put_small(FILE *out, const char *text)
{
	if (!text || !*text)
		return;
	fputs("<small>", out);
	put(out, text);
	fputs("</small>", out);
}

/* "2 h 20 min"; the caller frees. */
static char *duration(uint64_t seconds)
{
	uint64_t minutes = (seconds + 59) / 60;

	if (minutes >= 48 * 60)
		return text_format("%" PRIu64 " days %" PRIu64 " h", minutes / 1440,
				   minutes / 60 % 24);
	if (minutes >= 60)
		return text_format("%" PRIu64 " h %" PRIu64 " min", minutes / 60, minutes % 60);
	return text_format("%" PRIu64 " min", minutes);
}

/* "2026-11-28 09:12 UTC"; NULL if it is no moment. The caller frees. */
static char *minute(int64_t moment)
{
	AUTO_FREE char *text = moment_text(moment);

	if (!text)
		return NULL;
	return text_format("%.10s %.5s UTC", text, text + 11);
}

/* ---- one machine ------------------------------------------------------------------------- */

static void put_name(FILE *out, const struct fleet_view *view)
{
	const struct document *last = &view->record->last;
	const char *name = view->entry && view->entry->name ? view->entry->name : last->guest;
	AUTO_FREE char *mac = text_copy(view->mac);
	AUTO_FREE char *small = NULL;

	for (char *c = mac; *c; c++)
		if (*c == '-')
			*c = ':';
	small = text_format("%s%s%s%s%s", name ? mac : "",
			    name && (last->vendor || last->model) ? ", " : "", last->vendor ?: "",
			    last->vendor && last->model ? " " : "", last->model ?: "");
	fputs("<th role=\"rowheader\" scope=\"row\">", out);
	put(out, name ?: mac);
	put_small(out, small);
	fputs("</th>", out);
}

static void put_state(FILE *out, const struct fleet_view *view)
{
	const struct record *record = view->record;
	AUTO_FREE char *small = NULL;

	if (view->group == GROUP_QUEUED && record->last.place != DOCUMENT_UNKNOWN)
		small = text_format("place %" PRIu64, record->last.place);
	else if ((view->group == GROUP_WORKING || view->group == GROUP_SILENT) && record->state)
		small = text_format("%s%s%s", record->state, record->last.step ? ", " : "",
				    record->last.step ?: "");
	fputs("<td role=\"cell\">", out);
	put(out, group_name(view->group));
	put_small(out, small);
	fputs("</td>", out);
}

static void put_progress(FILE *out, const struct fleet_view *view, const struct record_sum *sum)
{
	bool works = view->group == GROUP_WORKING;
	uint64_t all = sum->used != DOCUMENT_UNKNOWN ? sum->used : sum->size;

	fputs("<td role=\"cell\">", out);
	if (all != DOCUMENT_UNKNOWN) {
		AUTO_FREE char *text = text_bytes(all);

		if (works && all && sum->read != DOCUMENT_UNKNOWN)
			fprintf(out, "%u %% of ",
				(unsigned)(sum->read >= all ?
						   100.0 :
						   100.0 * (double)sum->read / (double)all));
		put(out, text);
	}
	if (works && sum->rate != DOCUMENT_UNKNOWN && sum->rate) {
		AUTO_FREE char *text = text_bytes(sum->rate);

		fprintf(out, "<small>%s/s</small>", text);
	}
	fputs("</td><td role=\"cell\">", out);
	if (works && sum->remaining != DOCUMENT_UNKNOWN) {
		AUTO_FREE char *text = duration(sum->remaining);

		put(out, text);
	}
	fputs("</td>", out);
}

static void put_times(FILE *out, const struct record *record)
{
	AUTO_FREE char *since = minute(record->last.run ? record->since : 0);
	AUTO_FREE char *seen = minute(record->seen);

	fputs("<td role=\"cell\">", out);
	put(out, since);
	if (since && seen)
		fprintf(out, "<small>heard %s</small>", seen);
	fputs("</td>", out);
}

static void put_row(FILE *out, const struct fleet_view *view)
{
	const struct document *last = &view->record->last;
	AUTO_FREE char *advice = record_advice(view->record, view->entry, view->group);
	AUTO_FREE char *class = text_copy(group_name(view->group));
	struct record_sum sum = record_sum(view->record);

	if (strchr(class, ' '))
		*strchr(class, ' ') = '-';
	fprintf(out, "<tr role=\"row\" class=\"%s\">", class);
	put_name(out, view);
	put_state(out, view);
	fputs("<td role=\"cell\">", out);
	put(out, last->server);
	put_small(out, last->workdir);
	fputs("</td>", out);
	put_progress(out, view, &sum);
	put_times(out, view->record);
	fputs("<td role=\"cell\">", out);
	put(out, view->group == GROUP_FAILED || view->group == GROUP_GIVEN_UP ?
			 view->record->reason :
			 NULL);
	put_small(out, advice);
	fputs("</td></tr>\n", out);
}

static const char *sort_name(const struct fleet_view *view)
{
	if (view->entry && view->entry->name)
		return view->entry->name;
	return view->record->last.guest ?: view->mac;
}

static int compare(const void *a, const void *b)
{
	const struct fleet_view *one = *(const struct fleet_view *const *)a;
	const struct fleet_view *other = *(const struct fleet_view *const *)b;

	if (one->group != other->group)
		return one->group < other->group ? -1 : 1;
	return strcmp(sort_name(one), sort_name(other));
}

/* ---- the page ---------------------------------------------------------------------------- */

static void put_rows(FILE *out, const struct fleet_view *views, size_t count)
{
	const struct fleet_view **sorted = memory_zero(count + 1, sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		sorted[i] = &views[i];
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 0; i < count; i++)
		put_row(out, sorted[i]);
	free(sorted);
}

static void put_counts(FILE *out, const struct summary *summary)
{
	AUTO_FREE char *now = moment_text(moment_now());

	for (enum group i = 0; i < GROUPS; i++)
		if (summary->counts[i])
			fprintf(out, "<li><b>%u</b> %s</li>", summary->counts[i], group_name(i));
	if (summary->remaining && summary->remaining != ESTIMATE_UNKNOWN) {
		AUTO_FREE char *text = duration(summary->remaining);

		fprintf(out, "<li><b>%s</b> to the end of all</li>", text);
	}
	fprintf(out, "<li>as of %.10s %.8s UTC</li>", now, now + 11);
}

char *fleet_table_page(const struct fleet_view *views, size_t count, const struct summary *summary,
		       const char *nonce)
{
	static const char *const marks[] = { "@NONCE@", "<!--counts-->", "<!--rows-->" };
	const char *at = fleet_page;
	char *page = NULL;
	size_t length;
	FILE *out = memory_need(open_memstream(&page, &length));

	for (;;) {
		const char *next = NULL;
		size_t which = 0;

		for (size_t i = 0; i < COUNT(marks); i++) {
			const char *mark = strstr(at, marks[i]);

			if (mark && (!next || mark < next)) {
				next = mark;
				which = i;
			}
		}
		if (!next)
			break;
		fwrite(at, 1, (size_t)(next - at), out);
		if (which == 0)
			fputs(nonce, out);
		else if (which == 1)
			put_counts(out, summary);
		else
			put_rows(out, views, count);
		at = next + strlen(marks[which]);
	}
	fputs(at, out);
	fclose(out);
	return memory_need(page);
}
