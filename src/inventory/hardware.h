/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine with the disks and cards that the guest gets, as the user has chosen. */
#ifndef P2VD_HARDWARE_H
#define P2VD_HARDWARE_H

#include "config/config.h"
#include "disks/disks.h"
#include "machine/machine.h"
#include "machine/nics.h"

#include <stdio.h>
#include <systemd/sd-event.h>
#include <systemd/sd-json.h>

struct hardware {
	struct machine machine;
	struct disks disks;
	struct nics nics;
};

struct hardware_search;

/*
 * Reads the hardware under @root ("" for the running system), as disks_search() does: calls
 * done() from the event loop, once, with 0; -EINVAL if the machine does not have what @config
 * names; or another -errno if it lacks something that the guest needs. @reasons has a sentence
 * for each failure, NULL for none. @live: see disks.h. The arguments must live as long; the
 * caller hands @hardware to hardware_clear() in any case.
 */
struct hardware_search *hardware_search(sd_event *event, const char *root,
					const struct config *config, bool live,
					struct hardware *hardware,
					void (*done)(void *user, int result, char *const *reasons),
					void *user);
void hardware_search_free(struct hardware_search *search);

void hardware_clear(struct hardware *hardware);

/* All warnings as one list, without disks_advice(). The caller frees.
 * (hardware_warnings.c) */
char **hardware_warnings(const struct hardware *hardware);

/*
 * For `p2vd --inventory`: reads the hardware and prints it in @format, "text" or "json".
 * @hostname: for the default name of the guest, may be NULL. @map: says of each disk what is used,
 * too. Returns the result of
 * hardware_search(), whose reasons are printed, too; or -ENOTSUP for another @format.
 */
int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, bool map, FILE *file);

/*
 * One JSON object. Sizes are in bytes, speeds in Mbit/s and MT/s, offsets
 * in seconds; a member whose value is unknown is left out. @name: of the guest.
 * @reasons: as for done(), or NULL. The caller unrefs. hardware_json() is the same as text,
 * with a newline; the caller frees.
 */
sd_json_variant *hardware_object(const struct hardware *hardware, const char *name,
				 char *const *reasons);
char *hardware_json(const struct hardware *hardware, const char *name, char *const *reasons);

/* The same for people, in 80 columns, unless names are long. */
void hardware_text(const struct hardware *hardware, const char *name, char *const *reasons,
		   FILE *file);

#endif
