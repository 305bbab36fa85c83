/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's firmware, read from sysfs under a root: BIOS or UEFI, Secure Boot,
 * a TPM.
 */
#ifndef P2VD_FIRMWARE_H
#define P2VD_FIRMWARE_H

enum firmware { FIRMWARE_BIOS, FIRMWARE_UEFI };

enum secure_boot { SECURE_BOOT_UNKNOWN, SECURE_BOOT_OFF, SECURE_BOOT_ON };

enum firmware firmware_read(const char *root);

/* Reads the UEFI variable if efivarfs is mounted, else what the kernel's boot stub
 * wrote into the boot parameters. Off under BIOS. */
enum secure_boot firmware_secure_boot(const char *root);

/* The version of the TPM: "2.0", "1.2" or "unknown"; NULL if there is no TPM. The caller frees. */
char *firmware_tpm(const char *root);

#endif
