// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for descriptors, by epoll(7). */
#include "relay/loop.h"
#include "base/memory.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64

struct loop {
	int epoll;
	struct epoll_event batch[BATCH]; /* what this turn has to call */
	int count;
};

struct loop *loop_new(void)
{
	struct loop *loop = memory_zero(1, sizeof(*loop));

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		abort(); /* no descriptors at all */
	return loop;
}

void loop_free(struct loop *loop)
{
	close(loop->epoll);
	free(loop);
}

static void control(struct loop *loop, int operation, struct watch *watch)
{
	struct epoll_event event = { .events = watch->events, .data.ptr = watch };

	if (epoll_ctl(loop->epoll, operation, watch->fd, &event))
		abort(); /* no memory, or a mistake of ours */
}

void loop_add(struct loop *loop, struct watch *watch)
{
	control(loop, EPOLL_CTL_ADD, watch);
}

void loop_remove(struct loop *loop, struct watch *watch)
{
	control(loop, EPOLL_CTL_DEL, watch);
	for (int i = 0; i < loop->count; i++)
		if (loop->batch[i].data.ptr == watch)
			loop->batch[i].data.ptr = NULL;
}

void loop_want(struct loop *loop, struct watch *watch, uint32_t events)
{
	if (watch->events == events)
		return;
	watch->events = events;
	control(loop, EPOLL_CTL_MOD, watch);
}

void loop_turn(struct loop *loop, int milliseconds)
{
	loop->count = epoll_wait(loop->epoll, loop->batch, BATCH, milliseconds);
	for (int i = 0; i < loop->count; i++) {
		struct watch *watch = loop->batch[i].data.ptr;

		if (watch)
			watch->ready(watch->user, loop->batch[i].events);
	}
	loop->count = 0;
}

uint64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
