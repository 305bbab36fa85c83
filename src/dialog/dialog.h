/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One terminal, and the person at it. */
#ifndef P2VD_DIALOG_H
#define P2VD_DIALOG_H

#include "dialog/keyboard.h"
#include "dialog/mirror.h"

#include <stdbool.h>
#include <systemd/sd-event.h>

enum screen {
	SCREEN_HUB,
	SCREEN_SERVER,
	SCREEN_NETWORK,
	SCREEN_MACHINE,
	SCREEN_DISKS,
	SCREEN_CARDS,
	SCREEN_OUTPUT,
	SCREEN_TRANSFER,
	SCREEN_MORE,
	SCREEN_KEYBOARD,
	SCREEN_REVIEW,
	SCREEN_RUNNING,
	SCREEN_END,
	SCREEN_LEAVE, /* the program ends */
};

struct dialog {
	sd_event *event;
	struct mirror *mirror;
	const char *tty; /* the terminal's device */
	bool appliance;  /* it is a console of the image, so this machine may be switched off */
	struct keyboard *keyboard; /* NULL: it is at the other end of the line */
	bool resized; /* the terminal has another size */
	bool small;   /* only its size keeps us from showing forms */
	bool over;    /* a signal or the terminal's end wants us to end */
	bool forms;   /* while p2vd is busy, the person wants the forms all the same */
	bool lost;    /* p2vd has not been there for a while */
	bool read;    /* the person has read how it ended */
	bool opened;  /* forms were shown: they do not open by themselves again */
	uint64_t told; /* how many of p2vd's messages were shown as lines */
};

/* Whether p2vd does something that all terminals show: @forms were not asked for. */
bool dialog_runs(struct dialog *dialog);

/* Whether a conversion has ended, and the person has not read how. */
bool dialog_ended(const struct dialog *dialog);

/* Whether a parameter that is yes or no is known to be yes. */
bool dialog_allows(const struct dialog *dialog, const char *parameter);

/* Whether a person may be asked: p2v.interactive. */
bool dialog_may_ask(const struct dialog *dialog);

/* Runs a program on this terminal, and returns when it has ended: its exit code, or -errno. */
int dialog_program(const char *const *argv);

#endif
