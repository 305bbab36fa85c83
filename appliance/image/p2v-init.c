// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first process of the image. It sees whether the whole image fitted into
 * the machine's memory, says so in a sentence where it did not, and becomes
 * systemd where it did.
 *
 * The kernel unpacks the image into memory and, when that is full, goes on with
 * what it has: without this the machine would end in a panic that tells nobody
 * why. This file is unpacked before the large directories (it is /init, they are
 * below /usr) and needs nothing of them, for it is linked statically; what it
 * looks for (below /var) is unpacked after them.
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

#ifndef NEEDED_MIB
#error "NEEDED_MIB: the memory that the image promises to run in"
#endif
#ifndef LEAN_MIB
#error "LEAN_MIB: the same for the entry of the boot menu for little memory"
#endif

/* Of the memory that is built in, firmware and kernel have taken theirs before
 * we can count (49 MiB of 480): an eighth is let pass. */
#define SEEN_OF(mib) ((mib) - (mib) / 8)

static unsigned long memory_mib(void)
{
	struct sysinfo info = { 0 };

	sysinfo(&info);
	return (unsigned long)((unsigned long long)info.totalram * info.mem_unit >> 20);
}

/* A line on every console that the kernel has, whatever its log level: as an alert.
 * With the kernel's time before it, 58 characters fit on a screen. */
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

/* Nothing is left to do. The last console that the kernel was given is a serial
 * line as often as not, so whoever is at the screen is heard, too. */
static void stay(void)
{
	struct pollfd keys[] = {
		{ .fd = open("/dev/console", O_RDONLY | O_NOCTTY | O_CLOEXEC), .events = POLLIN },
		{ .fd = open("/dev/tty0", O_RDONLY | O_NOCTTY | O_CLOEXEC), .events = POLLIN },
	};

	say("nothing has been done to this machine");
	say("the Enter key or Ctrl-Alt-Del restarts it");
	while (poll(keys, 2, -1) < 0 || !((keys[0].revents | keys[1].revents) & POLLIN)) {
		/* A console that is none is not asked again. */
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

	snprintf(sentence, sizeof(sentence), "too little memory: %lu MiB are there, %d are wanted",
		 memory_mib(), NEEDED_MIB);
	say(sentence);
	snprintf(sentence, sizeof(sentence),
		 memory_mib() < SEEN_OF(LEAN_MIB) ?
			 "even the boot menu's entry for little memory wants %d:" :
			 "the boot menu's entry for little memory makes do with %d",
		 LEAN_MIB);
	say(sentence);
	say(memory_mib() < SEEN_OF(LEAN_MIB) ?
		    "convert its disks from within another machine" :
		    "(it has rootfstype=ramfs on the kernel command line)");
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
			 "%lu MiB of memory are little: should this fail, try the", memory_mib());
		say(sentence);
		say("boot menu's entry for little memory");
	}
	execv(SYSTEMD, argv);
	snprintf(sentence, sizeof(sentence), "cannot start " SYSTEMD ": %s; the image is damaged",
		 strerror(errno));
	say(sentence);
	stay();
}
