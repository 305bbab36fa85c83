// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first process of the image. It checks whether the whole image fitted into
 * the machine's memory. If not, it says so in a sentence; else it becomes systemd. A child
 * of it gives signs of life until p2vd has started.
 *
 * The kernel unpacks the image into memory. If memory is full, it goes on with what
 * it has, and without this check the machine would end in a panic without a reason.
 * This program is unpacked before the large directories (/init comes before /usr)
 * and is linked statically, so it needs nothing of them. The file that it looks for
 * (below /var) is unpacked after them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define SYSTEMD "/usr/lib/systemd/systemd"
#define COMPLETE "/var/lib/p2v-complete"
#define STARTED "/run/p2vd" /* p2vd makes it */

/* Seconds between two signs of life, and until there are no more: systemd has failed then,
 * and says so itself. */
#define TICK 4
#define TICKS_END 600

#ifndef NEEDED_MIB
#error "NEEDED_MIB: the memory that the image promises to run in"
#endif
#ifndef LEAN_MIB
#error "LEAN_MIB: the same for the entry of the boot menu for little memory"
#endif

/* The memory that a machine with @mib shows at least: firmware and kernel have already
 * taken a part (49 MiB of 480), so an eighth may be missing. */
#define SEEN_OF(mib) ((mib) - (mib) / 8)

static unsigned long memory_mib(void)
{
	struct sysinfo info = { 0 };

	sysinfo(&info);
	return (unsigned long)((unsigned long long)info.totalram * info.mem_unit >> 20);
}

/* Writes a line on every console of the kernel. Priority 1 (alert) is shown at every log
 * level. The kernel prints its time first, so a sentence has at most 58 characters. */
static void say(const char *sentence)
{
	char line[200];
	int length = snprintf(line, sizeof(line), "<1>p2v: %s\n", sentence);
	int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (kmsg < 0 || write(kmsg, line, (size_t)length) < 0)
		fprintf(stderr, "%s", line + 3);
	if (kmsg >= 0)
		close(kmsg);
}

/* Waits for a key and restarts the machine. /dev/console is often a serial line, so the
 * keyboard (/dev/tty0) is read, too. */
static void stay(void)
{
	struct pollfd keys[] = {
		{ .fd = open("/dev/console", O_RDONLY | O_NOCTTY | O_CLOEXEC), .events = POLLIN },
		{ .fd = open("/dev/tty0", O_RDONLY | O_NOCTTY | O_CLOEXEC), .events = POLLIN },
	};

	say("nothing has been done to this machine");
	say("the Enter key or Ctrl-Alt-Del restarts it");
	while (poll(keys, 2, -1) < 0 || !((keys[0].revents | keys[1].revents) & POLLIN)) {
		/* A console that does not work is not polled again. */
		for (int i = 0; i < 2; i++)
			keys[i].fd = keys[i].revents & (POLLERR | POLLHUP | POLLNVAL) ? -1 :
											keys[i].fd;
	}
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void say_too_little(void)
{
	char sentence[80];

	snprintf(sentence, sizeof(sentence), "too little memory: %lu MiB are there, %d are needed",
		 memory_mib(), NEEDED_MIB);
	say(sentence);
	snprintf(sentence, sizeof(sentence),
		 memory_mib() < SEEN_OF(LEAN_MIB) ?
			 "even the boot menu's entry for little memory needs %d:" :
			 "the boot menu's entry for little memory needs only %d",
		 LEAN_MIB);
	say(sentence);
	say(memory_mib() < SEEN_OF(LEAN_MIB) ?
		    "convert its disks from within another machine" :
		    "(it has rootfstype=ramfs on the kernel command line)");
}

/* Until p2vd is there, and shows what it does, a screen that stands still would look like a
 * machine that has died: a process of its own says every few seconds that it has not. */
static void tick(void)
{
	char sentence[80];

	if (fork() != 0)
		return;
	for (int seconds = TICK; seconds <= TICKS_END; seconds += TICK) {
		sleep(TICK);
		if (access(STARTED, F_OK) == 0)
			break;
		snprintf(sentence, sizeof(sentence), "the system is starting, for %d s now",
			 seconds);
		say(sentence);
	}
	_exit(0);
}

int main(int argc, char *argv[])
{
	char sentence[200];

	(void)argc;
	if (access("/dev/kmsg", F_OK) != 0)
		mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
	if (access(COMPLETE, F_OK) != 0) {
		say_too_little();
		stay();
	}
	if (memory_mib() < SEEN_OF(NEEDED_MIB)) {
		snprintf(sentence, sizeof(sentence),
			 "%lu MiB of memory may be too little: if it fails, try the", memory_mib());
		say(sentence);
		say("boot menu's entry for little memory");
	}
	/* The first sign of life after the boot loader's, for with "quiet" the kernel says
	 * nothing; a screen of UEFI is black until something is written to it. */
	say("loaded; looking for disks and network cards");
	tick();
	execv(SYSTEMD, argv);
	snprintf(sentence, sizeof(sentence), "cannot start " SYSTEMD ": %s; the image is damaged",
		 strerror(errno));
	say(sentence);
	stay();
}
