/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that hibernates: the init of an initramfs that writes an image of the
 * system into the swap partition /dev/vda1 and switches the machine off. At the next
 * start it resumes that image. It says on the console which of the two it did.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SWAP "/dev/vda1"

/* Writes a word to a file of sysfs. */
static int say(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	return error;
}

static int sleep_on_disk(void)
{
	struct stat swap;
	char device[32];
	int module = open("/virtio_blk.ko", O_RDONLY | O_CLOEXEC);

	if (module < 0 || syscall(SYS_finit_module, module, "", 0))
		return printf("virtio_blk: %m\n");
	if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		return printf("mount: %m\n");
	if (stat(SWAP, &swap))
		return printf(SWAP ": %m\n");
	/* Tells the kernel where the image is (Documentation/power/swsusp.rst). If there is
	 * one, this write does not return: the resumed system returns from its write to
	 * /sys/power/state below. */
	snprintf(device, sizeof(device), "%u:%u", major(swap.st_rdev), minor(swap.st_rdev));
	say("/sys/power/resume", device);
	if (swapon(SWAP, 0))
		return printf("swapon: %m\n");
	/* 0: make the image as small as possible. */
	say("/sys/power/image_size", "0");
	say("/sys/power/disk", "shutdown");
	printf("ASLEEP in a moment\n");
	errno = say("/sys/power/state", "disk");
	return errno ? printf("hibernation: %m\n") : printf("AWAKE from the image\n");
}

int main(void)
{
	sleep_on_disk();
	fflush(stdout);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
