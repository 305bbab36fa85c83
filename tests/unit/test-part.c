// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the forms: every parameter has a place, and a mode has only its fields. */
#include "config/parameters.h"
#include "dialog/part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned places(const char *name)
{
	unsigned count = 0;

	for (enum part part = 0; part < PARTS; part++)
		for (const char *const *field = part_fields(part); *field; field++)
			count += !strcmp(*field, name);
	return count;
}

static void test_every_parameter_is_in_one_form(void **state)
{
	(void)state;
	for (const struct parameter *row = parameters(); row->name; row++) {
		if (places(row->name) != 1)
			fail_msg("'%s' is in %u forms", row->name, places(row->name));
		assert_int_not_equal(part_of(row->name), PARTS);
		/* What stands before the field. */
		assert_non_null(row->label);
		assert_in_range(strlen(row->label), 1, 18);
	}
}

static void test_every_field_is_a_parameter(void **state)
{
	(void)state;
	for (enum part part = 0; part < PARTS; part++) {
		assert_non_null(part_name(part));
		for (const char *const *field = part_fields(part); *field; field++) {
			const struct parameter *row = parameter_find(*field);

			assert_non_null(row);
			assert_string_equal(row->name, *field); /* the long name */
		}
	}
	assert_int_equal(part_of("p2v.nonsense"), PARTS);
}

static void test_modes(void **state)
{
	(void)state;
	assert_false(part_mode_uses("local", "p2v.output.connection"));
	assert_true(part_mode_uses("local", "p2v.output.storage"));
	assert_true(part_mode_uses("libvirt", "p2v.output.connection"));
	assert_false(part_mode_uses("local", "p2v.output.credentials"));
	assert_true(part_mode_uses("ovirt-upload", "p2v.output.credentials"));
	assert_false(part_mode_uses("null", "p2v.output.storage"));
	assert_false(part_mode_uses("openstack", "p2v.output.format"));
	assert_true(part_mode_uses("openstack", "p2v.output.misc"));
	/* A mode of a later virt-v2v may have all of them. */
	assert_true(part_mode_uses("later", "p2v.output.connection"));
	/* What is no matter of the mode. */
	assert_true(part_mode_uses("null", "p2v.guestname"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_parameter_is_in_one_form),
		cmocka_unit_test(test_every_field_is_a_parameter),
		cmocka_unit_test(test_modes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
