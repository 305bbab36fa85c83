// SPDX-License-Identifier: GPL-2.0-or-later
/* What a session tells p2v.report, and when. */
#include "service/telling.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "report/report.h"

struct telling {
	sd_event *event;
	struct report *report; /* NULL: nobody is to be told */
	enum conversion_state state;
	bool ends;
	sd_json_variant *(*data)(const struct session *session);
	void (*told)(void *session);
	struct session *session;
};

static sd_json_variant *read_data(void *user)
{
	const struct telling *telling = user;

	return telling->data(telling->session);
}

static bool moves(void *user)
{
	const struct telling *telling = user;

	/* Whoever waits must be heard of, too: else it looks as if it were dead. */
	return telling->state == STATE_CONVERTING || telling->state == STATE_QUEUED;
}

static void on_finished(void *user)
{
	struct telling *telling = user;

	telling->ends = false;
	telling->told(telling->session);
}

void telling_begin(struct telling *telling, const struct config *config)
{
	struct report_events events = { read_data, on_finished, moves, telling };

	if (!telling->report)
		telling->report = report_new(telling->event, config, &events);
}

void telling_state(struct telling *telling, enum conversion_state state, const char *name)
{
	telling->state = state;
	if (state < STATE_DONE) /* that, and why, telling_end() tells */
		report_change(telling->report, name, NULL);
}

bool telling_end(struct telling *telling, const struct config *config, const char *reason)
{
	telling_begin(telling, config);
	if (!telling->report)
		return false;
	telling->ends = true;
	report_change(telling->report, reason ? "failed" : "done", reason);
	/* A look is for those who are told; and it may end before there is a network. */
	report_finish(telling->report, config->task == TASK_INVENTORY ? config->network_timeout :
									REPORT_LAST_SECONDS);
	return true;
}

bool telling_busy(const struct telling *telling)
{
	return telling->ends;
}

void telling_stop(struct telling *telling)
{
	telling->ends = false;
	report_free(steal(telling->report));
}

struct telling *telling_new(sd_event *event,
			    sd_json_variant *(*data)(const struct session *session),
			    void (*told)(void *session), struct session *session)
{
	struct telling *telling = memory_zero(1, sizeof(*telling));

	*telling = (struct telling){
		.event = event,
		.data = data,
		.told = told,
		.session = session,
	};
	return telling;
}

void telling_free(struct telling *telling)
{
	if (!telling)
		return;
	telling_stop(telling);
	free(telling);
}
