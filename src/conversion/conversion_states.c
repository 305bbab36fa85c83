// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's way from state to state. */
#include "conversion/conversion_states.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"

#define BEGIN_AGAIN_MOST 5 /* times: a server that always goes away there has a reason */

void conversion_go(struct conversion *conversion, enum conversion_state next)
{
	conversion->next = next;
	sd_event_source_set_enabled(conversion->step, SD_EVENT_ONESHOT);
}

/* The first reason counts: what breaks while things are taken down follows from it. */
void conversion_fail(struct conversion *conversion, int code, const char *reason)
{
	if (conversion->code != EXIT_DONE || conversion->state >= STATE_FINISHING) {
		log_info("after the end: %s", reason);
		return;
	}
	conversion->code = code;
	conversion->reason = text_copy(reason);
	log_error("%s", reason);
	conversion_go(conversion, STATE_FINISHING);
}

/* No state but this one leads back. */
static bool beginning_again(const struct conversion *conversion)
{
	return conversion->state > STATE_CONNECTING && conversion->next == STATE_CONNECTING;
}

/* Nothing on the server has begun, but for a work directory perhaps. What was made
 * on this side goes when the connection is entered, not in its callback. */
void conversion_begin_again(struct conversion *conversion, int code, const char *reason)
{
	if (beginning_again(conversion))
		return; /* one more part that was lost */
	if (conversion_over(conversion) || conversion->access.begun_again == BEGIN_AGAIN_MOST) {
		conversion_fail(conversion, code, reason);
		return;
	}
	conversion->access.begun_again++;
	log_warning("%s; beginning again", reason);
	conversion_go(conversion, STATE_CONNECTING);
}

bool conversion_over(const struct conversion *conversion)
{
	return conversion->code != EXIT_DONE || conversion->state >= STATE_FINISHING ||
	       beginning_again(conversion);
}
