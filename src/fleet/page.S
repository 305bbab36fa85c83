/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page.html, unchanged, in the program's read-only data. */
	.section .rodata

	.globl fleet_page
	.hidden fleet_page
fleet_page:
	.incbin "src/fleet/page.html"
	.byte 0

	.section .note.GNU-stack, "", %progbits
