#!/bin/bash
# Runs the fuzz programs of a build folder, several at once, each convention by itself.
#
#   tests/fuzz/run.sh BUILD SECONDS [OTHERS [JOBS]]
#
# SECONDS is for each convention and for the reader of SQL, OTHERS (default: the same) for each other program, JOBS (default:
# the processors) how many run at once.  One line each, "ok" or "not ok", with the number of inputs tried; then "PASSED FAILED".
# An input that was found stays in BUILD/fuzz/NAME, beside the log.
set -uo pipefail
build=$(cd "${1:?build folder}" && pwd) || exit 2
seconds=${2:?seconds} others=${3:-$2} jobs=${4:-$(nproc)}
out=$build/fuzz
rm -rf "$out"
mkdir -p "$out"

# "PROGRAM PART SECONDS", the long ones first: they fill the processors evenly.
list() {
	local p part
	for part in $("$build/tests/fuzz/fuzz_convention" --parts); do
		echo "fuzz_convention $part $seconds"
	done
	echo "fuzz_sql - $seconds"
	for p in "$build"/tests/fuzz/fuzz_*; do
		p=${p##*/}
		case $p in
		*.* | fuzz_convention | fuzz_sql) ;;
		*) echo "$p - $others" ;;
		esac
	done
}

one() {
	local program=$1 part=$2 seconds=$3 name log tried
	name=${program#fuzz_}
	[ "$part" = - ] || name=$name-$part
	mkdir -p "$out/$name"
	cd "$out/$name" || return
	log=$out/$name/log
	# It ends by itself; what hangs in a way that libFuzzer cannot see is ended, too.
	if [ "$part" = - ]; then set --; else set -- "--part=$part"; fi
	if timeout -k 5 $((seconds + 120)) "$build/tests/fuzz/$program" "$seconds" "$@" >"$log" 2>&1; then
		tried=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		# A fuzzer that tried nothing proved nothing.
		if [ "${tried:-0}" -gt 100 ]; then
			echo "ok $name: $tried inputs in $seconds s"
			return
		fi
	fi
	echo "not ok $name: $(find . -type f ! -name log -printf '%f ')"
	tail -n 40 "$log" | sed 's/^/# /'
}
export -f one
export out build

list | xargs -P "$jobs" -L 1 bash -c 'one "$@"' one | tee "$out/results"
passed=$(grep -c '^ok ' "$out/results")
failed=$(grep -c '^not ok ' "$out/results")
echo "$passed $failed"
# As many results as programs: one that vanished is a failure.
[ "$failed" -eq 0 ] && [ "$passed" -eq "$(list | wc -l)" ]
