// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of a conversion's state. */
#include "conversion/conversion_states.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "inventory/outlook.h"

#define BEGIN_AGAIN_MOST 5 /* times; after that there must be a reason that will stay */

static void enter(struct conversion *conversion, enum conversion_state next)
{
	conversion->next = next;
	sd_event_source_set_enabled(conversion->step, SD_EVENT_ONESHOT);
}

void conversion_go(struct conversion *conversion, enum conversion_state next)
{
	if (!conversion_over(conversion))
		enter(conversion, next);
}

void conversion_server_done(struct conversion *conversion)
{
	conversion->cancel_limit = sd_event_source_disable_unref(conversion->cancel_limit);
	enter(conversion, conversion->code == EXIT_DONE ? STATE_DONE : STATE_FAILED);
}

void conversion_doubt(struct conversion *conversion, const char *reason)
{
	AUTO_FREE char *clean = log_clean(reason);

	list_append(&conversion->doubts, text_format(OUTLOOK "%s", clean));
}

/* What the server does not like is what a look at the machine is for: it has not failed. */
static bool is_doubt(const struct conversion *conversion, int code)
{
	return conversion->look && conversion->state >= STATE_NETWORK &&
	       (code == EXIT_SERVER || code == EXIT_CONFIGURATION);
}

/* Only the first reason counts: later errors follow from it. */
void conversion_fail(struct conversion *conversion, int code, const char *reason)
{
	if (conversion->code != EXIT_DONE || conversion->state >= STATE_FINISHING) {
		log_info("ignored after the end: %s", reason);
		return;
	}
	if (is_doubt(conversion, code)) {
		if (!conversion->doubted)
			conversion_doubt(conversion, reason);
		conversion->doubted = true;
	} else {
		conversion->code = code;
		conversion->reason = text_copy(reason);
		log_error("%s", reason);
	}
	enter(conversion, STATE_FINISHING);
}

/* Whether the conversion starts over. No other change of state goes back. */
static bool beginning_again(const struct conversion *conversion)
{
	return conversion->state > STATE_CONNECTING && conversion->next == STATE_CONNECTING;
}

/* On the server there is nothing yet, except perhaps a work directory. What runs here is
 * freed by conversion_enter_connecting(): this function is called from its callbacks. */
void conversion_begin_again(struct conversion *conversion, int code, const char *reason)
{
	if (beginning_again(conversion))
		return; /* another part has failed, too */
	if (conversion_over(conversion) || conversion->begun_again == BEGIN_AGAIN_MOST) {
		conversion_fail(conversion, code, reason);
		return;
	}
	conversion->begun_again++;
	log_warning("%s; beginning again", reason);
	enter(conversion, STATE_CONNECTING);
}

bool conversion_over(const struct conversion *conversion)
{
	return conversion->code != EXIT_DONE || conversion->doubted ||
	       conversion->state >= STATE_FINISHING || beginning_again(conversion);
}

void conversion_tell_waiting(struct conversion *conversion, const char *line)
{
	if ((!conversion->v2v_launched || conversion->resuming) && !conversion_over(conversion))
		conversion->events.waiting(conversion->events.user, line);
}

void conversion_look_for_server(struct conversion *conversion)
{
	sd_event_now(conversion->event, CLOCK_BOOTTIME, &conversion->searched);
	connection_login_again(conversion->connection, credentials_login(conversion->credentials));
}
