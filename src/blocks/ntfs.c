// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What NTFS uses, by its cluster bitmap, which libntfs-3g reads. All of it counts as used where
 * Windows is hibernated in it, where it was not unmounted, or where p2v-map was built without the
 * library.
 */
#include "base/text.h"
#include "blocks/kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_NTFS

#include <sys/stat.h>
#include <sys/types.h> /* these headers need them */
#include <time.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/device.h>
#include <ntfs-3g/inode.h>
#include <ntfs-3g/logfile.h>
#include <ntfs-3g/logging.h>
#include <ntfs-3g/volume.h>

#define AT_ONCE 65536 /* bytes of the bitmap */

/* The device that the library reads: the piece. */
struct source {
	struct inspection *inspection;
	uint64_t at; /* where the next read begins */
};

static struct source *source_of(struct ntfs_device *device)
{
	return device->d_private;
}

static int source_open(struct ntfs_device *device, int flags)
{
	(void)flags;
	NDevSetOpen(device);
	NDevSetReadOnly(device);
	return 0;
}

static int source_close(struct ntfs_device *device)
{
	NDevClearOpen(device);
	return 0;
}

static s64 source_pread(struct ntfs_device *device, void *buffer, s64 count, s64 offset)
{
	struct source *source = source_of(device);
	const struct piece *piece = source->inspection->piece;

	if (count < 0 || offset < 0) {
		errno = EINVAL;
		return -1;
	}
	if ((uint64_t)offset >= piece->size)
		return 0;
	if ((uint64_t)count > piece->size - (uint64_t)offset)
		count = (s64)(piece->size - (uint64_t)offset);
	if (piece_read(piece, source->inspection->disk, (uint64_t)offset, buffer, (size_t)count))
		return count;
	errno = EIO;
	return -1;
}

static s64 source_read(struct ntfs_device *device, void *buffer, s64 count)
{
	struct source *source = source_of(device);
	s64 got = source_pread(device, buffer, count, (s64)source->at);

	source->at += got > 0 ? (uint64_t)got : 0;
	return got;
}

static s64 source_seek(struct ntfs_device *device, s64 offset, int whence)
{
	struct source *source = source_of(device);
	uint64_t from = whence == SEEK_CUR ? source->at :
			whence == SEEK_END ? source->inspection->piece->size :
					     0;

	source->at = from + (uint64_t)offset;
	return (s64)source->at;
}

static s64 source_write(struct ntfs_device *device, const void *buffer, s64 count)
{
	(void)device, (void)buffer, (void)count;
	errno = EROFS;
	return -1;
}

static s64 source_pwrite(struct ntfs_device *device, const void *buffer, s64 count, s64 offset)
{
	(void)offset;
	return source_write(device, buffer, count);
}

static int source_sync(struct ntfs_device *device)
{
	(void)device;
	return 0;
}

static int source_stat(struct ntfs_device *device, struct stat *status)
{
	*status = (struct stat){ .st_mode = S_IFREG | 0400,
				 .st_size = (off_t)source_of(device)->inspection->piece->size };
	return 0;
}

static int source_ioctl(struct ntfs_device *device, unsigned long request, void *argument)
{
	(void)device, (void)request, (void)argument;
	errno = EOPNOTSUPP;
	return -1;
}

static bool log_is_clean(ntfs_volume *volume)
{
	ntfs_inode *inode = ntfs_inode_open(volume, FILE_LogFile);
	ntfs_attr *attribute = inode ? ntfs_attr_open(inode, AT_DATA, AT_UNNAMED, 0) : NULL;
	RESTART_PAGE_HEADER *page = NULL;
	bool clean = attribute && ntfs_check_logfile(attribute, &page) &&
		     ntfs_is_logfile_clean(attribute, page);

	free(page);
	if (attribute)
		ntfs_attr_close(attribute);
	if (inode)
		ntfs_inode_close(inode);
	return clean;
}

static int check_volume(const struct inspection *inspection, ntfs_volume *volume, char **reason)
{
	if (volume->major_ver != 3 || volume->minor_ver > 1)
		return REFUSE(reason, ENOTSUP, "NTFS of version %d.%d is not known",
			      volume->major_ver, volume->minor_ver);
	if (volume->flags & (VOLUME_IS_DIRTY | VOLUME_CHKDSK_UNDERWAY))
		return REFUSE(reason, EUCLEAN, "it is marked as dirty");
	if (ntfs_volume_check_hiberfile(volume, 0) < 0)
		return REFUSE(reason, EUCLEAN,
			      "Windows is hibernated in it, or was not shut down (fast startup)");
	if (!log_is_clean(volume))
		return REFUSE(reason, EUCLEAN, "its log is not clean: it was not unmounted");
	if (volume->cluster_size < 512 || volume->nr_clusters <= 0 ||
	    (uint64_t)volume->nr_clusters > inspection->piece->size / volume->cluster_size ||
	    volume->lcnbmp_na->data_size < (volume->nr_clusters + 7) / 8)
		return REFUSE(reason, EUCLEAN, "its bitmap or its size makes no sense");
	return 0;
}

/* Tells which of @count clusters from @first on are used: @bits is their part of the bitmap. */
static void tell_bits(struct inspection *inspection, const ntfs_volume *volume, const uint8_t *bits,
		      uint64_t first, uint64_t count)
{
	uint64_t size = volume->cluster_size, begin = 0;
	bool in_use = false;

	for (uint64_t i = 0; i <= count; i++) {
		bool used = i < count && bits[i / 8] & 1U << i % 8;

		if (used && !in_use)
			begin = i;
		if (!used && in_use)
			inspection_used(inspection, (first + begin) * size, (i - begin) * size);
		in_use = used;
	}
}

static bool bit(const uint8_t *bits, uint64_t first, uint64_t count, int64_t cluster)
{
	uint64_t at = (uint64_t)cluster - first;

	return cluster < 0 || (uint64_t)cluster < first || at >= count ||
	       bits[at / 8] & 1U << at % 8;
}

/* A bitmap by which the file table itself lies in free clusters is wrong. */
static bool is_plausible(const ntfs_volume *volume, const uint8_t *bits, uint64_t first,
			 uint64_t count)
{
	const runlist_element *runs[] = { volume->mft_na->rl, volume->mftmirr_na->rl,
					  volume->lcnbmp_na->rl };

	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		for (const runlist_element *run = runs[i]; run && run->length; run++)
			if (run->lcn >= 0 && (!bit(bits, first, count, run->lcn) ||
					      !bit(bits, first, count, run->lcn + run->length - 1)))
				return false;
	return bit(bits, first, count, 0);
}

static int tell(struct inspection *inspection, ntfs_volume *volume, char **reason)
{
	uint64_t clusters = (uint64_t)volume->nr_clusters;
	static uint8_t bits[AT_ONCE];
	uint64_t end = clusters * volume->cluster_size;

	for (uint64_t first = 0; first < clusters; first += (uint64_t)AT_ONCE * 8) {
		uint64_t count = clusters - first;

		if (count > (uint64_t)AT_ONCE * 8)
			count = (uint64_t)AT_ONCE * 8;
		if (ntfs_attr_pread(volume->lcnbmp_na, (s64)(first / 8), (s64)((count + 7) / 8),
				    bits) != (s64)((count + 7) / 8))
			return REFUSE(reason, EIO, "its bitmap cannot be read");
		if (!is_plausible(volume, bits, first, count))
			return REFUSE(reason, EUCLEAN,
				      "its bitmap says that its file table is free");
		tell_bits(inspection, volume, bits, first, count);
	}
	/* The copy of the boot sector is behind the last cluster. */
	inspection_used(inspection, end, inspection->piece->size - end);
	return 0;
}

int ntfs_inspect(struct inspection *inspection, char **reason)
{
	static struct ntfs_device_operations operations = {
		.open = source_open,
		.close = source_close,
		.seek = source_seek,
		.read = source_read,
		.write = source_write,
		.pread = source_pread,
		.pwrite = source_pwrite,
		.sync = source_sync,
		.stat = source_stat,
		.ioctl = source_ioctl,
	};
	struct source source = { .inspection = inspection };
	struct ntfs_device *device;
	ntfs_volume *volume;
	int r;

	ntfs_log_set_handler(ntfs_log_handler_null);
	device = ntfs_device_alloc("piece", 0, &operations, &source);
	volume = device ? ntfs_device_mount(device, NTFS_MNT_RDONLY | NTFS_MNT_FORENSIC) : NULL;
	if (!volume)
		return REFUSE(reason, EUCLEAN, "libntfs-3g cannot open it: %s", strerror(errno));
	r = check_volume(inspection, volume, reason);
	/* The process ends now: nothing has to be freed. */
	return r < 0 ? r : tell(inspection, volume, reason);
}

#else

int ntfs_inspect(struct inspection *inspection, char **reason)
{
	(void)inspection;
	return REFUSE(reason, ENOTSUP, "this p2v-map was built without libntfs-3g");
}

#endif
