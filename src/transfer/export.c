// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk's export: a read-only qemu-nbd on a UNIX socket. */
#include "transfer/export.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define PROBE_MICROSECONDS 20000ULL    /* between two attempts to connect */
#define READY_MICROSECONDS 30000000ULL /* a disk that has to spin up takes seconds */

/* The first 16 bytes that an NBD server sends (NBD protocol, "Handshake"). */
static const char nbd_greeting[] = "NBDMAGICIHAVEOPT";

struct export
{
	const struct disk *disk;
	struct export_events events;
	sd_event *event;
	char *socket;
	struct child *child;
	int fd;            /* the disk's */
	bool was_writable; /* the kernel's read-only flag was not set */
	char *said;        /* qemu-nbd's first message */
	int probe;        /* our connection to the socket, until it answers; else -1 */
	bool ready, over; /* ready() was called; failed() was */
	uint64_t deadline;
	sd_event_source *timer, *probe_source;
};

/* Returns 0, or -errno. Only block devices have such a flag. */
static int set_read_only(struct export *export)
{
	int read_only = 0;
	struct stat status;

	if (fstat(export->fd, &status) < 0)
		return -errno;
	if (!S_ISBLK(status.st_mode))
		return 0;
	if (ioctl(export->fd, BLKROGET, &read_only) < 0 ||
	    ioctl(export->fd, BLKROSET, &(int){ 1 }) < 0)
		return -errno;
	export->was_writable = !read_only;
	return 0;
}

/* As it was before. A system that goes on needs its disks. */
static void put_flag_back(const struct export *export)
{
	if (export->was_writable && ioctl(export->fd, BLKROSET, &(int){ 0 }) < 0)
		log_warning("cannot take the read-only flag from '%s' again: %s; 'blockdev --setrw %s' does that",
			    export->disk->path, strerror(errno), export->disk->path);
}

/* With direct I/O, what is read from a disk does not fill the machine's memory. */
static bool direct_io_works(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);

	return fd >= 0;
}

static void stop_probe(struct export *export)
{
	export->probe_source = sd_event_source_disable_unref(export->probe_source);
	if (export->probe >= 0)
		close(export->probe);
	export->probe = -1;
}

/* No callback comes any more. */
static void finish(struct export *export)
{
	export->over = true;
	sd_event_source_set_enabled(export->timer, SD_EVENT_OFF);
	stop_probe(export);
}

static void fail(struct export *export, char *reason)
{
	AUTO_FREE char *owned = reason;

	assert(!export->over);
	finish(export);
	export->events.failed(export->events.user, owned);
}

static int on_greeting(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct export *export = user;
	char greeting[sizeof(nbd_greeting) - 1];
	ssize_t length = recv(fd, greeting, sizeof(greeting), 0);

	(void)source, (void)events;
	stop_probe(export);
	if (length != sizeof(greeting) || memcmp(greeting, nbd_greeting, sizeof(greeting)))
		return 0; /* the timer tries again */
	sd_event_source_set_enabled(export->timer, SD_EVENT_OFF);
	assert(!export->ready && !export->over);
	export->ready = true;
	log_info("disk '%s' is exported on '%s'", export->disk->path, export->socket);
	export->events.ready(export->events.user);
	return 0;
}

static void start_probe(struct export *export)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	stop_probe(export);
	stpncpy(address.sun_path, export->socket, sizeof(address.sun_path) - 1);
	export->probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (export->probe < 0 ||
	    connect(export->probe, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    sd_event_add_io(export->event, &export->probe_source, export->probe, EPOLLIN,
			    on_greeting, export) < 0)
		stop_probe(export);
}

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	struct export *export = user;

	if (!export->deadline)
		export->deadline = now + READY_MICROSECONDS;
	if (now > export->deadline) {
		fail(export, text_format("export of '%s' did not answer in %llu s; is the disk "
					 "readable?",
					 export->disk->path, READY_MICROSECONDS / 1000000));
		return 0;
	}
	if (export->probe < 0)
		start_probe(export);
	sd_event_source_set_time(source, now + PROBE_MICROSECONDS);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void on_line(void *user, const char *line)
{
	struct export *export = user;

	log_debug("qemu-nbd of '%s': %s", export->disk->name, line);
	if (!export->said)
		export->said = text_copy(line);
}

static void on_ended(void *user, int status)
{
	struct export *export = user;
	AUTO_FREE char *how = child_status_text(status);

	if (export->over)
		return;
	fail(export, text_format("export of '%s' ended: qemu-nbd, %s%s%s", export->disk->path, how,
				 export->said ? ": " : "", export->said ? export->said : ""));
}

static int start_server(struct export *export, const char *name, char **reason)
{
	bool direct = direct_io_works(export->disk->path);
	const char *const argv[] = {
		"qemu-nbd",
		"--read-only",
		"--format=raw",
		"--persistent",
		"--shared=0", /* any number of connections: old versions of virt-v2v open several */
		direct ? "--cache=none" : "--cache=writeback",
		"--aio=threads", /* the kernel counts what they read, see export_bytes_read() */
		"--export-name",
		name,
		"--socket",
		export->socket,
		"--",
		export->disk->path,
		NULL,
	};
	struct child_options options = {
		.argv = argv,
		.disk = export->disk->path,
		.line = on_line,
		.ended = on_ended,
		.user = export,
	};

	return child_start(export->event, &options, &export->child, reason);
}

/* A socket is named after the disk. Some kernel names contain '/', a file can have any
 * name, and two disks can have the same name: so it gets a number too. */
static char *socket_path(const char *directory, const struct disk *disk)
{
	static unsigned number;
	char *path = text_format("%s/%u-%.32s.sock", directory, number++, disk->name);

	for (char *c = path + strlen(directory) + 1; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_",
			    *c))
			*c = '_';
	return path;
}

static int check_socket_path(const char *path, char **reason)
{
	if (strlen(path) < sizeof((struct sockaddr_un *)NULL)->sun_path)
		return 0;
	return REFUSE(reason, ENAMETOOLONG,
		      "'%s' is too long for a socket; choose a shorter --runtime-directory", path);
}

int export_start(sd_event *event, const char *directory, const struct disk *disk, const char *name,
		 const struct export_events *events, struct export **result, char **reason)
{
	struct export *export = memory_zero(1, sizeof(*export));
	int r;

	*export = (struct export){ .disk = disk, .event = event, .events = *events, .probe = -1 };
	export->fd = open(disk->path, O_RDONLY | O_CLOEXEC);
	r = export->fd < 0 ? -errno : set_read_only(export);
	if (r < 0)
		*reason = text_format("cannot %s '%s': %s",
				      export->fd < 0 ? "open the disk" :
						       "set the read-only flag of",
				      disk->path, strerror(-r));
	export->socket = socket_path(directory, disk);
	if (r == 0)
		r = check_socket_path(export->socket, reason);
	if (r == 0)
		r = start_server(export, name, reason);
	if (r == 0 &&
	    (r = sd_event_add_time_relative(event, &export->timer, CLOCK_MONOTONIC,
					    PROBE_MICROSECONDS, 1000, on_timer, export)) < 0)
		*reason = text_format("cannot watch the export of '%s': %s", disk->path,
				      strerror(-r));
	if (r < 0) {
		export_free(export);
		return r;
	}
	*result = export;
	return 0;
}

void export_free(struct export *export)
{
	if (!export)
		return;
	sd_event_source_disable_unref(export->timer);
	stop_probe(export);
	child_free(export->child);
	put_flag_back(export);
	if (export->fd >= 0)
		close(export->fd);
	unlink(export->socket);
	free(export->socket);
	free(export->said);
	free(export);
}

const char *export_socket(const struct export *export)
{
	return export->socket;
}

/* rchar of proc_pid_io(5): what read(2), pread(2) and the like returned, in all threads.
 * qemu-nbd reads its sockets by recvmsg(2), which does not count there. */
uint64_t export_bytes_read(const struct export *export)
{
	AUTO_FREE char *path = text_format("/proc/%d/io", child_pid(export->child));
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	uint64_t bytes = 0;

	if (!file || fscanf(file, "rchar: %" SCNu64, &bytes) != 1)
		return 0;
	return bytes;
}
