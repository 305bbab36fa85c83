# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stages of a long test, and how long each took. They are written to the file $STAGES, so
# that scripts that call each other share one table.
#
#	stage TITLE		begins a stage and ends the one before
#	stages_end		ends the last one
#	stages_now		prints the one that has begun and not ended, whichever script began it
#	stages_table		prints them all

stage_title=''
stage_begin=0

stage() {
	stages_end
	stage_title=$1 stage_begin=$EPOCHREALTIME
	echo "$stage_title" >"$STAGES.now"
	echo "==> $stage_title"
}

stages_now() { cat "$STAGES.now" 2>/dev/null || true; }

stages_end() {
	local end=$EPOCHREALTIME
	[ -n "$stage_title" ] || return 0
	printf '%s\t%d\n' "$stage_title" $(((${end/./} - ${stage_begin/./} + 500000) / 1000000)) >>"$STAGES"
	stage_title=''
	rm -f "$STAGES.now"
}

stages_table() {
	local title seconds sum=0
	while IFS=$'\t' read -r title seconds; do
		printf '  %5d s  %s\n' "$seconds" "$title"
		sum=$((sum + seconds))
	done <"$STAGES"
	printf '  %5d s  in all\n' "$sum"
}
