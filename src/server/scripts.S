/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scripts of src/server, unchanged, in the daemon's read-only data. script.c puts
 * begin.sh, common.sh and perhaps slots.sh and keeper.sh in front of them. And p2v-relay,
 * which is of no bytes where it could not be linked statically.
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
	script slots, "slots.sh"
	script keeper, "keeper.sh"
	script queue, "queue.sh"
	script leave, "leave.sh"
	script probe, "probe.sh"
	script workdir, "workdir.sh"
	script relay, "relay.sh"
	script substitute, "substitute.sh"
	script again, "again.sh"
	script launch, "launch.sh"
	script follow, "follow.sh"
	script status, "status.sh"
	script cancel, "cancel.sh"
	script wrapper, "virt-v2v-wrapper.sh"

	.globl relay_bytes
	.hidden relay_bytes
	.globl relay_size
	.hidden relay_size
relay_bytes:
	.incbin "build/p2v-relay"
relay_end:
	.byte 0
	.balign 8
relay_size:
	.quad relay_end - relay_bytes

	.section .note.GNU-stack, "", %progbits
