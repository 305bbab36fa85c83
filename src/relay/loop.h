/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for descriptors, by epoll(7). The relay is a static program without a library,
 * so it has its own few lines in place of sd-event.
 */
#ifndef P2VD_LOOP_H
#define P2VD_LOOP_H

#include <stdint.h>

/* Who waits for a descriptor. It belongs to the caller and stays where it is while it is added. */
struct watch {
	int fd;
	uint32_t events; /* EPOLLIN, EPOLLOUT */
	/* Called with the events that came, until loop_remove(). It may free any watch that it has
	 * removed. */
	void (*ready)(void *user, uint32_t events);
	void *user;
};

struct loop;

struct loop *loop_new(void);
void loop_free(struct loop *loop);

void loop_add(struct loop *loop, struct watch *watch);
void loop_remove(struct loop *loop, struct watch *watch);

/* Waits for other events from now on. */
void loop_want(struct loop *loop, struct watch *watch, uint32_t events);

/* Waits for @milliseconds at most and calls whom something has come for. */
void loop_turn(struct loop *loop, int milliseconds);

/* Milliseconds of a clock that never goes back and runs while the machine sleeps. */
uint64_t loop_now(void);

#endif
