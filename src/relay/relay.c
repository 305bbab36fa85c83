// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's relay: all of its disks, and what it looks at while it runs. */
#include "relay/relay.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "relay/bad_place.h"
#include "relay/listener.h"
#include "relay/map_file.h"
#include "relay/notes.h"
#include "relay/reader.h"
#include "relay/report.h"
#include "relay/spare.h"
#include "relay/tunnels.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MILLISECONDS 1000
#define SOON 20 /* likewise, while a tunnel's socket is there at which nobody listens yet */
#define SILENT_MILLISECONDS 600000ULL /* how often silence is told */
#define STORE_FALLBACK "/var/tmp"

struct served {
	struct relay *relay;
	struct relay_disk options;
	struct disk *disk;
	struct listener *listener;
	struct tunnels *tunnels;
	struct reader **readers;
	size_t reader_count;
	unsigned taken;     /* connections of virt-v2v's, those that ended included */
	uint64_t answered;  /* when a tunnel was seen last, milliseconds */
	bool told;          /* that there is no tunnel */
	uint64_t told_at;   /* milliseconds; 0: never */
	const char *trouble; /* of the store, that was told */
	struct map_file map_file;
	const char *place; /* of the store; NULL: there is none */
	uint64_t room;     /* that the store was given */
	bool complete; /* that was told */
};

struct relay {
	struct relay_options options;
	struct loop *loop;
	int directory;
	int log;
	struct pace pace;
	struct spare spare;
	bool has_spare; /* processors have time to spare */
	struct served *disks;
	struct watch signals;
	struct watch changes; /* inotify */
	bool ends;
	struct bad_places bad;
	unsigned turn;
	uint64_t given; /* bytes that stores may take, all together */
	uint64_t looked;
	unsigned look_pause; /* milliseconds to the next look */
	struct report report;
	uint64_t reported; /* milliseconds */
	uint64_t try;   /* of virt-v2v's */
};

static void say(const struct relay *relay, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct relay *relay, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	notes_say(relay->log, format, arguments);
	va_end(arguments);
}

/* ---- a disk's ends ---------------------------------------------------------------------- */

static void on_bad(void *user, uint64_t offset, uint64_t length)
{
	struct served *served = user;
	struct relay *relay = served->relay;
	int error;

	if (!bad_places_note(&relay->bad, (size_t)(served - relay->disks), offset))
		return;
	error = bad_places_write(relay->directory, served->options.name, offset, length);
	if (error)
		say(relay, "cannot write to 'bad-sectors': %s", strerror(-error));
	say(relay, "%s: %" PRIu64 " bytes at %" PRIu64 " cannot be read", served->options.name,
	    length, offset);
	if (relay->bad.count <= relay->options.bad_max || !relay->options.zero_bad)
		return;
	say(relay, "more than %" PRIu64 " places cannot be read: p2v.bad_sectors_max ends it",
	    relay->options.bad_max);
	relay->options.zero_bad = false;
	for (size_t i = 0; i < relay->options.disk_count; i++)
		disk_zero_bad(relay->disks[i].disk, false);
}

static void on_lost(void *user, struct link *link, const char *reason)
{
	struct served *served = user;

	if (tunnels_lost(served->tunnels, link))
		say(served->relay, "%s: a tunnel is lost: %s", served->options.name, reason);
}

/* virt-v2v may have been started again: then it gets its connections again. */
static void look_at_try(struct relay *relay)
{
	uint64_t number = relay->try;

	if (!notes_number(relay->directory, "try", &number) || number == relay->try)
		return;
	say(relay, "try %" PRIu64 " of virt-v2v", number);
	relay->try = number;
	for (size_t i = 0; i < relay->options.disk_count; i++)
		relay->disks[i].taken = 0;
}

static bool on_reader_ready(void *user, struct reader *reader)
{
	struct served *served = user;

	(void)reader;
	if (served->taken >= served->relay->options.connections)
		look_at_try(served->relay);
	disk_open(served->disk);
	return ++served->taken <= served->relay->options.connections;
}

static void on_reader_gone(void *user, struct reader *reader, const char *reason)
{
	struct served *served = user;

	say(served->relay, "%s: a connection of virt-v2v ends%s%s", served->options.name,
	    reason ? ": " : "", reason ?: "");
	for (size_t i = 0; i < served->reader_count; i++)
		if (served->readers[i] == reader)
			served->readers[i--] = served->readers[--served->reader_count];
	reader_free(reader);
}

static void on_connected(void *user, int fd)
{
	struct served *served = user;
	struct reader_events events = { on_reader_ready, on_reader_gone, served };
	struct reader *reader = reader_new(served->relay->loop, fd, served->disk, &events);

	APPEND(served->readers, served->reader_count, reader);
}

/* ---- stores ------------------------------------------------------------------------------ */

/* What the guest's disks may take at the output. */
static uint64_t size_of_all(const struct relay *relay)
{
	uint64_t size = 0;

	for (size_t i = 0; i < relay->options.disk_count; i++) {
		const struct sweep *sweep = disk_sweep(relay->disks[i].disk);

		size += sweep ? map_used(sweep->map) : relay->options.disks[i].size;
	}
	return size;
}

/* What is given to a store in @place, which has @own bytes there now. */
static uint64_t room_at(const struct served *served, const char *place, uint64_t own)
{
	struct relay *relay = served->relay;
	uint64_t most = served->options.size + (32U << 20); /* some may be on its way twice */
	uint64_t room = own + store_room(place, relay->options.output, size_of_all(relay));

	room = room > relay->given ? room - relay->given : 0;
	return room < most ? room : most;
}

static void open_store(struct served *served)
{
	struct relay *relay = served->relay;
	const char *places[] = { relay->options.store, STORE_FALLBACK };

	for (size_t i = 0; i < COUNT(places); i++) {
		uint64_t size = served->options.size, room = room_at(served, places[i], 0);
		AUTO_FREE char *reason = NULL;
		struct store *store = NULL;

		if (room)
			store = store_new(relay->loop, places[i], size, disk_block(size), room,
					  &reason);
		else if (access(places[i], W_OK | X_OK))
			reason = text_format("cannot make a store in '%s': %s", places[i],
					     strerror(errno));
		if (store) {
			disk_keep_in(served->disk, store);
			relay->given += room;
			served->place = places[i];
			served->room = room;
			say(relay, "%s: what comes is kept in '%s', %" PRIu64 " MiB at most",
			    served->options.name, places[i], room >> 20);
			return;
		}
		say(relay, "%s: %s%s", served->options.name,
		    reason ?: "there is no room for a store in ", reason ? "" : places[i]);
	}
}

/* The output needs less than was thought. */
static void grow_store(struct served *served)
{
	struct relay *relay = served->relay;
	struct store *store = disk_store(served->disk);
	uint64_t room, stored = 0;

	/* What stores have now is not free any more. */
	for (size_t i = 0; i < relay->options.disk_count; i++)
		if (disk_store(relay->disks[i].disk))
			stored += store_bytes(disk_store(relay->disks[i].disk));
	relay->given -= served->room;
	room = room_at(served, served->place, stored);
	if (room > served->room) {
		served->room = room;
		store_grow(store, room);
		say(relay, "%s: the store may have %" PRIu64 " MiB now", served->options.name,
		    room >> 20);
	}
	relay->given += served->room;
}

static void look_for_map(struct served *served)
{
	struct relay *relay = served->relay;
	AUTO_FREE char *reason = NULL;
	struct map *map;

	if (disk_sweep(served->disk))
		return;
	map = map_file_read(&served->map_file, relay->directory, (unsigned)(served - relay->disks),
			    served->options.size, &reason);
	if (reason)
		say(relay, "all of disk %s is copied: %s", served->options.name, reason);
	if (!map)
		return;
	say(relay, "%s: %" PRIu64 " of %" PRIu64 " MiB are used", served->options.name,
	    map_used(map) >> 20, served->options.size >> 20);
	disk_take_map(served->disk, map);
	for (size_t i = 0; i < relay->options.disk_count; i++) {
		if (disk_store(relay->disks[i].disk))
			grow_store(&relay->disks[i]);
		else if (relay->options.store)
			open_store(&relay->disks[i]);
	}
}

/* ---- what it looks at ------------------------------------------------------------------- */

/* A slow disk answers, is silent, answers: the log need not have each time. */
static bool is_silent_again(const struct served *served)
{
	return disk_is_linked(served->disk) && served->told_at &&
	       loop_now() - served->told_at < SILENT_MILLISECONDS;
}

static void look_at_disk(struct served *served, bool copying)
{
	struct store *store = disk_store(served->disk);
	bool up;

	tunnels_look(served->tunnels);
	up = disk_links_up(served->disk);
	/* While virt-v2v reads, and nothing more is needed of the machine, that may be away for as
	 * long as it will. */
	if (up || (disk_is_complete(served->disk) && served->reader_count))
		served->answered = loop_now();
	if (served->told == up && (up || !is_silent_again(served))) {
		served->told = !up;
		served->told_at = up ? served->told_at : loop_now();
		say(served->relay, "%s: %s", served->options.name,
		    up ? "connected to the machine" :
			 "there is no tunnel to the machine: waiting for one");
	}
	look_for_map(served);
	disk_copy(served->disk, copying, !served->relay->has_spare);
	if (!store)
		return;
	store_be_lazy(store, copying);
	store_rest(store, copying && !served->relay->has_spare);
	if (store_trouble(store) != served->trouble) {
		served->trouble = store_trouble(store);
		say(served->relay, "%s: nothing more is kept: %s", served->options.name,
		    served->trouble);
	}
}

/* Tells how far all is, in the log and to p2vd. */
static void report(struct relay *relay)
{
	bool complete = true;

	for (size_t i = 0; i < relay->options.disk_count; i++) {
		struct served *served = &relay->disks[i];
		const struct sweep *sweep = disk_sweep(served->disk);
		bool all = disk_is_complete(served->disk);

		if (sweep)
			report_disk(&relay->report, i, map_used(sweep->map), sweep->fetched);
		if (all && !served->complete)
			say(relay, "%s: all that is needed is on the server", served->options.name);
		served->complete = all;
		complete = complete && all;
	}
	report_write(&relay->report, relay->directory, complete);
}

static void look(struct relay *relay)
{
	bool copying = !faccessat(relay->directory, "copying", F_OK, 0);
	uint64_t rate = relay->pace.rate;
	struct stat status;

	relay->looked = loop_now();
	if (relay->looked - relay->spare.looked >= LOOK_MILLISECONDS / 2)
		relay->has_spare = spare_look(&relay->spare, relay->looked);
	if (fstat(relay->directory, &status) || !status.st_nlink) {
		relay->ends = true;
		return;
	}
	if (notes_number(relay->directory, "relay-bandwidth", &rate) && rate != relay->pace.rate) {
		if (rate)
			say(relay, "from now on at most %" PRIu64 " bytes per second", rate);
		else
			say(relay, "from now on as fast as it goes");
		relay->pace.rate = rate;
	}
	for (size_t i = 0; i < relay->options.disk_count; i++)
		look_at_disk(&relay->disks[i], copying);
}

static void on_change(void *user, uint32_t events)
{
	struct relay *relay = user;
	char buffer[4096];

	(void)events;
	while (read(relay->changes.fd, buffer, sizeof(buffer)) > 0)
		;
	look(relay);
}

static void on_signal(void *user, uint32_t events)
{
	struct relay *relay = user;
	struct signalfd_siginfo info;

	(void)events;
	if (read(relay->signals.fd, &info, sizeof(info)) == sizeof(info))
		relay->ends = true;
}

/* A disk that has been without a tunnel for too long, or NULL. */
static const struct served *forsaken(const struct relay *relay)
{
	uint64_t patience = (uint64_t)relay->options.patience * 1000;

	for (size_t i = 0; i < relay->options.disk_count; i++)
		if (loop_now() - relay->disks[i].answered > patience)
			return &relay->disks[i];
	return NULL;
}

/* Returns the milliseconds until it has to be called again at the latest. */
static int work(struct relay *relay)
{
	size_t count = relay->options.disk_count;
	int wait = LOOK_MILLISECONDS;

	relay->turn++;
	relay->look_pause = LOOK_MILLISECONDS;
	relay->pace.hurry = false;
	for (size_t i = 0; i < count; i++)
		relay->pace.hurry |= disk_is_waited_for(relay->disks[i].disk);
	for (size_t i = 0; i < count; i++) {
		/* Another one begins each time: they share the rate. */
		struct served *served = &relay->disks[(relay->turn + i) % count];
		int turn;

		/* From the last on: one that goes has the last put in its place. */
		for (size_t j = served->reader_count; j > 0; j--)
			reader_work(served->readers[j - 1]);
		tunnels_widen(served->tunnels);
		if (tunnels_are_coming(served->tunnels))
			wait = relay->look_pause = wait < SOON ? wait : SOON;
		turn = disk_work(served->disk);
		if (turn >= 0 && turn < wait)
			wait = turn;
	}
	return wait;
}

int relay_run(struct relay *relay)
{
	const struct served *served = NULL;

	if (relay->options.store)
		for (size_t i = 0; i < relay->options.disk_count; i++)
			open_store(&relay->disks[i]);
	look(relay);
	while (!relay->ends && !(served = forsaken(relay))) {
		loop_turn(relay->loop, work(relay));
		if (loop_now() - relay->reported >= LOOK_MILLISECONDS) {
			report(relay);
			relay->reported = loop_now();
		}
		if (loop_now() - relay->looked >= relay->look_pause)
			look(relay);
	}
	if (served)
		say(relay, "%s: no tunnel to the machine for %u s: the relay ends",
		    served->options.name, relay->options.patience);
	for (size_t i = 0; i < relay->options.disk_count; i++)
		say(relay, "%s: %" PRIu64 " bytes came from the machine",
		    relay->disks[i].options.name, disk_received(relay->disks[i].disk));
	return served ? 1 : 0;
}

/* ---- life ------------------------------------------------------------------------------- */

static bool serve(struct relay *relay, unsigned index)
{
	struct served *served = &relay->disks[index];
	struct disk_options options = { .zero_bad = relay->options.zero_bad };
	struct disk_events events = { on_bad, on_lost, served };

	served->relay = relay;
	served->options = relay->options.disks[index];
	options.name = served->options.name;
	options.export = served->options.export;
	options.size = served->options.size;
	served->disk = disk_new(relay->loop, &options, &relay->pace, &events);
	served->tunnels = tunnels_new(relay->directory, index, served->disk);
	served->answered = loop_now();
	served->listener = listener_new(relay->loop, on_connected, served);
	return served->listener;
}

static void watch_signals(struct relay *relay)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	relay->signals = (struct watch){ signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK), EPOLLIN,
					 on_signal, relay };
	loop_add(relay->loop, &relay->signals);
}

static void watch_directory(struct relay *relay)
{
	AUTO_FREE char *tunnels = text_format("%s/" TUNNELS_DIRECTORY, relay->options.directory);
	uint32_t changes = IN_CREATE | IN_MOVED_TO;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	relay->changes = (struct watch){ fd, EPOLLIN, on_change, relay };
	if (fd < 0 || inotify_add_watch(fd, relay->options.directory, changes) < 0 ||
	    inotify_add_watch(fd, tunnels, changes) < 0) {
		cleanup_close(&fd); /* too many of them: a look each second does it, too */
		relay->changes.fd = -1;
		return;
	}
	loop_add(relay->loop, &relay->changes);
}

struct relay *relay_new(const struct relay_options *options, char **reason)
{
	struct relay *relay = memory_zero(1, sizeof(*relay));
	const char *what = "open", *name = options->directory;

	relay->options = *options;
	relay->loop = loop_new();
	relay->pace.rate = options->bandwidth;
	relay->disks = memory_zero(options->disk_count, sizeof(*relay->disks));
	relay->changes.fd = relay->log = -1;
	watch_signals(relay);
	relay->directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (relay->directory < 0)
		goto failed;
	name = "relay.log";
	relay->log = openat(relay->directory, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			    0600);
	if (relay->log < 0)
		goto failed;
	watch_directory(relay);
	for (unsigned i = 0; i < options->disk_count; i++) {
		what = "listen on the loopback interface for";
		name = options->disks[i].name;
		if (!serve(relay, i))
			goto failed;
	}
	return relay;
failed:
	*reason = text_format("cannot %s '%s': %s", what, name, strerror(errno));
	relay_free(relay);
	return NULL;
}

uint16_t relay_port(const struct relay *relay, size_t disk)
{
	return listener_port(relay->disks[disk].listener);
}

void relay_free(struct relay *relay)
{
	for (size_t i = 0; i < relay->options.disk_count && relay->disks[i].disk; i++) {
		struct served *served = &relay->disks[i];

		listener_free(served->listener);
		while (served->reader_count)
			reader_free(served->readers[--served->reader_count]);
		free(served->readers);
		disk_free(served->disk);
		tunnels_free(served->tunnels);
	}
	report_end(&relay->report);
	buffer_end();
	loop_remove(relay->loop, &relay->signals);
	cleanup_close(&relay->signals.fd);
	if (relay->changes.fd >= 0)
		loop_remove(relay->loop, &relay->changes);
	cleanup_close(&relay->changes.fd);
	cleanup_close(&relay->directory);
	cleanup_close(&relay->log);
	loop_free(relay->loop);
	free(relay->disks);
	free(relay->bad.list);
	free(relay);
}
