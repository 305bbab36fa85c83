/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which names of guests an output mode takes. Its manager judges them only when the disks
 * have been copied. */
#ifndef P2VD_OUTPUT_NAME_H
#define P2VD_OUTPUT_NAME_H

/*
 * Judges @name, which value_check_guest_name() accepts, for virt-v2v's -o @mode. Returns NULL
 * if the mode takes it, else a sentence that says which character is wrong and gives a name
 * that would do (the caller frees). A name of machine_guest_name() fits every mode.
 */
char *output_name_judge(const char *mode, const char *name);

#endif
