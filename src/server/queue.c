// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue on the conversion server. */
#include "server/queue.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/remote.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BEAT_SECONDS 5
#define LEAVE_SECONDS 30
#define PAUSE_FIRST 1 /* seconds, before it is joined again; doubled each time */
#define PAUSE_LONGEST 30
#define SILENT_MOST 4 /* calls without an answer, until it is done without */
#define FIRST_SECONDS 60
#define LINE_MOST 4096 /* bytes that are kept of a line */

struct queue {
	sd_event *event;
	struct queue_events events;
	char *unique, *guest, *identity, *own;
	struct queue_call call; /* with these */
	struct ssh *ssh;
	sd_event_source *timer;
	unsigned pause;
	unsigned silent; /* calls without an answer, one after the other */
	char *warned;    /* the last warning, or NULL */
	bool over; /* granted, or there is no queue */
	struct joined *joined; /* the call that is under way, or NULL */
};

/* A call of queue.sh, which can outlive the queue. */
struct joined {
	struct queue *queue; /* or NULL */
	char line[LINE_MOST];
	size_t length;
	char *said; /* the last that it said in error, or NULL */
};

/* ---- a place -------------------------------------------------------------------- */

/* A number, or - for one that is not known. */
static bool read_seconds(const char *text, uint64_t *seconds)
{
	if (!strcmp(text, "-"))
		return true;
	return !text[strspn(text, "0123456789")] && sscanf(text, "%" SCNu64, seconds) == 1;
}

bool queue_place_read(struct queue_place *place, const char *text)
{
	char seconds[24] = "";
	int end = 0;
	struct queue_place read = { .seconds = QUEUE_UNKNOWN };

	*place = (struct queue_place){ 0 };
	if (sscanf(text, "%u %u %u %20s%n", &read.place, &read.running, &read.slots, seconds,
		   &end) != 4 ||
	    !read.place || !read.slots)
		return false;
	if (!read_seconds(seconds, &read.seconds))
		return false;
	*place = read;
	if (text[end] == ' ' && text[end + 1]) {
		FILE *stream;
		size_t ignored;

		stream = open_memstream(&place->guests, &ignored);
		if (!stream)
			abort(); /* no memory */
		for (const char *c = text + end + 1; *c; c++)
			fputs(*c == ' ' ? ", " : (char[]){ *c, '\0' }, stream);
		if (fclose(stream))
			abort();
	}
	return true;
}

bool queue_look_read(struct queue_look *look, const char *line)
{
	struct queue_look read = { .seconds = QUEUE_UNKNOWN };
	char ours[4] = "", slot[4] = "", seconds[24] = "";
	int end = 0;

	if (sscanf(line, "look %3s %3s %u %u %u %20s%n", ours, slot, &read.place, &read.taken,
		   &read.slots, seconds, &end) != 6 ||
	    line[end] || !read.place || !read.slots || !read_seconds(seconds, &read.seconds))
		return false;
	read.ours = !strcmp(ours, "yes");
	read.slot = !strcmp(slot, "yes");
	*look = read;
	return true;
}

void queue_place_clear(struct queue_place *place)
{
	free(place->guests);
	*place = (struct queue_place){ 0 };
}

char *queue_place_text(const struct queue_place *place)
{
	AUTO_FREE char *duration = text_duration(place->seconds);
	bool known = place->seconds != QUEUE_UNKNOWN;

	return text_format("place %u in the server's queue: %u of %u slots %s taken%s%s%s%s",
			   place->place, place->running, place->slots,
			   place->slots == 1 ? "is" : "are", place->guests ? ", by " : "",
			   place->guests ?: "", known ? "; about " : "", known ? duration : "");
}

enum queue_answer queue_read(const char *line, struct queue_place *place, const char **rest)
{
	*place = (struct queue_place){ 0 };
	*rest = strchr(line, ' ') ?: "";
	*rest += **rest == ' ';
	if (text_begins(line, "place ") && queue_place_read(place, *rest))
		return QUEUE_WAITS;
	if (text_begins(line, "slot ") && **rest && !(*rest)[strspn(*rest, "0123456789")])
		return QUEUE_GRANTED;
	if (text_begins(line, "none "))
		return QUEUE_NONE;
	return text_begins(line, "warning ") ? QUEUE_WARNING : QUEUE_NONSENSE;
}

/* ---- standing in it ----------------------------------------------------------------- */

static void grant(struct queue *queue, const char *slot, const char *reason)
{
	queue->over = true;
	queue->events.granted(queue->events.user, slot, reason);
}

static void take_line(struct queue *queue, const char *line)
{
	struct queue_place place;
	const char *rest;
	enum queue_answer answer = queue_read(line, &place, &rest);

	if (queue->over || answer == QUEUE_NONSENSE)
		return;
	queue->silent = 0;
	if (answer == QUEUE_WARNING) {
		/* It may be all that is said, each time. */
		if (!queue->warned || strcmp(queue->warned, rest) != 0)
			log_warning("%s", rest);
		free(queue->warned);
		queue->warned = text_copy(rest);
		return;
	}
	queue->pause = PAUSE_FIRST;
	if (answer == QUEUE_WAITS)
		queue->events.waits(queue->events.user, &place);
	else
		grant(queue, answer == QUEUE_GRANTED ? rest : NULL, rest);
	queue_place_clear(&place);
}

static void on_output(void *user, bool error, const char *data, size_t length)
{
	struct joined *joined = user;

	if (error) {
		const char *end = memchr(data, '\n', length);

		free(joined->said);
		joined->said = text_copy_length(data, end ? (size_t)(end - data) : length);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		if (data[i] != '\n') {
			if (joined->length < LINE_MOST - 1)
				joined->line[joined->length++] = data[i];
			continue;
		}
		joined->line[joined->length] = '\0';
		joined->length = 0;
		if (joined->queue)
			take_line(joined->queue, joined->line);
	}
}

static void end_call(void *user)
{
	struct joined *joined = user;

	if (joined->queue)
		joined->queue->joined = NULL;
	free(joined->said);
	free(joined);
}

/* Its keeper there was killed, or could not be started. */
static void on_done(void *user, int status)
{
	struct joined *joined = user;
	struct queue *queue = joined->queue;

	(void)status;
	if (queue && !queue->over && ++queue->silent >= SILENT_MOST) {
		grant(queue, NULL, joined->said ?: "it does not answer");
	} else if (queue && !queue->over) {
		log_info("the server's queue has said nothing more (%s): asking again",
			 joined->said ?: "no reason");
		sd_event_source_set_time_relative(queue->timer, queue->pause * 1000000ULL);
		sd_event_source_set_enabled(queue->timer, SD_EVENT_ONESHOT);
		queue->pause = queue->pause < PAUSE_LONGEST / 2 ? 2 * queue->pause : PAUSE_LONGEST;
	}
	end_call(joined);
}

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	struct queue *queue = user;

	(void)source, (void)now;
	queue_join(queue, queue->ssh);
	return 0;
}

struct queue *queue_new(sd_event *event, const struct queue_call *call,
			const struct queue_events *events)
{
	struct queue *queue = memory_zero(1, sizeof(*queue));

	*queue = (struct queue){
		.event = event,
		.events = *events,
		.unique = text_copy(call->unique),
		.guest = text_copy(call->guest),
		.identity = text_copy(call->identity),
		.own = text_copy(call->own),
		.pause = PAUSE_FIRST,
	};
	queue->call = *call;
	queue->call.unique = queue->unique;
	if (sd_event_add_time_relative(event, &queue->timer, CLOCK_BOOTTIME, 0, 0, on_timer,
				       queue) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(queue->timer, SD_EVENT_OFF);
	return queue;
}

void queue_pause(struct queue *queue)
{
	if (!queue)
		return;
	sd_event_source_set_enabled(queue->timer, SD_EVENT_OFF);
	if (queue->joined)
		queue->joined->queue = NULL;
	queue->joined = NULL;
	queue->ssh = NULL;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	queue_pause(queue);
	sd_event_source_disable_unref(queue->timer);
	free(queue->unique);
	free(queue->guest);
	free(queue->identity);
	free(queue->own);
	free(queue->warned);
	free(queue);
}

/* Before p2vd is heard of for the second time, it may be looking at the disks. */
size_t queue_values(const struct queue_call *call, struct queue_words *words,
		    struct script_value values[static QUEUE_VALUES])
{
	unsigned first = call->map_timeout + FIRST_SECONDS;
	unsigned patience = first > QUEUE_PATIENCE ? first : QUEUE_PATIENCE;

	snprintf(words->slots, sizeof(words->slots), "%u", call->slots);
	snprintf(words->patience, sizeof(words->patience), "%u", patience);
	snprintf(words->first, sizeof(words->first), "%u", first);
	values[0] = (struct script_value){ "unique", call->unique };
	values[1] = (struct script_value){ "slots", call->slots ? words->slots : NULL };
	values[2] = (struct script_value){ "queue_patience", words->patience };
	values[3] = (struct script_value){ "queue_first", words->first };
	return QUEUE_VALUES;
}

void queue_join(struct queue *queue, struct ssh *ssh)
{
	struct script_value values[QUEUE_VALUES + 3];
	struct queue_words words;
	size_t count = queue_values(&queue->call, &words, values);
	AUTO_FREE char *script = NULL;

	values[count++] = (struct script_value){ "name", queue->guest };
	values[count++] = (struct script_value){ "identity", queue->identity };
	values[count++] = (struct script_value){ "own", queue->own };
	script = script_render(SCRIPT_QUEUE, values, count, NULL);
	queue_pause(queue);
	queue->ssh = ssh;
	queue->joined = memory_zero(1, sizeof(*queue->joined));
	queue->joined->queue = queue;
	ssh_run(ssh, &(struct ssh_command){
			     .script = script,
			     .beat = BEAT_SECONDS,
			     .beat_line = "here\n",
			     .output = on_output,
			     .done = on_done,
			     .dropped = end_call,
			     .user = queue->joined,
		     });
}

/* ---- leaving it --------------------------------------------------------------------- */

struct leaving {
	void (*done)(void *user);
	void *user;
};

static void on_left(void *user, int status, const char *output, const char *error)
{
	AUTO_FREE struct leaving *leaving = user;

	(void)output;
	if (status != 0)
		log_warning("the server's queue was not left: %s; there it is done after %u minutes",
			    *error ? error : "no answer", QUEUE_PATIENCE / 60);
	leaving->done(leaving->user);
}

void queue_leave(struct ssh *ssh, const struct queue_call *call, void (*done)(void *user),
		 void *user)
{
	struct script_value values[] = {
		{ "unique", call->unique },
		{ "identity", call->identity },
		{ "own", call->own },
	};
	struct leaving *leaving = memory_zero(1, sizeof(*leaving));

	*leaving = (struct leaving){ done, user };
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_LEAVE,
					       .values = values,
					       .count = COUNT(values),
					       .timeout = LEAVE_SECONDS,
					       .done = on_left,
					       .dropped = free,
					       .user = leaving });
}
