# shellcheck shell=bash disable=SC2154,SC2034 # what others set and take
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One round: a plan that follows from its seed, a conversion with that fault, and what must be
# true afterwards. Part of tests/soak/lane, after kinds.sh.
#
#	soak_plan SEED		all of a round that is random: plan_…
#	soak_round SEED		does it; ${wrong[@]} says what was not as it should be
#
# Nothing of the plan depends on the rounds before, so that a round can be done again alone.

# As p2vd names them, and virt-v2v the last one.
soak_stages=(inventory connecting testing preparing exporting tunnelling launching converting copying)

# draw N: sets $drawn to a number below N, by SplitMix64: its first numbers differ much even where
# the seeds are neighbours.
draw() {
	local mixed
	random=$((random + 0x9e3779b97f4a7c15))
	mixed=$(((random ^ random >> 30 & 0x3ffffffff) * 0xbf58476d1ce4e5b9))
	mixed=$(((mixed ^ mixed >> 27 & 0x1fffffffff) * 0x94d049bb133111eb))
	drawn=$(((mixed >> 33 & 0x7fffffff) % $1))
}

# Kinds take turns, so that as many rounds as there are kinds have each of them.
plan_kind_of() {
	local seed=$1 count=${#soak_kinds[@]}
	read -r plan_kind plan_often plan_from plan_outcome <<<"${soak_kinds[seed % count]}"
	while [ "$plan_often" = seldom ] && [ $((seed / count % 4)) != 0 ]; do
		draw "$count"
		read -r plan_kind plan_often plan_from plan_outcome <<<"${soak_kinds[drawn]}"
		seed=1
		[ "$plan_often" = often ] || plan_often=seldom seed=$count
	done
}

plan_stage_of() {
	local first
	plan_stage=''
	for first in "${!soak_stages[@]}"; do
		[ "${soak_stages[first]}" != "$1" ] || break
	done
	[ "$1" != - ] || return 0
	draw 2 # every other fault comes while virt-v2v is at work
	[ $drawn = 0 ] && [ "$first" -lt 7 ] && first=7
	draw $((${#soak_stages[@]} - first))
	plan_stage=${soak_stages[first + drawn]}
}

soak_plan() {
	local i
	random=$1
	plan_kind_of "$1"
	plan_stage_of "$plan_from"
	draw 1200 && plan_wait=$drawn              # ms from there to the fault
	draw 12000 && plan_lasts=$((1000 + drawn)) # ms that it lasts, if it does
	draw 1000000 && plan_pick=$drawn
	draw 3 && plan_disks=$((drawn + 1))
	plan_sizes=()
	for i in 1 2 3; do
		draw 16 && plan_sizes+=($((drawn + 2))) # MiB
	done
	plan_words=(p2v.username=root p2v.store=auto p2v.bandwidth=1G)
	draw 3 && [ $drawn != 0 ] || plan_words[0]=p2v.username=jo
	draw 4 && [ $drawn != 0 ] || plan_words[1]=p2v.store=no
	draw 4 && [ $drawn = 0 ] || plan_words[2]=p2v.bandwidth=$((drawn * 3))M
	draw 2 && plan_v2v="\"passes\": $((drawn + 1))"
	draw 3 && [ $drawn != 0 ] || plan_v2v+=', "stubborn": true'
	# Nobody can find it when virt-v2v has ended by itself.
	draw 3 && [ $drawn != 0 ] || [[ $plan_outcome != cancelled ]] || plan_v2v+=', "leave": true'
	plan_sectors=()
	for i in 1 2 3; do
		draw 1200 && plan_sectors+=("$drawn")
	done
	draw 7 && plan_streams=$((drawn + 2))
	draw 3 && [ $drawn = 0 ] || soak_streams "$plan_kind" || plan_streams=auto
	plan_words+=("p2v.streams=$plan_streams")
}

soak_describe() {
	printf '%s%s, %d disks, %s' "$plan_kind" "${plan_stage:+ at $plan_stage + $plan_wait ms}" \
		"$plan_disks" "${plan_words[*]} {$plan_v2v}"
}

wait_ms() { pause "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"; }

# ---- what there is before and must be there afterwards, and no more --------------------

soak_processes() {
	local directory
	for directory in /proc/[0-9]*; do
		alive "${directory#/proc/}" && echo "${directory#/proc/}"
	done
	return 0
}

# In both networks; of UNIX sockets those that have a name.
soak_sockets() {
	{
		ss -Hltn | awk '{ print $4 }'
		ss -Hlx | awk '{ print $5 }'
		in_machine ss -Hltn | awk '{ print $4 }'
	} | sort
}

# On the server, but for the logs in the work directory, the guest and what ssh has at home.
soak_files() {
	find /tmp "$temporary" "$home" "$tmp/run" -mindepth 1 | grep -Ev -e '^/tmp/virt-p2v-[^/]*$' \
		-e '^/tmp/virt-p2v-[^/]*/(physical.xml|machine.json|name|machine-identity|end.sh|heard|process|relay|lock)$' \
		-e '^/tmp/virt-p2v-[^/]*/(virt-v2v-wrapper.sh|virt-v2v-conversion-log(.try-[0-9]+)?.txt|output-(before|directory)|try|status|time)$' \
		-e '^/tmp/virt-p2v-[^/]*/(environment|p2v-version|v2v-version|dmesg|ls(cpu|pci|scsi|usb))$' \
		-e '^/tmp/virt-p2v-[^/]*/(relay.log|relay-progress|substitute.sh|map-[0-9]*|bad-sectors|copying)$' | sort
}

soak_descriptors() {
	find "/proc/$served/fd" -type l -printf '%l\n' | sed 's/:\[.*//' | sort
}

soak_memory() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$served/status"; }

# What it needs in the end it has after some rounds.
soak_flat() {
	local now
	now=$(soak_memory)
	done_here=$((done_here + 1))
	[ $done_here -gt 8 ] || flat=$now
	case $p2vd_program_name in
	*asan*) ;; # which gives nothing back for long
	*) [ "$now" -le $((flat + 2048)) ] || wrong+=("memory: $now KiB, after 8 rounds it was $flat") ;;
	esac
}

# soak_note WHAT, soak_same WHAT: what soak_WHAT prints is there before, and afterwards no more.
soak_note() { "soak_$1" >"$tmp/before-$1"; }
soak_more() { "soak_$1" >"$tmp/after-$1"; comm -13 "$tmp/before-$1" "$tmp/after-$1"; }
soak_same() { [ -z "$(soak_more "$1")" ]; }

# Whether virt-v2v has made all of the guest: then it stays, whatever p2vd ends with.
soak_complete() { grep -q 'Finishing off' /tmp/virt-p2v-*/virt-v2v-conversion-log.txt 2>/dev/null; }

# Processes as they are called: kinds of them tell more than numbers.
soak_left() {
	local process
	{ soak_processes | grep -vxF "$sshd_pid"; } | sort >"$tmp/after-processes"
	for process in $(comm -13 "$tmp/before-processes" "$tmp/after-processes"); do
		[ "$process" = $BASHPID ] || ! alive "$process" ||
			{ tr '\0' ' ' <"/proc/$process/cmdline"; } 2>/dev/null || true
	done
}
soak_none_left() {
	soak_left >"$tmp/left"
	! soak_complete || sed -i '/^sleep 300 $/d' "$tmp/left"
	[ ! -s "$tmp/left" ]
}

# ---- a round ---------------------------------------------------------------------------

soak_disks() {
	local i names=(one two three)
	disks=()
	for ((i = 0; i < plan_disks; i++)); do
		make_disk "${names[i]}" "${plan_sizes[i]}"
		disks+=("${names[i]}")
	done
	: >"$stand_ins/bad-sectors"
	[[ $plan_kind != bad-* ]] || printf '%s\n' "${plan_sectors[@]}" >"$stand_ins/bad-sectors"
	[ "$plan_kind" != bad-zero ] || plan_words+=(p2v.bad_sectors=zero)
}

soak_words() {
	local patience=3600 paths
	printf -v paths ",$tmp/%s" "${disks[@]}"
	[ "$(soak_patience "$plan_kind")" -le 60 ] || patience=60
	words=(p2v.server=server.test p2v.name=soak "p2v.disks=${paths#,}" "p2v.os=$out"
		"p2v.reconnect_timeout=$patience" "${plan_words[@]}")
	[ "$plan_kind" = bad-zero ] || words+=(p2v.bad_sectors=fail)
}

# Whether the conversion has come to its end.
over() {
	local code=0
	if soak_alone "$plan_kind"; then
		ended "$p2vd"
	else
		ctl status || code=$?
		[ $code != 4 ]
	fi
}
reached() {
	case $plan_stage in
	'') true ;;
	copying) said 'Copying disk' ;;
	*) said "[$plan_stage]" ;;
	esac || { said 'error: failed with exit code' || said 'done in '; } || over
}

soak_begin_alone() {
	usual=("${words[@]}" "$(word p2v.password "$password")")
	"$p2vd_program" --runtime-directory="$tmp/alone" --cmdline="${usual[*]}" </dev/null >>"$tmp/p2vd.log" 2>&1 &
	p2vd=$!
}

soak_begin() {
	if soak_alone "$plan_kind"; then
		soak_begin_alone
	else
		ctl set "${words[@]}" || fail "p2vctl set: $(cat "$tmp/said")"
		ctl start || fail "p2vctl start: $(cat "$tmp/said")"
	fi
}

# Sets $outcome.
soak_outcome() {
	local code=0
	if soak_alone "$plan_kind"; then
		wait "$p2vd" || code=$?
	else
		ctl status || code=$?
	fi
	case $code in
	0) outcome=converted ;;
	99) outcome=broken ;;
	*) outcome=failed ;;
	esac
	[ $outcome != failed ] || ! said "$soak_cancelled" || outcome=cancelled
	! grep -Eq 'AddressSanitizer|LeakSanitizer|runtime error:' "$tmp/p2vd.log" || outcome=broken
}

soak_judge() {
	local sentence
	if [ $struck = no ] || said 'Finishing off'; then
		[ "$outcome" != converted ] || return 0
	fi
	[[ ,$plan_outcome, == *",$outcome,"* ]] || wrong+=("outcome: it is $outcome, not $plan_outcome")
	[ "$outcome" = failed ] || return 0
	sentence=$(soak_sentence "$plan_kind")
	grep -Eq -e "${sentence:-^$}" "$tmp/p2vd.log" || wrong+=("outcome: it failed without '$sentence'")
}

soak_bytes() {
	local i sector disk letters=(a b c)
	for i in "${!disks[@]}"; do
		disk=$tmp/${disks[i]}
		[ "$plan_kind" != bad-zero ] || for sector in "${plan_sectors[@]}"; do
			dd if=/dev/zero of="$disk" bs=512 seek="$sector" count=1 conv=notrunc status=none
		done
		cmp "$disk" "$out/soak-sd${letters[i]}" >"$tmp/cmp" 2>&1 || wrong+=("bytes: $(cat "$tmp/cmp")")
		rm -f "$out/soak-sd${letters[i]}"
	done
	[ -s "$out/soak.xml" ] || wrong+=('bytes: there is no soak.xml')
	rm -f "$out/soak.xml"
}

# A converted guest has each byte; of another one nothing is there.
soak_guest() {
	if [ "$outcome" = converted ] || { [ -e "$out/soak.xml" ] && soak_complete; }; then
		soak_bytes
		[ "$outcome" != cancelled ] || [[ $plan_kind == *-* ]] || said 'the guest stays' ||
			wrong+=('outcome: cancelled, and nobody is told that the guest is there')
	fi
	[ -z "$(ls -A "$out")" ] || wrong+=("leftovers: in the output: $(find "$out" -mindepth 1 -printf '%f ')")
}

soak_leftovers() {
	local patience
	[ ! -e "$tmp/alone/conversion.json" ] ||
		wrong+=('leftovers: what p2vd has kept for the next one')
	patience=$(soak_patience "$plan_kind")
	eventually "$patience" soak_none_left || wrong+=("leftovers: processes: $(cat "$tmp/left")")
	eventually 10 soak_same sockets || wrong+=("leftovers: sockets: $(soak_more sockets)")
	# What a virt-v2v that is killed has in its own directory is none of ours, nor is that of a first
	# try where the second one has converted.
	[[ $outcome = converted && $plan_kind != v2v ]] || rm -rf /tmp/v2v.*
	eventually 10 soak_same files || wrong+=("leftovers: files: $(soak_more files)")
	[ "$(df --output=used -B1 "$temporary" | tail -n 1)" -le 8192 ] ||
		wrong+=("leftovers: a file without a name: $(df "$temporary" | tail -n 1)")
	alive "$served" || { wrong+=('outcome: the serving p2vd has ended'); return; }
	soak_flat
	eventually 10 soak_same descriptors || wrong+=("descriptors: $(soak_more descriptors | xargs)")
}

# All that a fault may have left as it was not.
soak_mend() {
	forward 1
	names "$soak_name"
	address 198.51.100.7
	rooms
}

soak_round() {
	wrong=() struck=yes outcome=none
	rm -rf /tmp/* "${temporary:?}"/* "${out:?}"/* "$tmp/alone"
	: >"$tmp/p2vd.log"
	: >"$sshd_log"
	soak_disks
	soak_words
	v2v_is "{$plan_v2v}"
	for what in sockets files descriptors; do soak_note $what; done
	soak_processes | sort >"$tmp/before-processes"
	soak_begin
	if eventually 120 reached && ! over; then
		wait_ms "$plan_wait"
		"fault_$plan_kind"
	else
		struck=no
	fi
	eventually 300 over || wrong+=('outcome: it does not end')
	soak_mend
	[ ${#wrong[@]} != 0 ] || soak_outcome
	[ ${#wrong[@]} != 0 ] || soak_judge
	soak_leftovers
	[ ${#wrong[@]} != 0 ] && [[ ${wrong[0]} == outcome:*end ]] || soak_guest
}
