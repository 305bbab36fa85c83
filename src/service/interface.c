// SPDX-License-Identifier: GPL-2.0-or-later
/* The definition of the Varlink interface io.p2vd.Daemon. */
#include "service/interface.h"

// clang-format off: a table
#define ABOUT SD_VARLINK_FIELD_COMMENT
#define FIELD SD_VARLINK_DEFINE_FIELD
/* A keyword of C cannot be an argument in all that reads this. */
#define FIELD_DO { .name = "do", .field_type = SD_VARLINK_STRING, .field_flags = MAY_BE_NULL }
#define FIELD_OF SD_VARLINK_DEFINE_FIELD_BY_TYPE
#define INPUT SD_VARLINK_DEFINE_INPUT
#define INPUT_OF SD_VARLINK_DEFINE_INPUT_BY_TYPE
#define OUTPUT SD_VARLINK_DEFINE_OUTPUT
#define OUTPUT_OF SD_VARLINK_DEFINE_OUTPUT_BY_TYPE
#define VALUE SD_VARLINK_DEFINE_ENUM_VALUE
#define MAY_BE_NULL SD_VARLINK_NULLABLE

static SD_VARLINK_DEFINE_ENUM_TYPE(Kind,
	ABOUT("yes or no"), VALUE(boolean),
	ABOUT("yes or no; without a value it is as the machine has it"), VALUE(choice),
	ABOUT("One of the parameter's words"), VALUE(word),
	ABOUT("A number"), VALUE(number),
	ABOUT("A time: 300, 300s, 5m, 1h"), VALUE(seconds),
	ABOUT("An amount of memory: 4096M, 4G"), VALUE(bytes),
	ABOUT("Hours, perhaps with a sign and minutes: +2, -3.5, 5:30"), VALUE(hours),
	ABOUT("A host name or an address"), VALUE(server),
	ABOUT("A text"), VALUE(text),
	ABOUT("Texts with commas between them"), VALUE(list));

static SD_VARLINK_DEFINE_ENUM_TYPE(Origin,
	ABOUT("It is not given: p2vd's own default"), VALUE(builtin),
	ABOUT("The image, see p2v-customize(8)"), VALUE(image),
	ABOUT("The file that p2v.config names"), VALUE(file),
	ABOUT("The kernel command line"), VALUE(cmdline),
	ABOUT("A client of this interface, by SetParameters"), VALUE(client));

static SD_VARLINK_DEFINE_STRUCT_TYPE(Parameter,
	ABOUT("Its long name, p2v.remote.server"), FIELD(name, SD_VARLINK_STRING, 0),
	ABOUT("Its short name, p2v.server"), FIELD(alias, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("What stands before its field in a form"), FIELD(label, SD_VARLINK_STRING, 0),
	ABOUT("The heading above it in the manual"), FIELD(section, SD_VARLINK_STRING, 0),
	ABOUT("How its value is written"), FIELD_OF(kind, Kind, 0),
	ABOUT("The words that its value may be"), FIELD(words, SD_VARLINK_STRING, SD_VARLINK_ARRAY | MAY_BE_NULL),
	ABOUT("The least value, in bytes or seconds where it is that"), FIELD(minimum, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("The greatest value, likewise"), FIELD(maximum, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("Whether an empty value is right: it means none"), FIELD(empty, SD_VARLINK_BOOL, 0),
	ABOUT("Whether its value, or a part of it, is never shown"), FIELD(secret, SD_VARLINK_BOOL, 0),
	ABOUT("What to write for its value, as in a manual: HOST, raw|qcow2"), FIELD(form, SD_VARLINK_STRING, 0),
	ABOUT("Its default, as it would be written or as a sentence"), FIELD(default, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("What it is for, in sentences"), FIELD(description, SD_VARLINK_STRING, 0),
	ABOUT("Its value, as it would be written; what is secret in it reads ***. Null: it has none"), FIELD(value, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Who has given that value"), FIELD_OF(origin, Origin, 0));

static SD_VARLINK_DEFINE_STRUCT_TYPE(Word,
	ABOUT("A parameter, by its long or short name"), FIELD(name, SD_VARLINK_STRING, 0),
	ABOUT("Its value as on the command line, but without quotes around it. Null takes back what a client has set"), FIELD(value, SD_VARLINK_STRING, MAY_BE_NULL));

static SD_VARLINK_DEFINE_ENUM_TYPE(Severity,
	ABOUT("It cannot go on"), VALUE(error),
	ABOUT("Something that a person should look at"), VALUE(warning),
	ABOUT("What happens"), VALUE(notice),
	ABOUT("Details, sent only with p2v.debug"), VALUE(debug));

static SD_VARLINK_DEFINE_STRUCT_TYPE(Message,
	ABOUT("How bad it is"), FIELD_OF(severity, Severity, 0),
	ABOUT("A sentence, or a line of virt-v2v's; secrets read ***"), FIELD(text, SD_VARLINK_STRING, 0));

static SD_VARLINK_DEFINE_ENUM_TYPE(Activity,
	ABOUT("Nothing, and nothing has been done yet"), VALUE(waiting),
	ABOUT("The file that p2v.config names is fetched"), VALUE(configuring),
	ABOUT("The server is tested"), VALUE(testing),
	ABOUT("The machine is converted"), VALUE(converting),
	ABOUT("p2v.done, p2v.post or p2v.fail runs"), VALUE(ending),
	ABOUT("A conversion, a test or the configuration has ended, see the result"), VALUE(ended),
	ABOUT("It has succeeded, and the machine is powered off"), VALUE(leaving));

static SD_VARLINK_DEFINE_STRUCT_TYPE(DiskProgress,
	ABOUT("The disk's kernel name"), FIELD(name, SD_VARLINK_STRING, 0),
	ABOUT("Its size in bytes"), FIELD(size, SD_VARLINK_INT, 0),
	ABOUT("How many bytes of it are used, and will be read. Null: that is not known"), FIELD(used, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("How many bytes were read. Where it is not known what is used, the end may come before the size"), FIELD(read, SD_VARLINK_INT, 0),
	ABOUT("Bytes per second, smoothed over some ten seconds"), FIELD(rate, SD_VARLINK_INT, 0),
	ABOUT("The most seconds until it is read. Null: not known yet"), FIELD(remaining, SD_VARLINK_INT, MAY_BE_NULL));

static SD_VARLINK_DEFINE_STRUCT_TYPE(Result,
	ABOUT("0: it succeeded; else p2vd's exit code, see p2vd(8)"), FIELD(code, SD_VARLINK_INT, 0),
	ABOUT("Whether it was only a test"), FIELD(test, SD_VARLINK_BOOL, 0),
	ABOUT("Whether the machine was only looked through, by p2v.do=inventory"), FIELD(inventory, SD_VARLINK_BOOL, MAY_BE_NULL),
	ABOUT("Why it failed"), FIELD(reason, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Where the guest lies"), FIELD(guest, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("How many bytes were read from all disks"), FIELD(bytes, SD_VARLINK_INT, 0));

static SD_VARLINK_DEFINE_STRUCT_TYPE(Status,
	ABOUT("The version of p2vd"), FIELD(version, SD_VARLINK_STRING, 0),
	ABOUT("What p2vd does"), FIELD_OF(activity, Activity, 0),
	ABOUT("The state of the test or conversion, as p2vd(8) names them"), FIELD(state, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("The number of that state, from 1, among those that a success passes through"), FIELD(number, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("How many these are"), FIELD(count, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("Seconds since the test or conversion began, up to its end"), FIELD(elapsed, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("Seconds since the connection of a disk to the server broke; none while all are there"), FIELD(outage, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("What is waited for, such as a cable or a name server"), FIELD(waiting, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("The conversion server"), FIELD(server, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("inventory, where p2v.do says so: the machine is only looked through; else null"), FIELD_DO,
	ABOUT("The guest's name, as soon as it is known"), FIELD(guest, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Where the logs lie on the server"), FIELD(workdir, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Which try of virt-v2v this is, from 2; null in the first"), FIELD(try, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("How many tries there can be, by p2v.retries"), FIELD(tries, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("Why the try before has failed"), FIELD(failure, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Its place in the server's queue, from 1; null if it does not wait there"), FIELD(place, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("While it waits there: how many conversions run"), FIELD(running, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("Likewise how many can run at the same time"), FIELD(slots, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("Likewise the names of their guests, with commas between them"), FIELD(ahead, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Likewise about how many seconds it will still wait. Null: that is not known"), FIELD(turn, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("The step that virt-v2v is at, in its words"), FIELD(step, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Its number, from 1"), FIELD(stepNumber, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("How many steps virt-v2v has"), FIELD(stepCount, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("How far each disk is, as soon as they are exported"), FIELD_OF(disks, DiskProgress, SD_VARLINK_ARRAY | MAY_BE_NULL),
	ABOUT("How the last test, conversion or configuration ended"), FIELD_OF(result, Result, MAY_BE_NULL),
	ABOUT("The parameters, by their long names, that clients have set since a test or conversion was begun last: its result may be out of date"), FIELD(setSince, SD_VARLINK_STRING, SD_VARLINK_ARRAY | MAY_BE_NULL));

static SD_VARLINK_DEFINE_STRUCT_TYPE(Server,
	ABOUT("The address in use"), FIELD(address, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("The fingerprint of its host key, as ssh-keygen -l shows it"), FIELD(hostkey, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("The user that p2vd has logged in as"), FIELD(user, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Its system"), FIELD(system, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Its processor architecture"), FIELD(architecture, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("The version of virt-v2v"), FIELD(virtV2v, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("The output modes that its virt-v2v offers, as p2v.o takes them"), FIELD(outputModes, SD_VARLINK_STRING, SD_VARLINK_ARRAY),
	ABOUT("The directory for the guest's disks"), FIELD(storage, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Free bytes in it"), FIELD(storageFree, SD_VARLINK_INT, MAY_BE_NULL),
	ABOUT("virt-v2v's temporary directory"), FIELD(temporary, SD_VARLINK_STRING, MAY_BE_NULL),
	ABOUT("Free bytes in it"), FIELD(temporaryFree, SD_VARLINK_INT, MAY_BE_NULL));

static SD_VARLINK_DEFINE_METHOD(GetParameters,
	ABOUT("All parameters, in the order of p2v.parameters(7)"), OUTPUT_OF(parameters, Parameter, SD_VARLINK_ARRAY),
	ABOUT("Those that somebody has given, as words of a kernel command line for another machine. A parameter with a secret is left out"), OUTPUT(words, SD_VARLINK_STRING, 0));

static SD_VARLINK_DEFINE_METHOD(CheckWords,
	ABOUT("A whole kernel command line"), INPUT(words, SD_VARLINK_STRING, 0),
	ABOUT("Whether a machine would accept it"), OUTPUT(accepted, SD_VARLINK_BOOL, 0),
	ABOUT("What p2vd says of it"), OUTPUT_OF(messages, Message, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_METHOD(SetParameters,
	ABOUT("What to change. They override image, file and command line. One wrong word, and none is taken"), INPUT_OF(parameters, Word, SD_VARLINK_ARRAY),
	ABOUT("What p2vd says of them: warnings, and notices"), OUTPUT_OF(messages, Message, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_METHOD(GetInventory,
	ABOUT("Whether to list all disks and cards that could be chosen, whatever p2v.disks, p2v.removable and p2v.interfaces say. Default: no, what would be converted"), INPUT(all, SD_VARLINK_BOOL, MAY_BE_NULL),
	ABOUT("What the machine is, in the form of p2vd --inventory=json: of each disk also what is on it (contents: for each partition or the whole disk its name, size in bytes, purpose, type and label of the file system, which systems an EFI system partition starts, the set that it is a part of, and all this as a text). Its warnings tell of disks that would be left out"), OUTPUT(inventory, SD_VARLINK_OBJECT, 0),
	ABOUT("The disks and network cards that udev had not dealt with after 30 s, or 'devices' where it cannot be told which: they may be missing in the inventory, so ask again"), OUTPUT(late, SD_VARLINK_STRING, MAY_BE_NULL));

static SD_VARLINK_DEFINE_METHOD(GetStatus,
	ABOUT("What p2vd does"), OUTPUT_OF(status, Status, 0));

static SD_VARLINK_DEFINE_METHOD_FULL(Watch, SD_VARLINK_REQUIRES_MORE,
	ABOUT("What p2vd does now; the first answer always has it"), OUTPUT_OF(status, Status, MAY_BE_NULL),
	ABOUT("What it has said since the last answer; in the first answer the last messages before"), OUTPUT_OF(messages, Message, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_METHOD(Test,
	ABOUT("How the test ended"), OUTPUT_OF(result, Result, 0),
	ABOUT("What the server has answered, as far as the test came"), OUTPUT_OF(server, Server, MAY_BE_NULL),
	ABOUT("The warnings and errors on the way"), OUTPUT_OF(messages, Message, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_METHOD(Start);

static SD_VARLINK_DEFINE_METHOD(Cancel);

static SD_VARLINK_DEFINE_METHOD(Hold);

static SD_VARLINK_DEFINE_ERROR(WrongWords,
	ABOUT("What is wrong, and what would be right"), FIELD_OF(messages, Message, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_ERROR(Busy,
	ABOUT("What p2vd does at the moment"), FIELD_OF(activity, Activity, 0));

static SD_VARLINK_DEFINE_ERROR(NothingRuns);

const sd_varlink_interface service_interface = { INTERFACE, 0, {
	SD_VARLINK_INTERFACE_COMMENT("p2vd, which turns the machine that it runs on into a KVM guest. Secrets go in and never come out"),
	SD_VARLINK_SYMBOL_COMMENT("How the value of a parameter is written"), &vl_type_Kind,
	SD_VARLINK_SYMBOL_COMMENT("Where the value of a parameter comes from. The later ones in this list override the earlier"), &vl_type_Origin,
	SD_VARLINK_SYMBOL_COMMENT("A parameter"), &vl_type_Parameter,
	SD_VARLINK_SYMBOL_COMMENT("A parameter with a new value"), &vl_type_Word,
	SD_VARLINK_SYMBOL_COMMENT("How bad something is"), &vl_type_Severity,
	SD_VARLINK_SYMBOL_COMMENT("Something that p2vd says"), &vl_type_Message,
	SD_VARLINK_SYMBOL_COMMENT("What p2vd does"), &vl_type_Activity,
	SD_VARLINK_SYMBOL_COMMENT("How far a disk is"), &vl_type_DiskProgress,
	SD_VARLINK_SYMBOL_COMMENT("How a test or a conversion ended"), &vl_type_Result,
	SD_VARLINK_SYMBOL_COMMENT("What p2vd does, and how far it is"), &vl_type_Status,
	SD_VARLINK_SYMBOL_COMMENT("A conversion server"), &vl_type_Server,
	SD_VARLINK_SYMBOL_COMMENT("Lists the parameters with their values"), &vl_method_GetParameters,
	SD_VARLINK_SYMBOL_COMMENT("Judges a kernel command line and changes nothing"), &vl_method_CheckWords,
	SD_VARLINK_SYMBOL_COMMENT("Sets parameters for the next Test or Start; p2v.bandwidth also for the conversion that runs. They stay in memory only"), &vl_method_SetParameters,
	SD_VARLINK_SYMBOL_COMMENT("Looks at the hardware"), &vl_method_GetInventory,
	SD_VARLINK_SYMBOL_COMMENT("Tells what p2vd does"), &vl_method_GetStatus,
	SD_VARLINK_SYMBOL_COMMENT("Tells what p2vd does and says: at once, and again whenever that changes, once a second at most while disks are copied"), &vl_method_Watch,
	SD_VARLINK_SYMBOL_COMMENT("Tests all that a conversion needs, up to the server's virt-v2v, and exports no disk. It begins as a conversion does, with p2v.pre. The answer comes at the end"), &vl_method_Test,
	SD_VARLINK_SYMBOL_COMMENT("Begins the conversion; Watch tells how it goes on"), &vl_method_Start,
	SD_VARLINK_SYMBOL_COMMENT("Ends the conversion, test or configuration that runs. What a conversion has half made is removed; Watch tells when that is done"), &vl_method_Cancel,
	SD_VARLINK_SYMBOL_COMMENT("Ends the countdown of p2v.countdown, if there is one: from then on only Start begins a conversion"), &vl_method_Hold,
	SD_VARLINK_SYMBOL_COMMENT("A parameter or its value is wrong, or one is missing. Nothing was changed or begun"), &vl_error_WrongWords,
	SD_VARLINK_SYMBOL_COMMENT("A conversion, a test or the configuration runs: wait for its end, or cancel it"), &vl_error_Busy,
	SD_VARLINK_SYMBOL_COMMENT("There is nothing to cancel"), &vl_error_NothingRuns, NULL } };
// clang-format on
