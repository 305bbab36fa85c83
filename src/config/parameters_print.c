// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of parameters for other readers: manual page, completion, names. */
#include "config/parameters.h"

#include "base/memory.h"
#include "config/secret_words.h"

#include <errno.h>
#include <string.h>

/* @before as it is, and @text with escapes for what troff would take for its commands. */
static void print_troff(FILE *file, const char *before, const char *text)
{
	fputs(before, file);
	if (*text == '.' || *text == '\'')
		fputs("\\&", file);
	for (; *text; text++)
		if (*text == '\\')
			fputs("\\e", file);
		else if (*text == '-')
			fputs("\\-", file);
		else
			fputc(*text, file);
}

static void print_row(FILE *file, const struct parameter *parameter)
{
	print_troff(file, ".TP\n.BR ", parameter->name);
	print_troff(file, " =\\fI", parameter->form);
	fputs("\\fR", file);
	if (parameter->alias)
		print_troff(file, " \", \" ", parameter->alias);
	print_troff(file, "\n", parameter->description);
	print_troff(file, "\nDefault: ",
		    parameter->default_text          ?:
			    parameter->default_value ?:
						       "none");
	fputs(".\n", file);
}

static const char manual_head[] =
	".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	".\\\" Made by p2vd --print-parameters=man from the table in src/config/parameters.c.\n"
	".TH P2V.PARAMETERS 7 \"\" \"p2vd\" \"Physical to virtual\"\n"
	".SH NAME\n"
	"p2v.parameters \\- what p2vd reads on the kernel command line\n"
	".SH DESCRIPTION\n"
	".BR p2vd (8)\n"
	"reads the words below on the kernel command line, or in its option\n"
	".BR \\-\\-cmdline =\\fISTRING\\fR,\n"
	"and in the file that p2v.config names, one word a line there.\n"
	".PP\n"
	"Words are separated by white space. Put a value with spaces within double quotes,\n"
	"or the whole word: p2v.post=\"systemctl reboot\" and \"p2v.post=systemctl reboot\"\n"
	"are the same. A quote in the middle of a value is part of the value.\n"
	".PP\n"
	"A backslash before a quote (\" or \\(aq) or before another backslash is removed, and\n"
	"that character is part of the value. Before any other character a backslash is\n"
	"part of the value itself. So a\\eb may be written as it is, but two backslashes in\n"
	"a row are written as four, and a backslash before the closing quote as two. GRUB\n"
	"adds these backslashes by itself: at its prompt and in its files, follow GRUB's rules.\n"
	".PP\n"
	"The quotes, and the blanks that are no ordinary spaces, of word processors and web\n"
	"pages (U+201C, U+00A0, U+200B and their like) quote and separate nothing. A name or\n"
	"a value that holds one is refused, and the character is named; in a file, comments\n"
	"may hold them. In a name so is every character that no English keyboard has, such as\n"
	"a long dash or a wide =; a value may hold those, but for a long dash before an option\n"
	"of a command. An apostrophe, \\(ga or \\(aa quotes nothing either: a value that begins\n"
	"with one and is cut off at a space is refused.\n"
	".PP\n"
	"For yes and no you may also write 1, 0, true, false, on or off; a word without a\n"
	"value means yes. The items of a list are separated by commas. Where an item may hold\n"
	"a comma (p2v.disks, p2v.key, p2v.mac, p2v.output.misc), that comma is written twice.\n"
	"A time is in seconds; 5m and 1h are understood, too. If a parameter is given twice,\n"
	"the last one counts. The long and the short name mean the same.\n"
	".PP\n"
	"An unknown word that begins with p2v., or looks as if it should (P2V.SERVER, p2v-server),\n"
	"is ignored with a warning that names what may be meant. After a wrong value\n"
	"p2vd says what would be right and ends with exit code 2.\n";

static const char manual_tail[] =
	".SH THE NETWORK\n"
	"The image sets up the network: by DHCP on every wired interface, or as the words\n"
	".BR ip =,\n"
	".BR nameserver =,\n"
	".BR vlan =,\n"
	".BR bond =\n"
	"and others of\n"
	".BR dracut.cmdline (7)\n"
	"say.\n"
	".SH EXAMPLES\n"
	"Convert all disks to files in /var/lib/libvirt/images, with a key from a web server:\n"
	".PP\n"
	".EX\n"
	"p2v.server=conversion.example.com p2v.identity=https://www.example.com/p2v.key\n"
	"p2v.name=web1 p2v.os=/var/lib/libvirt/images\n"
	".EE\n"
	".PP\n"
	"Convert one disk to libvirt as a user with sudo, and reboot afterwards:\n"
	".PP\n"
	".EX\n"
	"p2v.server=192.0.2.7 p2v.username=mover p2v.password=\"two words\" p2v.sudo\n"
	"p2v.disks=sda p2v.o=libvirt p2v.os=default p2v.network=em1:front,back\n"
	"\"p2v.post=systemctl reboot\"\n"
	".EE\n"
	".SH SEE ALSO\n"
	".BR p2vd (8),\n"
	".BR virt\\-v2v (1),\n"
	".BR dracut.cmdline (7)\n";

static void print_manual(FILE *file)
{
	fputs(manual_head, file);
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		if (parameter->section)
			fprintf(file, ".SH %s\n", parameter->section);
		print_row(file, parameter);
	}
	fputs(manual_tail, file);
}

/* A line for each parameter: its long name, and the short one behind it. */
static void print_names(FILE *file)
{
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++)
		fprintf(file, "%s%s%s\n", parameter->name, parameter->alias ? " " : "",
			parameter->alias ? parameter->alias : "");
}

static void print_completion(FILE *file);

static const struct {
	const char *name;
	void (*print)(FILE *file);
} formats[] = {
	{ "names", print_names },
	{ "man", print_manual },
	{ "completion", print_completion },
	{ "secrets", secret_words_print },
};

/* The values that are words: used and all of "used|all", auto of "auto|1...8". */
static void print_values(FILE *file, const struct parameter *parameter)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	bool any = false;

	for (const char *at = parameter->form; *at; at += strcspn(at, "|"), at += *at == '|') {
		size_t length = strspn(at, word);

		if (length == 0 || length != strcspn(at, "|"))
			continue;
		if (!any)
			fprintf(file, "\t\t%s%s%s) words='", parameter->name,
				parameter->alias ? "|" : "", parameter->alias ?: "");
		fprintf(file, "%s%.*s", any ? " " : "", (int)length, at);
		any = true;
	}
	if (any)
		fputs("' ;;\n", file);
}

static void print_names_to_complete(FILE *file)
{
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++) {
		bool value = parameter->type != PARAMETER_BOOLEAN;

		fprintf(file, "\n\t\t%s%s", parameter->name, value ? "=" : "");
		if (parameter->alias)
			fprintf(file, " %s%s", parameter->alias, value ? "=" : "");
	}
}

/* The options are read from --help when bash completes; the parameters, completed within
 * --cmdline=, are written into the script. */
static void print_completion(FILE *file)
{
	fputs("# bash completion for p2vd(8), made by p2vd --print-parameters=completion\n"
	      "# SPDX-License-Identifier: GPL-2.0-or-later\n"
	      "# shellcheck shell=bash\n"
	      "_p2vd() {\n"
	      "\tlocal line=${COMP_LINE:0:COMP_POINT} word parameters formats words='' prefix\n"
	      "\tformats='",
	      file);
	for (size_t i = 0; i < COUNT(formats); i++)
		fprintf(file, "%s%s", i ? " " : "", formats[i].name);
	fputs("'\n"
	      "\tparameters='",
	      file);
	print_names_to_complete(file);
	fputs("'\n"
	      "\tCOMPREPLY=()\n"
	      "\tword=${line##*[[:space:]\\\"\\'=]}\n"
	      "\t# Within --cmdline=\"... readline's word may be all of it: keep what is before.\n"
	      "\tprefix=${COMP_WORDS[COMP_CWORD]}\n"
	      "\tprefix=${prefix%\"$word\"}\n"
	      "\tprefix=${prefix#=}\n"
	      "\tif [[ $line =~ \\ --(check-parameters|runtime-directory)[=\\ ][^\\ ]*$ ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
	      "\t\tcompopt -o filenames\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tcase ${line%\"$word\"} in\n"
	      "\t*--print-parameters=) words=$formats ;;\n"
	      "\t*--inventory=) words='text json' ;;\n"
	      "\t*p2v.*=) line=${line%=\"$word\"}; case ${line##*[[:space:]\\\"\\'=]} in\n",
	      file);
	for (const struct parameter *parameter = parameters(); parameter->name; parameter++)
		print_values(file, parameter);
	fputs("\t\tesac ;;\n"
	      "\t*)\n"
	      "\t\tif [[ $line =~ --cmdline[=\\ ](\\\"[^\\\"]*|\\'[^\\']*|[^[:space:]\\\"\\']*)$ ]]; then\n"
	      "\t\t\twords=$parameters\n"
	      "\t\telse\n"
	      "\t\t\tprefix='' word=${COMP_WORDS[COMP_CWORD]}\n"
	      "\t\t\twords=$(\"$1\" --help 2>/dev/null | grep -o -e '--[a-z-]*=\\{0,1\\}' | sort -u)\n"
	      "\t\tfi ;;\n"
	      "\tesac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -P \"$prefix\" -W \"$words\" -- \"$word\")\n"
	      "\tif [[ ${COMPREPLY[0]-} == *= ]]; then\n"
	      "\t\tcompopt -o nospace\n"
	      "\tfi\n"
	      "}\n"
	      "complete -F _p2vd p2vd\n",
	      file);
}

int parameters_print(FILE *file, const char *format)
{
	for (size_t i = 0; i < COUNT(formats); i++)
		if (!strcmp(format, formats[i].name)) {
			formats[i].print(file);
			return 0;
		}
	return -EINVAL;
}
