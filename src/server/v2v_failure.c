// SPDX-License-Identifier: GPL-2.0-or-later
/* What virt-v2v's error messages mean. */
#include "server/v2v_failure.h"

#include "base/memory.h"

#include <signal.h>
#include <string.h>

#define SIGNALLED 128 /* the exit status of what was ended by a signal is the sum */

static const char no_memory[] =
	"the server ran out of memory, and its kernel ended a process ('dmesg' there says which): give it more, or "
	"convert fewer machines at the same time";

static const char little_memory[] =
	"the server is short of memory: give it more, or convert fewer machines at the same time";

static const char killed[] =
	"it, or a process of it, was killed (signal 9): by a person, or for lack of memory ('dmesg' on the server would say "
	"so)";

static const char no_launch[] =
	"libguestfs on the server could not start the system in which virt-v2v looks into the disks: "
	"'libguestfs-test-tool', run there as the same user, says why";

static const char many_systems[] =
	"the machine has more than one operating system, and on Btrfs every snapshot of one counts: name the one to "
	"convert with p2v.root=/dev/sda2 or the like (a Btrfs by its device, which means its default subvolume), or "
	"leave out the disks of the others with p2v.disks";

static const char no_kvm[] =
	"the server's user cannot use /dev/kvm: put the user into its group (often 'kvm'), or, on a server without it, "
	"export LIBGUESTFS_BACKEND_SETTINGS=force_tcg in a start-up file";

/* The first that the log contains counts: causes stand before their consequences, and
 * last what can also be only a warning. */
static const struct {
	const char *said;
	const char *means;
	bool again; /* another try may succeed, though nobody does anything */
} failures[] = {
	{ "another conversion is writing this guest's files",
	  "another machine is being converted to the same name in the same place: give each machine its own p2v.name",
	  false },
	{ "its slot in the queue is gone",
	  "somebody has killed a process of ours on the server, which kept the slot for it; start again",
	  false },
	{ "p2v-relay has ended before virt-v2v",
	  "p2v-relay on the server, through which virt-v2v reads the disks, has ended: it was killed, the server ran out "
	  "of memory, or no tunnel came for p2v.reconnect_timeout; see relay.log in the work directory",
	  true },
	{ "qemu-nbd in its place has ended before virt-v2v",
	  "the programs on the server through which virt-v2v reads the disks where p2v-relay cannot run (substitute.sh and "
	  "qemu-nbd) have ended: they were killed, or the server ran out of memory",
	  true },
	{ "multi-boot operating systems are not supported", many_systems, false },
	{ "Dual- or multi-boot", many_systems, false },
	{ "inspection could not detect the source guest",
	  "no operating system was found on the disks: they are empty, hold a system that virt-v2v does not "
	  "know, or a disk was left out (p2v.disks)",
	  false },
	{ "Roots found were:",
	  "the device in p2v.root has no operating system: the line above lists those that have one; virt-v2v takes "
	  "none with btrfsvol: before it, so make that subvolume the default one of its Btrfs and give the device",
	  false },
	{ "mount_stub: /dev/",
	  "the machine's fstab names a disk by a device that does not exist for virt-v2v, such as /dev/nvme0n1p1: write "
	  "UUID=... or LABEL=... there ('blkid' shows them), and as root= into its boot loader",
	  false },
	{ "Hibernation or Fast Restart",
	  "Windows is not shut down but hibernated: boot it, turn Fast Startup off and shut it down fully",
	  false },
	{ "not allowed to set the following environment variables",
	  "sudo on the server does not let p2vd hand over what is secret in p2v.output.misc: allow it by the tag SETENV "
	  "(NOPASSWD:SETENV: …/virt-v2v) in a file under /etc/sudoers.d, or log in as root",
	  false },
	{ "could not find key to open LUKS encrypted",
	  "a disk is encrypted (LUKS or BitLocker) and virt-v2v has no key that opens it: give one as p2v.key",
	  false },
	{ "unable to convert this guest type",
	  "virt-v2v does not know how to convert this operating system", false },
	{ "not an installed operating system",
	  "the disks hold installation or live media, not an installed system", false },
	{ "insufficient free space in the conversion server",
	  "the server's temporary directory is full: free some space, or set TMPDIR and VIRT_V2V_TMPDIR there",
	  false },
	{ "not enough free space",
	  "a file system of the machine is too full to be converted: remove some files there and try again",
	  false },
	{ "available inodes",
	  "a file system of the machine has too few free inodes to be converted: remove some files there and try again",
	  false },
	{ "libvirt domain called",
	  "libvirt on the server already has a guest with this name: give another p2v.name, or remove that guest",
	  false },
	{ "cannot find libvirt pool",
	  "libvirt on the server has no such storage pool: give one of 'virsh pool-list --all' as p2v.output.storage",
	  false },
	{ "plugin is not installed",
	  "an nbdkit plugin is missing on the server: install nbdkit's packages there", false },
	{ "Disk quota exceeded",
	  "a quota on the server is used up: free some space in p2v.output.storage or in its temporary directory, or have it raised ('quota' shows it)",
	  false },
	{ "File too large",
	  "the server's file system, or the limit 'ulimit -f' of its user, allows no file that is large enough: raise it, or give another p2v.output.storage",
	  false },
	{ "No space left on device",
	  "the server ran out of disk space: free some in p2v.output.storage, or in its temporary directory",
	  false },
	{ "Connection refused",
	  "virt-v2v could not read the disk, because the tunnel was down: try again", true },
	{ "nbdcopy command failed",
	  "copying a disk failed: the connection was lost, the disk could not be read, or the output is full",
	  true },
	{ "nbdcopy exited with non-zero",
	  "copying a disk failed: the connection was lost, the disk could not be read, or the output is full",
	  true },
	{ "virt-v2v: not found", "virt-v2v is no longer in the PATH of the server's user", false },
	{ "virt-v2v: command not found", "virt-v2v is no longer in the PATH of the server's user",
	  false },
	{ "a password is required",
	  "sudo on the server asks for a password: allow virt-v2v without one, or log in as root",
	  false },
	{ "rhsrvany.exe",
	  "the helpers for Windows guests are missing on the server: install virt-v2v's Windows support there (rhsrvany)",
	  false },
	{ "supermin exited with error status",
	  "libguestfs on the server cannot build the system that it boots: as an ordinary user it cannot read the "
	  "kernel on Ubuntu ('chmod 0644 /boot/vmlinuz-*'), or there is no kernel, or /var/tmp is full; "
	  "'libguestfs-test-tool', run there as the same user, says which",
	  false },
	{ "cannot find any suitable libguestfs supermin",
	  "libguestfs on the server has no system to boot: install all of its packages there (Fedora: libguestfs-appliance)",
	  false },
	{ "could not create appliance through libvirt",
	  "libvirt on the server does not start the system in which virt-v2v looks into the disks: "
	  "'export LIBGUESTFS_BACKEND=direct' in a start-up file of its user does without libvirt",
	  false },
	{ "the kernel has ended a process for lack of memory", no_memory, true },
	{ "killed by signal 9", killed, true },
	{ "Cannot allocate memory", little_memory, true },
	{ "failed to initialize kvm", no_kvm, false },
	{ "Could not access KVM kernel module", no_kvm, false },
	{ "kvm not available", no_kvm, false },
	{ "guestfs_launch failed", no_launch, true },
	{ "appliance closed the connection unexpectedly", no_launch, true },
	{ "appliance launch timed out", no_launch, true },
	{ "exited with error status 1.\nTo see full error messages", no_launch, true },
	{ "no virtio drivers available",
	  "the drivers for Windows guests are missing on the server: install virtio-win there",
	  false },
};

/* Whether virt-v2v was ended from outside, but not by somebody who meant it: SIGTERM comes from
 * end.sh and from people. */
static bool was_killed(int code)
{
	return code < 0 || (code > SIGNALLED && code != SIGNALLED + SIGTERM &&
			    code != SIGNALLED + SIGINT && code != SIGNALLED + SIGHUP);
}

const char *v2v_failure_explain(const char *log, int code, bool *again)
{
	for (size_t i = 0; i < COUNT(failures); i++)
		if (strstr(log, failures[i].said)) {
			*again = failures[i].again;
			return failures[i].means;
		}
	*again = was_killed(code);
	return code == SIGNALLED + SIGKILL ? killed : NULL;
}
