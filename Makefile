# p2vd: turn physical machines into KVM guests, unattended.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# make                the daemon, build/p2vd, and build/p2vctl and build/p2v-console, which ask it;
#                     build/p2v-fleet for the boot server
# make iso            build/p2v.iso
# make pxe            build/pxe, the tree that a boot server serves
# make demo           convert a machine from power-on to the running guest
# make check          all tests              make check-fast   those that boot nothing
# make check-boot     the ISO on many machines: every way in, little memory, odd parts
# make check-browser  p2v-fleetd's page in a real browser (in make check-boot, too): pictures in build/pictures;
#                     the BMCs of the tests by another client of Redfish
# make check-versions what virt-v2v of Debian 12, 13 and unstable read in physical.xml
# make bench          how long a disk takes, beside virt-p2v, bare ssh and a bare socket: build/bench.json
# make bench-faults   what becomes of a conversion when something breaks, beside virt-p2v: build/bench-faults.json
# make bench-cancel   how long a conversion of 100 GB takes to end when it is cancelled: build/bench-cancel.json
# make soak           conversions with faults of all kinds at random moments: ROUNDS=200 SEED=1
# make soak-fleet     a server room over a weekend, with faults: MACHINES=500 SERVERS=4 SLOTS=2 SEED=1 WAVE=0 CALM=5
# make soak-map       file systems filled at random, used and all compared: ROUNDS=200 SEED=1 LANES=2
# make screens        each screen of p2v-console as text, in tests/integration/dialog/screens
# make lint           cppcheck, clang-tidy and shellcheck
# make fuzz           each parser of untrusted input, FUZZ_SECONDS long
# make deb            Debian packages p2vd-tools and p2vd-image, in build/deb
# make dist           the source, which builds without git: build/p2vd-VERSION.tar.xz
# make install        into DESTDIR under PREFIX (/usr/local)   make uninstall   out of it
# make clean          removes what was built, and states of failed tests; keeps the Debian trees
#                     (4 GB), which rm -rf build removes, too
# make help           this list and the knobs
#
# Knobs:
#   V=1               show the commands
#   D=asan            build with AddressSanitizer and UBSan, in build/asan/
#   TEST=tests/…/x    run one test (with check, check-fast, check-boot), with arguments if
#                     they stand behind it: TEST='tests/boot/test-machines 4 18'
#   CMDLINE='p2v.…'   parameters to bake into the image (with iso, demo)
#   FIRMWARE=no       leave non-free firmware out of the image (with iso, pxe, deb)
#   DAEMON=no         install nothing that must be compiled (with install)
#   KEEP=1            keep the state of tests that passed, too
#   ROWS='a d' TOOLS='p2vd ssh' RUNS=3
#                     some rows and tools of make bench (tests/bench/run lists them), so often each;
#                     those of the other benches, and FAULTS, MIB, RATE, GIB, PARTIAL, are in their head comments
#   ROUNDS=200 SEED=1 LANES=2
#                     so many rounds of make soak, the first one's seed, how many at the same time
#   KINDS='ext*'      file systems that make soak-map tries
#   FUZZ_SECONDS=600  how long make fuzz is at each target; TARGETS='cmdline …' names some
#
# Where the host has the libraries (the file "libraries" names them), the daemon is
# built with them; elsewhere inside the Debian 13 tree build/root, which
# appliance/make/build-root makes. The image is always made in build/root.

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
SBINDIR    ?= $(PREFIX)/sbin
MANDIR     ?= $(PREFIX)/share/man
# Programs look for it beside the directory that they lie in themselves.
DATADIR    := $(PREFIX)/share/p2vd
UNITDIR    ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
DOCDIR     ?= $(PREFIX)/share/doc/p2vd
COMPDIR    ?= $(PREFIX)/share/bash-completion/completions
CFLAGS     ?= -O2 -g
DESTDIR    ?=
TEST       ?=
CMDLINE    ?=
D          ?=
FIRMWARE   ?= yes
DAEMON     ?= yes

# What is not known is said before anything is built for it.
$(if $(filter-out asan fuzz,$(D)),$(error D=$(D) is not known: D=asan builds with AddressSanitizer and UBSan))
test := $(firstword $(TEST))
known = $(filter unit integration image boot browser,$(test)) $(wildcard $(test) $(test).c) $(filter build/%,$(test))
ifneq ($(filter check check-fast check-boot,$(if $(test),$(MAKECMDGOALS))),)
$(if $(strip $(known)),,$(error there is no test '$(test)'))
endif

VERSION := $(shell cat VERSION)
B := build$(if $(D),/$(D))
LIBRARIES := $(shell sed '/^\#/d' libraries)
# Of p2v-console alone.
CONSOLE_LIBRARIES := libnewt slang
# Of p2v-map alone; libntfs-3g where it is there.
MAP_LIBRARIES := blkid ext2fs com_err
# Of p2v-fleetd alone, which is made where they are. It runs on the boot server: neither the image
# nor the kickstart needs them.
FLEET_LIBRARIES := libmicrohttpd sqlite3
JOBS := $(shell nproc)
NATIVE := $(shell pkg-config --exists "$(LIBRARIES) $(CONSOLE_LIBRARIES) $(MAP_LIBRARIES) cmocka" 2>/dev/null && echo yes)

# Parameters reach scripts by the environment and as they were written: no
# second expansion of $ in a password.
override CMDLINE := $(value CMDLINE)
export CMDLINE TEST KEEP V FUZZ_SECONDS TARGETS FIRMWARE ROWS TOOLS RUNS WORDS MIB ROUNDS SEED LANES KINDS FAULTS RATE GIB PARTIAL MACHINES SERVERS SLOTS WAVE BREAKS CALM SECONDS_EACH

$(V).SILENT:
.DELETE_ON_ERROR:
.PHONY: all iso pxe deb dist demo check check-boot check-browser check-fast check-versions bench bench-faults bench-cancel soak soak-fleet soak-map lint screens fuzz install uninstall clean help FORCE \
	programs unit-tests fuzz-targets

all: build/p2vd build/p2vctl build/p2v-console build/p2v-map build/p2v-fleet

clean:
	find build -mindepth 1 -maxdepth 1 ! -name 'root*' ! -name 'guest*' ! -name 'firmware*' ! -name 'virt-p2v*' ! -name 'browser*' ! -name tmp -exec rm -rf {} +
	find build/tmp build/root/var/tmp -mindepth 1 -maxdepth 1 -exec rm -rf {} + 2>/dev/null || true

help:
	sed -n '4,/^$$/s/^# \{0,1\}//p' Makefile

# ---- install -------------------------------------------------------------------

CUSTOMIZE_PARTS := $(filter-out %/completion.sh,$(wildcard appliance/customize/*.sh))
PXE_PARTS := $(filter-out %/completion.sh,$(wildcard pxe/*.sh))

# All files go into a directory of this make first. So what is installed, and what "make uninstall"
# removes, is one list, which stays in DATADIR: files, then directories that were not there before, with a
# slash at their end, the innermost first.
STAGING := build/install-$(shell echo $$PPID)
STAGE := $(STAGING)/files
LIST  := $(DATADIR)/installed
# What must be compiled; p2v-fleetd is so where its libraries are.
COMPILED := $(if $(filter no,$(DAEMON)),,build/p2vd build/p2vctl build/p2v-console build/p2v-map build/p2v-fleet)
install: $(COMPILED) $(if $(COMPILED),build/p2v-fleetd build/p2vd.completion)
	rm -rf $(STAGING)
	$(if $(COMPILED),install -D -m 755 -t "$(STAGE)$(SBINDIR)" $(COMPILED))
	set -e; for page in $(wildcard docs/*.[1-8]); do \
		install -D -m 644 $$page "$(STAGE)$(MANDIR)/man$${page##*.}/$${page##*/}"; \
	done
	$(if $(COMPILED),install -D -m 644 build/p2vd.completion "$(STAGE)$(COMPDIR)/p2vd")
	install -D -m 644 src/client/completion.sh "$(STAGE)$(COMPDIR)/p2vctl"
	install -D -m 644 src/blocks/completion.sh "$(STAGE)$(COMPDIR)/p2v-map"
	install -D -m 644 src/roster/completion.sh "$(STAGE)$(COMPDIR)/p2v-fleet"
	set -e; for program in appliance/p2v-customize pxe/p2v-pxe; do \
		sed 's/@VERSION@/$(VERSION)/' $$program >$(STAGING)/$${program##*/}; \
		install -D -m 755 $(STAGING)/$${program##*/} "$(STAGE)$(SBINDIR)/$${program##*/}"; \
	done
	install -D -m 644 -t "$(STAGE)$(DATADIR)/customize" $(CUSTOMIZE_PARTS)
	install -D -m 644 appliance/customize/completion.sh "$(STAGE)$(COMPDIR)/p2v-customize"
	install -D -m 644 -t "$(STAGE)$(DATADIR)/pxe" $(PXE_PARTS)
	install -D -m 644 pxe/completion.sh "$(STAGE)$(COMPDIR)/p2v-pxe"
	set -e; for unit in p2v-pxe-done.socket p2v-pxe-done@.service; do \
		sed 's,/usr/sbin,$(SBINDIR),' pxe/$$unit >$(STAGING)/$$unit; \
		install -D -m 644 $(STAGING)/$$unit "$(STAGE)$(UNITDIR)/$$unit"; \
	done
	if [ -n "$(COMPILED)" ] && [ -e build/p2v-fleetd ]; then \
		install -D -m 755 -t "$(STAGE)$(SBINDIR)" build/p2v-fleetd && \
		install -D -m 644 src/fleet/completion.sh "$(STAGE)$(COMPDIR)/p2v-fleetd" && \
		install -D -m 644 pxe/p2v-fleet.sysusers "$(STAGE)$(SYSUSERSDIR)/p2v-fleet.conf" && \
		sed 's,/usr/sbin,$(SBINDIR),g' pxe/p2v-fleetd.service >$(STAGING)/p2v-fleetd.service && \
		install -D -m 644 -t "$(STAGE)$(UNITDIR)" $(STAGING)/p2v-fleetd.service pxe/p2v-fleetd.socket; \
	elif [ -n "$(COMPILED)" ]; then \
		echo 'make install: p2v-fleetd is left out: libmicrohttpd or sqlite3 is missing'; \
	fi
	install -D -m 644 -t "$(STAGE)$(DOCDIR)" pxe/dnsmasq.conf.example pxe/machines.csv.example
	install -D -m 755 kickstart/p2v-make-kickstart "$(STAGE)$(BINDIR)/p2v-make-kickstart"
	install -D -m 644 kickstart/completion "$(STAGE)$(COMPDIR)/p2v-make-kickstart"
	install -D -m 644 -t "$(STAGE)$(DATADIR)" kickstart/p2v.ks.in kickstart/releases
	kickstart/pack-source >$(STAGING)/source.tar.xz
	install -m 644 $(STAGING)/source.tar.xz "$(STAGE)$(DATADIR)/source.tar.xz"
	cd $(STAGE) && find . -type f -printf '/%P\n' | sort >../installed && echo '$(LIST)' >>../installed
	{ sed -n '/\/$$/p' "$(DESTDIR)$(LIST)" 2>/dev/null || true; \
		find $(STAGE) -mindepth 1 -type d -printf '/%P/\n' | while read -r directory; do \
			[ -d "$(DESTDIR)$$directory" ] || printf '%s\n' "$$directory"; \
		done; } | LC_ALL=C sort -ru >>$(STAGING)/installed
	install -m 644 $(STAGING)/installed "$(STAGE)$(LIST)"
	find $(STAGE) -type f -printf '%m /%P\n' | while read -r mode file; do \
		install -D -m $$mode "$(STAGE)$$file" "$(DESTDIR)$$file" || exit; \
	done
	rm -rf $(STAGING)
	$(if $(COMPILED),,exit 0;) said=$$("$(DESTDIR)$(SBINDIR)/p2vd" --version 2>&1) || printf '%s\n' \
		"make install: the p2vd that is installed cannot start on this host: $$said" \
		'It needs the libraries of Debian 13 or newer. The images have them. For p2v-pxe and' \
		'p2v-customize, which check parameters with it, see p2v-pxe(8), P2VD.'

uninstall:
	[ -r "$(DESTDIR)$(LIST)" ] || { echo 'make uninstall: there is no "$(DESTDIR)$(LIST)": give the PREFIX (and DESTDIR) of make install' >&2; exit 1; }
	while read -r file; do \
		case $$file in \
		*/) [ ! -d "$(DESTDIR)$$file" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$file" ;; \
		*) rm -f "$(DESTDIR)$$file" ;; \
		esac || exit; \
	done <"$(DESTDIR)$(LIST)"

# ---- the source ----------------------------------------------------------------

# The same commit gives the same bytes, from a clone and from what it was unpacked from.
dist:
	mkdir -p build
	kickstart/pack-source --all >build/dist.$$PPID || { rm -f build/dist.$$PPID; exit 1; }
	mv build/dist.$$PPID build/p2vd-$(VERSION).tar.xz
	echo build/p2vd-$(VERSION).tar.xz

# ---- where the work is done ------------------------------------------------------

# These go into build/root, or out of it, by themselves.
demo:
	+tests/demo
check-versions:
	+tests/versions
fuzz: FORCE
	tests/fuzz/run $(TARGETS)

# Whether the tests asked for look at the image or boot machines, which need more
# trees than build/root: firmware to pack, a guest to convert.
IMAGES := $(if $(TEST),$(filter tests/image/% tests/boot/%,$(TEST)),yes)
BOOTS := $(if $(TEST),$(filter tests/boot/%,$(TEST)),yes)
BROWSES := $(if $(TEST),$(filter browser tests/browser/%,$(TEST)),yes)

# These are made in build/root: outside of it make calls itself there, and that is all.
INSIDE := iso pxe deb check check-boot check-browser bench bench-faults bench-cancel soak soak-fleet $(if $(NATIVE),,check-fast lint programs screens unit-tests soak-map)
ifeq ($(P2VD_IN_ROOT),)

enter = ./in-root $(MAKE) --no-print-directory $@
$(INSIDE): FORCE
	+$(enter)
ifneq ($(NATIVE),yes)
build/%: FORCE
	+$(enter)
# One after the other, whatever -j says: they are made of the same objects.
build/p2vctl build/p2vd.completion: build/p2vd
build/p2v-console: build/p2vctl
build/p2v-map: build/p2v-console
build/p2v-fleet: build/p2v-map
build/p2v-fleetd: build/p2v-fleet
endif

# The trees are made one after the other, whatever -j says, but what build/root is enough for
# is compiled meanwhile.
iso pxe deb: firmware-tree
check-boot: firmware-tree guest-tree $(if $(BROWSES),browser-tree)
check-browser: browser-tree
check: $(if $(IMAGES),check-trees)
bench bench-faults: bench-tree
bench: $(if $(filter f,$(or $(ROWS),f)),guest-tree)
.PHONY: root-tree firmware-tree guest-tree bench-tree check-trees programs-inside browser-tree
check-trees: root-tree
	+$(MAKE) --no-print-directory -j2 programs-inside firmware-tree $(if $(BOOTS),guest-tree)
root-tree:
	appliance/make/build-root
programs-inside:
	+./in-root $(MAKE) --no-print-directory programs
TREE_OF = appliance/make/build-root $(2) '$(CURDIR)/$(1).packages' '$(CURDIR)/build/$(notdir $(1))'
firmware-tree:
	$(if $(filter no,$(FIRMWARE)),,$(call TREE_OF,appliance/make/firmware,--firmware))
# For the distribution's own virt-p2v.
bench-tree: root-tree
	$(if $(and $(TOOLS),$(if $(filter virt-p2v,$(TOOLS)),,no)),,$(call TREE_OF,tests/bench/virt-p2v))
browser-tree: root-tree
	$(call TREE_OF,tests/browser)
	tests/browser/modules
guest-tree: firmware-tree
	$(call TREE_OF,tests/boot/guest)

endif

# ---- the daemon and its tests ------------------------------------------------------

ifeq ($(NATIVE),yes)

MAKEFLAGS += -j$(JOBS)
WARNINGS := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wswitch-enum \
	-Wstrict-prototypes -Wpointer-arith -Wformat=2 -Wundef -Werror=implicit $(if $(CI),-Werror)
CPPFLAGS += -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -DP2VD_VERSION='"$(VERSION)"' -Isrc
# The path of this tree stays out of what is built.
override CFLAGS += '-ffile-prefix-map=$(CURDIR)=.' -std=c17 -fPIE -fstack-protector-strong $(WARNINGS) -MMD -MP \
	$(shell pkg-config --cflags "$(LIBRARIES)")
override LDFLAGS += -pie -Wl,-z,relro,-z,now
LDLIBS += $(shell pkg-config --libs "$(LIBRARIES)")
NTFS := $(shell pkg-config --exists libntfs-3g && echo libntfs-3g)
MAP_LIBS := $(shell pkg-config --libs $(MAP_LIBRARIES) $(NTFS))
CPPFLAGS += $(if $(NTFS),-DHAVE_NTFS)
FLEET_LIBS := $(shell pkg-config --exists $(FLEET_LIBRARIES) && pkg-config --libs $(FLEET_LIBRARIES))
ifeq ($(D),asan)
CPPFLAGS += -U_FORTIFY_SOURCE
override CFLAGS += -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
override LDFLAGS += -fsanitize=address,undefined
endif
# For tests/fuzz/run, which names the compiler.
ifeq ($(D),fuzz)
CPPFLAGS += -U_FORTIFY_SOURCE -DLIBFUZZER
override CFLAGS += -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
override LDFLAGS += -fsanitize=fuzzer,address,undefined
endif

SOURCES := $(filter-out $(if $(FLEET_LIBS),,src/p2v-fleetd.c src/fleet/%),$(wildcard src/*.c src/*/*.c src/*/*.S))
OBJECTS := $(patsubst src/%,$(B)/obj/%.o,$(basename $(SOURCES)))
OBJECTS += $(if $(filter asan,$(D)),$(B)/leaks.o)
PROGRAMS := $(patsubst %,$(B)/obj/%.o,main p2vctl p2v-console p2v-relay p2v-map p2v-fleet p2v-fleetd)
PARTS   := $(filter-out $(PROGRAMS),$(OBJECTS))
CLIENT  := $(filter $(B)/obj/client/%,$(OBJECTS))
DIALOG  := $(filter $(B)/obj/dialog/%,$(OBJECTS))
RELAY   := $(filter $(B)/obj/relay/%,$(OBJECTS))
BLOCKS  := $(filter $(B)/obj/blocks/%,$(OBJECTS))
ROSTER  := $(filter $(B)/obj/roster/% $(B)/obj/bmc/% $(B)/obj/web/%,$(OBJECTS))
FLEET   := $(filter $(B)/obj/fleet/%,$(OBJECTS))
UNIT    := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test-*.c)) \
	$(patsubst tests/fuzz/%.c,$(B)/tests/%,$(wildcard tests/fuzz/fuzz-*.c))
FLEET_TESTS := $(if $(FLEET_LIBS),,$(shell grep -l '^.include "fleet/' tests/unit/*.c tests/fuzz/*.c))
UNIT := $(filter-out $(patsubst %.c,$(B)/tests/%,$(notdir $(FLEET_TESTS))),$(UNIT))

# p2vctl and p2v-console have no part of the daemon but base, and of that only the files that they use.
build/p2vd $(if $(D),$(B)/p2vd): $(B)/p2vd.linked ;
build/p2vctl $(if $(D),$(B)/p2vctl): $(B)/p2vctl.linked ;
build/p2v-console $(if $(D),$(B)/p2v-console): $(B)/p2v-console.linked ;
build/p2v-map $(if $(D),$(B)/p2v-map): $(B)/p2v-map.linked ;
build/p2v-fleet $(if $(D),$(B)/p2v-fleet): $(B)/p2v-fleet.linked ;
build/p2v-fleetd $(if $(D),$(B)/p2v-fleetd): $(if $(FLEET_LIBS),$(B)/p2v-fleetd.linked) ;
$(B)/p2vd.linked: $(B)/obj/main.o $(filter-out $(CLIENT) $(DIALOG) $(RELAY) $(BLOCKS) $(ROSTER) $(FLEET),$(PARTS))
$(B)/p2vctl.linked $(B)/p2v-console.linked: $(CLIENT) $(filter $(B)/obj/base/% $(B)/leaks.o,$(OBJECTS))
$(B)/p2vctl.linked: $(B)/obj/p2vctl.o
$(B)/p2vctl.linked: LDLIBS = $(shell pkg-config --libs libsystemd)
$(B)/p2v-console.linked: $(B)/obj/p2v-console.o $(DIALOG) $(B)/obj/terminal/terminal.o
$(B)/p2v-console.linked: LDLIBS = $(shell pkg-config --libs libsystemd $(CONSOLE_LIBRARIES))
$(B)/p2v-map.linked: $(B)/obj/p2v-map.o $(BLOCKS) $(filter $(B)/obj/base/% $(B)/leaks.o,$(OBJECTS))
$(B)/p2v-map.linked: LDLIBS = $(MAP_LIBS) $(shell pkg-config --libs libsystemd)
$(B)/p2v-fleet.linked: $(B)/obj/p2v-fleet.o $(ROSTER) $(addprefix $(B)/obj/client/,field.o screen.o) \
	$(filter $(B)/obj/base/% $(B)/leaks.o,$(OBJECTS))
$(B)/p2v-fleet.linked: LDLIBS = $(shell pkg-config --libs libsystemd libcurl)
$(B)/p2v-fleetd.linked: $(B)/obj/p2v-fleetd.o $(FLEET) $(filter $(B)/obj/base/% $(B)/leaks.o,$(OBJECTS))
$(B)/p2v-fleetd.linked: LDLIBS = $(FLEET_LIBS) $(shell pkg-config --libs libsystemd)
$(B)/p2vctl.linked $(B)/p2v-console.linked $(B)/p2v-map.linked $(B)/p2v-fleet.linked $(B)/p2v-fleetd.linked: override LDFLAGS += -Wl,--gc-sections
$(B)/%.linked:
	echo "  LD      $(B)/$*"
	$(CC) $(LDFLAGS) -o $(B)/$*.$$PPID $^ $(LDLIBS)
	mv -f $(B)/$*.$$PPID $(B)/$*
	touch $@

# It runs on a conversion server, whatever that has: so it is static. With musl it has a
# sixth of the size that it has with glibc. Under sanitizers, for its tests, it is not static.
RELAY_SOURCES := $(wildcard src/relay/*.c) $(addprefix src/,p2v-relay.c base/memory.c base/bytes.c base/text.c)
build/p2v-relay: $(RELAY_SOURCES) $(wildcard src/relay/*.h src/base/*.h) VERSION Makefile
	mkdir -p $(@D)
	echo "  CC      $@"
	for cc in musl-gcc '$(CC)'; do \
		! command -v $$cc >/dev/null || ! $$cc -static -s -O2 -std=c17 -D_GNU_SOURCE -DP2VD_VERSION='"$(VERSION)"' \
			-Isrc '-ffile-prefix-map=$(CURDIR)=.' -fstack-protector-strong $(WARNINGS) -o $@.$$PPID $(RELAY_SOURCES) || \
			{ mv -f $@.$$PPID $@; exit 0; }; \
	done; echo 'make: no static p2v-relay can be linked here: conversions do without it' >&2; : >$@
ifneq ($(D),)
$(B)/p2v-relay: $(B)/p2v-relay.linked ;
$(B)/p2v-relay.linked: $(B)/obj/p2v-relay.o $(RELAY) $(filter $(B)/obj/base/% $(B)/leaks.o,$(OBJECTS))
$(B)/p2v-relay.linked: override LDFLAGS += -Wl,--gc-sections
endif

# Two makes at the same time do not meet: each writes files of its own and then puts them in place.
$(B)/obj/%.o: src/%.c VERSION Makefile libraries
	mkdir -p $(@D)
	echo "  CC      $<"
	$(CC) $(CPPFLAGS) $(CFLAGS) -MF $(@:.o=.d).$$PPID -MT $@ -c -o $@.$$PPID $<
	mv -f $(@:.o=.d).$$PPID $(@:.o=.d)
	mv -f $@.$$PPID $@

$(B)/obj/%.o: src/%.S Makefile $(wildcard src/server/*.sh src/fleet/*.html)
	mkdir -p $(@D)
	echo "  AS      $<"
	$(CC) $(CPPFLAGS) -c -o $@.$$PPID $<
	mv -f $@.$$PPID $@

# p2vd has it in its data, to put it on the conversion server.
$(B)/obj/server/scripts.o: build/p2v-relay

# p2v-fleetd's page is in it as it stands.
$(B)/obj/fleet/page.o: src/fleet/page.html

$(B)/leaks.o: tests/lib/leaks.c Makefile
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# A unit test is one file; it links the parts of all programs. So is
# a fuzz target, which here runs over its seed corpus.
define link-test
	mkdir -p $(@D)
	echo "  CC      $<"
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(PARTS) $(LDLIBS) $(MAP_LIBS) $(FLEET_LIBS) $(shell pkg-config --libs cmocka $(CONSOLE_LIBRARIES))
endef
$(B)/tests/%: tests/unit/%.c $(PARTS)
	$(link-test)
$(B)/tests/%: tests/fuzz/%.c $(PARTS)
	$(link-test)
# It has an ssh_run() of its own.
$(B)/tests/test-job: LDFLAGS += -Wl,--wrap=ssh_run

unit-tests: $(UNIT)
fuzz-targets: $(filter $(B)/tests/fuzz-%,$(UNIT))

# Everything that the tests run, plain and under the sanitizers.
programs: build/p2vd build/p2vctl build/p2v-console build/p2v-map build/p2v-relay build/p2v-fleet build/p2v-fleetd unit-tests
	$(MAKE) --no-print-directory D=asan unit-tests $(addprefix build/asan/,p2vd p2vctl p2v-console p2v-relay p2v-fleet p2v-fleetd)

check-fast: $(if $(TEST),,lint) programs
	tests/run $(if $(TEST),"$$TEST",integration unit)

# What make check does in one round.
soak-map: build/p2v-map
	SEED='$(or $(SEED),1)' ROUNDS='$(or $(ROUNDS),200)' LANES='$(or $(LANES),2)' KINDS='$(or $(KINDS),*)' \
		tests/integration/blocks/test-map-random

# The pictures are compared by the same test that writes them here.
screens: build/p2vd build/p2v-console
	SCREENS=write tests/integration/dialog/test-console

build/p2vd.completion: build/p2vd
	build/p2vd --print-parameters=completion >$@

# The memory that the image promises to run in, and with the boot menu's entry
# for little memory (tests/boot/test-memory), in MiB.
MEMORY := -DNEEDED_MIB=768 -DLEAN_MIB=480

lint: $(OBJECTS)
	tests/lint $(CPPFLAGS) $(MEMORY) $(shell pkg-config --cflags "$(LIBRARIES)")

-include $(wildcard $(B)/obj/*.d $(B)/obj/*/*.d $(B)/tests/*.d)

endif

# ---- the image -----------------------------------------------------------------------

ifneq ($(P2VD_IN_ROOT),)

# The first program of an initramfs needs no library there.
build/p2v-init: appliance/image/p2v-init.c Makefile
build/hibernate: tests/props/hibernate.c Makefile
build/p2v-init build/hibernate:
	mkdir -p $(@D)
	echo "  CC      $<"
	$(CC) -static -Os -s -std=c17 -D_GNU_SOURCE $(MEMORY) $(WARNINGS) -o $@ $<

# Words that make something else of the image are written down, only when they
# say something else: so unchanged ones make nothing anew.
note = printf '%s\n' "$$$(1)" | cmp -s - $@ || printf '%s\n' "$$$(1)" >$@
build/cmdline: FORCE
	$(call note,CMDLINE)
build/firmware-wanted: FORCE
	$(call note,FIRMWARE)
build/date: FORCE
	$(call note,SOURCE_DATE_EPOCH)

IMAGE := build/pxe/initrd.img
# A new build root may bring a new kernel.
$(IMAGE): build/p2vd build/p2vctl build/p2v-console build/p2v-map build/p2v-init VERSION build/firmware-wanted $(filter-out %.md,$(wildcard appliance/image/*)) \
		$(addprefix appliance/make/,build-image list-packages) $(wildcard /.recipe build/firmware/.recipe)
	echo "  DRACUT  build/pxe"
	flock build/image.lock appliance/make/build-image build/p2vd build/p2vctl build/p2v-console build/p2v-map build/p2v-init build/pxe

# And what a boot server serves beside it. Entries of machines stay.
TREE := build/pxe/p2v.ipxe
LOADERS := $(filter-out %.md,$(wildcard appliance/loaders/*))
$(TREE): $(IMAGE) appliance/make/build-pxe pxe/p2v-pxe $(PXE_PARTS) $(LOADERS) $(wildcard /.recipe)
	echo "  TREE    build/pxe"
	flock build/image.lock appliance/make/build-pxe build/pxe

pxe: $(TREE)

build/p2v.iso: $(IMAGE) $(LOADERS) $(addprefix appliance/make/,build-iso list-packages write-sbom) build/cmdline build/date
	echo "  ISO     $@"
	flock build/image.lock appliance/make/build-iso build/pxe $@

iso: build/p2v.iso

deb: build/p2v.iso $(TREE)
	packaging/build-deb build/deb

# The machine that demo and tests convert; make check and make demo put its
# tree into build/guest.
build/guest.img: tests/boot/guest-disk $(wildcard build/guest/.recipe)
	echo "  DISK    $@"
	tests/boot/guest-disk build/guest $@

check: programs $(if $(IMAGES),build/p2v.iso $(TREE)) $(if $(BOOTS),build/guest.img build/hibernate)
	tests/run $(if $(TEST),"$$TEST",tests/lint integration unit image boot)

build/bench-line: tests/bench/line.c Makefile
	mkdir -p $(@D)
	echo "  CC      $<"
	$(CC) -O2 -std=c17 -D_GNU_SOURCE $(WARNINGS) -o $@ $<

bench: build/p2vd build/p2v-map build/p2v-relay build/bench-line
	tests/bench/run

bench-faults: build/p2vd build/p2v-map build/bench-line
	tests/bench/faults

bench-cancel: build/p2vd build/p2vctl build/p2v-map
	tests/bench/cancel

soak: build/p2vd build/p2vctl build/p2v-relay
	$(MAKE) --no-print-directory D=asan build/asan/p2vd
	tests/soak/run

soak-fleet: build/p2vd build/p2v-map build/p2v-relay build/p2v-fleetd
	tests/soak/fleet

check-boot: build/p2v.iso $(TREE) build/guest.img build/hibernate build/p2v-fleetd build/p2v-fleet
	tests/run --check-boot $(if $(TEST),"$$TEST")

check-browser: build/p2vd build/p2v-fleetd build/p2v-fleet
	tests/run tests/browser/test-page tests/browser/test-redfish

endif
