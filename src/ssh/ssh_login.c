// SPDX-License-Identifier: GPL-2.0-or-later
/* An SSH session: from the first byte to the login. */
#include "ssh/ssh_session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/algorithms.h"

#include <string.h>
#include <sys/socket.h>

char *ssh_fingerprint(struct ssh *ssh)
{
	size_t length = 0;
	const char *key = libssh2_session_hostkey(ssh->session, &length, NULL);

	return key ? known_hosts_fingerprint(key, length) : text_copy("an unknown one");
}

char *ssh_known_host(struct ssh *ssh, const char *alias)
{
	size_t length = 0;
	const char *key = libssh2_session_hostkey(ssh->session, &length, NULL);

	return known_hosts_line(alias, key ? key : "", length);
}

/* Prefers types of host keys that are known. */
static void set_algorithms(struct ssh *ssh)
{
	AUTO_FREE char *host_keys = known_hosts_algorithms(&ssh->login.known);
	const struct {
		int method;
		const char *algorithms;
	} all[] = {
		{ LIBSSH2_METHOD_KEX, ALGORITHMS_KEX },
		{ LIBSSH2_METHOD_HOSTKEY, host_keys },
		{ LIBSSH2_METHOD_CRYPT_CS, ALGORITHMS_CIPHERS_PLAIN },
		{ LIBSSH2_METHOD_CRYPT_SC, ALGORITHMS_CIPHERS_PLAIN },
		{ LIBSSH2_METHOD_MAC_CS, ALGORITHMS_MACS },
		{ LIBSSH2_METHOD_MAC_SC, ALGORITHMS_MACS },
	};

	for (size_t i = 0; i < COUNT(all); i++)
		libssh2_session_method_pref(ssh->session, all[i].method, all[i].algorithms);
}

char *ssh_host_key_algorithm(struct ssh *ssh)
{
	return text_copy(libssh2_session_methods(ssh->session, LIBSSH2_METHOD_HOSTKEY));
}

/* Logs the fingerprint of the server's host key, for people when it is new. Returns NULL if it is
 * a key that the server may have, else a reason. */
static char *check_host_key(struct ssh *ssh)
{
	AUTO_FREE char *text = ssh_fingerprint(ssh);
	size_t length = 0;
	const char *key = libssh2_session_hostkey(ssh->session, &length, NULL);

	const char *first = ssh->login.known.first;
	AUTO_FREE char *line = text_format("server %s has the host key %s (%s)", ssh->numeric, text,
					   libssh2_session_methods(ssh->session,
								   LIBSSH2_METHOD_HOSTKEY));

	if (first && !strcmp(first, text))
		log_info("%s", line);
	else
		log_notice("%s", line);
	return known_hosts_judge(&ssh->login.known, key ? key : "", length);
}

int ssh_stage_tcp(struct ssh *ssh)
{
	int error = 0;
	socklen_t length = sizeof(error);

	getsockopt(ssh->fd, SOL_SOCKET, SO_ERROR, &error, &length);
	if (error)
		return ssh_address_failed(ssh, strerror(error));
	ssh_start_session(ssh);
	set_algorithms(ssh);
	ssh_set_timeout(ssh, SSH_LOGIN_SECONDS);
	ssh->stage = STAGE_HANDSHAKE;
	return 0;
}

/* libssh2 keeps the first line as the banner, also from a server that is not SSH. */
static bool is_ssh_server(struct ssh *ssh)
{
	const char *banner = libssh2_session_banner_get(ssh->session);

	return banner && text_begins(banner, "SSH-");
}

/* sshd says so in place of its greeting when it turns an address away. */
static int no_ssh_server(struct ssh *ssh)
{
	const char *banner = libssh2_session_banner_get(ssh->session);
	AUTO_FREE char *why = NULL;

	if (banner &&
	    (text_begins(banner, "Not allowed at this time") || strstr(banner, "MaxStartups")))
		why = text_format("sshd turns us away for a while ('%.80s'): it has too many logins at the same time, or "
				  "logins from our address have failed; see MaxStartups and PerSourcePenalties in its "
				  "sshd_config",
				  banner);
	else
		why = text_format("a server answers, but it is not an SSH server, or it closed the connection at once");
	return ssh_address_failed(ssh, why);
}

/* Returns a libssh2 error, or 0 if the next address is to be tried. */
static int handshake_failed(struct ssh *ssh, int error)
{
	AUTO_FREE char *missing = algorithms_missing(ssh->hello, ssh->hello_length);

	if (!is_ssh_server(ssh))
		return no_ssh_server(ssh);
	/* A server, too, ends the connection if there is nothing that both have. */
	if (!missing && !ssh->farewell && ssh_closed(ssh))
		return ssh_address_failed(ssh,
					  "the connection was closed during the key exchange (sshd may "
					  "just be starting, or be at its MaxStartups)");
	ssh_fail(ssh, SSH_REFUSED,
		 text_format("no SSH session with %s: %s", ssh->numeric,
			     missing       ? missing :
			     ssh->farewell ? ssh->farewell :
					     ssh_error(ssh)));
	return error;
}

int ssh_stage_handshake(struct ssh *ssh)
{
	int r = libssh2_session_handshake(ssh->session, ssh->fd);
	char *reason;

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0)
		return handshake_failed(ssh, r);
	free(steal(ssh->hello));
	reason = check_host_key(ssh);
	if (reason) {
		ssh_fail(ssh, SSH_REFUSED, reason);
		return LIBSSH2_ERROR_HOSTKEY_SIGN;
	}
	ssh->stage = STAGE_METHODS;
	return 0;
}

static const char *const methods[] = {
	[LOGIN_KEY] = "publickey",
	[LOGIN_PASSWORD] = "password",
	[LOGIN_INTERACTIVE] = "keyboard-interactive",
};

/* Whether the server's list of methods, separated by commas, has @method. */
static bool offers(const char *offered, enum ssh_method method)
{
	size_t length = strlen(methods[method]);

	for (const char *at = offered; at; at = strchr(at, ','), at = at ? at + 1 : NULL)
		if (text_begins(at, methods[method]) && (!at[length] || at[length] == ','))
			return true;
	return false;
}

/* Takes a method by which the server accepts a password. */
static bool choose_password(struct ssh *ssh, const char *offered)
{
	if (!ssh->login.password)
		return false;
	if (offers(offered, LOGIN_PASSWORD))
		ssh->method = LOGIN_PASSWORD;
	else if (offers(offered, LOGIN_INTERACTIVE))
		ssh->method = LOGIN_INTERACTIVE;
	else
		return false;
	return true;
}

/* Of "AuthenticationMethods none" no method is left once one has failed. */
static const char *or_nothing(const char *offered)
{
	return *offered ? offered : "nothing";
}

/* Chooses a login method that both sides have. Returns NULL, or a reason. */
static char *choose_method(struct ssh *ssh, const char *offered)
{
	const struct ssh_login *login = &ssh->login;

	if (login->key && !offers(offered, LOGIN_KEY))
		return text_format("the server accepts no key, at least not as the first proof, only: %s; allow "
				   "PubkeyAuthentication in its sshd_config, and let AuthenticationMethods there, if it is "
				   "set, begin with publickey",
				   or_nothing(offered));
	if (login->key)
		ssh->method = LOGIN_KEY;
	else if (!login->password)
		return text_format("neither p2v.password nor p2v.identity is set, and the server "
				   "accepts only: %s",
				   or_nothing(offered));
	else if (!choose_password(ssh, offered))
		return text_format("the server accepts no password from '%s', only: %s; set "
				   "p2v.identity, or allow PasswordAuthentication (and, for root, "
				   "PermitRootLogin) in its sshd_config",
				   login->user, or_nothing(offered));
	return NULL;
}

/* What the server has accepted, where it wants more. */
static const char *accepted(const struct ssh *ssh)
{
	if (ssh->second_factor)
		return "the key from p2v.identity, then p2v.password";
	return ssh->method == LOGIN_KEY ? "the key from p2v.identity" : "p2v.password";
}

/*
 * RFC 4252, 5.1: a server can accept a method, and want another one as well ("partial
 * success"). libssh2 calls this a failure, too, but the server then no longer offers the
 * first method. The password is sent only to a server that has accepted the key.
 */
static char *choose_second(struct ssh *ssh, const char *offered)
{
	const char *user = ssh->login.user;

	if (ssh->method == LOGIN_KEY && choose_password(ssh, offered)) {
		log_notice("the server has accepted the key and wants a second factor: giving p2v.password by %s",
			   methods[ssh->method]);
		ssh->second_factor = true;
		return NULL;
	}
	if (ssh->method == LOGIN_KEY && !ssh->login.password)
		return text_format("the server accepts the key from p2v.identity for '%s', and wants a second factor as "
				   "well: %s; give p2v.password, too, or let AuthenticationMethods in its sshd_config be "
				   "publickey for this user",
				   user, offered);
	return text_format("the server accepts %s for '%s', and wants a further factor that p2vd cannot give: %s; p2vd "
			   "can give a key, and then a password: see AuthenticationMethods in its sshd_config",
			   accepted(ssh), user, offered);
}

static void logged_in(struct ssh *ssh)
{
	ssh_set_timeout(ssh, 0);
	libssh2_keepalive_config(ssh->session, 1, SSH_KEEPALIVE_SECONDS);
	sd_event_source_set_enabled(ssh->keepalive, SD_EVENT_ON);
	ssh->stage = STAGE_IDLE;
	ssh->events.ready(ssh->events.user);
}

/* If a server closes the connection during the login without a reason, this is not a
 * refusal: trying again may help. */
static bool connection_gone(struct ssh *ssh)
{
	if (ssh->farewell || !ssh_closed(ssh))
		return false;
	ssh_fail(ssh, SSH_UNREACHABLE,
		 text_format("%s closed the connection during the login of '%s'", ssh->numeric,
			     ssh->login.user));
	return true;
}

/* The server has answered which methods it offers, or NULL. Returns NULL, or why the login
 * cannot go on. */
static char *judge_methods(struct ssh *ssh, const char *offered)
{
	char *refusal = steal(ssh->refusal);

	if (refusal && (!offered || offers(offered, ssh->method)))
		return refusal;
	if (refusal) {
		free(refusal);
		return choose_second(ssh, offered);
	}
	if (!offered)
		return text_format("the server ended the login: %s",
				   ssh->farewell ? ssh->farewell : ssh_error(ssh));
	return choose_method(ssh, offered);
}

int ssh_stage_methods(struct ssh *ssh)
{
	const struct ssh_login *login = &ssh->login;
	const char *offered = libssh2_userauth_list(ssh->session, login->user, strlen(login->user));
	char *reason;

	if (!offered && libssh2_session_last_errno(ssh->session) == LIBSSH2_ERROR_EAGAIN)
		return LIBSSH2_ERROR_EAGAIN;
	if (!offered && !ssh->refusal && connection_gone(ssh))
		return LIBSSH2_ERROR_SOCKET_DISCONNECT;
	if (!offered && libssh2_userauth_authenticated(ssh->session)) {
		logged_in(ssh);
		return 0;
	}
	reason = judge_methods(ssh, offered);
	if (reason) {
		ssh_fail(ssh, SSH_REFUSED, reason);
		return LIBSSH2_ERROR_AUTHENTICATION_FAILED;
	}
	ssh->stage = STAGE_LOGIN;
	return 0;
}

/* Whether a prompt is not for the password that the user has, but for another one: sshd asks
 * so if the password has expired. It must not be changed, not even to the same. */
static bool wants_new_password(const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompt)
{
	AUTO_FREE char *text = text_copy_length((const char *)prompt->text, prompt->length);

	return strcasestr(text, "new ") || strcasestr(text, "retype");
}

/* Answers every hidden prompt for the password. libssh2 frees the answers. */
static void answer_prompts(const char *name, int name_length, const char *instruction,
			   int instruction_length, int count,
			   const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
			   LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	struct ssh *ssh = *abstract;

	(void)name, (void)name_length, (void)instruction, (void)instruction_length;
	for (int i = 0; i < count; i++) {
		bool other = wants_new_password(&prompts[i]);
		const char *answer = prompts[i].echo || other ? "" : ssh->login.password;

		ssh->password_expired = ssh->password_expired || other;
		answers[i].length = strlen(answer);
		answers[i].text = memory_zero(answers[i].length + 1, 1);
		memcpy(answers[i].text, answer, answers[i].length);
	}
}

static int try_method(struct ssh *ssh)
{
	const struct ssh_login *login = &ssh->login;
	size_t length = strlen(login->user);

	switch (ssh->method) {
	case LOGIN_KEY:
		return libssh2_userauth_publickey_frommemory(ssh->session, login->user, length,
							     NULL, 0, login->key, login->key_length,
							     NULL);
	case LOGIN_PASSWORD:
		return libssh2_userauth_password_ex(ssh->session, login->user, length,
						    login->password, strlen(login->password), NULL);
	case LOGIN_INTERACTIVE:
		break;
	}
	return libssh2_userauth_keyboard_interactive_ex(ssh->session, login->user, length,
							answer_prompts);
}

static char *login_reason(struct ssh *ssh, int error)
{
	const char *user = ssh->login.user;

	if (ssh->farewell)
		return text_format("the server ended the login of '%s': %s", user, ssh->farewell);
	if (ssh->password_expired || error == LIBSSH2_ERROR_PASSWORD_EXPIRED)
		return text_format("the password of '%s' on the server has expired, and the server wants a new one: log in "
				   "there by hand and change it",
				   user);
	if (error == LIBSSH2_ERROR_METHOD_NONE)
		return text_format("the server takes no signature that the key from p2v.identity can make: add the "
				   "key's algorithm (for RSA rsa-sha2-512) to the line PubkeyAcceptedAlgorithms in its "
				   "sshd_config, or use a key of another type");
	if (error == LIBSSH2_ERROR_FILE)
		return text_format("the private key from p2v.identity cannot be read: %s",
				   ssh_error(ssh));
	if (error == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
		return text_format("the server knows the key from p2v.identity, but does not let '%s' in with it: see "
				   "PermitRootLogin and AuthenticationMethods in its sshd_config, and whether the account "
				   "there is locked or expired",
				   user);
	if (ssh->method == LOGIN_KEY)
		return text_format("the server does not accept the key from p2v.identity for '%s': "
				   "%s; add the public key to authorized_keys there, and if it is there, its algorithm to "
				   "the line PubkeyAcceptedAlgorithms in sshd_config",
				   user, ssh_error(ssh));
	if (ssh->second_factor)
		return text_format("the server accepts the key from p2v.identity for '%s', wants a second factor by %s, and "
				   "does not accept p2v.password for it",
				   user, methods[ssh->method]);
	return text_format("the server does not accept p2v.password for '%s': %s; for root also see "
			   "PermitRootLogin in its sshd_config",
			   user, ssh_error(ssh));
}

/* Whether the server has judged what it was given. Of a key it says beforehand whether it
 * knows it, and only then asks for a signature. */
static bool may_be_partial(const struct ssh *ssh, int error)
{
	return !ssh->farewell &&
	       error == (ssh->method == LOGIN_KEY ? LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED :
						    LIBSSH2_ERROR_AUTHENTICATION_FAILED);
}

int ssh_stage_login(struct ssh *ssh)
{
	int r = try_method(ssh);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return r;
	if (r < 0 && connection_gone(ssh))
		return r;
	if (r < 0 && may_be_partial(ssh, r)) {
		ssh->refusal = login_reason(ssh, r);
		ssh->stage = STAGE_METHODS;
		return 0;
	}
	if (r < 0) {
		ssh_fail(ssh, SSH_REFUSED, login_reason(ssh, r));
		return r;
	}
	logged_in(ssh);
	return 0;
}
