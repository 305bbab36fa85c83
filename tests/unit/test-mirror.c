// SPDX-License-Identifier: GPL-2.0-or-later
/* mirror: looks at the machine again where a disk may still come. p2vd is a server of its
 * interface, here. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/client.h"
#include "client/field.h"
#include "dialog/mirror.h"
#include "heap.h"
#include "json.h"
#include "loop.h"
#include "service/interface.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct machine {
	sd_event *event;
	const char *const *answers; /* the last one is given again and again */
	unsigned chosen; /* so often it was asked for what would be converted */
	unsigned asked; /* for all that there is */
};

static int on_inventory(sd_varlink *link, sd_json_variant *parameters,
			sd_varlink_method_flags_t flags, void *user)
{
	struct machine *machine = user;
	const char *const *answer = machine->answers;
	sd_json_variant *reply;
	unsigned *count;
	int r;

	(void)flags;
	count = sd_json_variant_by_key(parameters, "all") ? &machine->asked : &machine->chosen;
	for (unsigned i = 0; i < *count && answer[1]; i++)
		answer++;
	(*count)++;
	reply = json(*answer);
	r = sd_varlink_reply(link, reply);
	sd_json_variant_unref(reply);
	return r;
}

static int on_parameters(sd_varlink *link, sd_json_variant *parameters,
			 sd_varlink_method_flags_t flags, void *user)
{
	sd_json_variant *reply = json("{\"parameters\":[],\"words\":\"\"}");
	int r = sd_varlink_reply(link, reply);

	(void)parameters, (void)flags, (void)user;
	sd_json_variant_unref(reply);
	return r;
}

static int on_watch(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		    void *user)
{
	sd_json_variant *reply =
		json("{\"messages\":[],\"status\":{\"version\":\"1\",\"activity\":\"waiting\"}}");
	int r = sd_varlink_notify(link, reply);

	(void)parameters, (void)flags, (void)user;
	sd_json_variant_unref(reply);
	return r;
}

static const char *first_disk(sd_json_variant *inventory)
{
	return field_text(field_element(inventory, "disks", 0), "name") ?: "none";
}

/* Until the mirror has the answer to its look number @looks, and to all else that it has asked. */
static void loop_until_asked(struct machine *machine, const struct mirror *mirror, unsigned looks)
{
	for (unsigned i = 0; i < 1000 && (machine->asked < looks || mirror->errands); i++)
		sd_event_run(machine->event, 20000);
	assert_int_equal(machine->asked, looks);
	assert_null(mirror->errands);
}

static bool is_looking_later(const struct mirror *mirror)
{
	int enabled;

	assert_return_code(sd_event_source_get_enabled(mirror->again, &enabled), 0);
	return enabled != SD_EVENT_OFF;
}

/* Looks at a machine that answers so, and again as long as the mirror means to. */
static void try(const char *const *answers, unsigned looks, const char *found)
{
	struct machine machine = { .event = loop_new(), .answers = answers };
	char directory[] = "/tmp/test-mirror-XXXXXX";
	AUTO_FREE char *path = NULL;
	sd_varlink_server *server = NULL;
	struct mirror *mirror;

	assert_non_null(mkdtemp(directory));
	path = text_format("%s/" CLIENT_SOCKET, directory);
	assert_return_code(sd_varlink_server_new(&server, SD_VARLINK_SERVER_INHERIT_USERDATA), 0);
	sd_varlink_server_set_userdata(server, &machine);
	assert_return_code(sd_varlink_server_add_interface(server, &service_interface), 0);
	assert_return_code(sd_varlink_server_bind_method_many(server, INTERFACE ".GetInventory",
							      on_inventory,
							      INTERFACE ".GetParameters",
							      on_parameters, INTERFACE ".Watch",
							      on_watch),
			   0);
	assert_return_code(sd_varlink_server_listen_address(server, path, 0600), 0);
	assert_return_code(sd_varlink_server_attach_event(server, machine.event, 0), 0);
	mirror = mirror_new(machine.event, path);
	assert_false(is_looking_later(mirror));
	mirror_look(mirror);
	for (unsigned i = 1; i < looks; i++) {
		loop_until_asked(&machine, mirror, i);
		assert_true(is_looking_later(mirror));
		/* It would take some seconds. */
		sd_event_source_set_time(mirror->again, 0);
	}
	loop_until_asked(&machine, mirror, looks);
	assert_false(is_looking_later(mirror));
	assert_string_equal(first_disk(mirror->everything), found);
	assert_string_equal(first_disk(mirror->inventory), found);
	assert_false(mirror->late);
	mirror_free(mirror);
	loop_idle(machine.event);
	sd_varlink_server_unref(server);
	sd_event_unref(machine.event);
	unlink(path);
	rmdir(directory);
}

#define DISK "{\"inventory\":{\"disks\":[{\"name\":\"sda\"}]}"
#define NONE "{\"inventory\":{\"disks\":[]}"

static void test_there(void **state)
{
	(void)state;
	try((const char *const[]){ DISK "}", NULL }, 1, "sda");
}

static void test_late(void **state)
{
	(void)state;
	/* udev is still at something; then all has come, but the kernel finds the disk later. */
	try((const char *const[]){ DISK ",\"late\":\"sdb\"}", DISK "}", NULL }, 2, "sda");
	try((const char *const[]){ NONE ",\"late\":\"devices\"}", NONE "}", NONE "}", DISK "}",
				   NULL },
	    4, "sda");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there),
		cmocka_unit_test(test_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
