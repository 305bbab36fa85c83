// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2v-fleetd answers to which request, and who may ask it. */
#include "fleet/routes.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/text.h"
#include "fleet/api.h"
#include "fleet/csv.h"
#include "fleet/marking.h"
#include "fleet/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#define DONE_MOST 64   /* calls of /done/ that wait at the same time */
#define EVENTS 100     /* of one answer, if no number is asked for */
#define EVENTS_MOST 1000

struct routes {
	struct fleet *fleet;
	char *password;
	bool no_done;
	unsigned slots;     /* see summary_make() */
	unsigned done;      /* calls that wait */
	/* The answer of /api/v1/machines, good for a second. */
	char *machines;
	int64_t made;
};

/* ---- paths ------------------------------------------------------------------------------- */

/* Whether the path is @prefix and a MAC address, which is then in @mac. */
static bool names_machine(const struct http_request *request, const char *prefix,
			  char mac[static ENTRY_MAC_SIZE])
{
	const char *path = http_path(request);

	return text_begins(path, prefix) && entry_mac(path + strlen(prefix), mac);
}

static bool is_post(const struct http_request *request)
{
	return !strcmp(http_method(request), "POST");
}

/* ---- who may ----------------------------------------------------------------------------- */

/* The token that it brings, or NULL. */
static const char *token_of(const struct http_request *request)
{
	const char *text = http_header(request, "Authorization");

	if (!text || strncasecmp(text, "Bearer ", 7) != 0)
		return NULL;
	text += 7;
	return text + strspn(text, " ");
}

static unsigned judge_report(struct routes *routes, struct http_request *request, const char **why)
{
	char mac[ENTRY_MAC_SIZE];

	if (!is_post(request)) {
		*why = "reports are POSTed";
		return 405;
	}
	if (!names_machine(request, "/report/", mac)) {
		*why = "that is no MAC address of a card: report to /report/{mac}";
		return 404;
	}
	switch (fleet_right(routes->fleet, mac, token_of(request))) {
	case FLEET_MAY:
		return 0;
	case FLEET_NO_MACHINE:
		*why = "there is no such machine";
		return 404;
	case FLEET_MAY_NOT:
		break;
	}
	*why = "that is not the token of this machine, or its entry has none (p2v.report_token)";
	return 401;
}

static unsigned judge_done(struct routes *routes, const struct http_request *request,
			   const char **why)
{
	char mac[ENTRY_MAC_SIZE];

	if (!names_machine(request, "/done/", mac)) {
		*why = "that is no MAC address of a card";
		return 400;
	}
	if (routes->no_done && !http_is_control(request)) {
		*why = "only a report says here that a machine is done (--no-done)";
		return 403;
	}
	if (routes->done >= DONE_MOST) {
		*why = "too many machines are done at the same time: ask again";
		return 503;
	}
	return 0;
}

unsigned routes_judge(void *user, struct http_request *request, const char **why)
{
	struct routes *routes = user;

	if (!*http_method(request)) {
		*why = "only GET, HEAD and POST are known";
		return 405;
	}
	if (text_begins(http_path(request), "/report/"))
		return judge_report(routes, request, why);
	if (text_begins(http_path(request), "/done/"))
		return judge_done(routes, request, why);
	if (!http_is_local(request)) {
		if (!routes->password) {
			*why = "this page is for the boot server itself: to see it from elsewhere, use ssh -L, or give p2v-fleetd a --password-file, see p2v-fleetd(8)";
			return 403;
		}
		if (!http_has_password(request, routes->password)) {
			*why = "a password is needed";
			return 401;
		}
	}
	if (is_post(request) && !http_is_control(request)) {
		*why = "nothing can be changed over this address: see p2v-fleet(8)";
		return 405;
	}
	return 0;
}

/* ---- reports and done -------------------------------------------------------------------- */

static void on_kept(void *user, bool kept)
{
	struct http_request *request = user;

	if (kept)
		http_answer(request, &(struct http_answer){ .status = 204 });
	else
		http_say(request, 503, false, "it cannot be kept now: report again");
}

static void answer_report(struct routes *routes, struct http_request *request)
{
	AUTO_FREE char *reason = NULL;
	struct document document;
	char mac[ENTRY_MAC_SIZE];
	size_t length;
	const char *body = http_body(request, &length);

	if (!names_machine(request, "/report/", mac) ||
	    document_read(body, length, &document, &reason) < 0) {
		log_info("a report of %s is refused: %s", http_path(request), reason ?: "no MAC");
		http_say(request, 400, false, reason ?: "that is no report");
		return;
	}
	fleet_report(routes->fleet, mac, token_of(request), &document, on_kept, request);
}

struct done {
	struct routes *routes;
	struct http_request *request;
	char mac[ENTRY_MAC_SIZE];
};

static void on_done(void *user, int code)
{
	struct done *done = user;

	done->routes->done--;
	if (code == MARKING_OK) {
		AUTO_FREE char *text = text_format("%s is done", done->mac);

		log_notice("done: %s", done->mac);
		http_say(done->request, 200, false, text);
	} else if (code == MARKING_NO_MACHINE) {
		http_say(done->request, 404, false, "there is no such machine");
	} else {
		http_say(done->request, 500, false, "see the log of the boot server");
	}
	free(done);
}

static void answer_done(struct routes *routes, struct http_request *request)
{
	struct done *done = memory_zero(1, sizeof(*done));

	done->routes = routes;
	done->request = request;
	if (!names_machine(request, "/done/", done->mac)) {
		free(done);
		http_say(request, 400, false, "that is no MAC address of a card");
		return;
	}
	routes->done++;
	fleet_done(routes->fleet, done->mac, on_done, done);
}

/* ---- what there is to be seen ------------------------------------------------------------ */

struct site {
	struct fleet_view *views;
	size_t count;
	struct summary summary;
};

static struct site look(struct routes *routes)
{
	struct site site = { 0 };

	site.views = fleet_views(routes->fleet, &site.count);
	site.summary = summary_make(site.views, site.count, fleet_metrics(routes->fleet),
				    &routes->slots);
	return site;
}

static void answer_json(struct http_request *request, char *text)
{
	http_answer(request, &(struct http_answer){
				     .status = 200, .type = "application/json", .text = text });
}

/* Many pages may ask for the same, and it takes a while to make. */
static void answer_machines(struct routes *routes, struct http_request *request)
{
	int64_t now = moment_steady();
	struct site site;

	if (routes->machines && now - routes->made < 1000) {
		answer_json(request, text_copy(routes->machines));
		return;
	}
	site = look(routes);
	free(routes->machines);
	routes->machines = api_machines(site.views, site.count, &site.summary);
	routes->made = now;
	free(site.views);
	answer_json(request, text_copy(routes->machines));
}

static void answer_machine(struct routes *routes, struct http_request *request, const char *mac)
{
	struct site site = look(routes);
	const struct fleet_view *view = NULL;

	for (size_t i = 0; i < site.count && !view; i++)
		if (!strcmp(site.views[i].mac, mac))
			view = &site.views[i];
	if (view)
		answer_json(request,
			    api_machine(fleet_database(routes->fleet), view, &site.summary));
	else
		http_say(request, 404, true, "there is no such machine");
	free(site.views);
}

/* The number that a parameter has, @unknown if it is not there; -1 for nonsense. */
static int64_t number_of(const struct http_request *request, const char *name, int64_t unknown)
{
	const char *text = http_parameter(request, name);
	char *end;
	long long number;

	if (!text)
		return unknown;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno || *end || end == text || number < 0 ? -1 : number;
}

static void answer_events(struct routes *routes, struct http_request *request)
{
	int64_t after = number_of(request, "after", 0);
	int64_t most = number_of(request, "limit", EVENTS);

	if (after < 0 || most < 1) {
		http_say(request, 400, true, "after and limit are numbers");
		return;
	}
	answer_json(request, api_events(fleet_database(routes->fleet), after,
					most < EVENTS_MOST ? (unsigned)most : EVENTS_MOST));
}

static void answer_metrics(struct routes *routes, struct http_request *request)
{
	struct site site = look(routes);
	char *text = metrics_text(fleet_metrics(routes->fleet), site.summary.counts);

	free(site.views);
	http_answer(request,
		    &(struct http_answer){ .status = 200,
					   .type = "text/plain; version=0.0.4; charset=utf-8",
					   .text = text });
}

static void answer_page(struct routes *routes, struct http_request *request)
{
	struct site site = look(routes);
	char nonce[SD_ID128_STRING_MAX];
	AUTO_FREE char *policy = NULL;
	sd_id128_t random;

	if (sd_id128_randomize(&random) < 0)
		abort(); /* the kernel has no random numbers */
	sd_id128_to_string(random, nonce);
	policy =
		text_format("default-src 'none'; style-src 'nonce-%s'; script-src 'nonce-%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			    nonce, nonce);
	http_answer(request, &(struct http_answer){ .status = 200,
						    .type = "text/html; charset=utf-8",
						    .text = fleet_table_page(site.views, site.count,
									     &site.summary, nonce),
						    .policy = policy });
	free(site.views);
}

/* ---- report.csv -------------------------------------------------------------------------- */

struct csv {
	FILE *out;
	const struct site *site;
	unsigned *failures; /* of each machine */
	bool *has_run;
};

/* The place of @mac among the views, which are sorted; their number if it is none of them. */
static size_t place_of(const struct site *site, const char *mac)
{
	size_t low = 0, high = site->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(site->views[middle].mac, mac) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < site->count && !strcmp(site->views[low].mac, mac) ? low : site->count;
}

static const char *name_of(const struct fleet_view *view)
{
	return view->entry && view->entry->name ? view->entry->name : view->record->last.guest;
}

static void count_run(void *user, const struct database_run *run)
{
	struct csv *csv = user;
	size_t place = place_of(csv->site, run->mac);

	csv->has_run[place] = true;
	csv->failures[place] += run->result > 0;
}

static void put_run(void *user, const struct database_run *run)
{
	struct csv *csv = user;
	size_t place = place_of(csv->site, run->mac);
	const char *name = place < csv->site->count ? name_of(&csv->site->views[place]) : NULL;

	fleet_csv_run(csv->out, run, name, csv->failures[place]);
}

static void answer_csv(struct routes *routes, struct http_request *request)
{
	struct site site = look(routes);
	struct csv csv = { .site = &site };
	AUTO_FREE unsigned *failures = memory_zero(site.count + 1, sizeof(*failures));
	AUTO_FREE bool *has_run = memory_zero(site.count + 1, sizeof(*has_run));
	char *text = NULL;
	size_t length;

	csv.failures = failures;
	csv.has_run = has_run;
	csv.out = memory_need(open_memstream(&text, &length));
	fleet_csv_head(csv.out);
	database_each_run(fleet_database(routes->fleet), NULL, count_run, &csv);
	database_each_run(fleet_database(routes->fleet), NULL, put_run, &csv);
	for (size_t i = 0; i < site.count; i++)
		if (!has_run[i])
			fleet_csv_machine(csv.out, site.views[i].mac, name_of(&site.views[i]),
					  group_name(site.views[i].group));
	fclose(csv.out);
	free(site.views);
	http_answer(request,
		    &(struct http_answer){ .status = 200,
					   .type = "text/csv; charset=utf-8; header=present",
					   .text = memory_need(text),
					   .name = "report.csv" });
}

/* ---- all together ------------------------------------------------------------------------ */

static void on_told(void *user, bool kept)
{
	struct http_request *request = user;

	if (kept)
		http_answer(request, &(struct http_answer){ .status = 204 });
	else
		http_say(request, 503, true, "it cannot be kept now");
}

static void take_word(struct routes *routes, struct http_request *request, const char *mac)
{
	struct fleet_word word;
	sd_json_variant *json;
	size_t length;
	const char *body = http_body(request, &length);

	if (!api_read_word(body, length, &word, &json))
		http_say(request, 400, true,
			 "power (on, off, unknown), powered (a time), power_error (a text) and skipped (true, false) can be told");
	else if (!fleet_tell(routes->fleet, mac, &word, on_told, request))
		http_say(request, 404, true, "there is no such machine");
	else
		free(steal(routes->machines)); /* who has told it may look next */
	sd_json_variant_unref(json);
}

static void answer_get(struct routes *routes, struct http_request *request)
{
	static const struct {
		const char *path;
		void (*answer)(struct routes *routes, struct http_request *request);
	} pages[] = {
		{ "/", answer_page },
		{ "/api/v1/machines", answer_machines },
		{ "/api/v1/events", answer_events },
		{ "/metrics", answer_metrics },
		{ "/report.csv", answer_csv },
	};
	const char *path = http_path(request);

	for (size_t i = 0; i < COUNT(pages); i++)
		if (!strcmp(path, pages[i].path)) {
			pages[i].answer(routes, request);
			return;
		}
	http_say(request, 404, text_begins(path, "/api/"), "there is no such page");
}

void routes_ask(void *user, struct http_request *request)
{
	struct routes *routes = user;
	char mac[ENTRY_MAC_SIZE];

	if (text_begins(http_path(request), "/report/"))
		answer_report(routes, request);
	else if (text_begins(http_path(request), "/done/"))
		answer_done(routes, request);
	else if (is_post(request) && names_machine(request, "/api/v1/machines/", mac))
		take_word(routes, request, mac);
	else if (is_post(request))
		http_say(request, 404, true, "only /api/v1/machines/MAC is POSTed to");
	else if (names_machine(request, "/api/v1/machines/", mac))
		answer_machine(routes, request, mac);
	else
		answer_get(routes, request);
}

struct routes *routes_new(struct fleet *fleet, const char *password, bool no_done)
{
	struct routes *routes = memory_zero(1, sizeof(*routes));

	routes->fleet = fleet;
	routes->password = text_copy(password);
	routes->no_done = no_done;
	return routes;
}

void routes_free(struct routes *routes)
{
	if (!routes)
		return;
	secret_free(routes->password);
	free(routes->machines);
	free(routes);
}
