// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Another try of virt-v2v, after one that has failed for a cause that this can mend. As long as the
 * work directory and the relay are there, only virt-v2v is started again, and the relay has what
 * has come already. Else all is made anew, from the login on.
 */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/hardware.h"

#include <string.h>

static const char restarted_text[] =
	"the server was restarted, and what had come of the disks is lost";

/* What belongs to a virt-v2v that has ended. */
static void forget(struct conversion *conversion)
{
	conversion->tick = sd_event_source_disable_unref(conversion->tick);
	conversion->events.progress(conversion->events.user, NULL);
	conversion->copying = 0;
	v2v_log_free(conversion->log);
	conversion->log = v2v_log_new();
	list_free(steal(conversion->bad));
	conversion->v2v_ended = false;
}

/* From the login on: on the server nothing runs any more, or it is not to be found there. */
static void begin_anew(struct conversion *conversion, const char *why)
{
	log_notice("%s: the conversion begins anew, and the disks are read from their beginning",
		   why);
	forget(conversion);
	if (conversion->transfer)
		conversion->bytes_before += transfer_bytes(conversion->transfer);
	if (!conversion->before && !conversion->uncleared)
		conversion->before = list_copy(conversion->server.files);
	conversion->uncleared = true;
	run_record_clear(&conversion->record);
	run_record_remove(conversion->directory);
	conversion->v2v_launched = conversion->relay_started = conversion->complete = false;
	conversion_go(conversion, STATE_CONNECTING);
}

bool conversion_can_again(const struct conversion *conversion)
{
	return conversion->try <= conversion->config->retries;
}

bool conversion_try_again(struct conversion *conversion, int code, const char *reason)
{
	unsigned tries = conversion->config->retries + 1;

	if (!conversion_can_again(conversion))
		return false;
	conversion->try++;
	free(conversion->failure);
	conversion->failure = text_copy(reason);
	log_warning("%s; virt-v2v is started again: try %u of %u", reason, conversion->try, tries);
	if (code == JOB_CODE_RESTARTED)
		begin_anew(conversion, restarted_text);
	else if (conversion->relay && !conversion->relay_ports)
		begin_anew(conversion,
			   "p2vd was started again meanwhile, and does not know the relay's ports");
	else
		conversion_go(conversion, STATE_LAUNCHING);
	return true;
}

/* No try is over by that: virt-v2v has not been started. */
void conversion_on_forsaken(void *user, bool restarted)
{
	struct conversion *conversion = user;

	if (conversion_over(conversion))
		return;
	if (!restarted)
		conversion->lost = 0; /* the server is the same */
	begin_anew(conversion, restarted ?
				       restarted_text :
				       "the relay has ended, and what it may have kept is lost");
}

void conversion_next_try(struct conversion *conversion)
{
	char *json = conversion_machine_json(conversion);

	forget(conversion);
	disk_trouble_free(steal(conversion->trouble));
	if (conversion->record.config) {
		conversion->record.told = 0;
		conversion->record.try = conversion->try;
		free(conversion->record.failure);
		conversion->record.failure = text_copy(conversion->failure);
		run_record_write(&conversion->record, conversion->directory);
	}
	files_put(&conversion->late_files, "machine.json", json, strlen(json));
}

char *conversion_machine_json(const struct conversion *conversion)
{
	sd_json_variant *object = hardware_object(&conversion->hardware, conversion->name, NULL);
	char *text = NULL;

	if (conversion->try > 1) {
		json_put_number(&object, "try", conversion->try);
		json_put_number(&object, "tries", conversion->config->retries + 1);
		json_put_text(&object, "failure", conversion->failure);
	}
	if (sd_json_variant_format(object, SD_JSON_FORMAT_PRETTY, &text) < 0)
		abort(); /* no memory */
	sd_json_variant_unref(object);
	return text;
}

char *conversion_try_text(const struct conversion *conversion)
{
	return conversion->try > 1 ? text_format("try %u of %u", conversion->try,
						 conversion->config->retries + 1) :
				     NULL;
}
