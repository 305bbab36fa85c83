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
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define SYSTEMD "/usr/lib/systemd/systemd"
#define COMPLETE "/var/lib/p2v-complete"

#ifndef NEEDED_MIB
#error NEEDED_MIB: the memory that the image promises to run in
#endif

/* Of the memory that is built in, firmware and kernel have taken theirs before
 * we can count: a tenth is let pass. */
#define ENOUGH_MIB (NEEDED_MIB - NEEDED_MIB / 10)

static unsigned long memory_mib(void)
{
	struct sysinfo info = { 0 };

	sysinfo(&info);
	return (unsigned long)((unsigned long long)info.totalram * info.mem_unit >> 20);
}

/* On every console that the kernel has, whatever its log level: as an alert. */
static void say(const char *sentence)
{
	char line[512];
	int length = snprintf(line, sizeof line, "<1>p2v: %s\n", sentence);
	int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (kmsg < 0 || write(kmsg, line, (size_t)length) < 0)
		fprintf(stderr, "%s", line + 3);
	if (kmsg >= 0)
		close(kmsg);
}

static void stay(void)
{
	for (;;)
		pause();
}

int main(int argc, char *argv[])
{
	char sentence[400];

	(void)argc;
	if (access("/dev/kmsg", F_OK) != 0)
		mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
	if (access(COMPLETE, F_OK) != 0) {
		snprintf(sentence, sizeof sentence,
			 "this machine has too little memory: %lu MiB for the system, which wants a machine "
			 "with %d MiB. Try the boot menu's entry for little memory. Nothing has been done "
			 "to this machine; Ctrl-Alt-Del restarts it.", memory_mib(), NEEDED_MIB);
		say(sentence);
		stay();
	}
	if (memory_mib() < ENOUGH_MIB) {
		snprintf(sentence, sizeof sentence,
			 "%lu MiB of memory is little: should the conversion fail, try a machine or a boot "
			 "menu entry that leaves more", memory_mib());
		say(sentence);
	}
	execv(SYSTEMD, argv);
	snprintf(sentence, sizeof sentence, "cannot start " SYSTEMD ": %s; the image is damaged",
		 strerror(errno));
	say(sentence);
	stay();
}
