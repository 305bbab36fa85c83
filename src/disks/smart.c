// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk says of its own health (SMART): ATA8-ACS, SAT, SPC-4, NVM Express. */
#include "disks/smart.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define WAIT_MILLISECONDS 10000
#define NVME_LOG_WORDS (512 / 4 - 1) /* of 32 bits; 0 stands for one */

static const struct smart nothing = {
	.reallocated = SMART_UNKNOWN,
	.pending = SMART_UNKNOWN,
	.media_errors = SMART_UNKNOWN,
};

/* ---- reading ------------------------------------------------------------- */

/* In descriptors (72h) stands that of ATA (09h) with the registers, in which the drive has put
 * 4Fh C2h if all is well, F4h 2Ch if it is failing. */
void smart_read_ata_status(struct smart *smart, const uint8_t *sense, size_t length)
{
	size_t at = 8;

	if (length < at || (sense[0] & 0x7f) != 0x72)
		return;
	for (; at + 14 <= length; at += 2U + sense[at + 1]) {
		uint8_t middle = sense[at + 9], high = sense[at + 11];

		if (sense[at] != 0x09 || sense[at + 1] != 12)
			continue;
		smart->failing = middle == 0xf4 && high == 0x2c;
		smart->known = smart->failing || (middle == 0x4f && high == 0xc2);
		return;
	}
}

/* 30 attributes of 12 bytes: number, two of flags, value, worst value, six of the raw value. */
void smart_read_ata_data(struct smart *smart, const uint8_t data[static 512])
{
	uint8_t sum = 0;

	for (size_t i = 0; i < 512; i++)
		sum += data[i];
	if (sum)
		return;
	for (size_t at = 2; at < 2 + 30 * 12; at += 12) {
		/* Some drives have another figure in the upper bytes. */
		uint64_t raw = data[at + 5] | (uint64_t)data[at + 6] << 8 |
			       (uint64_t)data[at + 7] << 16 | (uint64_t)data[at + 8] << 24;

		if (data[at] == 5)
			smart->reallocated = raw;
		else if (data[at] == 197)
			smart->pending = raw;
	}
}

/* The first byte is the critical warning; the media errors are a number of 16 bytes from 160 on. */
void smart_read_nvme(struct smart *smart, const uint8_t log[static 512])
{
	smart->known = true;
	smart->failing = log[0];
	smart->media_errors = 0;
	for (size_t i = 8; i-- > 0;)
		smart->media_errors = smart->media_errors << 8 | log[160 + i];
}

/* The first parameter: a header of four bytes, then the additional sense code. 0Bh is a warning,
 * 5Dh the prediction of a failure. */
void smart_read_scsi(struct smart *smart, const uint8_t *log, size_t length)
{
	if (length < 10 || (log[0] & 0x3f) != 0x2f || log[4] || log[5] || log[7] < 2)
		return;
	smart->known = true;
	smart->failing = log[8] == 0x5d || log[8] == 0x0b;
}

char *smart_text(const struct smart *smart)
{
	AUTO_FREE char *moved = smart->reallocated == SMART_UNKNOWN ?
					NULL :
					text_format(", %" PRIu64 " reallocated sectors",
						    smart->reallocated);
	AUTO_FREE char *pending = smart->pending == SMART_UNKNOWN ?
					  NULL :
					  text_format(", %" PRIu64 " pending", smart->pending);
	AUTO_FREE char *errors = smart->media_errors == SMART_UNKNOWN ?
					 NULL :
					 text_format(", %" PRIu64 " media errors",
						     smart->media_errors);

	if (!smart->known)
		return NULL;
	return text_format("SMART: %s%s%s%s", smart->failing ? "failing" : "passed", moved ?: "",
			   pending ?: "", errors ?: "");
}

/* ---- asking -------------------------------------------------------------- */

/* Sends a SCSI command that returns up to @size bytes. Returns how many came, or -1. */
static ssize_t scsi(int fd, const uint8_t *command, size_t length, uint8_t *data, size_t size,
		    uint8_t sense[static 64])
{
	struct sg_io_hdr call = {
		.interface_id = 'S',
		.dxfer_direction = size ? SG_DXFER_FROM_DEV : SG_DXFER_NONE,
		.cmd_len = (unsigned char)length,
		.cmdp = (uint8_t *)command,
		.mx_sb_len = 64,
		.sbp = sense,
		.dxfer_len = (unsigned)size,
		.dxferp = data,
		.timeout = WAIT_MILLISECONDS,
	};

	if (ioctl(fd, SG_IO, &call) < 0 || call.host_status)
		return -1;
	/* Registers come back as sense data, for which the status is "check condition". */
	if (size && call.status)
		return -1;
	return (ssize_t)size - call.resid;
}

/* SMART (B0h) with @feature, by ATA PASS-THROUGH (16). */
static ssize_t ata(int fd, uint8_t feature, uint8_t *data, size_t size, uint8_t sense[static 64])
{
	const uint8_t command[16] = {
		[0] = 0x85,
		[1] = size ? 4 << 1 : 3 << 1, /* data comes in, or there is none */
		[2] = size ? 0x0e : 0x20, /* one block; or: return the registers */
		[4] = feature,
		[6] = size ? 1 : 0,
		[10] = 0x4f,
		[12] = 0xc2,
		[14] = 0xb0,
	};

	return scsi(fd, command, sizeof(command), data, size, sense);
}

static void ask_ata(int fd, struct smart *smart)
{
	uint8_t sense[64] = { 0 }, data[512] = { 0 };

	if (ata(fd, 0xda, NULL, 0, sense) < 0)
		return;
	smart_read_ata_status(smart, sense, sizeof(sense));
	if (smart->known && ata(fd, 0xd0, data, sizeof(data), sense) == sizeof(data))
		smart_read_ata_data(smart, data);
}

static void ask_scsi(int fd, struct smart *smart)
{
	static const uint8_t command[10] = { 0x4d, 0, 0x40 | 0x2f, 0, 0, 0, 0, 0, 64, 0 };
	uint8_t sense[64] = { 0 }, log[64] = { 0 };
	ssize_t length = scsi(fd, command, sizeof(command), log, sizeof(log), sense);

	if (length > 0)
		smart_read_scsi(smart, log, (size_t)length);
}

static void ask_nvme(int fd, struct smart *smart)
{
	uint8_t log[512] = { 0 };
	struct nvme_admin_cmd command = {
		.opcode = 0x02, /* get log page */
		.nsid = 0xffffffff,
		.addr = (uintptr_t)log,
		.data_len = sizeof(log),
		.cdw10 = 0x02 | NVME_LOG_WORDS << 16,
		.timeout_ms = WAIT_MILLISECONDS,
	};

	if (ioctl(fd, NVME_IOCTL_ADMIN_CMD, &command) == 0)
		smart_read_nvme(smart, log);
}

struct smart smart_ask(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct smart smart = nothing;

	if (fd < 0)
		return smart;
	if (ioctl(fd, NVME_IOCTL_ID) > 0) {
		ask_nvme(fd, &smart);
		return smart;
	}
	ask_ata(fd, &smart);
	if (!smart.known)
		ask_scsi(fd, &smart);
	return smart;
}
