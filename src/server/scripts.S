/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scripts of src/server, unchanged, in the daemon's read-only data. script.c puts
 * begin.sh in front of them, and common.sh in front of those that need it.
 */
	.section .rodata

	.macro script symbol, file
	.globl script_\symbol
	.hidden script_\symbol
script_\symbol:
	.incbin "src/server/\file"
	.byte 0
	.endm

	script begin, "begin.sh"
	script common, "common.sh"
	script probe, "probe.sh"
	script workdir, "workdir.sh"
	script launch, "launch.sh"
	script follow, "follow.sh"
	script status, "status.sh"
	script cancel, "cancel.sh"
	script wrapper, "virt-v2v-wrapper.sh"

	.section .note.GNU-stack, "", %progbits
