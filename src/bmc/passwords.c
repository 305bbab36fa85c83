// SPDX-License-Identifier: GPL-2.0-or-later
/* The passwords of BMCs. */
#include "bmc/passwords.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MOST (1U << 20) /* bytes */

struct passwords {
	struct password {
		char *key, *value;
	} *password;
	size_t count;
};

void passwords_free(struct passwords *passwords)
{
	for (size_t i = 0; passwords && i < passwords->count; i++) {
		free(passwords->password[i].key);
		secret_free(passwords->password[i].value);
	}
	if (passwords)
		free(passwords->password);
	free(passwords);
}

/* @line has @length bytes. */
static int read_line(struct passwords *passwords, const char *line, size_t length, unsigned number,
		     char **reason)
{
	struct password password;
	size_t key, value;

	if (length && line[length - 1] == '\r')
		length--;
	key = strcspn(line, " \t\r\n");
	if (!length || *line == '#')
		return 0;
	key = key < length ? key : length;
	value = key + strspn(line + key, " \t");
	if (!key || value >= length)
		return REFUSE(reason, EINVAL,
			      "line %u: give a MAC address, name, BMC or all, a blank and the password",
			      number);
	password.key = text_copy_length(line, key);
	password.value = text_copy_length(line + value, length - value);
	secret_register(password.value);
	APPEND(passwords->password, passwords->count, password);
	return 0;
}

int passwords_parse(const char *text, struct passwords **passwords, char **reason)
{
	struct passwords *found = memory_zero(1, sizeof(*found));
	unsigned number = 1;
	int r = 0;

	text += text_mark(text, strlen(text));
	for (; *text && r == 0; number++) {
		const size_t length = strcspn(text, "\n");

		r = read_line(found, text, length, number, reason);
		text += length + (text[length] != '\0');
	}
	if (r < 0)
		passwords_free(found);
	else
		*passwords = found;
	return r;
}

int passwords_read(const char *path, struct passwords **passwords, char **reason)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	AUTO_FREE char *wrong = NULL;
	struct stat status;
	size_t length = 0;
	char *text;
	int r;

	if (fd < 0 || fstat(fd, &status) < 0)
		return REFUSE(reason, errno, "cannot read the passwords of BMCs in '%s': %s%s",
			      path, strerror(errno),
			      errno == ENOENT ? ": p2v-fleet(8), POWER, says what to write there" :
						"");
	if (!S_ISREG(status.st_mode))
		return REFUSE(reason, EINVAL, "'%s' is not a regular file", path);
	if (status.st_mode & 077 || (status.st_uid && status.st_uid != geteuid()))
		return REFUSE(reason, EPERM,
			      "others may read or own the passwords in '%s': chown root '%s' and chmod 600 '%s'",
			      path, path, path);
	text = file_read_all(fd, FILE_MOST, &length);
	if (!text)
		return REFUSE(reason, errno, "cannot read the passwords of BMCs in '%s': %s", path,
			      strerror(errno));
	r = passwords_parse(text, passwords, &wrong);
	secret_free_length(text, length + 1);
	if (r < 0)
		*reason = text_format("%s: %s", path, wrong);
	return r;
}

static const char *value_of(const struct passwords *passwords, const char *key, bool is_mac)
{
	for (size_t i = 0; key && i < passwords->count; i++) {
		const struct password *password = &passwords->password[i];
		AUTO_FREE char *mac = is_mac ? bmc_mac(password->key) : NULL;

		if (!strcmp(mac ?: password->key, key))
			return password->value;
	}
	return NULL;
}

const char *passwords_find(const struct passwords *passwords, const struct bmc *bmc)
{
	return passwords ? value_of(passwords, bmc->mac, true)      ?:
			   value_of(passwords, bmc->name, false)    ?:
			   value_of(passwords, bmc->address, false) ?:
			   value_of(passwords, "all", false) :
			   NULL;
}
