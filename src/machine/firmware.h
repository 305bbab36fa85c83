/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What started the machine, read from sysfs under a root: BIOS or UEFI, Secure
 * Boot, a TPM.
 */
#ifndef P2VD_FIRMWARE_H
#define P2VD_FIRMWARE_H

enum firmware { FIRMWARE_BIOS, FIRMWARE_UEFI };

enum secure_boot { SECURE_BOOT_UNKNOWN, SECURE_BOOT_OFF, SECURE_BOOT_ON };

enum firmware firmware_read(const char *root);

/* By UEFI's variable, where efivarfs is mounted; else by what the kernel's own
 * loader noted in its boot parameters. Off under BIOS. */
enum secure_boot firmware_secure_boot(const char *root);

/* The TPM's version, "2.0" or "1.2", or "unknown"; NULL where there is none. The caller frees. */
char *firmware_tpm(const char *root);

#endif
