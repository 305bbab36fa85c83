// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's firmware. */
#include "machine/firmware.h"

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <string.h>

#define SECURE_BOOT "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

enum firmware firmware_read(const char *root)
{
	return sysfs_exists(root, "sys/firmware/efi") ? FIRMWARE_UEFI : FIRMWARE_BIOS;
}

/* The offset is from Documentation/arch/x86/zero-page.rst of the Linux kernel, the
 * values from its include/linux/efi.h. */
static enum secure_boot by_boot_parameters(const char *root)
{
	enum { OFFSET = 0x1ec, DISABLED = 2, ENABLED = 3 };
	AUTO_FREE char *path = text_format("%s/sys/kernel/boot_params/data", root);
	uint8_t value;

	if (sysfs_bytes(path, OFFSET, &value, 1) != 1)
		return SECURE_BOOT_UNKNOWN;
	return value == ENABLED  ? SECURE_BOOT_ON :
	       value == DISABLED ? SECURE_BOOT_OFF :
				   SECURE_BOOT_UNKNOWN;
}

enum secure_boot firmware_secure_boot(const char *root)
{
	enum { ATTRIBUTES = 4 }; /* efivarfs puts them before the value */
	AUTO_FREE char *path = text_format("%s/" SECURE_BOOT, root);
	uint8_t variable[ATTRIBUTES + 1];

	if (firmware_read(root) == FIRMWARE_BIOS)
		return SECURE_BOOT_OFF;
	if (sysfs_bytes(path, 0, variable, sizeof(variable)) != sizeof(variable))
		return by_boot_parameters(root);
	return variable[ATTRIBUTES] == 1 ? SECURE_BOOT_ON : SECURE_BOOT_OFF;
}

char *firmware_tpm(const char *root)
{
	switch (sysfs_number(root, 0, "sys/class/tpm/tpm0/tpm_version_major")) {
	case 1:
		return text_copy("1.2");
	case 2:
		return text_copy("2.0");
	default:
		return sysfs_exists(root, "sys/class/tpm/tpm0") ? text_copy("unknown") : NULL;
	}
}
